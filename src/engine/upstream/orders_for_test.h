// Orders as tests need them.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "engine/upstream/provider.h"

namespace troupe::upstream {

/// An order that owns what it refers to.
struct OwnedOrder {
  GenerationSpec spec;
  BoundPrompt prompt;
  std::string model;
  std::vector<MediaTime> shot_durations;
  AspectRatio aspect_ratio{16, 9};
  int tier = 720;
  FrameSize size{1280, 720};
  bool audio = false;

  Order order() const {
    MediaTime total;
    for (const MediaTime time : shot_durations) total = total + time;
    return {spec, prompt,           total, shot_durations, aspect_ratio,      tier,
            size, FrameRate{24, 1}, audio, spec.seed,      "0123456789abcdef"};
  }
};

inline Reference reference_for_test(ReferenceKind kind, std::string name, std::string uri) {
  Reference reference;
  reference.kind = kind;
  reference.name = std::move(name);
  reference.source.uri = std::move(uri);
  return reference;
}

/// A fox with a side view and a village, in `shots` shots of 3 s.
inline OwnedOrder fox_in_village(std::string model, int shots = 1) {
  OwnedOrder owned;
  owned.model = std::move(model);
  owned.spec.references = {
      reference_for_test(ReferenceKind::element, "fox", "https://example.org/fox.png"),
      reference_for_test(ReferenceKind::scene, "village", "https://example.org/village.png")};
  owned.spec.references[0].angles = {{"https://example.org/fox-side.png"}};
  if (shots == 1) owned.spec.prompt = "@fox walks through @village";
  for (int i = 0; shots > 1 && i < shots; ++i)
    owned.spec.shots.push_back({i % 2 == 0 ? "@fox walks through @village" : "Close-up of @fox", seconds(3)});
  owned.shot_durations.assign(static_cast<size_t>(shots), seconds(3));
  const BindResult bound = bind(owned.spec);
  EXPECT_TRUE(bound.errors.empty());
  owned.prompt = bound.prompt;
  return owned;
}

/// Two flat pictures.
inline OwnedOrder two_pictures(std::string model) {
  OwnedOrder owned;
  owned.model = std::move(model);
  owned.spec.references = {reference_for_test(ReferenceKind::image, "mira", "https://example.org/mira.png"),
                           reference_for_test(ReferenceKind::image, "dog", "https://example.org/dog.png")};
  owned.spec.prompt = "@dog runs to @mira";
  owned.shot_durations = {seconds(5)};
  owned.prompt = bind(owned.spec).prompt;
  return owned;
}

}  // namespace troupe::upstream
