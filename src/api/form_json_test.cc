#include "api/form_json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace troupe::api {
namespace {

using Json = nlohmann::json;

class Counting final : public InlineMediaSink {
 public:
  std::vector<size_t> sizes;
  Result<void> begin() override {
    sizes.push_back(0);
    return {};
  }
  Result<void> write(ByteView bytes) override {
    sizes.back() += bytes.size();
    return {};
  }
  Result<void> end() override { return {}; }
  void drop() override {}
};

struct Field {
  std::string name, value;
  bool is_file = false;
};

Result<Json> read(const std::vector<Field>& fields, Counting& sink) {
  FormReader reader(sink, [](ByteView) { return false; });
  for (const Field& field : fields) {
    TROUPE_CHECK_OK(reader.begin(field.name, field.is_file));
    for (const char c : field.value) TROUPE_CHECK_OK(reader.data(as_bytes(std::string_view(&c, 1))));
    TROUPE_CHECK_OK(reader.end());
  }
  TROUPE_TRY(const InlineMediaText text, reader.finish());
  return Json::parse(text.json);
}

Json read(const std::vector<Field>& fields) {
  Counting sink;
  const auto json = read(fields, sink);
  return json ? *json : Json("error: " + json.error().message);
}

TEST(FormJson, NamesMakeTheShape) {
  EXPECT_EQ(read({}), Json::object());
  EXPECT_EQ(read({{"prompt", "a \"fox\"\n"}, {"seconds", "8"}}),
            Json({{"prompt", "a \"fox\"\n"}, {"seconds", "8"}}));
  EXPECT_EQ(read({{"input_reference[image_url]", "https://x.org/a.png"}}),
            Json::parse(R"({"input_reference":{"image_url":"https://x.org/a.png"}})"));
  EXPECT_EQ(read({{"images[]", "a"}, {"images[]", "b"}}), Json::parse(R"({"images":["a","b"]})"));
  EXPECT_EQ(read({{"images", "a"}, {"images", "b"}, {"images", "c"}}),
            Json::parse(R"({"images":["a","b","c"]})"));
}

TEST(FormJson, AMemberThatComesAgainBeginsANewEntry) {
  EXPECT_EQ(read({{"elements[][frontal]", "a"},
                  {"elements[][angles][]", "b"},
                  {"elements[][angles][]", "c"},
                  {"elements[][frontal]", "d"},
                  {"elements[][angles][]", "e"}}),
            Json::parse(R"({"elements":[{"frontal":"a","angles":["b","c"]},
                                        {"frontal":"d","angles":["e"]}]})"));
}

TEST(FormJson, JsonTextsAreWhatTheySay) {
  EXPECT_EQ(read({{"elements", R"([{"frontal":"a"}])"}}), Json::parse(R"({"elements":[{"frontal":"a"}]})"));
  EXPECT_EQ(read({{"prompt", "[a fox]"}}), Json({{"prompt", "[a fox]"}}));
  EXPECT_EQ(read({{"elements", "[not json"}}), Json({{"elements", "[not json"}}));
  EXPECT_EQ(read({{"elements", "[1],[2]"}}), Json({{"elements", "[1],[2]"}}));
}

TEST(FormJson, FilesAreCounted) {
  Counting sink;
  const auto json = read({{"a", "1"}, {"file", "bytes", true}, {"other[]", "more bytes", true}}, sink);
  ASSERT_TRUE(json);
  EXPECT_EQ(*json, Json::parse(R"({"a":"1","file":"inline:0","other":["inline:1"]})"));
  EXPECT_EQ(sink.sizes, (std::vector<size_t>{5, 10}));
}

TEST(FormJson, WhatCannotBeMeantIsRefused) {
  Counting sink;
  for (const char* name : {"", "[a]", "a[", "a]b[", "a[b", "a[b]c", "a[][][][][][][][]"})
    EXPECT_FALSE(read({{name, "x"}}, sink)) << name;
  EXPECT_FALSE(read({{"a[b]", "x"}, {"a[]", "y"}}, sink));
  EXPECT_FALSE(read({{"a", "\xFF"}}, sink));
  EXPECT_FALSE(read({{"a\xFF", "x"}}, sink));
  EXPECT_FALSE(read({{std::string(300, 'a'), "x"}}, sink));
}

TEST(FormJson, LongJsonIsReadUnseen) {
  const std::string spaces(kFormValueBytesMax + 10, ' ');
  EXPECT_EQ(read({{"a", "[" + spaces + "]"}}), Json::parse(R"({"a":[]})"));
  Counting sink;
  EXPECT_FALSE(read({{"a", "[" + spaces}}, sink));
  EXPECT_FALSE(read({{"a", "[1],[" + spaces + "]"}}, sink));
  EXPECT_EQ(read({{"prompt", "[" + spaces}}), Json({{"prompt", "[" + spaces}}));
}

}  // namespace
}  // namespace troupe::api
