// The document against the code: parsers take its examples, printers make what its schemas say.
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <set>

#include "api/native/samples_for_test.h"
#include "api/native/schema_for_test.h"

namespace troupe::api::native {
namespace {

using nlohmann::json;

/// Calls `visit(path, method, operation)` for each of the document.
template <class Visit>
void for_each_operation(Visit visit) {
  static const std::set<std::string> kMethods{"get", "post", "patch", "delete", "head", "put"};
  for (const auto& [path, item] : openapi_for_test()["paths"].items())
    for (const auto& [method, operation] : item.items())
      if (kMethods.contains(method)) visit(path, method, operation);
}

void collect_references(const json& node, std::vector<std::string>& found) {
  if (node.is_object() && node.contains("$ref")) found.push_back(node["$ref"].get<std::string>());
  if (node.is_structured())
    for (const json& child : node) collect_references(child, found);
}

TEST(OpenApi, IsWholeAndNamesNothingThatIsNotThere) {
  EXPECT_EQ(openapi_for_test()["openapi"], "3.1.0");
  std::vector<std::string> references;
  collect_references(openapi_for_test(), references);
  EXPECT_GT(references.size(), 100u);
  for (const std::string& reference : references) {
    EXPECT_TRUE(openapi_for_test().contains(json::json_pointer(reference.substr(1)))) << reference;
  }
  for (const char* kind : {"schemas", "parameters", "headers", "responses"}) {
    for (const auto& [name, item] : openapi_for_test()["components"][kind].items()) {
      const std::string pointer = std::string("#/components/") + kind + "/" + name;
      EXPECT_TRUE(std::count(references.begin(), references.end(), pointer) > 0) << pointer << " is not used";
    }
  }
}

/// "id" of "/v1/jobs/{id}".
std::set<std::string> names_in(const std::string& path) {
  std::set<std::string> names;
  for (size_t at = path.find('{'); at != std::string::npos; at = path.find('{', at + 1))
    names.insert(path.substr(at + 1, path.find('}', at) - at - 1));
  return names;
}

TEST(OpenApi, OperationsAreNamedOnceAndDeclareTheirPathValues) {
  std::set<std::string> ids;
  for_each_operation([&](const std::string& path, const std::string& method, const json& operation) {
    const auto id = operation["operationId"].get<std::string>();
    EXPECT_TRUE(ids.insert(id).second) << id;
    EXPECT_FALSE(operation["summary"].get<std::string>().empty()) << id;
    EXPECT_EQ(operation["security"][0]["bearer"].size(), 1u) << id << " names no scope";
    EXPECT_TRUE(operation["responses"].contains("default")) << id;
    std::set<std::string> values;
    for (const json& parameter : operation.value("parameters", json::array())) {
      const json& resolved = SchemaChecker::resolved(parameter);
      if (resolved["in"] == "path") values.insert(resolved["name"].get<std::string>());
    }
    EXPECT_EQ(values, names_in(path)) << method << " " << path;
  });
  EXPECT_GE(ids.size(), 30u);
}

std::set<std::string> texts(const json& list) { return list.get<std::set<std::string>>(); }

TEST(OpenApi, KnowsEveryStateEventCurrencyAndProblem) {
  const json& schemas = openapi_for_test()["components"]["schemas"];
  std::set<std::string> states;
  for (int i = 0; i <= static_cast<int>(JobState::parked); ++i)
    states.emplace(name(static_cast<JobState>(i)));
  EXPECT_EQ(texts(schemas["Job"]["properties"]["state"]["enum"]), states);
  EXPECT_EQ(texts(schemas["NewWebhook"]["properties"]["events"]["items"]["enum"]),
            std::set<std::string>(event_types().begin(), event_types().end()));
  const json& problems = openapi_for_test()["x-problems"];
  std::set<std::string> codes;
  for (const ProblemKind& kind : problem_kinds()) {
    const std::string code(kind.code);
    codes.insert(code);
    ASSERT_TRUE(problems.contains(code)) << code;
    EXPECT_EQ(problems[code]["status"], kind.status) << code;
    EXPECT_EQ(problems[code]["title"], kind.title) << code;
    EXPECT_EQ(problems[code]["retryable"], kind.retryable) << code;
  }
  EXPECT_EQ(problems.size(), codes.size());
  EXPECT_EQ(texts(schemas["Problem"]["properties"]["code"]["enum"]), codes);
}

/// The error that the operation's parser has with a body; "" = it takes it.
std::string refusal(const std::string& operation, const std::string& body) {
  const auto text = [](const auto& result) { return result ? std::string() : to_string(result.error()); };
  static const std::map<std::string, std::function<std::string(const std::string&)>> kParsers{
      {"createJob", [&](const std::string& b) { return text(parse_submission(b)); }},
      {"quoteJob", [&](const std::string& b) { return text(parse_submission(b)); }},
      {"promoteJob", [&](const std::string& b) { return text(parse_promotion(b)); }},
      {"cancelJob", [&](const std::string& b) { return text(parse_cancellation(b)); }},
      {"createUpload", [&](const std::string& b) { return text(parse_upload_start(b)); }},
      {"createElement", [&](const std::string& b) { return text(parse_element(b)); }},
      {"changeElement", [&](const std::string& b) { return text(parse_element(b)); }},
      {"createWebhook", [&](const std::string& b) { return text(parse_endpoint(b)); }},
      {"setProvider", [&](const std::string& b) { return text(parse_provider(b)); }}};
  const auto parser = kParsers.find(operation);
  return parser == kParsers.end() ? "no parser is known" : parser->second(body);
}

TEST(OpenApi, ExamplesAreTakenByTheParsersAndFitTheirSchemas) {
  int examples = 0;
  for_each_operation([&](const std::string&, const std::string&, const json& operation) {
    const json content = operation.value("requestBody", json::object()).value("content", json::object());
    if (!content.contains("application/json")) return;
    const json& body = content["application/json"];
    const auto id = operation["operationId"].get<std::string>();
    ASSERT_TRUE(body.contains("examples")) << id;
    for (const auto& [name, example] : body["examples"].items()) {
      ++examples;
      EXPECT_EQ(refusal(id, example["value"].dump()), "") << id << " " << name;
      const auto wrong = SchemaChecker::check(example["value"], body["schema"], /*answer=*/false);
      EXPECT_TRUE(wrong.empty()) << id << " " << name << ": " << wrong.front();
    }
  });
  EXPECT_GE(examples, 10);
}

TEST(OpenApi, WhatASchemaRefusesAParserRefusesToo) {
  const std::vector<std::pair<std::string, std::string>> bodies{
      {"createJob", R"({"prompt":"x","colour":1})"},
      {"createJob", R"({"spec":{"prompt":"x"},"priority":"urgent"})"},
      {"createJob", R"({"prompt":"x","count":17})"},
      {"promoteJob", R"({})"},
      {"createUpload", R"({"size_bytes":0})"},
      {"createUpload", R"({"name":"a"})"},
      {"createElement", R"({"name":7})"},
      {"createWebhook", R"({"url":"https://a","events":["job.x"]})"},
      {"changeElement", R"({"version":0})"},
      {"createWebhook", R"({})"},
      {"setProvider", R"({"key":""})"},
      {"setProvider", R"({"secret":"x"})"},
      {"setProvider", R"({"kind":7})"}};
  std::map<std::string, json> schemas;
  for_each_operation([&](const std::string&, const std::string&, const json& operation) {
    const json::json_pointer schema("/requestBody/content/application~1json/schema");
    if (operation.contains(schema)) schemas[operation["operationId"]] = operation[schema];
  });
  for (const auto& [id, body] : bodies) {
    EXPECT_NE(refusal(id, body), "") << body;
    EXPECT_FALSE(SchemaChecker::check(json::parse(body), schemas.at(id), false).empty()) << body;
  }
}

TEST(OpenApi, EverySpecThatIsPrintedFitsItsSchema) {
  EXPECT_EQ(misfit(print_spec(spec_for_test()), "Spec"), "");
}

TEST(OpenApi, ModelsFitTheirSchema) {
  EXPECT_EQ(misfit(print_models(catalog_for_test()), "ModelList"), "");
  for (const catalog::Model& model : catalog_for_test().models())
    EXPECT_EQ(misfit(print_model(model), "Model"), "");
}

TEST(OpenApi, TheCheckerSeesWhatIsWrong) {
  const std::string money = R"({"micros":1,"currency":"usd","text":"x"})";
  EXPECT_EQ(misfit(money, "Money"), "");
  for (const char* wrong : {R"({"micros":1.5,"currency":"usd","text":"x"})",
                            R"({"micros":1,"currency":"eur","text":"x"})", R"({"micros":1,"currency":"usd"})",
                            R"({"micros":1,"currency":"usd","text":"x","more":1})", "[]", "{"}) {
    EXPECT_NE(misfit(wrong, "Money"), "") << wrong;
  }
}

TEST(Docs, LoadNothingFromElsewhere) {
  for (const std::string_view text : {docs_page(), docs_script(), docs_style()}) {
    EXPECT_GT(text.size(), 500u);
    EXPECT_TRUE(is_utf8(text));
    for (const char* outside : {"http://", "https://", "//cdn", "@import", "eval(", "innerHTML"}) {
      EXPECT_EQ(text.find(outside), std::string_view::npos) << outside;
    }
  }
  EXPECT_EQ(docs_page().find("<style"), std::string_view::npos);
  EXPECT_EQ(docs_page().find(" style="), std::string_view::npos);
  EXPECT_NE(docs_page().find("<script src=\"/docs/docs.js\" defer></script>"), std::string_view::npos);
  EXPECT_NE(docs_page().find("href=\"/docs/docs.css\""), std::string_view::npos);
}

}  // namespace
}  // namespace troupe::api::native
