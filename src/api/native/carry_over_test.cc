#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <set>

#include "api/native/wire.h"
#include "base/random.h"
#include "core/tag.h"

namespace troupe::api::native {
namespace {

using catalog::Catalog;
using catalog::Model;

const Catalog& builtin() {
  static const Catalog catalog = catalog::load_builtin().value();
  return catalog;
}

const Model& model(std::string_view id) { return *builtin().find(id).value(); }

CarryOver to(const GenerationSpec& spec, std::string_view id) {
  return carry_over(builtin(), spec, model(id));
}

GenerationSpec spec_of(std::string prompt) {
  GenerationSpec spec;
  spec.prompt = std::move(prompt);
  return spec;
}

Reference element(const std::string& name, int angles = 0) {
  Reference reference{ReferenceKind::element, name, {"upload:" + name}, {}, {}, {}};
  for (int i = 0; i < angles; ++i) reference.angles.push_back({"upload:angle"});
  return reference;
}

Reference scene(const std::string& name) {
  return {ReferenceKind::scene, name, {"upload:" + name}, {}, {}, {}};
}
Reference image(const std::string& name) {
  return {ReferenceKind::image, name, {"upload:" + name}, {}, {}, {}};
}

std::string all_of(const std::vector<std::string>& sentences) {
  std::string text;
  for (const std::string& sentence : sentences) text += sentence + "\n";
  return text;
}

std::vector<int> mentioned(const GenerationSpec& spec) {
  std::vector<int> found;
  for (const BoundShot& shot : bind(spec).prompt.shots)
    for (const PromptPart& part : shot.parts)
      if (part.reference) found.push_back(*part.reference);
  return found;
}

TEST(CarryOver, KeepsWhatTheOtherModelTakes) {
  GenerationSpec spec = spec_of("@fox meets @owl in the forest.");
  spec.references = {element("fox", 2), element("owl")};
  spec.duration = seconds(5);
  spec.aspect_ratio = AspectRatio{9, 16};
  const CarryOver carried = to(spec, "kling-o3-pro-reference-to-video");
  EXPECT_EQ(carried.changed.size() + carried.dropped.size() + carried.violations.size(), 0u);
  spec.model = "kling-o3-pro-reference-to-video";
  EXPECT_EQ(carried.spec, spec);
  EXPECT_EQ(all_of(carried.kept), "The prompt.\nThe references @fox and @owl.\nSettings: 5 s and 9:16.\n");
}

TEST(CarryOver, TakesTheNearestDuration) {
  GenerationSpec spec = spec_of("A fox runs.");
  spec.references = {image("fox")};
  for (const auto& [asked, expected] :
       std::vector<std::pair<int64_t, int64_t>>{{1, 5}, {6, 5}, {7, 8}, {60, 10}}) {
    spec.duration = seconds(asked);
    const CarryOver carried = to(spec, "grok-imagine-reference-to-video");
    EXPECT_EQ(carried.spec.duration, seconds(expected)) << asked;
    ASSERT_EQ(carried.changed.size(), 1u);
    EXPECT_NE(carried.changed[0].find("instead of " + std::to_string(asked) + " s"), std::string::npos)
        << carried.changed[0];
  }
}

TEST(CarryOver, TurnsElementsIntoImagesAndKeepsTheirTags) {
  GenerationSpec spec = spec_of("@Element2 chases @Element1.");
  spec.references = {element("", 1), element("")};
  const CarryOver carried = to(spec, "grok-imagine-reference-to-video");
  EXPECT_TRUE(carried.violations.empty());
  EXPECT_EQ(mentioned(carried.spec), (std::vector<int>{1, 0}));
  EXPECT_EQ(carried.spec.references[0].kind, ReferenceKind::image);
  EXPECT_NE(all_of(carried.dropped).find("only the frontal picture"), std::string::npos);
}

TEST(CarryOver, DropsReferencesFromTheEndAndSaysWhich) {
  GenerationSpec spec = spec_of("@one, @two, @three and @four wait, then @two leaves.");
  spec.references = {image("one"), image("two"), image("three"), image("four")};
  const CarryOver carried = to(spec, "veo-3.1");
  EXPECT_TRUE(carried.violations.empty());
  EXPECT_EQ(carried.spec.prompt, "@one, @two, @three and four wait, then @two leaves.");
  EXPECT_EQ(carried.spec.references.size(), 3u);
  ASSERT_EQ(carried.dropped.size(), 1u);
  EXPECT_NE(carried.dropped[0].find("@four is left out"), std::string::npos) << carried.dropped[0];
}

TEST(CarryOver, RewritesNumberedTagsThatWouldMoveOn) {
  GenerationSpec spec = spec_of("@Image1 stands before @Image2 with @Element1.");
  spec.references = {scene(""), image(""), element("")};
  const CarryOver carried = to(spec, "wan-v2.6-r2v");
  EXPECT_TRUE(carried.violations.empty());
  // Wan takes no scenes: its place becomes a flat image, and every tag still means what it meant.
  EXPECT_EQ(mentioned(carried.spec), (std::vector<int>{0, 1, 2}));
}

TEST(CarryOver, GivesAFirstFrameAsAnImageWhereOnlyReferencesAreTaken) {
  GenerationSpec spec = spec_of("The fox runs on.");
  spec.first_frame = MediaSource{"upload:frame"};
  const CarryOver carried = to(spec, "grok-imagine-reference-to-video");
  EXPECT_TRUE(carried.violations.empty());
  ASSERT_EQ(carried.spec.references.size(), 1u);
  EXPECT_EQ(carried.spec.references[0].source.uri, "upload:frame");
  EXPECT_FALSE(carried.spec.first_frame);
}

TEST(CarryOver, KeepsReferencesWhereInputsExcludeEachOther) {
  GenerationSpec spec = spec_of("The fox runs on.");
  spec.references = {image("fox")};
  spec.first_frame = MediaSource{"upload:frame"};
  spec.extend = MediaSource{"upload:clip"};
  const CarryOver carried = to(spec, "veo-3.1");
  EXPECT_TRUE(carried.violations.empty());
  EXPECT_EQ(carried.spec.references.size(), 1u);
  EXPECT_FALSE(carried.spec.first_frame || carried.spec.extend);
  EXPECT_EQ(carried.dropped.size(), 2u);
}

TEST(CarryOver, FitsShotsIntoTheModelsSteps) {
  GenerationSpec spec;
  spec.references = {element("fox")};
  spec.shots = {
      {"@fox wakes.", MediaTime{1500}}, {"@fox runs.", MediaTime{6000}}, {"@fox rests.", MediaTime{2500}}};
  const CarryOver carried = to(spec, "kling-o3-pro-reference-to-video");
  EXPECT_TRUE(carried.violations.empty());
  ASSERT_EQ(carried.spec.shots.size(), 3u);
  EXPECT_EQ(carried.spec.shots[0].duration, seconds(3));
  EXPECT_EQ(carried.spec.shots[1].duration, seconds(4));
  EXPECT_EQ(carried.spec.shots[2].duration, seconds(3));
}

TEST(CarryOver, TellsShotsAsOneWhereTheModelMakesOne) {
  GenerationSpec spec = spec_of("Shot 1 (2s): @fox wakes. Shot 2 (3s): @fox runs.");
  spec.references = {image("fox")};
  const CarryOver carried = to(spec, "imagineart-reference-to-video");
  EXPECT_TRUE(carried.violations.empty());
  ASSERT_EQ(carried.spec.shots.size(), 1u);
  EXPECT_EQ(carried.spec.shots[0].prompt, "@fox wakes. @fox runs.");
  EXPECT_EQ(carried.spec.shots[0].duration, seconds(5));
}

TEST(CarryOver, ChangesShapeSizeRateSoundAndSeed) {
  GenerationSpec spec = spec_of("A fox runs.");
  spec.references = {image("fox")};
  spec.aspect_ratio = AspectRatio{2, 1};
  spec.resolution = Resolution{1080, {}};
  spec.fps = FrameRate{60, 1};
  spec.audio = true;
  spec.seed = 42;
  spec.shot_type = ShotType::multi;
  const CarryOver carried = to(spec, "grok-imagine-reference-to-video");
  EXPECT_TRUE(carried.violations.empty());
  EXPECT_EQ(carried.spec.aspect_ratio, (AspectRatio{16, 9}));
  EXPECT_EQ(carried.spec.resolution, (Resolution{720, {}}));
  EXPECT_EQ(carried.spec.fps, (FrameRate{24, 1}));
  EXPECT_FALSE(carried.spec.audio || carried.spec.seed || carried.spec.shot_type);
  EXPECT_EQ(carried.changed.size() + carried.dropped.size(), 6u);
}

TEST(CarryOver, LeavesOutFallbacksThatDoNotFitTheOtherModel) {
  GenerationSpec spec = spec_of("@a runs.");
  spec.references = {element("a")};
  spec.fallback_models = {"wan-v2.6-r2v", "kling-o3-pro-reference-to-video"};
  const CarryOver pro = to(spec, "kling-o3-pro-reference-to-video");
  EXPECT_EQ(pro.spec.fallback_models, std::vector<std::string>{"wan-v2.6-r2v"});
  EXPECT_EQ(pro.dropped.size(), 1u) << all_of(pro.dropped);
  EXPECT_TRUE(pro.violations.empty());
  const CarryOver draft = to(spec, "stage");
  EXPECT_TRUE(draft.spec.fallback_models.empty());
  EXPECT_EQ(draft.dropped.size(), 1u) << all_of(draft.dropped);
}

TEST(CarryOver, LeavesWhatOnlyWordsCanMend) {
  const CarryOver carried = to(spec_of("A fox runs."), "grok-imagine-reference-to-video");
  ASSERT_EQ(carried.violations.size(), 1u);
  EXPECT_EQ(carried.violations[0].code, "visual_input_missing");
}

// --- any spec to any model

template <class T, size_t N>
T one_of(Random& random, const std::array<T, N>& values) {
  return values[static_cast<size_t>(random.below(static_cast<int>(N)))];
}

constexpr std::array<std::string_view, 9> kPrompts{"Rain.",
                                                   "Shot 1 (5s): @a in rain. Shot 2: @b in the sun.",
                                                   "@a and @b and @c and @d run.",
                                                   "@Image1 beside @Element1 and @Video1.",
                                                   "the first image, then @Image 2",
                                                   "Shot 1 (2.5s): Rain. Shot 2 (700s): Sun. Shot 3: Snow.",
                                                   "@nobody",
                                                   "",
                                                   "\xff\xfe"};
constexpr std::array<int64_t, 11> kMilliseconds{
    500, 1000, 2500, 3000, 4000, 5000, 7500, 15000, 60000, -1, std::numeric_limits<int64_t>::max()};
constexpr std::array<int, 9> kSides{0, 64, 200, 480, 720, 1080, 2160, -1, std::numeric_limits<int>::max()};
constexpr std::array<std::string_view, 6> kNames{"", "a", "b", "c", "d", "a b"};

std::optional<MediaTime> random_time(Random& random) {
  if (random.below(2) == 0) return std::nullopt;
  return MediaTime{one_of(random, kMilliseconds)};
}

Reference random_reference(Random& random) {
  Reference reference;
  reference.kind = static_cast<ReferenceKind>(random.below(3));
  reference.name = one_of(random, kNames);
  if (random.below(9) > 0) reference.source = {"upload:x"};
  if (reference.kind == ReferenceKind::element) {
    for (int i = random.below(5); i > 0; --i) reference.angles.push_back({"upload:y"});
    if (random.below(4) == 0) reference.clip = MediaSource{"upload:z"};
  }
  return reference;
}

GenerationSpec random_spec(Random& random) {
  GenerationSpec spec;
  spec.prompt = one_of(random, kPrompts);
  for (int i = random.below(8); i > 0; --i) spec.references.push_back(random_reference(random));
  if (random.below(60) == 0) spec.references.resize(70);
  if (random.below(3) == 0) {
    spec.prompt.clear();
    for (int i = random.below(30); i >= 0; --i) spec.shots.push_back({"Rain on @a.", random_time(random)});
  }
  spec.duration = random_time(random);
  if (random.below(4) == 0) spec.first_frame = MediaSource{"upload:f"};
  if (random.below(6) == 0) spec.last_frame = MediaSource{"upload:l"};
  if (random.below(6) == 0) spec.extend = MediaSource{"upload:e"};
  if (random.below(3) == 0) spec.aspect_ratio = AspectRatio{random.below(30), 1 + random.below(20)};
  if (random.below(3) == 0) spec.resolution = Resolution{one_of(random, kSides), {}};
  if (random.below(3) == 0) spec.resolution = Resolution{0, {one_of(random, kSides), one_of(random, kSides)}};
  if (random.below(3) == 0) spec.fps = FrameRate{random.below(140), random.below(3)};
  if (random.below(3) == 0) spec.audio = random.below(2) == 0;
  if (random.below(3) == 0) spec.seed = random.next();
  if (random.below(4) == 0) spec.count = one_of(random, kSides);
  if (random.below(4) == 0) spec.shot_type = static_cast<ShotType>(random.below(2));
  if (random.below(4) == 0) spec.negative_prompt = "blurry";
  return spec;
}

TEST(CarryOver, EndsForAnySpecAndTellsWhatIsLeft) {
  Random random(11);
  for (int i = 0; i < 100; ++i) {
    const GenerationSpec spec = random_spec(random);
    for (const Model& other : builtin().models()) {
      const CarryOver carried = carry_over(builtin(), spec, other);
      ASSERT_EQ(carried.violations, builtin().check(carried.spec, other));
      ASSERT_EQ(carried.spec.model, other.id);
      const CarryOver again = carry_over(builtin(), carried.spec, other);
      ASSERT_EQ(again.spec, carried.spec) << "nothing is left to mend";
      ASSERT_TRUE(again.changed.empty() && again.dropped.empty());
    }
  }
}

/// The sources of the references that the prompts mention, in order, as far as `of` has them still.
std::vector<std::string> mentioned_sources(const GenerationSpec& spec, const GenerationSpec& of) {
  std::vector<std::string> uris;
  for (const int index : mentioned(spec)) {
    const MediaSource& source = spec.references[static_cast<size_t>(index)].source;
    const auto same = [&](const Reference& reference) { return reference.source == source; };
    if (std::any_of(of.references.begin(), of.references.end(), same)) uris.push_back(source.uri);
  }
  return uris;
}

void expect_mended(const GenerationSpec& spec, const Model& other) {
  static const std::set<std::string> kWords{"visual_input_missing", "too_long_prompt", "too_short_prompt"};
  const CarryOver carried = carry_over(builtin(), spec, other);
  for (const auto& violation : carried.violations) {
    EXPECT_TRUE(kWords.contains(violation.code))
        << spec.model << " to " << other.id << ": " << violation.code << ": " << violation.rule;
  }
  EXPECT_EQ(mentioned_sources(carried.spec, carried.spec), mentioned_sources(spec, carried.spec))
      << spec.prompt << " became " << carried.spec.prompt;
  if (spec.model == other.id) {
    EXPECT_TRUE(carried.changed.empty() && carried.dropped.empty());
  }
}

TEST(CarryOver, OfATakenSpecKeepsWhatTagsMeanAndLeavesOnlyWhatWordsCanMend) {
  Random random(12);
  int taken = 0;
  for (int i = 0; i < 40; ++i) {
    GenerationSpec random_one = random_spec(random);
    for (size_t r = 0; r < random_one.references.size(); ++r) {
      // A name that is one and taken once, so that most prompts bind.
      random_one.references[r].name = r < 4 ? kNames[1 + r] : "";
      random_one.references[r].source.uri = "upload:" + std::to_string(r) + ";";
    }
    for (const Model& from : builtin().models()) {
      const CarryOver spec = carry_over(builtin(), random_one, from);
      if (!spec.violations.empty()) continue;
      ++taken;
      for (const Model& other : builtin().models()) expect_mended(spec.spec, other);
    }
  }
  EXPECT_GT(taken, 100);
}

}  // namespace
}  // namespace troupe::api::native
