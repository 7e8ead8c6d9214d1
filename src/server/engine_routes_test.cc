#include "server/engine_routes.h"

#include <gtest/gtest.h>

namespace troupe::server {
namespace {

using engine::RemoteRoute;

class Routes : public ::testing::Test {
 protected:
  const catalog::Catalog catalog_ = std::move(*catalog::load_builtin());
  std::map<std::string, std::string> kinds_;

  const catalog::Model& kling() const { return **catalog_.find("kling-o3-pro-reference-to-video"); }
  EngineRoutes with(ModelRoutes routes = {}, bool drafts = true) {
    return EngineRoutes(drafts, std::move(routes), [this] { return kinds_; });
  }
};

TEST_F(Routes, WithoutAProviderAModelIsADraft) {
  EXPECT_EQ(with().route_of(kling())->engine, "stage");
  EXPECT_TRUE(with().route_of(kling())->draft);
  EXPECT_TRUE(with().route_of(kling())->free);
  EXPECT_EQ(with({}, false).route_of(kling()).error().code, ErrorCode::unavailable);
}

TEST_F(Routes, AProviderThatHasTheModelMakesIt) {
  kinds_ = {{"fal", "fal"}, {"other-fal", "fal"}, {"venice", "venice"}, {"pictory", "pictory"}};
  const auto route = with().route_of(kling());
  EXPECT_EQ(route->engine, "upstream");
  EXPECT_FALSE(route->draft);
  EXPECT_FALSE(route->free);
  const std::string fal = "fal-ai/kling-video/o3/pro/reference-to-video";
  EXPECT_EQ(with().remote_routes(kling()),
            (std::vector<RemoteRoute>{
                {"venice", "kling-o3-pro-reference-to-video"}, {"fal", fal}, {"other-fal", fal}}));
}

TEST_F(Routes, TheOperatorsOrderCounts) {
  kinds_ = {{"fal", "fal"}, {"venice", "venice"}, {"mine", "openai"}};
  const ModelRoutes routes{
      {kling().id, {{"gone", ""}, {"fal", ""}, {"mine", "kling-at-home"}, {"mine", ""}}}};
  EXPECT_EQ(with(routes).remote_routes(kling()),
            (std::vector<RemoteRoute>{{"fal", "fal-ai/kling-video/o3/pro/reference-to-video"},
                                      {"mine", "kling-at-home"}}))
      << "a provider that is not set up and one without a name of the model are passed over";
}

TEST_F(Routes, TheStageEngineIsNoProviders) {
  kinds_ = {{"venice", "venice"}};
  EXPECT_TRUE(with().remote_routes(**catalog_.find("stage")).empty());
}

TEST_F(Routes, AModelWithWeightsIsMadeHere) {
  const catalog::Model& model = **catalog_.find("refalign-1.3b");
  Result<void> ready;
  const auto routed = [&](bool drafts) {
    return EngineRoutes(drafts, {}, {},
                        [&](const std::string& id) {
                          EXPECT_EQ(id, model.id);
                          return ready;
                        })
        .route_of(model);
  };
  EXPECT_EQ(routed(true)->engine, "wan");
  EXPECT_FALSE(routed(true)->draft);
  ready = make_error(ErrorCode::not_found, "Run: troupe weights pull refalign-1.3b");
  EXPECT_EQ(routed(true)->engine, "stage");
  EXPECT_TRUE(routed(true)->draft);
  const auto refused = routed(false);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::unavailable);
  EXPECT_NE(refused.error().message.find("troupe weights pull refalign-1.3b"), std::string::npos);
  EXPECT_EQ(with().route_of(model)->engine, "stage") << "nobody makes it here";
}

TEST_F(Routes, RoutesAreHeldAgainstTheCatalog) {
  const auto checked =
      check_routes(*parse_routes("fal-ai/kling-video/o3/pro/reference-to-video: fal"), catalog_);
  ASSERT_TRUE(checked) << checked.error().message;
  EXPECT_TRUE(checked->contains(kling().id)) << "an alias is the model";
  EXPECT_NE(check_routes(*parse_routes("kling-o3-pro-reference-to-vide: fal"), catalog_)
                .error()
                .message.find("kling-o3-pro-reference-to-video"),
            std::string::npos);
  EXPECT_FALSE(check_routes(*parse_routes("stage: fal"), catalog_));
}

TEST(ParseRoutes, ReadsWhatPeopleWrite) {
  const auto routes = parse_routes(" kling: [venice, fal] ;sora-2:mine=Wan2.2-TI2V\n a/b: x ");
  ASSERT_TRUE(routes) << routes.error().message;
  EXPECT_EQ(*routes, (ModelRoutes{{"kling", {{"venice", ""}, {"fal", ""}}},
                                  {"sora-2", {{"mine", "Wan2.2-TI2V"}}},
                                  {"a/b", {{"x", ""}}}}));
  EXPECT_EQ(parse_routes("kling: fal,")->at("kling").size(), 1u);
  EXPECT_TRUE(parse_routes("")->empty());
  EXPECT_TRUE(parse_routes(" ;\n; ")->empty());
}

TEST(ParseRoutes, RefusesTheRestWithThePiece) {
  for (const char* text : {"kling", "kling:", ": fal", "kling: Fal!", "kling: fal=", "a: x; a: y",
                           "kling: [fal", "kling: ,fal"}) {
    const auto routes = parse_routes(text);
    ASSERT_FALSE(routes) << text;
    EXPECT_EQ(routes.error().code, ErrorCode::invalid_argument) << text;
    EXPECT_EQ(routes.error().field, "routes");
  }
  EXPECT_EQ(parse_routes(std::string(kRoutesTextBytesMax + 1, 'a')).error().code, ErrorCode::over_limit);
}

}  // namespace
}  // namespace troupe::server
