#include "core/field_map.h"

#include <gtest/gtest.h>

namespace troupe {
namespace {

TEST(FieldMap, SurvivesBeingKept) {
  FieldMap map;
  map.add("/references/0", "/elements/0");
  map.add("/references/0/source", "/elements/0/frontal_image_url");
  map.fold("/shots", "/prompt");
  const FieldMap kept = FieldMap::parse(map.print());
  EXPECT_EQ(kept.in_body("/references/0/source"), "/elements/0/frontal_image_url");
  EXPECT_EQ(kept.in_body("/references/0/angles/1"), "/elements/0/angles/1");
  EXPECT_EQ(kept.in_body("/shots/3/prompt"), "/prompt");
  EXPECT_EQ(kept.in_body("/fps"), "");
  EXPECT_EQ(kept.print(), map.print());
}

TEST(FieldMap, OfAnythingElseIsEmpty) {
  EXPECT_EQ(FieldMap().print(), "");
  for (const char* text :
       {"", "{", "{}", "7", "[7]", R"([["a","b"]])", R"([["a","b",1]])", R"([[1,"b",true]])"})
    EXPECT_TRUE(FieldMap::parse(text).empty()) << text;
}

}  // namespace
}  // namespace troupe
