#include "core/json_document.h"

#include <algorithm>
#include <set>

#include "base/utf8.h"
#include "core/short_text.h"

namespace troupe {
namespace {

using nlohmann::json;

constexpr size_t kErrorsMax = 64;

size_t first_malformed(std::string_view text) {
  size_t at = 0;
  while (at < text.size()) {
    const CodePoint point = code_point_at(text, at);
    if (point.value == 0xFFFD && point.length == 1) break;
    at += point.length;
  }
  return at;
}

std::string line_and_column(std::string_view text, size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const size_t column = utf8_length(before.substr(before.find_last_of('\n') + 1)) + 1;
  return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

// Walks through a text without building anything, and collects what is wrong with it.
class Inspector final : public json::json_sax_t {
 public:
  Inspector(std::string_view text, int depth_max) : text_(text), depth_max_(depth_max) {}

  std::vector<Error> take_errors() && { return std::move(errors_); }

  bool null() override { return value(); }
  bool boolean(bool) override { return value(); }
  bool number_integer(number_integer_t) override { return value(); }
  bool number_unsigned(number_unsigned_t) override { return value(); }
  bool number_float(number_float_t, const string_t&) override { return value(); }
  bool binary(binary_t&) override { return value(); }
  bool string(string_t& text) override {
    if (has_nul(text))
      report(ErrorCode::invalid_argument, "the text contains the character U+0000: remove it");
    return value();
  }

  bool start_object(size_t) override { return open(); }
  bool start_array(size_t) override { return open(); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(string_t& text) override {
    Level& level = levels_.back();
    level.key = text;
    if (has_nul(text)) report(ErrorCode::invalid_argument, "the field's name contains the character U+0000");
    if (!level.keys.insert(text).second)
      report(ErrorCode::invalid_argument, "the field is given twice: keep one");
    return true;
  }

  bool parse_error(size_t byte, const std::string&, const nlohmann::detail::exception& error) override {
    // Nothing that was found before can be trusted to matter.
    errors_.clear();
    // The library counts the bytes that it has read, the offending one included.
    const size_t offset = std::min(byte == 0 ? 0 : byte - 1, text_.size());
    const std::string place = line_and_column(text_, offset) + ": ";
    const bool number = dynamic_cast<const json::out_of_range*>(&error) != nullptr;
    const std::string what = number                   ? "the number is too large"
                             : offset >= text_.size() ? "the text ends too early"
                                                      : "it cannot be read from there on";
    errors_.push_back({ErrorCode::corrupt_input, "not JSON at " + place + what});
    return false;
  }

 private:
  struct Level {
    std::set<std::string> keys;  ///< empty in an array
    std::string key;
    size_t index = 0;
  };

  static bool has_nul(const std::string& text) { return text.find('\0') != std::string::npos; }

  bool open() {
    if (levels_.size() == static_cast<size_t>(depth_max_)) {
      report(ErrorCode::over_limit,
             "nested too deeply: at most " + std::to_string(depth_max_) + " levels are allowed");
      return false;
    }
    levels_.emplace_back();
    return true;
  }

  bool close() {
    levels_.pop_back();
    return value();
  }

  // A value has ended: the next one of an array has the next index.
  bool value() {
    if (!levels_.empty()) ++levels_.back().index;
    return true;
  }

  void report(ErrorCode code, std::string message) {
    if (errors_.size() >= kErrorsMax) return;
    std::string pointer;
    for (const Level& level : levels_) {
      pointer = json_pointer(pointer, level.keys.empty() ? std::to_string(level.index) : level.key);
    }
    errors_.push_back({code, std::move(message), std::move(pointer)});
  }

  const std::string_view text_;
  const int depth_max_;
  std::vector<Level> levels_;
  std::vector<Error> errors_;
};

JsonDocument refused(ErrorCode code, std::string message) { return {{}, {{code, std::move(message)}}}; }

}  // namespace

JsonDocument parse_json(std::string_view text, size_t size_bytes_max, int depth_max) {
  if (text.size() > size_bytes_max) {
    return refused(ErrorCode::over_limit, "the request has " + std::to_string(text.size()) +
                                              " bytes; at most " + std::to_string(size_bytes_max) +
                                              " are allowed");
  }
  if (!is_utf8(text)) {
    return refused(ErrorCode::corrupt_input,
                   "not valid UTF-8 at " + line_and_column(text, first_malformed(text)));
  }
  // The parser skips a byte order mark and takes U+0000 for the end: what it reads would not be what was
  // sent.
  if (text.starts_with("\xEF\xBB\xBF"))
    return refused(ErrorCode::corrupt_input, "begins with a byte order mark: send UTF-8 without one");
  if (const size_t nul = text.find('\0'); nul != std::string_view::npos) {
    return refused(ErrorCode::corrupt_input,
                   "not JSON at " + line_and_column(text, nul) + ": the character U+0000 stands there");
  }
  Inspector inspector(text, depth_max);
  json::sax_parse(text, &inspector);
  JsonDocument document{{}, std::move(inspector).take_errors()};
  if (document.errors.empty()) document.root = json::parse(text, nullptr, /*allow_exceptions=*/false);
  return document;
}

std::string json_pointer(const std::string& pointer, std::string_view key) {
  std::string text = pointer + '/';
  for (const char c : key) {
    if (c == '~') {
      text += "~0";
    } else if (c == '/') {
      text += "~1";
    } else {
      text += c;
    }
  }
  return text;
}

}  // namespace troupe
