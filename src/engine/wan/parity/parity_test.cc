#include <gtest/gtest.h>

#include <sstream>

#include "engine/wan/parity/kinds.h"

namespace troupe::engine::wan::parity {
namespace {

std::filesystem::path data(const std::string& name) {
  return std::filesystem::path(TROUPE_WAN_TESTDATA) / name;
}

using Compare = Result<void> (*)(const Vectors&, const Models&, Report&);

struct Kind {
  const char* name;
  Compare compare;
  const char* vectors;
  std::vector<const char*> weights;
  int tensors;  // how many are compared
};

void PrintTo(const Kind& kind, std::ostream* out) { *out << kind.name; }

class Parity : public testing::TestWithParam<std::tuple<Kind, bool>> {
 protected:
  const c10::InferenceMode inference_;
};

TEST_P(Parity, HoldsForEveryTensor) {
  const auto& [kind, plain] = GetParam();
  Compute compute;
  compute.plain = plain;
  const auto vectors = Vectors::open(data(kind.vectors));
  ASSERT_TRUE(vectors) << to_string(vectors.error());
  std::vector<std::filesystem::path> weights;
  for (const char* file : kind.weights) weights.push_back(data(file));
  const auto models = Models::open(weights, compute);
  ASSERT_TRUE(models) << to_string(models.error());
  std::ostringstream lines;
  Report report(*vectors, lines);
  const auto status = kind.compare(*vectors, *models, report);
  ASSERT_TRUE(status) << to_string(status.error());
  EXPECT_EQ(report.bad(), 0) << lines.str();
  EXPECT_EQ(report.compared(), kind.tensors) << lines.str();
}

const Kind kKinds[] = {
    {"t5", compare_text_encoder, "t5_vectors.safetensors", {"t5_weights.safetensors"}, 14},
    {"t5_pth", compare_text_encoder, "t5_vectors.safetensors", {"t5_weights.pth"}, 14},
    {"vae", compare_vae, "vae_vectors.safetensors", {"vae_weights.safetensors"}, 39},
    {"vae_pth", compare_vae, "vae_vectors.safetensors", {"vae_weights_f32.pth"}, 39},
    {"taehv", compare_tiny_vae, "taehv_vectors.safetensors", {"taehv_weights.safetensors"}, 8},
    {"t2v", compare_text_to_video, "t2v_vectors.safetensors", {"t2v_weights.safetensors"}, 31},
    {"vace", compare_vace, "vace_vectors.safetensors", {"vace_weights.safetensors"}, 15},
    {"refalign",
     compare_refalign_forward,
     "refalign_forward.safetensors",
     {"refalign_dit_weights.safetensors"},
     24},
    {"skyreels",
     compare_skyreels_forward,
     "skyreels_forward.safetensors",
     {"skyreels_dit_weights.safetensors"},
     20},
    {"sched", compare_schedules, "sched_vectors.safetensors", {}, 306},
    {"refalign_sched", compare_refalign, "refalign_sched.safetensors", {}, 48},
    {"skyreels_sched", compare_skyreels, "skyreels_sched.safetensors", {}, 40},
    {"vace_prep", compare_vace_preparation, "vace_prep_vectors.safetensors", {"vae_weights.safetensors"}, 13},
    {"lora",
     compare_lora,
     "lora_vectors.safetensors",
     {"lora_kohya.safetensors", "t2v_weights.safetensors", "lora_peft.safetensors",
      "lora_updown.safetensors"},
     7},
    {"phantom",
     compare_phantom,
     "phantom_vectors.safetensors",
     {"vae_weights.safetensors", "t2v_weights.safetensors"},
     25},
    {"vace_pipeline",
     compare_pipeline,
     "pipeline_vectors.safetensors",
     {"t5_weights.pth", "vace_weights.safetensors", "vae_weights.safetensors"},
     32},
    {"t2v_pipeline",
     compare_pipeline,
     "t2v_pipeline_vectors.safetensors",
     {"t5_weights.safetensors", "t2v_weights.safetensors", "vae_weights_f32.pth"},
     12},
    {"refalign_pipeline",
     compare_refalign,
     "refalign_pipeline.safetensors",
     {"refalign_dit_weights.safetensors", "vae_diffusers_weights.safetensors"},
     30},
    {"skyreels_pipeline",
     compare_skyreels,
     "skyreels_pipeline.safetensors",
     {"skyreels_dit_weights.safetensors", "vae_diffusers_weights.safetensors"},
     57},
};

INSTANTIATE_TEST_SUITE_P(Official, Parity, testing::Combine(testing::ValuesIn(kKinds), testing::Bool()),
                         [](const auto& test) {
                           return std::string(std::get<0>(test.param).name) +
                                  (std::get<1>(test.param) ? "_plain" : "_fused");
                         });

TEST(Report, SaysWhatIsBad) {
  const auto vectors = Vectors::open(data("t2v_vectors.safetensors"));
  ASSERT_TRUE(vectors);
  std::ostringstream lines;
  Report report(*vectors, lines);
  const at::Tensor wanted = vectors->real("case_a/out0");
  report.check("case_a/out0", wanted + 1e-3);
  report.check("case_a/out0", wanted.flatten().slice(0, 1));
  report.check("case_a/out0", at::full_like(wanted, NAN));
  report.check("case_a/out0", wanted);
  EXPECT_EQ(report.compared(), 4);
  EXPECT_EQ(report.bad(), 3) << lines.str();
}

TEST(Models, SaysWhatIsMissing) {
  const auto models = Models::open({}, Compute());
  ASSERT_TRUE(models);
  const auto vae = models->vae();
  ASSERT_FALSE(vae);
  EXPECT_EQ(vae.error().code, ErrorCode::not_found);
  EXPECT_NE(vae.error().message.find("video autoencoder"), std::string::npos);
}

TEST(Models, RefusesTwoOfOneKind) {
  const std::filesystem::path files[] = {data("t2v_weights.safetensors"), data("vace_weights.safetensors")};
  const auto models = Models::open(files, Compute());
  ASSERT_FALSE(models);
  EXPECT_EQ(models.error().code, ErrorCode::conflict);
}

}  // namespace
}  // namespace troupe::engine::wan::parity
