#include "engine/wan/sampling/guidance.h"

#include <gtest/gtest.h>

#include "engine/wan/parity/vectors_for_test.h"

namespace troupe::engine::wan {
namespace {

TEST(GuidanceTest, OneBranchIsClassifierFreeGuidance) {
  const at::Tensor negative = at::full({2}, 1.0F), positive = at::full({2}, 3.0F);
  const std::vector<Branch> branches = {{positive, 5}};
  EXPECT_EQ(difference(guided(negative, branches), at::full({2}, 11.0F)), 0);
}

TEST(GuidanceTest, EachBranchCountsFromTheOneBeforeIt) {
  const at::Tensor none = at::full({2}, 1.0F), images = at::full({2}, 2.0F), all = at::full({2}, 4.0F);
  const std::vector<Branch> branches = {{images, 5}, {all, 7.5}};
  EXPECT_EQ(difference(guided(none, branches), at::full({2}, 1 + 5 + 15.0F)), 0);
}

TEST(GuidanceTest, TakesBfloat16AndGivesFloat) {
  const at::Tensor x = at::ones({2}, at::kBFloat16);
  EXPECT_EQ(guided(x, {}).scalar_type(), at::kFloat);
}

TEST(GuidanceTest, ProjectedIsBerninis) {
  const Vectors vectors = official("bernini_apg");
  for (const std::string name : {"plain", "default", "threshold", "momentum"}) {
    const auto p = numbers<double>(vectors, name + "/eta_momentum_nt0_nt1_scale0_scale1");
    ProjectedGuidance chain({p[0], p[1], {p[2], p[3]}}), single({p[0], p[1], {p[2]}});
    for (int call = 0; call < 2; ++call) {
      const std::string prefix = name + "/call" + std::to_string(call);
      const at::Tensor base = vectors.real("pred_uncond") * (1 - 0.3 * call), images = vectors.real("pred_i"),
                       all = vectors.real("pred_ti") * (1 + 0.1 * call);
      const std::vector<Branch> both = {{images, p[4]}, {all, p[5]}}, one = {{all, p[5]}};
      EXPECT_LE(difference(chain(base, both), vectors.real(prefix + "/chain")), 5e-5) << prefix;
      EXPECT_LE(difference(single(base, one), vectors.real(prefix + "/single")), 5e-5) << prefix;
    }
  }
}

TEST(GuidanceTest, GoesOnFromSavedAverages) {
  ProjectedGuidance first({0.5, -0.5, {}}), second({0.5, -0.5, {}});
  const at::Tensor base = at::linspace(-1, 1, 16, at::kFloat).view({2, 2, 2, 2});
  const std::vector<Branch> branches = {{base * base, 3}};
  (void)first(base, branches);
  second.restore(first.save());
  EXPECT_TRUE(at::equal(first(base * 2, branches), second(base * 2, branches)));
  EXPECT_THROW((void)first(base, {}), c10::Error);
}

// Nothing is divided by 0 where two branches agree.
TEST(GuidanceTest, BranchesThatAgreeChangeNothing) {
  ProjectedGuidance guidance({0.5, 0, {50}});
  const at::Tensor base = at::zeros({2, 2, 2, 2});
  EXPECT_EQ(difference(guidance(base, std::vector<Branch>{{base, 4}}), base), 0);
}

}  // namespace
}  // namespace troupe::engine::wan
