// Property: every valid request survives being printed and read.
#include <gtest/gtest.h>

#include <array>

#include "base/random.h"
#include "core/spec_json.h"

namespace troupe {
namespace {

constexpr int kRequests = 2000;

template <class T, class Make>
std::optional<T> maybe(Random& random, Make make) {
  if (random.below(2) == 0) return std::nullopt;
  return T(make());
}

std::string random_text(Random& random) {
  constexpr std::array kPieces = {"walks ", "é",      "狐",   "\"",   "\\",   "\n", "\t",
                                  "/",      "\u2028", "🦊", "\x7f", "\x01", "{",  "0"};
  std::string text;
  for (int i = random.below(8); i > 0; --i)
    text += kPieces[static_cast<size_t>(random.below(kPieces.size()))];
  return text;
}

MediaSource random_source(Random& random) { return {"x" + random_text(random)}; }
MediaTime random_duration(Random& random) { return {1 + random.below(3'600'000)}; }

BoxHint random_box(Random& random) {
  BoxHint box{random.uniform(0, 0.9f), random.uniform(0, 0.9f), 0, 0};
  box.width = random.uniform(0.01f, 1) * (1 - box.left);
  box.height = random.uniform(0.01f, 1) * (1 - box.top);
  return box;
}

Reference random_reference(Random& random) {
  Reference reference;
  reference.kind = static_cast<ReferenceKind>(random.below(3));
  reference.name = random_text(random);
  reference.source = random_source(random);
  reference.box = maybe<BoxHint>(random, [&] { return random_box(random); });
  if (reference.kind != ReferenceKind::element) return reference;
  if (random.below(2) == 0) {
    reference.clip = random_source(random);
    if (random.below(2) == 0) reference.source = {};
  } else {
    for (int i = random.below(kAnglesMax + 1); i > 0; --i) reference.angles.push_back(random_source(random));
  }
  return reference;
}

void random_settings(Random& random, GenerationSpec& spec) {
  spec.duration = maybe<MediaTime>(random, [&] { return random_duration(random); });
  spec.aspect_ratio = maybe<AspectRatio>(random, [&] {
    return *parse_aspect_ratio(std::to_string(1 + random.below(21)) + ":" +
                               std::to_string(1 + random.below(21)));
  });
  spec.resolution = maybe<Resolution>(random, [&] {
    const int side = 64 + 2 * random.below(2017);
    return random.below(2) == 0 ? Resolution{side, {}} : Resolution{0, {side, 64 + 2 * random.below(2017)}};
  });
  spec.fps = maybe<FrameRate>(random, [&] {
    constexpr std::array kRates = {"24", "23.976", "60", "12.5", "119.88", "1", "100/3"};
    return *parse_frame_rate(kRates[static_cast<size_t>(random.below(kRates.size()))]);
  });
  spec.audio = maybe<bool>(random, [&] { return random.below(2) == 0; });
  spec.seed = maybe<uint64_t>(random, [&] { return random.next() >> random.below(64); });
  spec.count = 1 + random.below(kCountMax);
  spec.shot_type = maybe<ShotType>(random, [&] { return static_cast<ShotType>(random.below(2)); });
}

GenerationSpec random_spec(Random& random) {
  GenerationSpec spec;
  spec.model = "m" + random_text(random);
  for (int i = random.below(3); i > 0; --i) spec.fallback_models.push_back("m" + random_text(random));
  if (random.below(2) == 0) {
    spec.prompt = random_text(random);
  } else {
    for (int i = random.below(4); i > 0; --i) {
      spec.shots.push_back(
          {random_text(random), maybe<MediaTime>(random, [&] { return random_duration(random); })});
    }
  }
  spec.negative_prompt = random_text(random);
  for (int i = random.below(5); i > 0; --i) spec.references.push_back(random_reference(random));
  spec.first_frame = maybe<MediaSource>(random, [&] { return random_source(random); });
  spec.last_frame = maybe<MediaSource>(random, [&] { return random_source(random); });
  spec.extend = maybe<MediaSource>(random, [&] { return random_source(random); });
  random_settings(random, spec);
  return spec;
}

TEST(SpecJsonRoundTrip, EveryValidRequestSurvives) {
  Random random(1);
  for (int i = 0; i < kRequests; ++i) {
    const GenerationSpec spec = random_spec(random);
    const std::string json = print_spec(spec);
    const ParsedSpec parsed = parse_spec(json);
    ASSERT_TRUE(parsed.errors.empty()) << to_string(parsed.errors[0]) << "\n" << json;
    ASSERT_EQ(parsed.spec, spec) << json;
    ASSERT_EQ(print_spec(parsed.spec), json);
  }
}

// A damaged text is read or refused, and what is read is a valid request again.
TEST(SpecJsonRoundTrip, DamagedTextsAreReadOrRefused) {
  Random random(2);
  for (int i = 0; i < kRequests; ++i) {
    std::string json = print_spec(random_spec(random));
    for (int flips = 1 + random.below(3); flips > 0; --flips) {
      json[static_cast<size_t>(random.below(static_cast<int>(json.size())))] =
          static_cast<char>(random.below(128));
    }
    const ParsedSpec parsed = parse_spec(json);
    if (!parsed.errors.empty()) continue;
    ASSERT_EQ(parse_spec(print_spec(parsed.spec)).spec, parsed.spec) << json;
  }
}

}  // namespace
}  // namespace troupe
