#include "engine/wan/weights/lora.h"

#include <gtest/gtest.h>

#include "base/places_for_test.h"
#include "engine/wan/files/writers_for_test.h"
#include "engine/wan/parity/vectors_for_test.h"

namespace troupe::engine::wan {
namespace {

Weights testdata(const std::string& file) {
  std::vector<TensorFile> files;
  files.push_back(TensorFile::open(std::filesystem::path(places::in_tree("src/engine/wan/testdata")) /
                                   (file + ".safetensors"))
                      .value());
  return Weights::open(std::move(files)).value();
}

struct Named {
  std::string name;
  std::vector<int64_t> shape;
  float value = 0;  // of all elements
};

// A file of such tensors.
Weights weights_of(const std::vector<Named>& tensors) {
  std::string header = "{", data;
  for (const Named& tensor : tensors) {
    const size_t begin = data.size();
    std::string shape;
    int64_t count = 1;
    for (const int64_t side : tensor.shape) {
      shape += (shape.empty() ? "" : ",") + std::to_string(side);
      count *= side;
    }
    data += raw_all(std::vector<float>(static_cast<size_t>(count), tensor.value));
    header += (header.size() > 1 ? ",\"" : "\"") + tensor.name + R"(":{"dtype":"F32","shape":[)" + shape +
              R"(],"data_offsets":[)" + std::to_string(begin) + "," + std::to_string(data.size()) + "]}";
  }
  std::vector<TensorFile> files;
  files.push_back(TensorFile::from_bytes(bytes_from(safetensors(header + "}", data)), "test file").value());
  return Weights::open(std::move(files)).value();
}

Weights base() {
  return weights_of({{"patch_embedding.weight", {6, 2, 1, 2, 2}, 1},
                     {"patch_embedding.bias", {6}, 1},
                     {"blocks.0.self_attn.q.weight", {6, 4}, 1},
                     {"blocks.0.self_attn.q.bias", {6}, 1},
                     {"blocks.0.self_attn.norm_q.weight", {6}, 1},
                     {"blocks.0.norm3.weight", {4}, 1},
                     {"blocks.0.ffn.2.weight", {4, 6}, 1},
                     {"blocks.0.modulation", {1, 6, 4}, 1},
                     {"head.head.weight", {3, 4}, 1}});
}

Lora lora(const std::vector<Named>& tensors, double strength = 1) {
  return {"some.safetensors", std::make_shared<const Weights>(weights_of(tensors)), strength};
}

// The value that all elements of a tensor of base() have with these LoRAs.
float merged(const std::string& name, const std::vector<Lora>& loras) {
  Weights weights = base();
  auto made = Loras::make(weights, loras);
  EXPECT_TRUE(made) << made.error().message;
  if (!made) return 0;
  weights.set_deltas(*made);
  const at::Tensor value = weights.read(name, *weights.shape(name), at::kFloat, at::kCPU).value();
  EXPECT_EQ(value.min().item<float>(), value.max().item<float>());
  return value.max().item<float>();
}

Error refused(const std::vector<Lora>& loras) {
  const auto made = Loras::make(base(), loras);
  EXPECT_FALSE(made);
  return made ? Error() : made.error();
}

void expect_official(const std::string& kind) {
  const Vectors vectors = official("lora_vectors");
  Weights weights = testdata("t2v_weights");
  const double strength = vectors.number("strength_" + kind);
  const auto file = std::make_shared<const Weights>(testdata("lora_" + kind));
  auto made = Loras::make(weights, {{kind, file, strength}});
  ASSERT_TRUE(made) << made.error().message;
  weights.set_deltas(*made);
  int compared = 0;
  const std::string prefix = kind + "/merged/";
  for (const std::string& name : vectors.names(prefix)) {
    const at::Tensor wanted = vectors.real(name);
    const auto value = weights.read(name.substr(prefix.size()), wanted.sizes().vec(), at::kFloat, at::kCPU);
    ASSERT_TRUE(value) << value.error().message;
    EXPECT_LE(difference(*value, wanted), 1e-6) << name;
    ++compared;
  }
  EXPECT_GE(compared, 1);
}

TEST(LoraTest, PeftAsDiffusersMergesIt) { expect_official("peft"); }
TEST(LoraTest, DownAndUpAsDiffusersMergesThem) { expect_official("updown"); }
TEST(LoraTest, KohyaAsDiffusersMergesIt) { expect_official("kohya"); }

TEST(LoraTest, AlphaOverRankTimesStrength) {
  const std::string q = "blocks.0.self_attn.q";
  EXPECT_EQ(merged(q + ".weight", {lora({{q + ".lora_down.weight", {2, 4}, 3},
                                         {q + ".lora_up.weight", {6, 2}, 0.5},
                                         {q + ".alpha", {}, 8}},
                                        0.25)}),
            1 + 0.25F * 4 * 2 * 3 * 0.5F);
}

TEST(LoraTest, NamesOfAllKinds) {
  for (const std::string q :
       {"blocks.0.self_attn.q", "diffusion_model.blocks.0.self_attn.q", "transformer.blocks.0.attn1.to_q",
        "base_model.model.blocks.0.attn1.to_q", "lora_unet_blocks_0_self_attn_q"})
    EXPECT_EQ(merged("blocks.0.self_attn.q.weight",
                     {lora({{q + ".lora_A.weight", {1, 4}, 2}, {q + ".lora_B.weight", {6, 1}, 1}})}),
              3)
        << q;
}

TEST(LoraTest, DifferencesOfWeightsBiasesAndModulations) {
  const std::vector<Lora> loras = {lora({{"diffusion_model.blocks.0.norm3.diff", {4}, 2},
                                         {"diffusion_model.blocks.0.self_attn.q.diff_b", {6}, 4},
                                         {"diffusion_model.blocks.0.diff_m", {1, 6, 4}, 8},
                                         {"diffusion_model.patch_embedding.diff", {6, 2, 1, 2, 2}, 16}},
                                        0.5)};
  EXPECT_EQ(merged("blocks.0.norm3.weight", loras), 2);
  EXPECT_EQ(merged("blocks.0.self_attn.q.bias", loras), 3);
  EXPECT_EQ(merged("blocks.0.modulation", loras), 5);
  EXPECT_EQ(merged("patch_embedding.weight", loras), 9);
  EXPECT_EQ(merged("blocks.0.self_attn.q.weight", loras), 1);
}

TEST(LoraTest, ConvolutionsOfFiveDimensions) {
  EXPECT_EQ(
      merged("patch_embedding.weight", {lora({{"patch_embedding.lora_down.weight", {3, 2, 1, 2, 2}, 1},
                                              {"patch_embedding.lora_up.weight", {6, 3, 1, 1, 1}, 2}})}),
      7);
}

TEST(LoraTest, SeveralAddUp) {
  const auto one = [](const std::string& q, double strength) {
    return lora({{q + ".lora_A.weight", {1, 4}, 1}, {q + ".lora_B.weight", {6, 1}, 1}}, strength);
  };
  EXPECT_EQ(merged("blocks.0.self_attn.q.weight",
                   {one("blocks.0.self_attn.q", 2), one("lora_unet_blocks_0_self_attn_q", -0.5)}),
            2.5F);
}

TEST(LoraTest, ModulesOfAnotherModelAreCountedAndOneIsNamed) {
  const Error error = refused({lora({{"blocks.0.self_attn.q.diff_b", {6}},
                                     {"blocks.1.self_attn.q.lora_A.weight", {1, 4}},
                                     {"blocks.1.self_attn.q.lora_B.weight", {6, 1}},
                                     {"lora_unet_blocks_0_cross_attn_k_img.lora_A.weight", {1, 4}}})});
  EXPECT_EQ(error.code, ErrorCode::invalid_argument);
  EXPECT_NE(error.message.find("some.safetensors"), std::string::npos) << error.message;
  EXPECT_NE(error.message.find("2 of its modules"), std::string::npos) << error.message;
  EXPECT_NE(error.message.find("blocks.1.self_attn.q"), std::string::npos) << error.message;
}

TEST(LoraTest, ShapesMustFit) {
  const std::string q = "blocks.0.self_attn.q";
  for (const auto& [down, up] :
       std::vector<std::pair<std::vector<int64_t>, std::vector<int64_t>>>{{{2, 5}, {6, 2}},
                                                                          {{2, 4}, {5, 2}},
                                                                          {{2, 4}, {6, 3}},
                                                                          {{2, 6}, {4, 2}},
                                                                          {{0, 4}, {6, 0}},
                                                                          {{8}, {12}}}) {
    const Error error = refused({lora({{q + ".lora_A.weight", down}, {q + ".lora_B.weight", up}})});
    EXPECT_EQ(error.code, ErrorCode::invalid_argument);
    EXPECT_NE(error.message.find("shape"), std::string::npos) << error.message;
  }
  EXPECT_EQ(refused({lora({{q + ".diff", {4, 6}}})}).code, ErrorCode::invalid_argument);
}

TEST(LoraTest, RefusesHalfAPairAndOtherKinds) {
  const std::string q = "blocks.0.self_attn.q";
  EXPECT_EQ(refused({lora({{q + ".lora_A.weight", {1, 4}}})}).code, ErrorCode::corrupt_input);
  EXPECT_EQ(refused({lora({{q + ".lora_A.weight", {1, 4}},
                           {q + ".lora_B.weight", {6, 1}},
                           {q + ".dora_scale", {6, 1}}})})
                .code,
            ErrorCode::unsupported);
  EXPECT_EQ(refused({lora({{q + ".diff_b", {6}}}, INFINITY)}).code, ErrorCode::invalid_argument);
  EXPECT_EQ(refused({{"no lora", std::make_shared<const Weights>(base()), 1}}).code,
            ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace troupe::engine::wan
