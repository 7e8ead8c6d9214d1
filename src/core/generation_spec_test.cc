#include "core/generation_spec.h"

#include <gtest/gtest.h>

namespace troupe {
namespace {

TEST(Mode, FollowsFromWhatIsAttached) {
  GenerationSpec spec;
  EXPECT_EQ(name(mode_of(spec)), "text");
  spec.last_frame = MediaSource{"b.png"};
  EXPECT_EQ(name(mode_of(spec)), "first_frame");
  spec.references.push_back({});
  EXPECT_EQ(name(mode_of(spec)), "references");
  spec.extend = MediaSource{"a.mp4"};
  EXPECT_EQ(name(mode_of(spec)), "extend");
}

TEST(ReferenceKind, HasANameForEach) {
  EXPECT_EQ(name(ReferenceKind::element), "element");
  EXPECT_EQ(name(ReferenceKind::scene), "scene");
  EXPECT_EQ(name(ReferenceKind::image), "image");
}

}  // namespace
}  // namespace troupe
