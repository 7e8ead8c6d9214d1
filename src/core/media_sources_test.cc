#include "core/media_sources.h"

#include <gtest/gtest.h>

namespace troupe {
namespace {

TEST(MediaSources, EachIsVisitedOnceWithItsPlace) {
  GenerationSpec spec;
  spec.references.resize(3);
  spec.references[0].source.uri = "a";
  spec.references[0].angles = {{"b"}, {""}, {"c"}};
  spec.references[2].clip = MediaSource{"d"};
  spec.first_frame = MediaSource{"e"};
  spec.last_frame = MediaSource{"f"};
  spec.extend = MediaSource{"g"};
  std::string seen;
  for_each_source(spec, [&](MediaSource& source, const std::string& pointer) {
    seen += source.uri + pointer + " ";
    source.uri = "new";
  });
  EXPECT_EQ(seen,
            "a/references/0/source b/references/0/angles/0 c/references/0/angles/2 d/references/2/clip "
            "e/first_frame f/last_frame g/extend ");
  EXPECT_EQ(spec.references[0].angles[2].uri, "new");
  EXPECT_EQ(spec.references[0].angles[1].uri, "");
}

TEST(MediaSources, ASchemeIsReadInAnyCase) {
  EXPECT_EQ(source_rest({"upload:upl_1"}, "upload"), "upl_1");
  EXPECT_EQ(source_rest({"UpLoad:upl_1"}, "upload"), "upl_1");
  EXPECT_EQ(source_rest({"upload:"}, "upload"), "");
  EXPECT_EQ(source_rest({"uploads:x"}, "upload"), "");
  EXPECT_EQ(source_rest({"https://a"}, "upload"), "");
}

}  // namespace
}  // namespace troupe
