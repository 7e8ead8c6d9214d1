#include "api/inline_media.h"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "core/media_sources.h"
#include "core/short_text.h"

namespace troupe::api {
namespace {

constexpr std::string_view kScheme = "inline";
constexpr size_t kDataUrlHeadMax = 256;  // "data:video/mp4;codecs=…;base64,"
constexpr size_t kLookedAt = 64;         // characters of base 64 that tell what it is
constexpr size_t kBlockBytes = 256 << 10;
constexpr char kNoBase64 = '\x01';  // stands for any escape that base 64 has no use for

// Where the next quote or backslash is, or the end.
size_t next_special(std::string_view text) {
  const void* quote = std::memchr(text.data(), '"', text.size());
  const size_t end = quote ? static_cast<size_t>(static_cast<const char*>(quote) - text.data()) : text.size();
  const void* backslash = std::memchr(text.data(), '\\', end);
  return backslash ? static_cast<size_t>(static_cast<const char*>(backslash) - text.data()) : end;
}

// The base 64 of a data URL that begins with `head`; none if it is no such URL.
std::optional<std::string_view> payload_of_data_url(std::string_view head) {
  constexpr std::string_view kData = "data:", kBase64 = ";base64";
  if (!equal_ignoring_case(head.substr(0, kData.size()), kData)) return std::nullopt;
  const size_t comma = head.substr(0, kDataUrlHeadMax).find(',');
  if (comma == std::string_view::npos || comma < kData.size() + kBase64.size()) return std::nullopt;
  if (!equal_ignoring_case(head.substr(comma - kBase64.size(), kBase64.size()), kBase64)) return std::nullopt;
  return head.substr(comma + 1);
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

Result<void> InlineMediaReader::read(std::string_view piece) {
  while (!piece.empty()) {
    switch (place_) {
      case Place::outside:
        TROUPE_CHECK_OK(read_outside(piece));
        break;
      case Place::head:
        TROUPE_CHECK_OK(read_head(piece));
        break;
      case Place::text:
        TROUPE_CHECK_OK(read_text(piece));
        break;
      case Place::medium:
        TROUPE_CHECK_OK(read_medium(piece));
        break;
    }
  }
  return {};
}

InlineMediaText InlineMediaReader::finish() {
  // A body that ends inside a string is no JSON: whoever parses it says so.
  if (place_ == Place::head) result_.json += raw_;
  if (place_ == Place::medium) {
    if (base64_) sink_.drop();
    result_.media.pop_back();
  }
  place_ = Place::outside;
  return std::move(result_);
}

Result<void> InlineMediaReader::read_outside(std::string_view& piece) {
  const size_t quote = std::min(piece.find('"'), piece.size());
  TROUPE_CHECK_OK(keep(piece.substr(0, quote)));
  piece.remove_prefix(quote);
  if (piece.empty()) return {};
  piece.remove_prefix(1);
  raw_ = "\"";
  plain_.clear();
  escaped_ = false;
  hex_left_ = 0;
  place_ = Place::head;
  return {};
}

// Byte by byte: it is short.
Result<void> InlineMediaReader::read_head(std::string_view& piece) {
  while (!piece.empty()) {
    const char c = piece.front();
    piece.remove_prefix(1);
    raw_ += c;
    if (c == '"' && !escaped_) {
      place_ = Place::outside;
      return keep(raw_);
    }
    unescape(c, plain_);
    if (plain_.size() >= kInlineMin) return decide();
  }
  return {};
}

Result<void> InlineMediaReader::read_text(std::string_view& piece) {
  const size_t at = escaped_ ? 0 : next_special(piece);
  const size_t count = std::min(at + 1, piece.size());
  TROUPE_CHECK_OK(keep(piece.substr(0, count)));
  if (at < piece.size()) {
    const bool was_escaped = std::exchange(escaped_, false);
    if (!was_escaped && piece[at] == '\\') escaped_ = true;
    if (!was_escaped && piece[at] == '"') place_ = Place::outside;
  }
  piece.remove_prefix(count);
  return {};
}

Result<void> InlineMediaReader::read_medium(std::string_view& piece) {
  if (hex_left_ > 0 && hex_value(piece.front()) < 0) {  // no escape: it is broken, and ends here
    hex_left_ = 0;
    return decode({&kNoBase64, 1});
  }
  if (escaped_ || hex_left_ > 0) {
    run_.clear();
    unescape(piece.front(), run_);
    piece.remove_prefix(1);
    return decode(run_);
  }
  const size_t at = std::min(next_special(piece), kBlockBytes);
  TROUPE_CHECK_OK(decode(piece.substr(0, at)));
  piece.remove_prefix(std::min(at, piece.size()));
  if (piece.empty() || at == kBlockBytes) return {};
  const char special = piece.front();
  piece.remove_prefix(1);
  if (special == '"') return end_medium();
  escaped_ = true;
  return {};
}

// Adds what `c` means to `out`: nothing within an escape. Some write '/' as "\/" or "\u002f".
void InlineMediaReader::unescape(char c, std::string& out) {
  if (hex_left_ > 0) {
    const int digit = hex_value(c);
    code_ = digit < 0 ? 0x80 : std::min(code_ * 16 + static_cast<unsigned>(digit), 0x80u);
    if (--hex_left_ == 0) out += code_ > ' ' && code_ < 0x7F ? static_cast<char>(code_) : kNoBase64;
    return;
  }
  if (!escaped_) {
    if (c == '\\') {
      escaped_ = true;
    } else {
      out += c;
    }
    return;
  }
  escaped_ = false;
  if (c == 'u') {
    hex_left_ = 4;
    code_ = 0;
  } else {
    out += c == '/' ? '/' : c == 'n' || c == 'r' || c == 't' ? '\n' : kNoBase64;
  }
}

Result<void> InlineMediaReader::keep(std::string_view text) {
  if (result_.json.size() + text.size() > kJsonTextBytesMax) {
    return make_error(ErrorCode::over_limit, "without its pictures and clips the request has more than " +
                                                 std::to_string(kJsonTextBytesMax) + " bytes");
  }
  result_.json += text;
  return {};
}

// The head of a long string is there.
Result<void> InlineMediaReader::decide() {
  if (const auto payload = payload_of_data_url(plain_)) return begin_medium(*payload);
  Base64Stream stream;
  Bytes head;
  const std::string_view looked_at = std::string_view(plain_).substr(0, kLookedAt);
  if (stream.decode(looked_at, head) && is_media_(head)) return begin_medium(plain_);
  place_ = Place::text;
  return keep(raw_);
}

Result<void> InlineMediaReader::count_medium() {
  if (result_.media.size() == kInlineMediaMax) {
    return make_error(ErrorCode::over_limit, "the request holds more than " +
                                                 std::to_string(kInlineMediaMax) + " pictures and clips");
  }
  result_.media.emplace_back();
  return {};
}

Result<void> InlineMediaReader::name_medium() {
  return keep("\"" + std::string(kScheme) + ":" + std::to_string(result_.media.size() - 1) + "\"");
}

Result<void> InlineMediaReader::begin_file() {
  TROUPE_CHECK_OK(count_medium());
  return sink_.begin();
}

Result<void> InlineMediaReader::end_file() {
  TROUPE_CHECK_OK(sink_.end());
  return name_medium();
}

Result<void> InlineMediaReader::begin_medium(std::string_view payload) {
  TROUPE_CHECK_OK(count_medium());
  TROUPE_CHECK_OK(sink_.begin());
  base64_.emplace();
  place_ = Place::medium;
  return decode(payload);
}

Result<void> InlineMediaReader::decode(std::string_view payload) {
  if (!base64_) return {};  // it is broken: the rest is passed over
  block_.clear();
  if (const Result<void> decoded = base64_->decode(payload, block_); !decoded) {
    result_.media.back() = decoded.error();
    base64_.reset();
    sink_.drop();
    return {};
  }
  return block_.empty() ? Result<void>() : sink_.write(block_);
}

Result<void> InlineMediaReader::end_medium() {
  place_ = Place::outside;
  if (base64_) {
    block_.clear();
    if (const Result<void> finished = base64_->finish(block_); !finished) {
      result_.media.back() = finished.error();
      sink_.drop();
    } else {
      if (!block_.empty()) TROUPE_CHECK_OK(sink_.write(block_));
      TROUPE_CHECK_OK(sink_.end());
    }
    base64_.reset();
  }
  return name_medium();
}

std::optional<size_t> inline_index(const MediaSource& source) {
  const std::string_view digits = source_rest(source, kScheme);
  size_t index = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
  if (digits.empty() || error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return index;
}

}  // namespace troupe::api
