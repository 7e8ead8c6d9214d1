// Which texts a store takes: those that every database can keep as they are.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/result.h"

namespace troupe::jobs {

/// Of any text that keys, library and webhooks keep.
inline constexpr size_t kTextBytesMax = 64 * 1024;
/// Of those that are looked up: ids, accounts, names of elements.
inline constexpr size_t kIndexedTextBytesMax = 255;
/// Of lists: pages, scopes, budgets, angles, event types.
inline constexpr int kPageMax = 200;
inline constexpr size_t kListMax = 256;

/// Errors: over_limit (longer than `size_bytes_max`), invalid_argument (no UTF-8, or U+0000, which no text
/// column of PostgreSQL holds); `field` becomes the error's.
Result<void> check_text(std::string_view text, std::string_view field, size_t size_bytes_max = kTextBytesMax);

/// The same for what is looked up, which must not be empty either.
Result<void> check_indexed_text(std::string_view text, std::string_view field);

/// Errors: over_limit: a list of more than kListMax items.
Result<void> check_count(size_t count, std::string_view field);

/// Errors: invalid_argument: a page's limit is not 1 … kPageMax.
Result<void> check_page(int limit);

/// Errors: invalid_argument: no lower-case hex SHA-256.
Result<void> check_digest(std::string_view text, std::string_view field);

}  // namespace troupe::jobs
