#include <gtest/gtest.h>

#include <limits>

#include "catalog/requests_for_test.h"

namespace troupe::catalog {
namespace {

constexpr auto kKling = "kling-o3-pro-reference-to-video";
constexpr auto kGrok = "grok-imagine-reference-to-video";

GenerationSpec with_frames(GenerationSpec spec, bool first, bool last) {
  if (first) spec.first_frame = MediaSource{"first.png"};
  if (last) spec.last_frame = MediaSource{"last.png"};
  return spec;
}

GenerationSpec of_length(GenerationSpec spec, size_t characters) {
  spec.prompt.clear();
  for (size_t i = 0; i < characters; ++i) spec.prompt += "é";  // two bytes, one character
  return spec;
}

GenerationSpec with_duration(GenerationSpec spec, int64_t milliseconds) {
  spec.duration = MediaTime{milliseconds};
  return spec;
}

GenerationSpec of_shots(GenerationSpec spec, const std::vector<int64_t>& durations) {
  spec.prompt.clear();
  for (const int64_t duration : durations)
    spec.shots.push_back({"They walk.", duration ? std::optional(seconds(duration)) : std::nullopt});
  return spec;
}

TEST(CheckInputs, CombinedLimitsOfElementsScenesAndFrames) {
  EXPECT_EQ(broken(request(7), kKling), kNothing);
  EXPECT_EQ(broken(request(5, 2), kKling), kNothing);
  EXPECT_EQ(broken(with_frames(request(3, 3), true, false), kKling), kNothing);
  EXPECT_EQ(broken(with_frames(request(3, 2), true, true), kKling), kNothing);
  EXPECT_EQ(broken(with_frames(request(0), true, false), kKling), kNothing);
  EXPECT_EQ(broken(with_frames(request(4), true, false), kKling), Broken{"/references too_many_elements"});
  EXPECT_EQ(broken(with_frames(request(4), true, true), kKling), Broken{"/references too_many_elements"});
  EXPECT_EQ(broken(request(8), kKling), Broken{"/references too_many_elements"});
  EXPECT_EQ(broken(request(50), kKling), Broken{"/references too_many_elements"});
  EXPECT_EQ(broken(request(0, 5), kKling), Broken{"/references too_many_scenes"});
  EXPECT_EQ(broken(request(0, 3, 2), kKling), Broken{"/references too_many_images"});
  EXPECT_EQ(broken(request(4, 4), kKling), Broken{"/references too_many_visual_inputs"});
  EXPECT_EQ(broken(with_frames(request(3, 3), true, true), kKling),
            Broken{"/references too_many_visual_inputs"});
  EXPECT_EQ(broken(with_frames(request(1), false, true), kKling),
            Broken{"/last_frame last_frame_needs_first"});
}

TEST(CheckInputs, FlatImagesAtTheLimitAndPastIt) {
  EXPECT_EQ(broken(request(0, 0, 7), kGrok), kNothing);
  EXPECT_EQ(broken(request(0, 0, 8), kGrok), Broken{"/references too_many_images"});
  EXPECT_EQ(broken(request(0, 0, 5), "wan-v2.6-r2v"), kNothing);
  EXPECT_EQ(broken(request(0, 0, 6), "wan-v2.6-r2v"), Broken{"/references too_many_images"});
  EXPECT_EQ(broken(request(3, 0, 3), "wan-v2.6-r2v-flash"), Broken{"/references too_many_visual_inputs"});
  EXPECT_EQ(broken(request(0, 0, 3), "veo-3.1"), kNothing);
  EXPECT_EQ(broken(request(0, 0, 4), "veo-3.1"), Broken{"/references too_many_images"});
  EXPECT_EQ(broken(request(0, 0, 3), "pixverse-5.5"), kNothing);
  EXPECT_EQ(broken(request(0, 0, 4), "pixverse-5.5"), Broken{"/references too_many_images"});
  EXPECT_EQ(broken(request(0, 0, 4), "imagineart-reference-to-video"), kNothing);
  EXPECT_EQ(broken(request(0, 0, 5), "imagineart-reference-to-video"), Broken{"/references too_many_images"});
  EXPECT_EQ(broken(request(8, 8), "stage"), kNothing);
  EXPECT_EQ(broken(request(9, 8), "stage"), Broken{"/references too_many_visual_inputs"});
}

TEST(CheckInputs, KindsThatTheModelDoesNotKnow) {
  EXPECT_EQ(broken(request(1, 1, 1), kGrok),
            (Broken{"/references elements_not_supported", "/references scenes_not_supported"}));
  const auto violations = builtin_for_test().check(request(1), model_for_test(kGrok));
  EXPECT_EQ(violations.at(0).rule, "Grok Imagine R2V takes no elements; the request has 1.");
  EXPECT_EQ(
      violations.at(0).fix,
      "Give the pictures as flat images, or use a model that takes elements: "
      "kling-o3-pro-reference-to-video, kling-o3-standard-reference-to-video, stage or phantom-wan-1.3b.");
}

TEST(CheckInputs, AttachedInputsDecideTheMode) {
  EXPECT_EQ(broken(request(0), kKling), Broken{"/references visual_input_missing"});
  EXPECT_EQ(broken(request(0), "stage"), kNothing);
  EXPECT_EQ(broken(with_frames(request(0), true, false), kGrok), Broken{"/first_frame mode_not_supported"});
  GenerationSpec extend = request(0);
  extend.extend = MediaSource{"clip.mp4"};
  EXPECT_EQ(broken(extend, "veo-3.1"), kNothing);
  EXPECT_EQ(broken(extend, kKling), Broken{"/extend mode_not_supported"});
  const auto violations = builtin_for_test().check(extend, model_for_test(kKling));
  EXPECT_EQ(violations.at(0).rule, "Kling O3 Pro R2V does not work from a clip to extend.");
  EXPECT_NE(violations.at(0).fix.find("pixverse-5.5, sora-2, sora-2-pro or stage"), std::string::npos);
}

TEST(CheckInputs, InputsThatExcludeEachOther) {
  EXPECT_EQ(broken(with_frames(request(0, 0, 1), true, false), "pixverse-5.5"),
            Broken{"/references exclusive_inputs"});
  GenerationSpec spec = request(0, 0, 1);
  spec.extend = MediaSource{"clip.mp4"};
  EXPECT_EQ(broken(spec, "veo-3.1-fast"), Broken{"/extend exclusive_inputs"});
  EXPECT_EQ(broken(spec, "stage"), kNothing);
  EXPECT_EQ(broken(with_frames(spec, true, false), "stage"), Broken{"/extend exclusive_inputs"});
}

TEST(CheckInputs, AnglesClipsAndBoxesOfAReference) {
  GenerationSpec spec = request(2);
  spec.references[0].angles = {{"b.png"}, {"c.png"}, {"d.png"}};
  EXPECT_EQ(broken(spec, kKling), kNothing);
  EXPECT_EQ(broken(spec, "wan-v2.6-r2v"), Broken{"/references/0/angles too_many_angles"});
  spec.references[0].angles.push_back({"e.png"});
  EXPECT_EQ(broken(spec, kKling), Broken{"/references/0/angles too_many_angles"});
  spec.references[0].angles.clear();
  spec.references[1].clip = MediaSource{"walk.mp4"};
  spec.references[1].source.uri.clear();
  EXPECT_EQ(broken(spec, kKling), kNothing);
  spec.references[0].source.uri.clear();
  EXPECT_EQ(broken(spec, kKling), Broken{"/references/0/source source_missing"});
  spec.references[0].source.uri = "a.png";
  spec.references[0].box = BoxHint{0.5f, 0, std::numeric_limits<float>::quiet_NaN(), 1};
  EXPECT_EQ(broken(spec, kKling), Broken{"/references/0/box box_outside_picture"});
  spec.references[0].box = BoxHint{0.1f, 0.2f, 0.9f, 0.8f};
  EXPECT_EQ(broken(spec, kKling), kNothing);
}

TEST(CheckInputs, FourVisualInputsBesideAClip) {
  GenerationSpec spec = request(4);
  spec.references[0].clip = MediaSource{"walk.mp4"};
  EXPECT_EQ(broken(spec, kKling), kNothing);
  spec.references.push_back(reference_of(ReferenceKind::scene));
  EXPECT_EQ(broken(spec, kKling), Broken{"/references too_many_visual_inputs"});
}

TEST(CheckInputs, FarTooManyReferencesAreSaidOnce) {
  EXPECT_EQ(broken(request(100'000), "stage"),
            (Broken{"/references too_many_elements", "/references too_many_references"}));
}

TEST(CheckPrompt, LengthCountsCharacters) {
  EXPECT_EQ(broken(of_length(request(0), 0), "pixverse-5.5"), Broken{"/prompt prompt_missing"});
  EXPECT_EQ(broken(of_length(request(0), 4), "pixverse-5.5"), Broken{"/prompt too_short_prompt"});
  EXPECT_EQ(broken(of_length(request(0), 5), "pixverse-5.5"), kNothing);
  EXPECT_EQ(broken(of_length(request(0), 5000), "veo-3.1"), kNothing);
  EXPECT_EQ(broken(of_length(request(0), 5001), "veo-3.1"), Broken{"/prompt too_long_prompt"});
  EXPECT_EQ(broken(of_length(request(0), 5001), "veo-3.1-fast"), Broken{"/prompt too_long_prompt"});
  EXPECT_EQ(broken(of_length(request(0), 5000), "stage"), kNothing);
  EXPECT_EQ(broken(of_length(request(0), 5001), "stage"), Broken{"/prompt too_long_prompt"});
  EXPECT_EQ(broken(of_length(request(1), 2500), kKling), kNothing);
  EXPECT_EQ(broken(of_length(request(1), 2501), kKling), Broken{"/prompt too_long_prompt"});
  EXPECT_EQ(broken(of_length(request(1), 1501), "wan-v2.6-r2v"), Broken{"/prompt too_long_prompt"});
}

TEST(CheckPrompt, TextsThatAreNone) {
  GenerationSpec spec = request(0);
  spec.prompt = " \n\t ";
  EXPECT_EQ(broken(spec, "stage"), Broken{"/prompt prompt_missing"});
  spec.prompt = "a dog \xc3\x28";
  EXPECT_EQ(broken(spec, "stage"), Broken{"/prompt prompt_not_utf8"});
  spec.prompt = std::string(1 << 20, 'x');
  EXPECT_EQ(broken(spec, "stage"), Broken{"/prompt too_long_prompt"});
  spec = of_shots(request(0), {3, 3});
  spec.shots[1].prompt = "";
  EXPECT_EQ(broken(spec, "stage"), Broken{"/shots/1/prompt prompt_missing"});
  spec.shots[1].prompt = "They sit.";
  spec.prompt = "Both.";
  EXPECT_EQ(broken(spec, "stage"), Broken{"/prompt prompt_and_shots"});
}

TEST(CheckPrompt, TagsThatBindNothing) {
  GenerationSpec spec = request(1);
  spec.prompt = "@Element1 meets @Element2.";
  EXPECT_EQ(broken(spec, kKling), Broken{"/prompt tag"});
  spec = request(2);
  spec.references[0].name = spec.references[1].name = "fox";
  EXPECT_EQ(broken(spec, kKling), Broken{"/references/1/name reference_name"});
}

TEST(CheckPrompt, NegativePrompts) {
  GenerationSpec spec = request(1);
  spec.negative_prompt = std::string(500, 'x');
  EXPECT_EQ(broken(spec, "wan-v2.6-r2v"), kNothing);
  EXPECT_EQ(broken(spec, kKling), Broken{"/negative_prompt negative_prompt_not_supported"});
  spec.negative_prompt += "x";
  EXPECT_EQ(broken(spec, "wan-v2.6-r2v"), Broken{"/negative_prompt too_long_prompt"});
}

struct DurationRow {
  const char* model;
  int64_t milliseconds;
  bool fits;
};

class Durations : public testing::TestWithParam<DurationRow> {};

TEST_P(Durations, AreTheModelsOwn) {
  const auto& [model, milliseconds, fits] = GetParam();
  EXPECT_EQ(broken(with_duration(plain_request(model_for_test(model)), milliseconds), model),
            fits ? kNothing : Broken{"/duration duration_not_allowed"});
}

INSTANTIATE_TEST_SUITE_P(
    Check, Durations,
    testing::Values(
        DurationRow{kKling, 3000, true}, DurationRow{kKling, 2000, false}, DurationRow{kKling, 15000, true},
        DurationRow{kKling, 16000, false}, DurationRow{kKling, 4500, false}, DurationRow{kGrok, 5000, true},
        DurationRow{kGrok, 8000, true}, DurationRow{kGrok, 10000, true}, DurationRow{kGrok, 6000, false},
        DurationRow{kGrok, 11000, false}, DurationRow{"wan-v2.6-r2v", 2000, true},
        DurationRow{"wan-v2.6-r2v", 1000, false}, DurationRow{"wan-v2.6-r2v", 10000, true},
        DurationRow{"wan-v2.6-r2v", 11000, false}, DurationRow{"veo-3.1", 4000, true},
        DurationRow{"veo-3.1", 8000, true}, DurationRow{"veo-3.1", 5000, false},
        DurationRow{"veo-3.1-fast", 6000, true}, DurationRow{"veo-3.1-fast", 9000, false},
        DurationRow{"pixverse-5.5", 10000, true}, DurationRow{"pixverse-5.5", 4000, false},
        DurationRow{"imagineart-reference-to-video", 10000, true},
        DurationRow{"imagineart-reference-to-video", 7000, false}, DurationRow{"stage", 1000, true},
        DurationRow{"stage", 999, false}, DurationRow{"stage", 2125, true}, DurationRow{"stage", 60000, true},
        DurationRow{"stage", 60001, false}, DurationRow{"stage", 0, false},
        DurationRow{"stage", -5000, false}, DurationRow{kKling, 0, false},
        DurationRow{kKling, 1'000'000'000'000, false},
        DurationRow{kKling, std::numeric_limits<int64_t>::max(), false},
        DurationRow{kKling, std::numeric_limits<int64_t>::min(), false}));

TEST(CheckTimes, FixNamesTheClosestDuration) {
  const auto fix = [](std::string_view model, int64_t milliseconds) {
    const GenerationSpec spec = with_duration(plain_request(model_for_test(model)), milliseconds);
    return builtin_for_test().check(spec, model_for_test(model)).at(0).fix;
  };
  EXPECT_EQ(fix(kGrok, 6000).substr(0, 5), "Use 5");
  EXPECT_EQ(fix(kGrok, 7000).substr(0, 5), "Use 8");
  EXPECT_EQ(fix(kKling, 20000).substr(0, 6), "Use 15");
  EXPECT_EQ(fix(kKling, 1000).substr(0, 5), "Use 3");
  EXPECT_EQ(fix(kKling, 4400).substr(0, 5), "Use 4");
}

TEST(CheckTimes, ShotsShareTheModelsTime) {
  EXPECT_EQ(broken(of_shots(request(1), {5, 5, 5}), kKling), kNothing);
  EXPECT_EQ(broken(of_shots(request(1), {3, 3, 3, 3, 3}), kKling), kNothing);
  EXPECT_EQ(broken(of_shots(request(1), {5, 5, 6}), kKling), Broken{"/shots duration_not_allowed"});
  EXPECT_EQ(broken(of_shots(request(1), {5, 2}), kKling),
            Broken{"/shots/1/duration shot_duration_not_allowed"});
  EXPECT_EQ(broken(of_shots(request(1), {3, 3, 3, 3, 3, 3}), kKling),
            (Broken{"/shots too_many_shots", "/shots duration_not_allowed"}));
  EXPECT_EQ(broken(of_shots(request(0, 0, 1), {4, 4}), kGrok), Broken{"/shots shots_not_supported"});
  EXPECT_EQ(broken(with_duration(of_shots(request(1), {5, 5}), 12000), kKling),
            Broken{"/duration durations_disagree"});
  EXPECT_EQ(broken(with_duration(of_shots(request(1), {10, 0}), 12000), kKling),
            Broken{"/shots/1/duration shot_duration_not_allowed"});
  EXPECT_EQ(broken(of_shots(request(1), {-1, 5}), kKling), Broken{"/shots/0/duration duration_not_allowed"});
}

TEST(CheckTimes, ShotsInsideThePromptCount) {
  GenerationSpec spec = request(1);
  spec.prompt = "Shot 1 (5s): @Element1 stands.\nShot 2 (5s): Close-up.\nShot 3 (5s): It walks away.";
  EXPECT_EQ(broken(spec, kKling), kNothing);
  spec.prompt += "\nShot 4 (3s): The end.";
  EXPECT_EQ(broken(spec, kKling), Broken{"/prompt duration_not_allowed"});
}

TEST(CheckSettings, ShapesAndSizes) {
  GenerationSpec spec = request(1);
  spec.aspect_ratio = AspectRatio{4, 3};
  EXPECT_EQ(broken(spec, kKling), Broken{"/aspect_ratio aspect_ratio_not_allowed"});
  spec.aspect_ratio = AspectRatio{0, 0};
  EXPECT_EQ(broken(spec, "stage"), Broken{"/aspect_ratio aspect_ratio_not_allowed"});
  spec.aspect_ratio = AspectRatio{32, 9};
  EXPECT_EQ(broken(spec, "stage"), Broken{"/aspect_ratio aspect_ratio_not_allowed"});
  spec.aspect_ratio = AspectRatio{3, 1};
  spec.resolution = Resolution{1080, {}};
  EXPECT_EQ(broken(spec, "stage"), Broken{"/resolution too_large_picture"});
  spec.resolution = Resolution{720, {}};
  EXPECT_EQ(broken(spec, "stage"), kNothing);
  spec.aspect_ratio.reset();
  EXPECT_EQ(broken(spec, kKling), Broken{"/resolution resolution_not_allowed"});
  spec.resolution = Resolution{1080, {}};
  EXPECT_EQ(broken(spec, kKling), kNothing);
}

TEST(CheckSettings, ExactSizes) {
  GenerationSpec spec = request(1);
  const auto sized = [&](int width, int height) {
    spec.resolution = Resolution{0, {width, height}};
    return spec;
  };
  EXPECT_EQ(broken(sized(1280, 720), "wan-v2.6-r2v"), kNothing);
  EXPECT_EQ(broken(sized(1632, 1248), "wan-v2.6-r2v"), kNothing);
  EXPECT_EQ(broken(sized(1440, 1080), "wan-v2.6-r2v"), Broken{"/resolution resolution_not_allowed"});
  EXPECT_EQ(broken(sized(64, 64), "stage"), kNothing);
  EXPECT_EQ(broken(sized(62, 64), "stage"), Broken{"/resolution resolution_not_allowed"});
  EXPECT_EQ(broken(sized(65, 64), "stage"), Broken{"/resolution resolution_not_allowed"});
  EXPECT_EQ(broken(sized(1920, 1920), "stage"), kNothing);
  EXPECT_EQ(broken(sized(2562, 1440), "stage"), Broken{"/resolution resolution_not_allowed"});
  EXPECT_EQ(broken(sized(0, -2), "stage"), Broken{"/resolution resolution_not_allowed"});
  spec.aspect_ratio = AspectRatio{9, 16};
  EXPECT_EQ(broken(sized(1280, 720), "stage"), Broken{"/resolution resolution_contradicts_aspect_ratio"});
  EXPECT_EQ(broken(sized(1280, 720), "wan-v2.6-r2v"),
            Broken{"/resolution resolution_contradicts_aspect_ratio"});
  spec.aspect_ratio = AspectRatio{16, 9};
  EXPECT_EQ(broken(sized(854, 480), "stage"), kNothing);
}

TEST(CheckSettings, FrameRateAudioSeedAndCount) {
  GenerationSpec spec = request(1);
  spec.fps = FrameRate{30, 1};
  EXPECT_EQ(broken(spec, kKling), Broken{"/fps fps_not_allowed"});
  EXPECT_EQ(broken(spec, "wan-v2.6-r2v"), kNothing);
  spec.fps = FrameRate{60, 1};
  EXPECT_EQ(broken(spec, "stage"), kNothing);
  spec.fps = FrameRate{61, 1};
  EXPECT_EQ(broken(spec, "stage"), Broken{"/fps fps_not_allowed"});
  spec.fps = FrameRate{0, 0};
  EXPECT_EQ(broken(spec, "stage"), Broken{"/fps fps_not_allowed"});
  spec.fps.reset();
  spec.audio = false;
  EXPECT_EQ(broken(spec, "wan-v2.6-r2v"), Broken{"/audio audio_always_on"});
  EXPECT_EQ(broken(spec, "wan-v2.6-r2v-flash"), kNothing);
  spec.audio.reset();
  spec.seed = 2147483647;
  EXPECT_EQ(broken(spec, "wan-v2.6-r2v"), kNothing);
  EXPECT_EQ(broken(spec, kKling), Broken{"/seed seed_not_supported"});
  spec.seed = 2147483648;
  EXPECT_EQ(broken(spec, "wan-v2.6-r2v"), Broken{"/seed too_large_seed"});
  spec.seed.reset();
  spec.count = 0;
  EXPECT_EQ(broken(spec, kKling), Broken{"/count too_few_takes"});
  spec.count = 5;
  EXPECT_EQ(broken(spec, kKling), Broken{"/count too_many_takes"});
}

TEST(CheckSettings, SoundlessModelsAndShotTypes) {
  GenerationSpec spec = request(0, 0, 1);
  spec.audio = true;
  EXPECT_EQ(broken(spec, kGrok), Broken{"/audio audio_not_supported"});
  spec.audio.reset();
  spec.shot_type = ShotType::multi;
  EXPECT_EQ(broken(spec, kGrok), Broken{"/shot_type shot_type_not_supported"});
  EXPECT_EQ(broken(spec, "wan-v2.6-r2v"), kNothing);
  spec = of_shots(spec, {4, 4});
  spec.shot_type = ShotType::single;
  EXPECT_EQ(broken(spec, "wan-v2.6-r2v"), Broken{"/shot_type shot_type_contradicts_shots"});
}

TEST(CheckSettings, AShotNeedsAFrame) {
  GenerationSpec spec = of_shots(request(0), {0, 0, 0});
  spec.duration = MediaTime{1500};
  EXPECT_EQ(broken(spec, "stage"), kNothing);
  spec.fps = FrameRate{1, 1};
  EXPECT_EQ(broken(spec, "stage"), Broken{"/fps too_short_shot"});
}

TEST(Check, SaysEverythingAtOnce) {
  GenerationSpec spec = request(4);
  spec.first_frame = MediaSource{"first.png"};
  spec.prompt = "@Element9 walks.";
  spec.duration = seconds(20);
  spec.aspect_ratio = AspectRatio{21, 9};
  spec.fps = FrameRate{60, 1};
  spec.count = 9;
  EXPECT_EQ(
      broken(spec, kKling),
      (Broken{"/prompt tag", "/references too_many_elements", "/duration duration_not_allowed",
              "/aspect_ratio aspect_ratio_not_allowed", "/fps fps_not_allowed", "/count too_many_takes"}));
}

TEST(Check, EveryModelTakesAPlainRequest) {
  for (const Model& model : builtin_for_test().models())
    EXPECT_EQ(broken(plain_request(model), model.id), kNothing) << model.id;
}

GenerationSpec with_fallbacks(std::vector<std::string> names) {
  GenerationSpec spec = request(1);
  spec.fallback_models = std::move(names);
  return spec;
}

TEST(Check, FallbacksTakeTheRequestToo) {
  EXPECT_EQ(broken(with_fallbacks({"kling-o3-standard-reference-to-video", "wan-v2.6-r2v"}), kKling),
            kNothing);
  GenerationSpec square = with_fallbacks({"kling-o3-standard-reference-to-video", "wan-v2.6-i2v"});
  square.aspect_ratio = AspectRatio{1, 1};
  square.duration = seconds(15);
  for (const std::string& line : broken(square, kKling))
    EXPECT_TRUE(line.starts_with("/fallback_models/1 ")) << line;
  EXPECT_FALSE(broken(square, kKling).empty());
}

TEST(Check, FallbacksAreOtherModelsOfProviders) {
  EXPECT_EQ(broken(with_fallbacks({"kling-99"}), kKling), Broken{"/fallback_models/0 not_found"});
  EXPECT_EQ(broken(with_fallbacks({kKling}), kKling), Broken{"/fallback_models/0 fallback_twice"});
  EXPECT_EQ(broken(with_fallbacks({"stage"}), kKling), Broken{"/fallback_models/0 fallback_not_possible"});
  EXPECT_EQ(broken(with_fallbacks({kKling}), "stage"), Broken{"/fallback_models fallback_not_possible"});
  EXPECT_EQ(broken(with_fallbacks({"veo-3.1"}), kKling).front(), "/fallback_models/0 fallback_currency");
  EXPECT_EQ(broken(with_fallbacks(std::vector<std::string>(9, "wan-v2.6-r2v")), kKling),
            Broken{"/fallback_models too_many_fallback_models"});
}

TEST(Check, OfSeveralModelsTheDearestIsQuoted) {
  const Catalog& catalog = builtin_for_test();
  const std::string wan = "wan-v2.6-r2v", grok = "grok-imagine-reference-to-video";
  const auto total = [&](const std::string& model, std::vector<std::string> names) {
    GenerationSpec spec = request(0, 0, 1);
    spec.fallback_models = std::move(names);
    return catalog.dearest_quote(spec, model_for_test(model)).value();
  };
  const int64_t of_wan = total(wan, {}).total.micros, of_grok = total(grok, {}).total.micros;
  ASSERT_NE(of_wan, of_grok);
  const std::string& dear = of_wan > of_grok ? wan : grok;
  const std::string& cheap = of_wan > of_grok ? grok : wan;
  EXPECT_EQ(total(cheap, {dear}).total.micros, std::max(of_wan, of_grok));
  EXPECT_EQ(total(dear, {cheap}).total.micros, std::max(of_wan, of_grok));
  EXPECT_NE(total(cheap, {dear}).note.find(model_for_test(dear).name), std::string::npos);
  EXPECT_EQ(total(cheap, {}).note, price(model_for_test(cheap), Billed{}).note);
  EXPECT_FALSE(catalog.dearest_quote(with_fallbacks({"stage"}), model_for_test(kKling)));
}

TEST(Check, ViolationsBecomeErrors) {
  const Error bound = to_error({"/count", "too_many_takes", "Four at most.", "Ask for 4."});
  EXPECT_EQ(bound, (Error{ErrorCode::over_limit, "Four at most. Ask for 4.", "/count"}));
  const Error tag = to_error({"/prompt", "tag", "Binds nothing.", ""});
  EXPECT_EQ(tag, (Error{ErrorCode::invalid_argument, "Binds nothing.", "/prompt"}));
}

Broken picture(std::string_view model, const PictureFacts& facts) {
  Broken codes;
  for (const Violation& violation : check_picture(model_for_test(model), "/references/0/source", facts))
    codes.push_back(violation.code);
  return codes;
}

TEST(CheckPicture, AtTheLimitsAndPastThem) {
  EXPECT_EQ(picture(kKling, {"jpeg", 10 << 20, 300, 750}), kNothing);
  EXPECT_EQ(picture(kKling, {"jpeg", 1000, 299, 300}), Broken{"too_small_picture"});
  EXPECT_EQ(picture(kKling, {"jpeg", (10 << 20) + 1, 300, 300}), Broken{"too_large_file"});
  EXPECT_EQ(picture(kKling, {"gif", 1000, 300, 300}), Broken{"picture_format_not_allowed"});
  EXPECT_EQ(picture(kKling, {"png", 1000, 300, 752}), Broken{"picture_too_narrow"});
  EXPECT_EQ(picture(kKling, {"png", 1000, 752, 300}), Broken{"picture_too_wide"});
  EXPECT_EQ(picture("wan-v2.6-r2v", {"bmp", 1000, 360, 2000}), kNothing);
  EXPECT_EQ(picture("wan-v2.6-r2v", {"bmp", 1000, 359, 2001}),
            (Broken{"too_small_picture", "too_large_picture"}));
  EXPECT_EQ(picture("imagineart-reference-to-video", {"webp", 10 << 20, 300, 300}), kNothing);
  EXPECT_EQ(picture("imagineart-reference-to-video", {"webp", 1, 299, 300}), Broken{"too_small_picture"});
  EXPECT_EQ(picture("stage", {"png", 100, 16, 16}), kNothing);
  EXPECT_EQ(picture("stage", {"png", 100, 15, 16}), Broken{"too_small_picture"});
  EXPECT_EQ(picture("veo-3.1", {"png", 100, 0, 0}), Broken{"too_small_picture"});
}

}  // namespace
}  // namespace troupe::catalog
