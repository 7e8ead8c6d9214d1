#include "engine/tokenizer/model_proto.h"

#include <gtest/gtest.h>

#include <cmath>

namespace troupe::tokenizer {
namespace {

void append_word(std::string& out, uint32_t word) {
  for (int i = 0; i < 4; ++i) out += static_cast<char>(word >> (8 * i));
}

constexpr uint32_t kValue = 1u << 31;  // marks a unit that no letter leads to
constexpr uint32_t kOffset = 1u << 10;
constexpr uint32_t kKeyEnds = 1u << 8;

// Rules with a trie of 256 units, of which the first is `root` and unit `at` is `unit`, and one text of two
// bytes.
std::string rules(uint32_t root = kOffset, uint32_t at = 1, uint32_t unit = kValue) {
  std::string map;
  append_word(map, 1024);
  for (uint32_t i = 0; i < 256; ++i) append_word(map, i == 0 ? root : i == at ? unit : kValue);
  return map + std::string("a\0", 2);
}

Result<ModelParts> read_with(std::string_view charsmap) {
  ModelParts parts;
  parts.pieces.push_back({"<unk>", 0, PieceKind::unknown});
  parts.charsmap = charsmap;
  const std::string bytes = make_model_proto(parts);
  auto read = read_model_proto(bytes);
  if (read) read.value() = {};  // its views end with `bytes`
  return read;
}

TEST(ModelProto, ReadsWhatItMakes) {
  ModelParts parts;
  parts.pieces = {
      {"<unk>", 0, PieceKind::unknown}, {"fox", -1.5f, PieceKind::normal}, {"<0x41>", 0, PieceKind::byte}};
  parts.byte_fallback = true;
  const std::string bytes = make_model_proto(parts);
  const ModelParts read = read_model_proto(bytes).value();
  ASSERT_EQ(read.pieces.size(), 3u);
  EXPECT_EQ(read.pieces[1].text, "fox");
  EXPECT_EQ(read.pieces[1].score, -1.5f);
  EXPECT_EQ(read.pieces[2].kind, PieceKind::byte);
  EXPECT_TRUE(read.byte_fallback);
}

TEST(ModelProto, RefusesRulesThatPointOutside) {
  // The root's children are 1 ^ letter.
  constexpr uint32_t kA = 'a', kAtA = 1 ^ 'a';
  EXPECT_TRUE(read_with(rules()));
  EXPECT_FALSE(read_with(rules(1024 * kOffset)));
  EXPECT_TRUE(read_with(rules(kOffset, kAtA, kA)));
  EXPECT_FALSE(read_with(rules(kOffset, kAtA, kA | 1024 * kOffset)));
  EXPECT_FALSE(read_with(rules(kOffset, kAtA, kA | kA * kOffset))) << "a circle: aaa… would never end";
  EXPECT_TRUE(read_with(rules(kOffset | kKeyEnds, 1, kValue | 1)));
  EXPECT_FALSE(read_with(rules(kOffset | kKeyEnds, 1, kValue | 2))) << "its text begins past the last";
}

TEST(ModelProto, RefusesRulesThatAreCutOff) {
  const std::string whole = rules();
  EXPECT_TRUE(read_with(whole));
  for (const size_t size : {1u, 4u, 8u, 100u, 1028u, 1029u})
    EXPECT_FALSE(read_with(whole.substr(0, size))) << size;
}

TEST(ModelProto, RefusesPiecesThatAreNoText) {
  for (const std::string& text :
       {std::string(), std::string("a\0b", 3), std::string("\xFF"), std::string(5000, 'x')}) {
    ModelParts parts;
    parts.pieces.push_back({text, 0, PieceKind::normal});
    EXPECT_FALSE(read_model_proto(make_model_proto(parts)));
  }
  ModelParts parts;
  parts.pieces.push_back({"a", NAN, PieceKind::normal});
  EXPECT_FALSE(read_model_proto(make_model_proto(parts)));
}

}  // namespace
}  // namespace troupe::tokenizer
