// UTF-8 that somebody read as Latin-1 or windows-1252 and wrote again: "cafÃ©", "doesnâ€™t".
#pragma once

#include <string>
#include <string_view>

namespace troupe::tokenizer {

/// `text` with such misreadings undone, through up to 8 layers. Where the text might be meant as it stands,
/// it stays: something is changed only if a sequence in it is both well-formed UTF-8 and improbable as
/// writing (a letter followed by a currency sign, a control, a symbol within a word). If every character past
/// ASCII belongs to such a sequence, the whole text is read anew, otherwise only the improbable parts.
///
/// Knows fewer mix-ups than ftfy does: not windows-1250, 1251, 1253, 1254, 1257, ISO 8859-2, MacRoman, code
/// page 437, nor surrogates in UTF-8 (CESU-8), nor sequences of which a byte was lost.
std::u32string fix_mojibake(std::u32string_view text);

}  // namespace troupe::tokenizer
