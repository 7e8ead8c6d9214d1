#include "http/router.h"

#include <gtest/gtest.h>

namespace troupe::http {
namespace {

Router make_router(std::initializer_list<std::pair<const char*, const char*>> routes) {
  Router router;
  for (const auto& [method, pattern] : routes) router.add({method, pattern, {}, 0, ""});
  return router;
}

std::string pattern_of(const Router& router, const char* method, const char* path) {
  const Router::Match match = router.match(method, path);
  return match.route ? match.route->method + " " + match.route->pattern : "none";
}

TEST(Router, PrefersWhatIsMoreSpecial) {
  const Router router = make_router({{"GET", "/docs/{path*}"},
                                     {"GET", "/v1/jobs/{id}"},
                                     {"GET", "/v1/jobs/latest"},
                                     {"GET", "/v1/{kind}/latest"},
                                     {"POST", "/v1/jobs/{id}:cancel"},
                                     {"POST", "/v1/jobs/{id}"},
                                     {"POST", "/v1/jobs:quote"},
                                     {"GET", "/docs/index"},
                                     {"GET", "/"}});
  EXPECT_EQ(pattern_of(router, "GET", "/v1/jobs/latest"), "GET /v1/jobs/latest");
  EXPECT_EQ(pattern_of(router, "GET", "/v1/jobs/x"), "GET /v1/jobs/{id}");
  EXPECT_EQ(pattern_of(router, "GET", "/v1/keys/latest"), "GET /v1/{kind}/latest");
  EXPECT_EQ(pattern_of(router, "POST", "/v1/jobs/x:cancel"), "POST /v1/jobs/{id}:cancel");
  EXPECT_EQ(pattern_of(router, "POST", "/v1/jobs/x"), "POST /v1/jobs/{id}");
  EXPECT_EQ(pattern_of(router, "POST", "/v1/jobs:quote"), "POST /v1/jobs:quote");
  EXPECT_EQ(pattern_of(router, "GET", "/docs/index"), "GET /docs/index");
  EXPECT_EQ(pattern_of(router, "GET", "/docs/a/b"), "GET /docs/{path*}");
  EXPECT_EQ(pattern_of(router, "GET", "/docs/"), "GET /docs/{path*}");
  EXPECT_EQ(pattern_of(router, "GET", "/docs"), "none");
  EXPECT_EQ(pattern_of(router, "GET", "/"), "GET /");
  EXPECT_EQ(pattern_of(router, "GET", "/v1/jobs/"), "none");
  EXPECT_EQ(pattern_of(router, "GET", "/v1/jobs/x/y"), "none");
  EXPECT_EQ(pattern_of(router, "GET", "//v1/jobs/x"), "none");
}

TEST(Router, TellsThePathsValues) {
  const Router router = make_router({{"GET", "/a/{one}/{two}:go"}, {"GET", "/b/{rest*}"}});
  const auto match = router.match("GET", "/a/1/2:go");
  EXPECT_EQ(match.path_values.at("one"), "1");
  EXPECT_EQ(match.path_values.at("two"), "2");
  EXPECT_EQ(router.match("GET", "/b/x/y/").path_values.at("rest"), "x/y/");
  EXPECT_EQ(router.match("GET", "/a/1/:go").route, nullptr);
}

TEST(Router, AnswersHeadThroughGet) {
  const Router router = make_router({{"GET", "/a"}, {"GET", "/b"}, {"HEAD", "/b"}, {"POST", "/c"}});
  EXPECT_EQ(pattern_of(router, "HEAD", "/a"), "GET /a");
  EXPECT_EQ(pattern_of(router, "HEAD", "/b"), "HEAD /b");
  EXPECT_EQ(pattern_of(router, "HEAD", "/c"), "none");
}

TEST(Router, SaysWhichMethodsThereAre) {
  const Router router = make_router({{"GET", "/a"}, {"POST", "/a"}, {"DELETE", "/{x}"}, {"GET", "/b/c"}});
  const std::vector<std::string> of_a{"DELETE", "GET", "HEAD", "POST"};
  EXPECT_EQ(router.match("PUT", "/a").allowed, of_a);
  EXPECT_EQ(router.match("get", "/a").allowed, of_a);
  EXPECT_TRUE(router.match("GET", "/a").allowed.empty());
  EXPECT_TRUE(router.match("GET", "/none/at/all").allowed.empty());
}

}  // namespace
}  // namespace troupe::http
