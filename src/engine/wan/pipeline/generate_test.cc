#include "engine/wan/pipeline/generate.h"

#include <gtest/gtest.h>

#include "base/places_for_test.h"
#include "engine/wan/pipeline/vace_context.h"

namespace troupe::engine::wan {
namespace {

std::shared_ptr<const Weights> weights_of(const std::string& file) {
  std::vector<TensorFile> files;
  files.push_back(
      TensorFile::open(std::filesystem::path(places::in_tree("src/engine/wan/testdata")) / file).value());
  return std::make_shared<const Weights>(Weights::open(std::move(files)).value());
}

Rgb gradient(int width, int height) {
  Rgb image(width, height);
  for (size_t i = 0; i < image.values.size(); ++i) image.values[i] = static_cast<uint8_t>(i * 7);
  return image;
}

// Tiny random networks: what they make means nothing, but it is made as by real ones.
class Generate : public testing::Test {
 protected:
  explicit Generate(const std::string& transformer = "vace_weights.safetensors")
      : transformer_weights_(weights_of(transformer)),
        transformer_(
            Transformer::load(transformer_weights_, transformer_config(*transformer_weights_).value(), {})
                .value()),
        vae_(Vae::load(*weights_of("vae_weights.safetensors"), {}).value()) {
    request_.family = Family::vace;
    request_.size = {48, 32};
    request_.frames = 9;
    const int64_t width = transformer_.config().text_dim;
    request_.prompt = at::linspace(-1, 1, 7 * width).view({7, width});
    request_.negative = at::linspace(1, -1, 5 * width).view({5, width});
    request_.references = {gradient(30, 40)};
    request_.sampling.steps = 3;
    request_.seed = 11;
  }

  // All frames at once; undefined where it failed.
  at::Tensor run(const CancelToken& cancel = {}, const StepSink& steps = {}) {
    std::vector<at::Tensor> parts;
    const auto sink = [&](const at::Tensor& frames) {
      parts.push_back(frames);
      return true;
    };
    status_ = generate({&transformer_, &vae_, second_}, request_, sink, steps, cancel);
    return status_ ? at::cat(parts, 1) : at::Tensor();
  }

  const c10::InferenceMode inference_;
  std::shared_ptr<const Weights> transformer_weights_;
  Transformer transformer_;
  Vae vae_;
  VideoRequest request_;
  std::optional<SecondExpert> second_;
  Result<void> status_;
};

TEST_F(Generate, MakesTheFramesThatWereAskedFor) {
  const at::Tensor video = run();
  ASSERT_TRUE(status_) << to_string(status_.error());
  EXPECT_EQ(video.sizes().vec(), (std::vector<int64_t>{3, 9, 32, 48}));
  EXPECT_TRUE(video.isfinite().all().item<bool>());
}

TEST_F(Generate, DependsOnSeedReferenceAndPrompt) {
  const at::Tensor video = run();
  EXPECT_TRUE(run().equal(video)) << "the same again";
  const VideoRequest same = request_;
  request_.seed = 12;
  EXPECT_FALSE(run().equal(video));
  request_ = same;
  request_.references = {gradient(40, 30)};
  EXPECT_FALSE(run().equal(video));
  request_ = same;
  request_.prompt = request_.prompt * 0.5;
  EXPECT_FALSE(run().equal(video));
  request_ = same;
  request_.given = {{0, gradient(48, 32)}};
  EXPECT_FALSE(run().equal(video));
}

TEST_F(Generate, TellsOfEveryStep) {
  std::vector<int64_t> done;
  run({}, [&](const StepReport& step) {
    EXPECT_EQ(step.steps, 3);
    EXPECT_EQ(step.clean.size(1), 3) << "without the reference's";
    done.push_back(step.done);
    return true;
  });
  EXPECT_EQ(done, (std::vector<int64_t>{1, 2, 3}));
}

TEST_F(Generate, StopsWhenCancelled) {
  CancelSource source;
  run(source.token(), [&](const StepReport&) {
    source.cancel();
    return true;
  });
  ASSERT_FALSE(status_);
  EXPECT_EQ(status_.error().code, ErrorCode::cancelled);
}

TEST_F(Generate, EncodingStopsWhenCancelled) {
  CancelSource source;
  const at::Tensor picture = at::zeros({3, 1, 32, 48}), clip = at::zeros({3, 9, 32, 48});
  EXPECT_NO_THROW(reference_latents(vae_, {picture}, source.token()));
  source.cancel();
  EXPECT_THROW(reference_latents(vae_, {picture}, source.token()), Cancelled);
  EXPECT_THROW(vace_context(vae_, clip, at::ones({1, 9, 32, 48}), {}, source.token()), Cancelled);
}

TEST_F(Generate, ASecondTransformerTakesOverWhenLittleNoiseIsLeft) {
  const at::Tensor video = run();
  int steps = 0, asked = 0, asked_after = 0;
  SecondExpert second;
  second.guidance = request_.sampling.guidance;
  second.load = [&]() -> Result<const Transformer*> {
    ++asked;
    asked_after = steps;
    return &transformer_;
  };
  const auto run_with = [&](double boundary) {
    second.boundary = boundary;
    second_ = second;
    steps = asked = asked_after = 0;
    return run({}, [&](const StepReport&) { return ++steps > 0; });
  };
  EXPECT_TRUE(run_with(0).equal(video)) << "never its turn";
  EXPECT_EQ(asked, 0);
  // Three steps of shift 5 are at 999, 908 and 713.
  EXPECT_TRUE(run_with(0.8).equal(video)) << "the same network goes on as it would have";
  EXPECT_EQ(asked, 1);
  EXPECT_EQ(asked_after, 2);
  second.guidance.text = 2;
  EXPECT_FALSE(run_with(0.8).equal(video));
  run_with(2);
  EXPECT_EQ(asked_after, 0) << "its turn from the beginning";
  second.load = [] { return make_error(ErrorCode::io, "cut off"); };
  run_with(0.8);
  EXPECT_EQ(status_.error().code, ErrorCode::io);
  EXPECT_EQ(steps, 2);
}

TEST_F(Generate, RefusesWhatTheFamilyCannotDo) {
  const VideoRequest good = request_;
  const auto refused = [&](const char* field) {
    run();
    ASSERT_FALSE(status_) << field;
    EXPECT_EQ(status_.error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(status_.error().field, field);
    request_ = good;
  };
  request_.size = {50, 32};
  refused("/resolution");
  request_.frames = 8;
  refused("/duration");
  request_.sampling.steps = 0;
  refused("/steps");
  request_.family = Family::skyreels;
  request_.references.assign(5, gradient(8, 8));
  refused("/references");
  request_.family = Family::phantom;
  request_.given = {{8, gradient(8, 8)}};
  refused("/last_frame");
  request_.given = {{9, gradient(8, 8)}};
  refused("/duration");
}

TEST_F(Generate, GoesOnFromAnyStep) {
  std::vector<Sampled> kept;
  const Result<at::Tensor> whole = sample({&transformer_, &vae_}, request_, [&](const StepReport& step) {
    kept.push_back(step.so_far);
    return true;
  });
  ASSERT_TRUE(whole) << to_string(whole.error());
  ASSERT_EQ(kept.size(), 3u);
  for (const Sampled& start : kept) {
    const Result<at::Tensor> rest = sample({&transformer_, &vae_}, request_, {}, {}, &start);
    ASSERT_TRUE(rest) << to_string(rest.error());
    EXPECT_TRUE(rest->equal(*whole)) << "from step " << start.sampler.step;
  }
  request_.frames = 5;
  const Result<at::Tensor> other = sample({&transformer_, &vae_}, request_, {}, {}, &kept.front());
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, ErrorCode::corrupt_input);
}

TEST_F(Generate, StreamedBlocksMakeTheSame) {
  const at::Tensor video = run();
  const auto config = transformer_config(*transformer_weights_).value();
  transformer_ =
      Transformer::load(transformer_weights_, config, {}, Transformer::Residency::streamed).value();
  EXPECT_TRUE(run().equal(video));
}

class GenerateAll : public Generate, public testing::WithParamInterface<Family> {
 protected:
  GenerateAll() : Generate("t2v_weights.safetensors") {}
};

TEST_P(GenerateAll, MakesAVideo) {
  request_.family = GetParam();
  if (GetParam() == Family::text_to_video) request_.references.clear();
  for (const auto rule : {SamplingSettings::Rule::unipc, SamplingSettings::Rule::flow_match,
                          SamplingSettings::Rule::unipc_diffusers, SamplingSettings::Rule::distilled}) {
    request_.sampling.rule = rule;
    const at::Tensor video = run();
    ASSERT_TRUE(status_) << to_string(status_.error());
    EXPECT_EQ(video.sizes().vec(), (std::vector<int64_t>{3, 9, 32, 48}));
    EXPECT_TRUE(video.isfinite().all().item<bool>());
  }
}

INSTANTIATE_TEST_SUITE_P(Families, GenerateAll,
                         testing::Values(Family::text_to_video, Family::phantom, Family::refalign,
                                         Family::skyreels),
                         [](const auto& test) { return std::string(name(test.param)); });

}  // namespace
}  // namespace troupe::engine::wan
