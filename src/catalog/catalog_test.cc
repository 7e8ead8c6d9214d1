#include "catalog/catalog.h"

#include <gtest/gtest.h>

#include "catalog/requests_for_test.h"

namespace troupe::catalog {
namespace {

Error parse_error(std::string_view json) {
  const std::vector<CatalogText> files{{"test.json", json}};
  const auto catalog = Catalog::parse(files);
  return catalog ? Error{ErrorCode::internal, "parsed", ""} : catalog.error();
}

/// The stage model as JSON with one piece of text replaced.
std::string stage_with(const std::string& from, const std::string& to) {
  std::string json = model_json(model_for_test("stage"));
  const size_t at = json.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return json.replace(at, from.size(), to);
}

TEST(Catalog, ComesWithEveryModel) {
  std::vector<std::string> ids;
  for (const Model& model : builtin_for_test().models()) ids.push_back(model.id);
  EXPECT_EQ(ids, (std::vector<std::string>{"grok-imagine-reference-to-video",
                                           "imagineart-reference-to-video",
                                           "kling-o3-pro-reference-to-video",
                                           "kling-o3-standard-reference-to-video",
                                           "pixverse-5.5",
                                           "sora-2",
                                           "sora-2-pro",
                                           "stage",
                                           "veo-3.1",
                                           "veo-3.1-fast",
                                           "phantom-wan-1.3b",
                                           "phantom-wan-14b",
                                           "refalign-1.3b",
                                           "refalign-14b",
                                           "skyreels-v3-r2v-14b",
                                           "wan2.1-vace-1.3b",
                                           "wan2.1-vace-14b",
                                           "wan2.1-t2v-1.3b",
                                           "wan2.1-t2v-14b",
                                           "wan-v2.6-r2v",
                                           "wan-v2.6-r2v-flash",
                                           "wan-v2.6-t2v",
                                           "wan-v2.6-i2v",
                                           "wan-v2.6-i2v-flash",
                                           "wan-v2.7-r2v",
                                           "wan-v2.7-t2v",
                                           "wan-v2.7-i2v"}));
}

struct Alias {
  const char* name;
  const char* dialect;
  const char* id;
};

class Aliases : public testing::TestWithParam<Alias> {};

TEST_P(Aliases, FindTheirModelWithAndWithoutDialect) {
  const auto& [name, dialect, id] = GetParam();
  ASSERT_TRUE(builtin_for_test().find(name));
  EXPECT_EQ((*builtin_for_test().find(name))->id, id);
  EXPECT_EQ((*builtin_for_test().find(name, dialect))->id, id);
  EXPECT_EQ((*builtin_for_test().find(name, "another"))->id, id);
}

INSTANTIATE_TEST_SUITE_P(
    Catalog, Aliases,
    testing::Values(
        Alias{"kling-o3-pro-reference-to-video", "venice", "kling-o3-pro-reference-to-video"},
        Alias{"kling-o3-standard-reference-to-video", "venice", "kling-o3-standard-reference-to-video"},
        Alias{"fal-ai/kling-video/o3/pro/reference-to-video", "fal", "kling-o3-pro-reference-to-video"},
        Alias{"fal-ai/kling-video/o3/standard/reference-to-video", "fal",
              "kling-o3-standard-reference-to-video"},
        Alias{"grok-imagine-reference-to-video", "venice", "grok-imagine-reference-to-video"},
        Alias{"alibaba/wan-v2.6-r2v", "gateway", "wan-v2.6-r2v"},
        Alias{"alibaba/wan-v2.6-r2v-flash", "gateway", "wan-v2.6-r2v-flash"},
        Alias{"wan2.6-r2v", "dashscope", "wan-v2.6-r2v"},
        Alias{"wan2.6-r2v-flash", "dashscope", "wan-v2.6-r2v-flash"},
        Alias{"pixverse5.5", "pictory", "pixverse-5.5"}, Alias{"veo3.1", "pictory", "veo-3.1"},
        Alias{"veo3.1_fast", "pictory", "veo-3.1-fast"}, Alias{"draft", "native", "stage"}));

TEST(Catalog, SuggestsTheNamesMostLikeAnUnknownOne) {
  const auto found = builtin_for_test().find("kling-o3-prо");  // the last letter is Cyrillic
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ErrorCode::not_found);
  EXPECT_EQ(found.error().field, "/model");
  EXPECT_NE(found.error().message.find("Did you mean \"kling-o3-pro-reference-to-video\""), std::string::npos)
      << found.error().message;
  EXPECT_NE(builtin_for_test().find("veo31").error().message.find("\"veo-3.1\""), std::string::npos);
}

TEST(Catalog, ListsAllModelsWhereNothingIsAlike) {
  const std::string message = builtin_for_test().find("qqqqqqqq").error().message;
  EXPECT_NE(message.find("Known models:"), std::string::npos) << message;
  EXPECT_NE(message.find("stage"), std::string::npos) << message;
  EXPECT_FALSE(builtin_for_test().find(""));
  EXPECT_LT(builtin_for_test().find(std::string(1 << 20, 'x')).error().message.size(), 1000u);
}

TEST(Catalog, AnAliasOfTwoModelsNeedsItsDialect) {
  const std::string first = stage_with("\"native\"", "\"one\"");
  std::string second = stage_with("\"native\"", "\"two\"");
  second.replace(second.find("\"stage\""), 7, "\"other\"");
  const std::vector<CatalogText> files{{"a.json", first}, {"b.json", second}};
  const auto catalog = Catalog::parse(files);
  ASSERT_TRUE(catalog) << catalog.error().message;
  EXPECT_EQ((*catalog->find("draft", "one"))->id, "stage");
  EXPECT_EQ((*catalog->find("draft", "two"))->id, "other");
  EXPECT_EQ(catalog->find("draft").error().code, ErrorCode::invalid_argument);
}

TEST(Catalog, ReadsBackEveryModelThatItPrints) {
  for (const Model& model : builtin_for_test().models()) {
    const std::string json = model_json(model);
    const std::vector<CatalogText> files{{"printed.json", json}};
    const auto again = Catalog::parse(files);
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(again->models(), std::vector<Model>{model}) << json;
  }
}

TEST(CatalogWith, ReplacesModelsByTheirIdAndAddsTheOthers) {
  const std::string priced = stage_with("\"per_second\": \"0\"", "\"per_second\": \"0.02\"");
  std::string other = priced;
  other.replace(other.find("\"stage\""), 7, "\"house-style\"");
  other.replace(other.find("\"draft\""), 7, "\"house\"");
  const std::string both = "{\"models\": [" + other + ", " + priced + "]}";
  const auto catalog = builtin_for_test().with({"prices.json", both});
  ASSERT_TRUE(catalog) << to_string(catalog.error());
  ASSERT_EQ(catalog->models().size(), builtin_for_test().models().size() + 1);
  EXPECT_EQ(catalog->models().back().id, "house-style");
  EXPECT_EQ((*catalog->find("stage"))->price.rates.front().micros_per_second, 20000);
  EXPECT_EQ((*catalog->find("draft"))->id, "stage") << "an alias of the replaced model";
  EXPECT_EQ((*catalog->find("house"))->id, "house-style");
  for (size_t i = 0; i < builtin_for_test().models().size(); ++i)
    EXPECT_EQ(catalog->models()[i].id, builtin_for_test().models()[i].id) << "the old order";
}

TEST(CatalogWith, NamesWhatClashesWithTheModelsThatStay) {
  const auto refused = [](const std::string& json) {
    const auto catalog = builtin_for_test().with({"mine.json", json});
    return catalog ? "taken" : to_string(catalog.error());
  };
  std::string other = model_json(model_for_test("stage"));
  other.replace(other.find("\"stage\""), 7, "\"other\"");
  const std::string alias = refused("{\"models\": [" + other + "]}");
  EXPECT_NE(alias.find("mine.json#/models/0/aliases/native"), std::string::npos) << alias;
  EXPECT_NE(alias.find("\"draft\""), std::string::npos) << alias;
  const std::string twice = refused("{\"models\": [" + model_json(model_for_test("stage")) + ", " +
                                    model_json(model_for_test("stage")) + "]}");
  EXPECT_NE(twice.find("mine.json#/models/1/id"), std::string::npos) << twice;
  const std::string broken = refused("{\"models\": [{}]}");
  EXPECT_NE(broken.find("mine.json#/models/0"), std::string::npos) << broken;
}

TEST(Catalog, DescribesAModelForPeople) {
  const std::string kling = describe(model_for_test("kling-o3-pro-reference-to-video"));
  EXPECT_NE(kling.find("3 to 15 s in whole seconds, default 5"), std::string::npos) << kling;
  EXPECT_NE(kling.find("$0.112 a second without audio; $0.14 a second with audio"), std::string::npos)
      << kling;
  EXPECT_NE(describe(model_for_test("stage")).find("free"), std::string::npos);
  EXPECT_NE(describe(model_for_test("wan-v2.6-r2v")).find("not published"), std::string::npos);
}

TEST(CatalogParse, NamesFileAndPointer) {
  const Error unknown = parse_error(stage_with("\"angles_max\"", "\"angels_max\""));
  EXPECT_EQ(unknown.code, ErrorCode::invalid_argument);
  EXPECT_EQ(unknown.field, "test.json#/inputs");
  EXPECT_NE(unknown.message.find("\"angles_max\""), std::string::npos) << unknown.message;
  EXPECT_EQ(parse_error(stage_with("\"modes\"", "\"moods\": 1, \"modes\"")).field, "test.json#");
  EXPECT_EQ(parse_error(stage_with("\"angles_max\": 3", "\"angles_max\": \"3\"")).field,
            "test.json#/inputs/angles_max");
  EXPECT_EQ(parse_error(stage_with("\"angles_max\": 3", "\"angles_max\": 4")).field,
            "test.json#/inputs/angles_max");
  EXPECT_EQ(parse_error(stage_with("\"text\",", "\"texts\",")).field, "test.json#/modes/0");
  EXPECT_EQ(parse_error(stage_with("\"per_second\": \"0\"", "\"per_second\": 0")).field,
            "test.json#/price/rates/0/per_second");
  EXPECT_EQ(parse_error(stage_with("\"1:3\"", "\"1:0\"")).field, "test.json#/aspect_ratio/min");
}

TEST(CatalogParse, RefusesFiguresThatContradictEachOther) {
  EXPECT_EQ(parse_error(stage_with("\"max\": 60,\n    \"step\"", "\"max\": 4,\n    \"step\"")).field,
            "test.json#/duration/default");
  EXPECT_EQ(parse_error(stage_with("\"default\": \"720p\"", "\"default\": \"700p\"")).field,
            "test.json#/resolution/default");
  EXPECT_EQ(parse_error(stage_with("\"per_second\": \"0\"", "\"audio\": true, \"per_second\": \"0\"")).field,
            "test.json#/price/rates");
  EXPECT_EQ(parse_error(stage_with("\"default\": \"24\"", "\"default\": \"61\"")).field,
            "test.json#/fps/default");
  EXPECT_EQ(parse_error(stage_with("\"first_frame\",", "")).field, "test.json#/inputs/last_frame");
}

TEST(CatalogParse, RefusesANameForTwoModels) {
  const std::string stage = model_json(model_for_test("stage"));
  const std::vector<CatalogText> twice{{"a.json", stage}, {"b.json", stage}};
  EXPECT_EQ(Catalog::parse(twice).error().field, "b.json#/id");
  std::string other = stage_with("\"id\": \"stage\"", "\"id\": \"other\"");
  const std::vector<CatalogText> aliases{{"a.json", stage}, {"b.json", other}};
  EXPECT_EQ(Catalog::parse(aliases).error().field, "b.json#/aliases/native");
  other.replace(other.find("\"draft\""), 7, "\"stage\"");
  const std::vector<CatalogText> hidden{{"a.json", stage}, {"b.json", other}};
  EXPECT_NE(Catalog::parse(hidden).error().message.find("another model's id"), std::string::npos);
}

TEST(CatalogParse, AKeyStandsInTheModelOrIsShared) {
  const std::string stage = model_json(model_for_test("stage"));
  const std::string both = R"({"shared": {"vendor": "X"}, "models": [)" + stage + "]}";
  EXPECT_EQ(parse_error(both).field, "test.json#/models/0/vendor");
  const std::string unknown = R"({"shared": {"vendors": "X"}, "models": [)" + stage + "]}";
  EXPECT_EQ(parse_error(unknown).field, "test.json#/shared");
}

TEST(CatalogParse, SurvivesHostileText) {
  EXPECT_EQ(parse_error("").code, ErrorCode::corrupt_input);
  EXPECT_EQ(parse_error("{\"id\": ").code, ErrorCode::corrupt_input);
  EXPECT_EQ(parse_error("{\"id\": \"\xff\"}").code, ErrorCode::corrupt_input);
  EXPECT_EQ(parse_error("{\"id\": 1e999}").code, ErrorCode::corrupt_input);
  EXPECT_EQ(parse_error("{\"id\": \"a\", \"id\": \"b\"}").code, ErrorCode::corrupt_input);
  EXPECT_EQ(parse_error("[]").code, ErrorCode::invalid_argument);
  EXPECT_EQ(parse_error("null").code, ErrorCode::invalid_argument);
  EXPECT_EQ(parse_error("{\"models\": 7}").field, "test.json#/models");
  EXPECT_EQ(parse_error("{\"models\": [7]}").field, "test.json#/models/0");
  EXPECT_EQ(parse_error(std::string(500'000, '[')).code, ErrorCode::over_limit);
  EXPECT_EQ(parse_error(std::string(kCatalogTextBytesMax + 1, ' ')).code, ErrorCode::over_limit);
  EXPECT_EQ(parse_error(stage_with("\"seed_max\": 9223372036854775807", "\"seed_max\": 18446744073709551615"))
                .field,
            "test.json#/seed_max");
}

}  // namespace
}  // namespace troupe::catalog
