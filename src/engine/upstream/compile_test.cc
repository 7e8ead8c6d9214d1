// What each provider is sent: the golden files show it, and our own dialect of the same name reads it back.
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "api/dashscope/wire.h"
#include "api/fal/wire.h"
#include "api/gateway/wire.h"
#include "api/pictory/wire.h"
#include "api/replicate/wire.h"
#include "api/venice/wire.h"
#include "base/places_for_test.h"
#include "engine/upstream/orders_for_test.h"

namespace troupe::upstream {
namespace {

std::string shown(const Call& call) {
  std::string text = call.method + " " + call.path + "\n";
  for (const auto& [name, value] : call.headers) text += name + ": " + value + "\n";
  const auto json = nlohmann::ordered_json::parse(call.body, nullptr, false);
  return text + "\n" + (json.is_discarded() ? call.body : json.dump(2)) + "\n";
}

// With TROUPE_WRITE_GOLDEN set, writes what it is now.
void expect_golden(const char* provider, const std::string& name, const OwnedOrder& order) {
  const auto compiled = find_provider(provider)->compile(order.order(), order.model);
  ASSERT_TRUE(compiled) << compiled.error().message;
  const std::filesystem::path file =
      std::filesystem::path(places::in_tree("src/engine/upstream/golden")) / (name + ".http");
  if (std::getenv("TROUPE_WRITE_GOLDEN") != nullptr) std::ofstream(file) << shown(compiled->call);
  std::stringstream golden;
  golden << std::ifstream(file).rdbuf();
  EXPECT_EQ(shown(compiled->call), golden.str()) << file;
}

Call call_of(const char* provider, const OwnedOrder& order) {
  return find_provider(provider)->compile(order.order(), order.model).value().call;
}

// Which references each shot mentions, and how long it is.
std::vector<std::pair<std::vector<std::string>, int64_t>> said(const GenerationSpec& spec) {
  std::vector<std::pair<std::vector<std::string>, int64_t>> shots;
  const BindResult bound = bind(spec);
  EXPECT_TRUE(bound.errors.empty()) << (bound.errors.empty() ? "" : bound.errors.front().message);
  for (const BoundShot& shot : bound.prompt.shots) {
    std::vector<std::string> mentioned;
    for (const PromptPart& part : shot.parts)
      if (part.reference)
        mentioned.push_back(spec.references.at(static_cast<size_t>(*part.reference)).source.uri);
    shots.emplace_back(std::move(mentioned), shot.duration ? shot.duration->milliseconds : 0);
  }
  return shots;
}

TEST(Compile, GoldenRequestsShowWhatIsSent) {
  expect_golden("venice", "venice_kling", fox_in_village("kling-o3-pro-reference-to-video", 2));
  expect_golden("venice", "venice_grok", two_pictures("grok-imagine-reference-to-video"));
  expect_golden("gateway", "gateway_wan", two_pictures("alibaba/wan-v2.6-r2v"));
  expect_golden("dashscope", "dashscope_wan26", two_pictures("wan2.6-r2v"));
  expect_golden("dashscope", "dashscope_wan27", fox_in_village("wan2.7-r2v"));
  expect_golden("pictory", "pictory", two_pictures("pixverse5.5"));
  expect_golden("fal", "fal_kling", fox_in_village("fal-ai/kling-video/o3/pro/reference-to-video", 2));
  expect_golden("replicate", "replicate", two_pictures("kwaivgi/kling"));
  OwnedOrder framed = two_pictures("sora-2");
  framed.spec.references.clear();
  framed.spec.prompt = "the village wakes";
  framed.spec.first_frame = MediaSource{"data:image/png;base64,iVBORw0KGgo="};
  framed.prompt = bind(framed.spec).prompt;
  expect_golden("openai", "openai", framed);
}

TEST(Compile, OurOwnDialectReadsItBack) {
  const OwnedOrder fox = fox_in_village("kling-o3-pro-reference-to-video", 2);
  const auto venice = api::venice::parse_queue(call_of("venice", fox).body);
  ASSERT_TRUE(venice) << venice.error().message;
  EXPECT_EQ(said(venice->spec), said(fox.spec));
  EXPECT_EQ(venice->spec.references[0].angles, fox.spec.references[0].angles);
  const OwnedOrder fal_fox = fox_in_village("fal-ai/kling-video/o3/pro/reference-to-video", 2);
  const auto fal = api::fal::parse_input(call_of("fal", fal_fox).body, fal_fox.model);
  ASSERT_TRUE(fal) << fal.error().message;
  EXPECT_EQ(said(fal->spec), said(fal_fox.spec));

  const OwnedOrder two = two_pictures("wan2.6-r2v");
  const auto expected = said(two.spec).front().first;
  const auto dashscope = api::dashscope::parse_create(call_of("dashscope", two).body);
  ASSERT_TRUE(dashscope) << dashscope.error().message;
  EXPECT_EQ(said(dashscope->spec).front().first, expected);
  const OwnedOrder wan = two_pictures("alibaba/wan-v2.6-r2v");
  const Call call = call_of("gateway", wan);
  const auto gateway = api::gateway::parse_video(call.body, call.headers.at("ai-model-id"));
  ASSERT_TRUE(gateway) << gateway.error().message;
  EXPECT_EQ(said(gateway->spec).front().first, expected);
  const auto pictory = api::pictory::parse_video(call_of("pictory", two_pictures("pixverse5.5")).body);
  ASSERT_TRUE(pictory) << pictory.error().message;
  EXPECT_EQ(said(pictory->spec).front().first, expected);
  const auto replicate =
      api::replicate::parse_prediction(call_of("replicate", two_pictures("a/b")).body, "a/b");
  ASSERT_TRUE(replicate) << replicate.error().message;
  EXPECT_EQ(said(replicate->spec).front().first, expected);
}

TEST(Compile, WhatMustNotBeLeftOutIsRefused) {
  OwnedOrder clip = fox_in_village("kling-o3-pro-reference-to-video");
  clip.spec.extend = MediaSource{"https://example.org/clip.mp4"};
  for (const char* provider : {"venice", "gateway", "fal", "replicate", "openai"})
    EXPECT_FALSE(find_provider(provider)->compile(clip.order(), clip.model)) << provider;
  const OwnedOrder fox = fox_in_village("sora-2");
  EXPECT_FALSE(find_provider("openai")->compile(fox.order(), fox.model));
}

TEST(Compile, SaysWhatItCouldNotSay) {
  OwnedOrder order = fox_in_village("kling-o3-pro-reference-to-video");
  order.spec.seed = 7;
  order.spec.fps = FrameRate{30, 1};
  order.spec.references[0].box = BoxHint{};
  EXPECT_EQ(find_provider("venice")->compile(order.order(), order.model)->unsaid.size(), 3u);
  EXPECT_EQ(find_provider("dashscope")->compile(order.order(), order.model)->unsaid.size(), 2u)
      << "it takes seeds";
}

}  // namespace
}  // namespace troupe::upstream
