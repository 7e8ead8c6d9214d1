// Enums as the words that stores and events write, and back.
#pragma once

#include <optional>
#include <string_view>

#include "base/result.h"
#include "core/account.h"
#include "core/money.h"

namespace troupe::jobs {

std::string_view word(Currency currency);  ///< "usd", "credits"

// None for a word that is not one of them.
std::optional<Currency> parse_currency(std::string_view word);
std::optional<LedgerKind> parse_ledger_kind(std::string_view word);
std::optional<ErrorCode> parse_error_code(std::string_view word);

}  // namespace troupe::jobs
