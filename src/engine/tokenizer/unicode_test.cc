// What Python's own library makes of the same texts.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "base/places_for_test.h"
#include "engine/tokenizer/code_points.h"
#include "engine/tokenizer/html_entities.h"

namespace troupe::tokenizer {
namespace {

nlohmann::json vectors(const std::string& name) {
  std::ifstream file(places::in_tree("src/engine/tokenizer/testdata/" + std::string(name)));
  return nlohmann::json::parse(file);
}

TEST(Unicode, UnescapesHtmlAsPythonDoes) {
  const auto cases = vectors("html_unescape.json");
  ASSERT_GT(cases.size(), 500u);
  for (const auto& pair : cases) {
    const auto text = pair[0].get<std::string>();
    EXPECT_EQ(to_utf8(unescape_html(to_code_points(text))), pair[1].get<std::string>()) << text;
  }
}

TEST(Unicode, NormalisesAsPythonDoes) {
  const auto cases = vectors("normal_forms.json");
  ASSERT_GT(cases.size(), 200u);
  for (const auto& forms : cases) {
    const auto text = to_code_points(forms[0].get<std::string>());
    EXPECT_EQ(to_utf8(to_nfc(text)), forms[1].get<std::string>()) << forms[0];
    EXPECT_EQ(to_utf8(to_nfkc(text)), forms[2].get<std::string>()) << forms[0];
  }
}

TEST(Unicode, NormalisesAnyNumberOfMarksInLinearTime) {
  std::u32string text = U"a";
  for (int i = 0; i < 200000; ++i) text += U"\u0301\u0323";
  const std::u32string composed = to_nfc(text);
  EXPECT_EQ(composed.front(), U'\u1EA1') << "the dot below comes first";
  EXPECT_EQ(composed.size(), text.size() - 1);
}

TEST(Unicode, KnowsPythonsWhiteSpace) {
  std::u32string spaces;
  for (char32_t c = 0; c < 0x110000; ++c) {
    if (is_space(c)) spaces += c;
  }
  EXPECT_TRUE(spaces ==
              std::u32string(U"\x9\xA\xB\xC\xD\x1C\x1D\x1E\x1F\x20\x85\xA0\u1680\u2000\u2001\u2002\u2003"
                             U"\u2004\u2005\u2006\u2007\u2008\u2009\u200A\u2028\u2029\u202F\u205F\u3000"));
}

TEST(Unicode, UnescapesLessWhereTextIsNotHtml) {
  const auto plain = [](std::string_view text) { return to_utf8(unescape_plain_html(to_code_points(text))); };
  EXPECT_EQ(plain("&eacute; &eacute &EACUTE; &AMP; &ALPHA;"), "é &eacute É & Α");
  EXPECT_EQ(plain("&#233; &#xE9; &#233 &#x110000; &#128;"), "é é &#233 \xEF\xBF\xBD €");
  EXPECT_EQ(plain("&notit; &nosuch; &#12ab; &#; &; & &x y;"), "&notit; &nosuch; &#12ab; &#; &; & &x y;");
  EXPECT_EQ(plain("&CounterClockwiseContourIntegral;"), "&CounterClockwiseContourIntegral;")
      << "longer than 24";
}

}  // namespace
}  // namespace troupe::tokenizer
