#include "http/target.h"

#include <gtest/gtest.h>

namespace troupe::http {
namespace {

TEST(Target, DecodesPathAndQueryOnce) {
  const auto target = parse_target("/v1/a%20b/%C3%BC%2541?x=1+2&y=%26%3D&x=3&&flag&=odd");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->path, "/v1/a b/\u00fc%41");
  EXPECT_EQ(target->query.count("x"), 2u);
  EXPECT_EQ(target->query.find("x")->second, "1 2");
  EXPECT_EQ(target->query.find("y")->second, "&=");
  EXPECT_EQ(target->query.find("flag")->second, "");
  EXPECT_EQ(target->query.find("")->second, "odd");
}

TEST(Target, TakesAbsoluteForm) {
  EXPECT_EQ(parse_target("http://example.org/a?b=c")->path, "/a");
  EXPECT_EQ(parse_target("HTTPS://example.org:8080")->path, "/");
  EXPECT_EQ(parse_target("http://example.org?b=c")->path, "/");
  EXPECT_EQ(parse_target("http://example.org?b=c")->query.count("b"), 1u);
}

TEST(Target, RefusesWhatMeansSomethingElse) {
  for (const char* text :
       {"",         "*",    "a",           "ftp://host/a", "http:///a",    "example.org:443",
        "/a/../b",  "/..",  "/a/%2e%2E/b", "/./a",         "/a%2F..%2Fb",  "/a%00b",
        "/a%0ab",   "/a%",  "/a%4",        "/a%zz",        "/a%4g",        "/%ff",
        "/%c0%af",  "/a#b", "/a?b=%00",    "/a?b=%f",      "/a?%ed%a0%80", "/a b",
        "/\xc3\xbc"}) {
    const auto target = parse_target(text);
    ASSERT_FALSE(target) << text;
    EXPECT_EQ(target.error().code, ErrorCode::invalid_argument) << text;
  }
}

TEST(Target, KeepsDotsInsideNames) {
  EXPECT_EQ(parse_target("/a..b/...")->path, "/a..b/...");
  EXPECT_EQ(parse_target("//a//")->path, "//a//");
}

TEST(Target, BoundsTheQuery) {
  std::string query = "/?";
  for (size_t i = 0; i < kQueryValuesMax; ++i) query += "a&";
  EXPECT_TRUE(parse_target(query));
  EXPECT_FALSE(parse_target(query + "a"));
}

}  // namespace
}  // namespace troupe::http
