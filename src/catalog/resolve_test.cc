#include <gtest/gtest.h>

#include <numeric>

#include "catalog/requests_for_test.h"

namespace troupe::catalog {
namespace {

constexpr auto kKling = "kling-o3-pro-reference-to-video";

Resolved resolved(const GenerationSpec& spec, std::string_view model) {
  const auto result = builtin_for_test().resolve(spec, model_for_test(model));
  EXPECT_TRUE(result) << to_string(result.error());
  return result ? *result : Resolved{};
}

std::vector<int64_t> milliseconds(const Resolved& request) {
  std::vector<int64_t> list;
  for (const MediaTime duration : request.shot_durations) list.push_back(duration.milliseconds);
  return list;
}

struct Defaults {
  const char* model;
  int64_t seconds;
  FrameSize size;
  int32_t fps;
  bool audio;
};

class ResolveDefaults : public testing::TestWithParam<Defaults> {};

TEST_P(ResolveDefaults, FillWhatTheRequestLeavesOpen) {
  const auto& row = GetParam();
  const Resolved request = resolved(plain_request(model_for_test(row.model)), row.model);
  EXPECT_EQ(request.duration, seconds(row.seconds));
  EXPECT_EQ(request.size, row.size);
  EXPECT_EQ(request.aspect_ratio, (AspectRatio{16, 9}));
  EXPECT_EQ(request.fps, (FrameRate{row.fps, 1}));
  EXPECT_EQ(request.audio, row.audio);
  EXPECT_EQ(request.shot_frames, std::vector<int64_t>{row.seconds * row.fps});
  EXPECT_EQ(request.count, 1);
}

INSTANTIATE_TEST_SUITE_P(
    Resolve, ResolveDefaults,
    testing::Values(Defaults{kKling, 5, {1920, 1080}, 24, false},
                    Defaults{"kling-o3-standard-reference-to-video", 5, {1280, 720}, 24, false},
                    Defaults{"grok-imagine-reference-to-video", 8, {854, 480}, 24, false},
                    Defaults{"wan-v2.6-r2v", 5, {1920, 1080}, 30, true},
                    Defaults{"wan-v2.6-r2v-flash", 5, {1920, 1080}, 30, true},
                    Defaults{"veo-3.1", 4, {1280, 720}, 24, true},
                    Defaults{"veo-3.1-fast", 4, {1280, 720}, 24, true},
                    Defaults{"pixverse-5.5", 5, {1280, 720}, 24, false},
                    Defaults{"imagineart-reference-to-video", 5, {1280, 720}, 24, false},
                    Defaults{"stage", 5, {1280, 720}, 24, false}));

TEST(Resolve, SizesOfATierAreTheVendors) {
  GenerationSpec spec = request(1);
  spec.aspect_ratio = AspectRatio{4, 3};
  spec.resolution = Resolution{720, {}};
  EXPECT_EQ(resolved(spec, "wan-v2.6-r2v").size, (FrameSize{1088, 832}));
  EXPECT_EQ(resolved(spec, "stage").size, (FrameSize{960, 720}));
}

TEST(Resolve, AnExactSizeTellsTierAndShape) {
  GenerationSpec spec = request(1);
  spec.resolution = Resolution{0, {832, 1088}};
  const Resolved wan = resolved(spec, "wan-v2.6-r2v");
  EXPECT_EQ(wan.tier, 720);
  EXPECT_EQ(wan.aspect_ratio, (AspectRatio{3, 4}));
  EXPECT_EQ(wan.size, (FrameSize{832, 1088}));
  spec.resolution = Resolution{0, {500, 500}};
  const Resolved stage = resolved(spec, "stage");
  EXPECT_EQ(stage.tier, 540);
  EXPECT_EQ(stage.aspect_ratio, (AspectRatio{1, 1}));
  EXPECT_EQ(stage.size, (FrameSize{500, 500}));
}

TEST(Resolve, AttachedInputsGiveTheMode) {
  EXPECT_EQ(resolved(request(0), "stage").mode, Mode::text);
  EXPECT_EQ(resolved(request(1), "stage").mode, Mode::references);
  GenerationSpec spec = request(0);
  spec.first_frame = MediaSource{"first.png"};
  EXPECT_EQ(resolved(spec, "stage").mode, Mode::first_frame);
}

TEST(Resolve, GivenShotsAreTheDuration) {
  GenerationSpec spec = request(1);
  spec.prompt = "Shot 1 (5s): @Element1 stands.\nShot 2 (3s): Close-up.\nShot 3 (7s): It walks away.";
  const Resolved request = resolved(spec, kKling);
  EXPECT_EQ(request.duration, seconds(15));
  EXPECT_EQ(request.shot_frames, (std::vector<int64_t>{120, 72, 168}));
  EXPECT_EQ(request.prompt.shots.size(), 3u);
}

TEST(Resolve, OpenShotsShareWhatIsLeft) {
  GenerationSpec spec = request(1);
  spec.prompt = "Shot 1 (4s): Rain.\nShot 2: Sun.\nShot 3: Snow.";
  spec.duration = seconds(11);
  EXPECT_EQ(milliseconds(resolved(spec, kKling)), (std::vector<int64_t>{4000, 4000, 3000}));
  EXPECT_EQ(milliseconds(resolved(spec, "stage")), (std::vector<int64_t>{4000, 3500, 3500}));
}

TEST(Resolve, WithoutADurationOpenShotsGetTheDefaultOrTheirLeast) {
  GenerationSpec spec = request(1);
  spec.prompt.clear();
  spec.shots = {{"Rain.", {}}, {"Sun.", {}}};
  EXPECT_EQ(milliseconds(resolved(spec, kKling)), (std::vector<int64_t>{3000, 3000}));
  EXPECT_EQ(milliseconds(resolved(spec, "stage")), (std::vector<int64_t>{2500, 2500}));
}

TEST(Resolve, FrameRoundingDoesNotAddUp) {
  GenerationSpec spec = request(0);
  spec.prompt.clear();
  spec.shots.assign(7, {"Rain.", {}});
  spec.duration = seconds(10);
  spec.fps = FrameRate{30000, 1001};
  const Resolved request = resolved(spec, "stage");
  EXPECT_EQ(std::accumulate(request.shot_frames.begin(), request.shot_frames.end(), int64_t{0}),
            frame_count(seconds(10), *spec.fps));
  const auto [fewest, most] = std::minmax_element(request.shot_frames.begin(), request.shot_frames.end());
  EXPECT_LE(*most - *fewest, 1);
  const auto list = milliseconds(request);
  EXPECT_EQ(std::accumulate(list.begin(), list.end(), int64_t{0}), 10000);
}

TEST(Resolve, ASeedIsGivenOrFollowsFromTheRequest) {
  GenerationSpec spec = request(1);
  const Resolved first = resolved(spec, "stage");
  EXPECT_FALSE(first.seed_given);
  EXPECT_EQ(resolved(spec, "stage").seed, first.seed);
  EXPECT_EQ(resolved(spec, kKling).seed, first.seed);
  EXPECT_LE(first.seed, 0x7fffffffu);
  spec.prompt += "!";
  EXPECT_NE(resolved(spec, "stage").seed, first.seed);
  spec.seed = 0;
  EXPECT_EQ(resolved(spec, "stage").seed, 0u);
  EXPECT_TRUE(resolved(spec, "stage").seed_given);
}

TEST(Resolve, RefusesWhatCheckRefuses) {
  const auto result = builtin_for_test().resolve(request(8), model_for_test(kKling));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::over_limit);
  EXPECT_EQ(result.error().field, "/references");
}

}  // namespace
}  // namespace troupe::catalog
