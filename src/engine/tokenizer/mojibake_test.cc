#include "engine/tokenizer/mojibake.h"

#include <gtest/gtest.h>

#include "engine/tokenizer/code_points.h"
#include "engine/tokenizer/windows_1252.h"

namespace troupe::tokenizer {
namespace {

std::string fixed(std::string_view text) { return to_utf8(fix_mojibake(to_code_points(text))); }

// `text` as UTF-8, read as Latin-1 or as windows-1252.
std::string misread(std::string_view text, bool latin_1) {
  std::u32string read;
  for (const char c : text) {
    const auto byte = static_cast<uint8_t>(c);
    read += latin_1 ? char32_t{byte} : from_windows_1252(byte);
  }
  return to_utf8(read);
}

TEST(Mojibake, IsUndoneInEveryScript) {
  for (const char* text :
       {"un café très élégant, où naît l'île", "Öl für die Straße, Ärger über Übel",
        "¿Dónde está el niño? ¡Allí!", "não, amanhã de manhã você irá à mãe", "It’s “fine” – or… not",
        "20 °C, £5, ½ © 2024 ®", "日本語のテキスト", "一只狐狸走过森林", "Лиса идёт через лес",
        "ψυχή του ανθρώπου", "🦊 waves ✨", "smörgåsbord på ön", "Hırsızı Büyü Korkuttu",
        "żółć gęślą jaźń", "příliš žluťoučký kůň", "“quoted”"}) {
    for (const bool latin_1 : {false, true}) {
      EXPECT_EQ(fixed(misread(text, latin_1)), text) << latin_1;
      EXPECT_EQ(fixed(misread(misread(text, latin_1), latin_1)), text) << "twice, " << latin_1;
    }
  }
}

TEST(Mojibake, IsUndoneAmongGoodText) {
  EXPECT_EQ(fixed("你好 cafÃ© doesnâ€™t"), "你好 café doesn’t");
  EXPECT_EQ(fixed("é and Ã©tÃ©"), "é and été");
}

TEST(Mojibake, IsNotSeenInGoodText) {
  for (const char* text : {"Brontë…”",
                           "MARQUÉ…",
                           "VOCÊ… SÓ… NÃO Õ…",
                           "CAFÉ® and CAFÉ™, CAFÉ’s",
                           "L’épisode",
                           "QUEM É¿",
                           "lá´´ aí´´",
                           "5×£35, 4288×…",
                           "SELKÄ\u00A0EDELLÄ\u00A0MAAHAN",
                           "Ôôô vida",
                           "[x]\u00A0©",
                           ",\u00A0è come",
                           "«Â»",
                           "À — la",
                           "AMANHÃ\u00A0NUNCA",
                           "AMANHÃ… AMANHÃ” AMANHû",
                           "IKEA AHÅ™, new",
                           "é¡",
                           "ß°",
                           "×©",
                           "Ä ä Ã ã Â â",
                           "±°²³",
                           "“Ú” ‘Í’ Í…",
                           "Âge Âme",
                           "l'île — là…"}) {
    EXPECT_EQ(fixed(text), text);
  }
}

}  // namespace
}  // namespace troupe::tokenizer
