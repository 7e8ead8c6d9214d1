#include "engine/stage/prompt/speech.h"

#include <algorithm>

namespace troupe::stage::prompt {
namespace {

constexpr size_t kSignReach = 4;      // tokens before a quote in which "sign" and the like count
constexpr size_t kSpeakReach = 6;     // tokens to either side in which a verb of speaking counts
constexpr long kShortQuoteWords = 2;  // up to so many words may be quoted for emphasis only

bool ends_sentence(const Token& token) {
  return token.kind == Token::Kind::mark && (token.mark == '.' || token.mark == '\n');
}

bool speaking_near(const std::vector<Token>& tokens, size_t index, const Vocabulary& vocabulary) {
  for (size_t i = index; i-- > 0 && index - i <= kSpeakReach && !ends_sentence(tokens[i]);) {
    if (is_speaking(tokens[i], vocabulary)) return true;
  }
  for (size_t i = index + 1; i < tokens.size() && i - index <= kSpeakReach && !ends_sentence(tokens[i]);
       ++i) {
    if (is_speaking(tokens[i], vocabulary)) return true;
  }
  return false;
}

bool sign_before(const std::vector<Token>& tokens, size_t index, const Vocabulary& vocabulary) {
  for (size_t i = index; i-- > 0 && index - i <= kSignReach && !ends_sentence(tokens[i]);) {
    const bool word = tokens[i].kind == Token::Kind::word;
    if (word && vocabulary.is(WordClass::signage, tokens[i].folded)) return true;
  }
  return false;
}

long count_words(const std::string& text) {
  const auto tokens = tokenize_plain(text);
  return std::count_if(tokens.begin(), tokens.end(),
                       [](const Token& t) { return t.kind == Token::Kind::word; });
}

/// The tokens after "says:" up to the end of the sentence as one quote; `next` moves behind them.
Token rest_of_sentence(const std::vector<Token>& tokens, size_t& next) {
  Token quote;
  quote.kind = Token::Kind::quote;
  for (; next < tokens.size() && !ends_sentence(tokens[next]); ++next) {
    const bool word = tokens[next].kind != Token::Kind::mark;
    if (word && !quote.text.empty()) quote.text += ' ';
    quote.text += tokens[next].text;
  }
  return quote;
}

/// True if an unquoted line starts after tokens[index], the colon of "says: welcome home".
bool opens_line(const std::vector<Token>& tokens, size_t index, const Vocabulary& vocabulary) {
  if (index == 0 || tokens[index].kind != Token::Kind::mark || tokens[index].mark != ':') return false;
  if (!is_speaking(tokens[index - 1], vocabulary)) return false;
  return index + 1 < tokens.size() && tokens[index + 1].kind == Token::Kind::word;
}

}  // namespace

bool is_speaking(const Token& token, const Vocabulary& vocabulary) {
  if (token.kind != Token::Kind::word) return false;
  const Meaning* meaning = vocabulary.find(token.folded);
  return meaning && std::any_of(meaning->senses.begin(), meaning->senses.end(), [](const Sense& sense) {
           return sense.group == Group::action && sense.value == static_cast<int>(Action::talk);
         });
}

QuoteUse quote_use(const std::vector<Token>& tokens, size_t index, const Vocabulary& vocabulary) {
  const std::string& text = tokens[index].text;
  const long words = count_words(text);
  if (words == 0) return QuoteUse::words;
  if (sign_before(tokens, index, vocabulary) && !speaking_near(tokens, index, vocabulary))
    return QuoteUse::sign;
  const bool sentence = text.find_last_of(".!?") == text.size() - 1;
  const bool introduced = index > 0 && (tokens[index - 1].mark == ':' || tokens[index - 1].mark == ',');
  if (words > kShortQuoteWords || sentence || introduced) return QuoteUse::spoken;
  return speaking_near(tokens, index, vocabulary) ? QuoteUse::spoken : QuoteUse::words;
}

std::vector<Token> lift_speech(std::vector<Token> tokens, const Vocabulary& vocabulary) {
  std::vector<Token> out;
  for (size_t i = 0; i < tokens.size();) {
    if (tokens[i].kind == Token::Kind::quote && quote_use(tokens, i, vocabulary) == QuoteUse::words) {
      for (Token& word : tokenize_plain(tokens[i].text)) out.push_back(std::move(word));
      ++i;
      continue;
    }
    const bool line = opens_line(tokens, i, vocabulary);
    out.push_back(tokens[i++]);
    if (line) out.push_back(rest_of_sentence(tokens, i));
  }
  return out;
}

}  // namespace troupe::stage::prompt
