#include <gtest/gtest.h>

#include <sstream>

#include "base/places_for_test.h"
#include "engine/wan/parity/cases.h"

namespace troupe::engine::wan::parity {

void PrintTo(const Case& one, std::ostream* out) { *out << one.name; }

namespace {

std::filesystem::path data(const std::string& name) {
  return std::filesystem::path(places::in_tree("src/engine/wan/testdata")) / name;
}

class Parity : public testing::TestWithParam<std::tuple<Case, bool>> {
 protected:
  const c10::InferenceMode inference_;
};

TEST_P(Parity, HoldsForEveryTensor) {
  const auto& [one, plain] = GetParam();
  Compute compute;
  compute.plain = plain;
  const auto vectors = Vectors::open(data(one.vectors));
  ASSERT_TRUE(vectors) << to_string(vectors.error());
  std::vector<std::filesystem::path> weights;
  for (const char* file : one.weights) weights.push_back(data(file));
  const auto models = Models::open(weights, compute);
  ASSERT_TRUE(models) << to_string(models.error());
  std::ostringstream lines;
  Report report(*vectors, lines);
  const auto status = one.compare(*vectors, *models, report);
  ASSERT_TRUE(status) << to_string(status.error());
  EXPECT_EQ(report.bad(), 0) << lines.str();
  EXPECT_EQ(report.compared(), one.tensors) << lines.str();
}

INSTANTIATE_TEST_SUITE_P(Official, Parity, testing::Combine(testing::ValuesIn(cases()), testing::Bool()),
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
  report.check("case_a/out0", wanted.transpose(-1, -2).contiguous());
  const at::Tensor endless = at::full_like(wanted, INFINITY);
  report.check("endless", wanted, endless);
  report.check("endless", endless, endless);
  EXPECT_EQ(report.bad(), report.compared());
  EXPECT_EQ(report.bad(), 6) << lines.str();
}

TEST(Report, TakesShapesThatAreTheSameInOtherWords) {
  const auto vectors = Vectors::open(data("t2v_vectors.safetensors"));
  ASSERT_TRUE(vectors);
  std::ostringstream lines;
  Report report(*vectors, lines);
  const at::Tensor wanted = at::arange(24).view({2, 3, 4}).to(at::kFloat);
  report.check("as it is", wanted, wanted);
  report.check("with a side of 1", wanted.unsqueeze(1), wanted);
  report.check("with one behind", wanted.view({4, 6, 1}), wanted.view({4, 2, 3}));
  report.check("flat", wanted.flatten(), wanted);
  report.check("with two sides joined", wanted.flatten(1), wanted);
  EXPECT_EQ(report.bad(), 0) << lines.str();
  report.check("in other rows", wanted.view({3, 2, 4}), wanted);
  EXPECT_EQ(report.bad(), 1) << lines.str();
}

TEST(Report, RowsBehindTheLastArePadding) {
  const auto vectors = Vectors::open(data("t2v_vectors.safetensors"));
  ASSERT_TRUE(vectors);
  std::ostringstream lines;
  Report report(*vectors, lines);
  const at::Tensor wanted = vectors->real("case_a/block0.out");
  const at::Tensor first = wanted.reshape({-1, wanted.size(-1)}).narrow(0, 0, 5);
  const int64_t filled = wanted.size(-2);
  report.check_rows("case_a/block0.out", first, filled);
  EXPECT_EQ(report.bad(), 0) << lines.str();
  report.check_rows("case_a/block0.out", first + 1, filled);
  EXPECT_EQ(report.bad(), 1) << lines.str();
  report.check_rows("case_a/block0.out", first, 0);
  report.check_rows("case_a/block0.out", first, filled + 1);
  report.check_rows("case_a/block0.out", first.narrow(0, 0, 0), filled);
  EXPECT_EQ(report.bad(), 4) << lines.str();
}

TEST(Vectors, TellsWhatWasNotUsed) {
  const auto vectors = Vectors::open(data("t5_vectors.safetensors"));
  ASSERT_TRUE(vectors);
  EXPECT_EQ(vectors->unused().size(), vectors->names().size());
  const std::string first = vectors->names().front(), second = vectors->names().back();
  vectors->at(first);
  vectors->pass_over(second);
  const auto unused = vectors->unused();
  EXPECT_EQ(unused.size() + 2, vectors->names().size());
  for (const std::string& name : unused) EXPECT_TRUE(name != first && name != second) << name;
}

TEST(Models, SaysWhatIsMissing) {
  const auto models = Models::open({}, Compute());
  ASSERT_TRUE(models);
  const auto vae = models->vae();
  ASSERT_FALSE(vae);
  EXPECT_EQ(vae.error().code, ErrorCode::not_found);
  EXPECT_NE(vae.error().message.find("video autoencoder"), std::string::npos);
}

TEST(Models, TakesTheTransformerThatIsWanted) {
  const std::filesystem::path files[] = {data("vace_weights.safetensors"), data("t5_vectors.safetensors"),
                                         data("t2v_weights.safetensors")};
  const auto models = Models::open(files, Compute());
  ASSERT_TRUE(models) << to_string(models.error());
  EXPECT_TRUE(models->transformer({})->config().vace_layers.empty());
  EXPECT_FALSE(models->transformer({}, /*vace=*/true)->config().vace_layers.empty());
  EXPECT_EQ(models->left_out(), std::vector{files[1]});
}

TEST(Models, SaysWhichLoraIsMissing) {
  const auto vectors = Vectors::open(data("lora_vectors.safetensors"));
  const std::filesystem::path files[] = {data("t2v_weights.safetensors"), data("lora_peft.safetensors"),
                                         data("lora_kohya.safetensors")};
  const auto models = Models::open(files, Compute());
  ASSERT_TRUE(vectors && models);
  std::ostringstream lines;
  Report report(*vectors, lines);
  const auto status = compare_lora(*vectors, *models, report);
  ASSERT_FALSE(status);
  EXPECT_NE(status.error().message.find("updown"), std::string::npos) << status.error().message;
}

TEST(Models, RefusesTwoOfOneKind) {
  const std::filesystem::path files[] = {data("t2v_weights.safetensors"),
                                         data("refalign_dit_weights.safetensors")};
  const auto models = Models::open(files, Compute());
  ASSERT_FALSE(models);
  EXPECT_EQ(models.error().code, ErrorCode::conflict);
}

}  // namespace
}  // namespace troupe::engine::wan::parity
