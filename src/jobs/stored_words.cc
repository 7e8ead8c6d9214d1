#include "jobs/stored_words.h"

namespace troupe::jobs {
namespace {

/// The value up to `last` whose name is `word`.
template <class Enum>
std::optional<Enum> named(std::string_view word, Enum last) {
  for (int i = 0; i <= static_cast<int>(last); ++i) {
    if (name(static_cast<Enum>(i)) == word) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

}  // namespace

std::string_view word(Currency currency) { return currency == Currency::usd ? "usd" : "credits"; }

std::optional<Currency> parse_currency(std::string_view word) {
  if (word == "usd") return Currency::usd;
  if (word == "credits") return Currency::credits;
  return std::nullopt;
}

std::optional<LedgerKind> parse_ledger_kind(std::string_view word) { return named(word, LedgerKind::fee); }

std::optional<ErrorCode> parse_error_code(std::string_view word) {
  return named(word, ErrorCode::unknown_outcome);
}

}  // namespace troupe::jobs
