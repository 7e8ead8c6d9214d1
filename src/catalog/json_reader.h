// Strict reading of catalog JSON: every value is typed and bounded, every key known, and the first thing that
// is wrong is kept with its file and JSON Pointer. Internal to catalog/.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/media_time.h"

namespace troupe::catalog {

/// JSON text to a value. Errors: over_limit (bytes, depth), corrupt_input (not JSON, a key twice in an
/// object).
Result<nlohmann::json> parse_json(std::string_view file, std::string_view text);

/// Decimal text to millionths: "0.112" → 112000. Errors: invalid_argument (not a plain decimal, more than six
/// decimals, negative, more than a thousand).
Result<int64_t> parse_micros(std::string_view text);
/// The shortest decimal text that parse_micros reads back.
std::string print_micros(int64_t micros);

/// A value and where it stands; value is null where a key is missing.
struct Item {
  const nlohmann::json* value = nullptr;
  std::string pointer;
  explicit operator bool() const { return value != nullptr; }
};

/// Turns items into values. The first failure is kept; whatever is read after it is a default value that
/// nobody will see, so that callers read straight on and ask once at the end.
class Reader {
 public:
  explicit Reader(std::string file) : file_(std::move(file)) {}

  void fail(std::string_view pointer, std::string_view message, ErrorCode code = ErrorCode::invalid_argument);
  const std::optional<Error>& error() const { return error_; }

  std::string text(const Item& item);  ///< not empty, at most 1000 bytes
  int64_t integer(const Item& item, int64_t min, int64_t max);
  int count(const Item& item, int max) { return static_cast<int>(integer(item, 0, max)); }
  bool flag(const Item& item);
  MediaTime seconds(const Item& item);
  std::vector<Item> list(const Item& item);  ///< at most 100 items

  /// Text that `parse` understands.
  template <class Parse>
  auto parsed(const Item& item, Parse parse) {
    auto result = parse(std::string_view(text(item)));
    if (item && !result) fail(item.pointer, result.error().message);
    return result ? std::move(result).value() : std::decay_t<decltype(result.value())>{};
  }

  /// One of `values`, by its name().
  template <class Enum>
  Enum choice(const Item& item, std::span<const Enum> values) {
    const std::string word = text(item);
    std::string known;
    for (const Enum value : values) {
      if (name(value) == word) return value;
      known += (known.empty() ? "" : ", ") + std::string(name(value));
    }
    if (item) fail(item.pointer, "is none of: " + known);
    return values.front();
  }

 private:
  std::string file_;
  std::optional<Error> error_;
};

/// The keys of an object, of which each must be asked for before finish(). A second object may hold keys that
/// the first leaves out, for values that several models share.
class Object {
 public:
  Object(Reader& reader, Item own, Item shared = {});

  Item need(const std::string& key);   ///< a missing key is a failure
  Item maybe(const std::string& key);  ///< a missing key gives an empty item
  void finish();                       ///< fails on keys that nobody asked for

 private:
  Reader& reader_;
  Item own_, shared_;
  std::set<std::string> asked_;
};

}  // namespace troupe::catalog
