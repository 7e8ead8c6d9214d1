#include "engine/wan/pipeline/denoiser.h"

#include <gtest/gtest.h>

#include <map>

#include "base/places_for_test.h"

namespace troupe::engine::wan {
namespace {

using Passes = std::vector<std::string>;

// What one step asks of the transformer, under these scales.
class Guidance : public testing::Test {
 protected:
  Guidance() {
    std::vector<TensorFile> files;
    files.push_back(
        TensorFile::open(places::in_tree("src/engine/wan/testdata") + std::string("/t2v_weights.safetensors"))
            .value());
    const auto weights = std::make_shared<const Weights>(Weights::open(std::move(files)).value());
    transformer_ = Transformer::load(weights, transformer_config(*weights).value(), {}).value();
    const int64_t width = transformer_->config().text_dim;
    conditions_.prompt = transformer_->prepare(at::linspace(-1, 1, 7 * width).view({7, width}));
    conditions_.negative = transformer_->prepare(at::linspace(1, -1, 5 * width).view({5, width}));
    conditions_.references = at::linspace(-1, 1, 16 * 4 * 4).view({16, 1, 4, 4});
  }

  Passes passes(Family family, GuidanceScales scales) {
    Passes passes;
    const Tap tap = [&](const std::string& name, const at::Tensor& value) {
      passes.push_back(name);
      values_[name] = value.clone();
    };
    Denoiser denoiser(*transformer_, family, conditions_, scales);
    denoiser.velocity(at::linspace(-2, 2, 16 * 2 * 4 * 4).view({16, 2, 4, 4}), 500, {}, tap);
    return passes;
  }

  // noise_pred is this sum of the passes.
  void expect_mixed(const at::Tensor& wanted) {
    EXPECT_LT((values_.at("noise_pred") - wanted).abs().max().item<double>(), 1e-5);
  }

  const c10::InferenceMode inference_;
  std::optional<Transformer> transformer_;
  Conditions conditions_;
  std::map<std::string, at::Tensor> values_;
};

TEST_F(Guidance, OfAPromptTakesTwoPasses) {
  EXPECT_EQ(passes(Family::text_to_video, {1, 9}), (Passes{"cond", "noise_pred"}));
  EXPECT_EQ(passes(Family::text_to_video, {5, 1}), (Passes{"cond", "uncond", "noise_pred"}));
  expect_mixed(values_["uncond"] + 5 * (values_["cond"] - values_["uncond"]));
}

TEST_F(Guidance, OfPhantomTakesThreeUnlessNeitherCounts) {
  EXPECT_EQ(passes(Family::phantom, {1, 1}), (Passes{"pos_it", "noise_pred"}));
  EXPECT_EQ(passes(Family::phantom, {1, 5}).size(), 4u);
  EXPECT_EQ(passes(Family::phantom, {7.5, 5}), (Passes{"pos_it", "pos_i", "neg", "noise_pred"}));
  expect_mixed(values_["neg"] + 5 * (values_["pos_i"] - values_["neg"]) +
               7.5 * (values_["pos_it"] - values_["pos_i"]));
}

TEST_F(Guidance, OfRefAlignIsTurnedOffByTheImagesScale) {
  EXPECT_EQ(passes(Family::refalign, {7.5, 1}), (Passes{"posi", "noise_pred"}));
  EXPECT_EQ(passes(Family::refalign, {7.5, 5}), (Passes{"posi", "posi_noref", "nega", "noise_pred"}));
  EXPECT_EQ(passes(Family::refalign, {1, 5}).size(), 4u);
}

TEST_F(Guidance, OfSkyReelsIsTurnedOffByThePromptsScale) {
  EXPECT_EQ(passes(Family::skyreels, {1, 5}), (Passes{"cond", "noise_pred"}));
  EXPECT_EQ(passes(Family::skyreels, {0.5, 5}).size(), 2u);
  EXPECT_EQ(passes(Family::skyreels, {7.5, 1}),
            (Passes{"cond", "uncond_txt", "uncond_txt_img", "noise_pred"}));
}

}  // namespace
}  // namespace troupe::engine::wan
