#include "catalog/quote.h"

#include <gtest/gtest.h>

#include "catalog/json_reader.h"
#include "catalog/requests_for_test.h"

namespace troupe::catalog {
namespace {

Quote quote(std::string_view model, int64_t duration_seconds, int tier, bool audio, int count = 1) {
  return price(model_for_test(model), Billed{seconds(duration_seconds), tier, audio, count});
}

TEST(Price, TenSecondsOfKlingWithAudio) {
  const Quote with_audio = quote("kling-o3-pro-reference-to-video", 10, 1080, true);
  EXPECT_EQ(with_audio.total, (Money{1'400'000, Currency::usd}));
  EXPECT_EQ(print(with_audio), "video with audio: 10 s × $0.14 = $1.40\ntotal: $1.40\n");
  EXPECT_EQ(quote("kling-o3-standard-reference-to-video", 10, 720, true).total.micros, 1'400'000);
  EXPECT_EQ(quote("kling-o3-standard-reference-to-video", 10, 720, false).total.micros, 1'120'000);
}

TEST(Price, EightSecondsOfGrok) {
  const Quote small = quote("grok-imagine-reference-to-video", 8, 480, false);
  EXPECT_EQ(small.total.micros, 504'000);
  ASSERT_EQ(small.lines.size(), 2u);
  EXPECT_EQ(small.lines[0].what, "video, 480p");
  EXPECT_EQ(small.lines[0].quantity, 8000);
  EXPECT_EQ(small.lines[0].rate.micros, 63'000);
  EXPECT_FALSE(small.lines[0].kept_on_rejection);
  EXPECT_EQ(small.lines[1].what, "content moderation");
  EXPECT_TRUE(small.lines[1].kept_on_rejection);
  EXPECT_NE(small.lines[1].note.find("does not publish"), std::string::npos);
  EXPECT_EQ(quote("grok-imagine-reference-to-video", 8, 720, false).total.micros, 704'000);
}

TEST(Price, CreditsAreNoDollars) {
  EXPECT_EQ(quote("veo-3.1", 8, 720, true).total, (Money{160'000'000, Currency::credits}));
  EXPECT_EQ(quote("veo-3.1-fast", 8, 720, true).total, (Money{80'000'000, Currency::credits}));
  EXPECT_EQ(quote("pixverse-5.5", 8, 720, false).total, (Money{12'800'000, Currency::credits}));
}

TEST(Price, AnUnpublishedPriceIsNotFree) {
  EXPECT_FALSE(quote("wan-v2.6-r2v", 5, 1080, true).complete);
  EXPECT_NE(print(quote("wan-v2.6-r2v", 5, 1080, true)).find("total: not known."), std::string::npos);
  EXPECT_FALSE(quote("imagineart-reference-to-video", 5, 720, false).complete);
  const Quote stage = quote("stage", 60, 1080, true);
  EXPECT_TRUE(stage.complete);
  EXPECT_EQ(stage.total.micros, 0);
}

TEST(Price, TakesMultiplyAfterRounding) {
  Model model = model_for_test("kling-o3-pro-reference-to-video");
  model.price.rates = {Rate{{}, {}, 333'333}};
  const Quote one = price(model, Billed{MediaTime{1500}, 1080, false, 1});
  EXPECT_EQ(one.total.micros, 500'000);  // 499999.5, halves up
  const Quote four = price(model, Billed{MediaTime{1500}, 1080, false, 4});
  EXPECT_EQ(four.total.micros, 2'000'000);
  EXPECT_EQ(four.lines.at(0).quantity, 6000);
}

TEST(Price, LargestAmountsStayExact) {
  Model model = model_for_test("kling-o3-pro-reference-to-video");
  model.price.rates = {Rate{{}, {}, 1'000'000'000}};
  model.price.fees = {Fee{"review", 1'000'000'000, false, ""}};
  const Quote quote = price(model, Billed{kDurationMax, 1080, false, 64});
  EXPECT_EQ(quote.total.micros, int64_t{1'000'000'000} * 3600 * 64 + int64_t{1'000'000'000} * 64);
}

TEST(Price, OfAResolvedRequest) {
  GenerationSpec spec = request(1);
  spec.duration = seconds(10);
  spec.audio = true;
  const Model& model = model_for_test("kling-o3-pro-reference-to-video");
  const auto resolved = builtin_for_test().resolve(spec, model);
  ASSERT_TRUE(resolved);
  EXPECT_EQ(price(model, *resolved).total.micros, 1'400'000);
}

TEST(Micros, AreExactDecimals) {
  EXPECT_EQ(*parse_micros("0.112"), 112'000);
  EXPECT_EQ(*parse_micros("20"), 20'000'000);
  EXPECT_EQ(*parse_micros("0.000001"), 1);
  EXPECT_EQ(*parse_micros("1000"), 1'000'000'000);
  EXPECT_FALSE(parse_micros("1000.000001"));
  EXPECT_FALSE(parse_micros("0.0000001"));
  EXPECT_FALSE(parse_micros("-1"));
  EXPECT_FALSE(parse_micros("1e3"));
  EXPECT_FALSE(parse_micros(""));
  EXPECT_EQ(print_micros(112'000), "0.112");
  EXPECT_EQ(print_micros(20'000'000), "20");
  EXPECT_EQ(print_micros(1), "0.000001");
  EXPECT_EQ(print_micros(0), "0");
}

}  // namespace
}  // namespace troupe::catalog
