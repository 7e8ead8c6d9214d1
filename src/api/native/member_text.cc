#include "api/native/member_text.h"

#include <nlohmann/json.hpp>
#include <string>

namespace troupe::api::native {
namespace {

/// Steps through valid JSON. Every step ends at the end of the text at the latest.
class Walk {
 public:
  explicit Walk(std::string_view text) : text_(text) {}

  char skip_space() {
    at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size());
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  /// Past one character: a comma, a colon, the opening brace.
  void skip_mark() {
    skip_space();
    at_ = std::min(at_ + 1, text_.size());
  }
  std::string_view string() {
    const size_t start = at_++;
    while (at_ < text_.size() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2 : 1;
    at_ = std::min(at_ + 1, text_.size());
    return text_.substr(start, at_ - start);
  }
  std::string_view value() {
    skip_space();
    const size_t start = at_;
    int depth = 0;
    do {
      at_ = std::min(text_.find_first_of("\"{}[],", at_), text_.size());
      if (at_ == text_.size()) break;
      const char c = text_[at_];
      if (depth == 0 && (c == ',' || c == '}' || c == ']')) break;
      if (c == '"') {
        string();
      } else {
        depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
        ++at_;
      }
    } while (true);
    const std::string_view found = text_.substr(start, at_ - start);
    return found.substr(0, found.find_last_not_of(" \t\r\n") + 1);
  }

 private:
  std::string_view text_;
  size_t at_ = 0;
};

}  // namespace

std::string_view member_text(std::string_view json, std::string_view key) {
  Walk walk(json);
  if (walk.skip_space() != '{') return {};
  walk.skip_mark();
  while (walk.skip_space() == '"') {
    const auto name = nlohmann::json::parse(walk.string(), nullptr, /*allow_exceptions=*/false);
    walk.skip_mark();
    const std::string_view value = walk.value();
    if (name.is_string() && name.get_ref<const std::string&>() == key) return value;
    if (walk.skip_space() == ',') walk.skip_mark();
  }
  return {};
}

}  // namespace troupe::api::native
