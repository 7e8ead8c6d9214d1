#include "api/form_json.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/utf8.h"
#include "core/json_document.h"
#include "core/short_text.h"

namespace troupe::api {
namespace {

using AnyJson = nlohmann::json;

constexpr int kDepthMax = 16;
constexpr std::array<std::string_view, 3> kWords{"prompt", "negative_prompt", "name"};

// The inside of a JSON text.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += {'\\', c};
    } else if (byte < 0x20) {
      constexpr char kHex[] = "0123456789abcdef";
      out += "\\u00";
      out += {kHex[byte >> 4], kHex[byte & 15]};
    } else {
      out += c;
    }
  }
  return out;
}

bool begins_json(std::string_view text) {
  const std::string_view rest = trim(text);
  return !rest.empty() && (rest.front() == '[' || rest.front() == '{');
}

Error bad_name(std::string_view name, const char* why) {
  return make_error(ErrorCode::invalid_argument, troupe::quoted(name) + ": " + why);
}

// "a[][b]" → "a", "", "b"; an empty step is an entry of a list.
Result<std::vector<std::string>> steps_of(std::string_view name) {
  std::vector<std::string> steps;
  const size_t end = std::min(name.find('['), name.size());
  steps.emplace_back(name.substr(0, end));
  for (std::string_view rest = name.substr(end); !rest.empty();) {
    const size_t close = rest.find(']');
    if (rest.front() != '[' || close == std::string_view::npos || steps.size() == kFormStepsMax)
      return bad_name(name, "is no name of a field, such as a, a[b] or a[][b]");
    steps.emplace_back(rest.substr(1, close - 1));
    rest.remove_prefix(close + 1);
  }
  if (steps.front().empty()) return bad_name(name, "is no name of a field");
  return steps;
}

Result<void> put(AnyJson& root, const std::string& name, AnyJson value) {
  TROUPE_TRY(const std::vector<std::string> steps, steps_of(name));
  AnyJson* place = &root;
  for (size_t i = 0; i < steps.size(); ++i) {
    const bool last = i + 1 == steps.size();
    if (steps[i].empty()) {
      if (place->is_null()) *place = AnyJson::array();
      if (!place->is_array()) return bad_name(name, "is a list here, and something else before");
      // A member that the last entry has already belongs to a new one.
      const bool fits = !last && !place->empty() && place->back().is_object() &&
                        !(i + 2 == steps.size() && place->back().contains(steps[i + 1]));
      if (!fits) place->push_back(nullptr);
      place = &place->back();
    } else {
      if (place->is_null()) *place = AnyJson::object();
      if (!place->is_object()) return bad_name(name, "is an object here, and something else before");
      place = &(*place)[steps[i]];
    }
  }
  if (place->is_null()) {
    *place = std::move(value);
  } else if (place->is_array()) {
    place->push_back(std::move(value));
  } else {
    *place = AnyJson::array({std::move(*place), std::move(value)});
  }
  return {};
}

}  // namespace

FormReader::FormReader(InlineMediaSink& sink, InlineMediaReader::IsMedia is_media)
    : reader_(sink, std::move(is_media)) {}

Result<void> FormReader::begin(std::string_view name, bool is_file) {
  if (!is_utf8(name)) return make_error(ErrorCode::corrupt_input, "a field's name is not valid UTF-8");
  if (name.size() > kFormNameBytesMax) return bad_name(name, "is too long for a field's name");
  TROUPE_CHECK_OK(steps_of(name));
  TROUPE_CHECK_OK(reader_.read(names_.empty() ? "[" : ","));
  names_.emplace_back(name);
  is_file_ = is_file;
  held_.clear();
  in_text_ = in_json_ = false;
  may_be_json_ = std::find(kWords.begin(), kWords.end(), name) == kWords.end();
  return is_file ? reader_.begin_file() : Result<void>();
}

// What was held is no JSON after all.
Result<void> FormReader::begin_text() {
  in_text_ = true;
  TROUPE_CHECK_OK(reader_.read("\""));
  return reader_.read(escaped(held_));
}

Result<void> FormReader::data(ByteView bytes) {
  if (is_file_) return reader_.write_file(bytes);
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (in_text_) return reader_.read(escaped(text));
  if (in_json_) return reader_.read(text);
  held_ += text;
  if (may_be_json_ && held_.size() <= kFormValueBytesMax) return {};
  if (!may_be_json_ || !begins_json(held_)) return begin_text();
  in_json_ = true;  // too long to look at: it has media inside, or is refused as a whole
  return reader_.read(held_);
}

Result<void> FormReader::end() {
  if (is_file_) return reader_.end_file();
  if (in_json_) return {};
  if (!in_text_ && may_be_json_ && begins_json(held_) && AnyJson::accept(held_)) return reader_.read(held_);
  if (!in_text_) TROUPE_CHECK_OK(begin_text());
  return reader_.read("\"");
}

Result<InlineMediaText> FormReader::finish() {
  TROUPE_CHECK_OK(reader_.read(names_.empty() ? "[]" : "]"));
  InlineMediaText text = reader_.finish();
  JsonDocument values = parse_json(text.json, kJsonTextBytesMax, kDepthMax);
  if (!values.errors.empty()) return values.errors.front();
  if (values.root.size() != names_.size())
    return make_error(ErrorCode::corrupt_input, "a field that begins as JSON is none");
  AnyJson root = AnyJson::object();
  for (size_t i = 0; i < names_.size(); ++i) TROUPE_CHECK_OK(put(root, names_[i], std::move(values.root[i])));
  text.json = root.dump();
  return text;
}

}  // namespace troupe::api
