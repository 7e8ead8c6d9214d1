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
