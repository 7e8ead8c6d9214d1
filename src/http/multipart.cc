#include "http/multipart.h"

#include <algorithm>
#include <optional>

#include "base/utf8.h"
#include "http/fields.h"

namespace troupe::http {
namespace {

constexpr size_t kBoundaryMax = 70;  // RFC 2046
constexpr size_t kPaddingMax = 256;  // blanks after a boundary
constexpr std::string_view kLineEnd = "\r\n";

Error corrupt(std::string what) {
  return make_error(ErrorCode::corrupt_input, "the multipart body " + std::move(what));
}

// One "; name=value" of a header's value; consumes it. None at the end or where it cannot be read.
struct Parameter {
  std::string name, value;
};

std::string take_quoted(std::string_view& text) {
  std::string value;
  size_t i = 1;
  for (; i < text.size() && text[i] != '"'; ++i) {
    // Only these two are escapes: some clients send whole Windows paths unescaped.
    const bool escape = text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == '"' || text[i + 1] == '\\');
    value += text[escape ? ++i : i];
  }
  text.remove_prefix(std::min(i + 1, text.size()));
  return value;
}

std::optional<Parameter> take_parameter(std::string_view& text) {
  text = trimmed(text);
  if (!text.starts_with(';')) return std::nullopt;
  text = trimmed(text.substr(1));
  const size_t equals = text.find('=');
  if (equals == std::string_view::npos) return std::nullopt;
  Parameter parameter{std::string(trimmed(text.substr(0, equals))), ""};
  text = trimmed(text.substr(equals + 1));
  if (text.starts_with('"')) {
    parameter.value = take_quoted(text);
  } else {
    const size_t end = std::min(text.find(';'), text.size());
    parameter.value = trimmed(text.substr(0, end));
    text.remove_prefix(end);
  }
  return parameter;
}

// The value before the first ';'; consumes it.
std::string_view take_value(std::string_view& text) {
  const size_t end = std::min(text.find(';'), text.size());
  const std::string_view value = trimmed(text.substr(0, end));
  text.remove_prefix(end);
  return value;
}

bool is_boundary(std::string_view text) {
  return !text.empty() && text.size() <= kBoundaryMax && !text.ends_with(' ') &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

Result<std::string> boundary_of(std::string_view content_type) {
  if (!same_name(take_value(content_type), "multipart/form-data")) {
    return make_error(ErrorCode::invalid_argument,
                      "the body must be multipart/form-data; its Content-Type says otherwise");
  }
  while (const auto parameter = take_parameter(content_type)) {
    if (same_name(parameter->name, "boundary") && is_boundary(parameter->value)) return parameter->value;
  }
  return make_error(ErrorCode::invalid_argument,
                    "the Content-Type names no boundary of 1 to 70 characters for the multipart body");
}

// Browsers write quotes and line ends in names as these three and nothing else that way.
std::string browser_decoded(std::string text) {
  constexpr std::pair<std::string_view, char> kEscapes[] = {{"%22", '"'}, {"%0D", '\r'}, {"%0A", '\n'}};
  for (const auto& [escape, character] : kEscapes) {
    for (size_t at = 0; (at = text.find(escape, at)) != std::string::npos; ++at)
      text.replace(at, escape.size(), 1, character);
  }
  return text;
}

// What follows the last slash of either kind, without control characters.
std::string without_path(std::string name) {
  name.erase(0, name.find_last_of("/\\") + 1);
  std::erase_if(name, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  return name;
}

Result<void> read_disposition(std::string_view value, PartHead& head) {
  if (!same_name(take_value(value), "form-data")) return corrupt("has a part that is not form-data");
  while (const auto parameter = take_parameter(value)) {
    if (same_name(parameter->name, "name")) head.name = browser_decoded(parameter->value);
    if (same_name(parameter->name, "filename"))
      head.file_name = without_path(browser_decoded(parameter->value));
  }
  if (!is_utf8(head.name) || !is_utf8(head.file_name)) return corrupt("has a name that is not UTF-8");
  return {};
}

Result<void> read_part_field(std::string_view line, PartHead& head) {
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon)))
    return corrupt("has a part with a header line that cannot be read");
  const std::string_view name = line.substr(0, colon), value = trimmed(line.substr(colon + 1));
  if (!is_field_value(value)) return corrupt("has control characters in a part's header");
  if (same_name(name, "Content-Disposition")) {
    if (!head.name.empty()) return corrupt("has a part with two Content-Disposition lines");
    return read_disposition(value, head);
  }
  if (same_name(name, "Content-Type")) head.content_type = value;
  if (same_name(name, "Content-Transfer-Encoding") && !same_name(value, "binary") &&
      !same_name(value, "8bit") && !same_name(value, "7bit"))
    return corrupt("has a part in a transfer encoding; send its bytes as they are");
  return {};
}

// `text`: the header lines of one part, each with its line end.
Result<PartHead> read_part_head(std::string_view text) {
  PartHead head;
  head.content_type = "text/plain";
  while (!text.empty()) {
    const size_t end = text.find(kLineEnd);
    TROUPE_CHECK_OK(read_part_field(text.substr(0, end), head));
    text.remove_prefix(end + kLineEnd.size());
  }
  if (head.name.empty()) return corrupt("has a part without a name");
  return head;
}

// Takes a body in pieces of any size. Holds back only what may be the start of a boundary, or one header.
class MultipartReader {
 public:
  MultipartReader(const std::string& boundary, const PartSink& sink)
      : delimiter_("\r\n--" + boundary), sink_(sink) {}

  Result<void> add(ByteView piece) {
    pending_.append(reinterpret_cast<const char*>(piece.data()), piece.size());
    size_t used = 0;
    for (bool more = true; more;) {
      TROUPE_TRY(more, step(std::string_view(pending_).substr(used), used));
    }
    pending_.erase(0, used);
    return {};
  }

  Result<void> finish() const {
    if (state_ == State::after_last) return {};
    return corrupt("ends before its closing boundary; was it cut off?");
  }

 private:
  enum class State { before_first, after_boundary, header, content, after_last };

  // Reads what it can from the front of `text` and adds that to `used`. False: more bytes are needed.
  Result<bool> step(std::string_view text, size_t& used) {
    switch (state_) {
      case State::before_first:
      case State::content:
        return read_content(text, used);
      case State::after_boundary:
        return read_after_boundary(text, used);
      case State::header:
        return read_header(text, used);
      case State::after_last:
        used += text.size();
        return false;
    }
    return false;
  }

  Result<bool> read_content(std::string_view text, size_t& used) {
    const size_t found = text.find(delimiter_);
    const bool whole = found != std::string_view::npos;
    const size_t held = std::min(text.size(), delimiter_.size() - 1);
    const size_t count = whole ? found : text.size() - held;
    if (state_ == State::content && count > 0) TROUPE_CHECK_OK(sink_.data(as_bytes(text.substr(0, count))));
    used += count + (whole ? delimiter_.size() : 0);
    if (!whole) return false;
    if (state_ == State::content) TROUPE_CHECK_OK(sink_.end());
    state_ = State::after_boundary;
    return true;
  }

  Result<bool> read_after_boundary(std::string_view text, size_t& used) {
    if (text.size() < 2) return false;
    if (text.starts_with("--")) {
      state_ = State::after_last;
      used += 2;
      return true;
    }
    const size_t blanks = std::min(text.find_first_not_of(" \t"), text.size());
    if (blanks > kPaddingMax) return corrupt("has too many blanks after a boundary");
    if (text.size() < blanks + 2) return false;
    if (!text.substr(blanks).starts_with(kLineEnd)) return corrupt("has something else after a boundary");
    if (++parts_ > kPartsMax) {
      return make_error(ErrorCode::over_limit,
                        "the multipart body has more than " + std::to_string(kPartsMax) + " parts");
    }
    state_ = State::header;
    used += blanks + 2;
    return true;
  }

  Result<bool> read_header(std::string_view text, size_t& used) {
    if (text.starts_with(kLineEnd)) return corrupt("has a part without a header");
    const size_t end = text.find("\r\n\r\n");
    if (std::min(end, text.size()) > kPartHeaderBytesMax) {
      return make_error(ErrorCode::over_limit, "a part of the multipart body has a header of more than " +
                                                   std::to_string(kPartHeaderBytesMax) + " bytes");
    }
    if (end == std::string_view::npos) return false;
    TROUPE_TRY(const PartHead head, read_part_head(text.substr(0, end + 2)));
    TROUPE_CHECK_OK(sink_.begin(head));
    used += end + 4;
    state_ = State::content;
    return true;
  }

  const std::string delimiter_;
  const PartSink& sink_;
  std::string pending_ = std::string(kLineEnd);  // the first boundary needs no line end before it
  State state_ = State::before_first;
  int parts_ = 0;
};

}  // namespace

Result<void> read_multipart(const Body& body, std::string_view content_type, const PartSink& sink) {
  TROUPE_TRY(const std::string boundary, boundary_of(content_type));
  MultipartReader reader(boundary, sink);
  TROUPE_CHECK_OK(body.read_to([&](ByteView piece) { return reader.add(piece); }));
  return reader.finish();
}

}  // namespace troupe::http
