// Media that come inside a JSON body, taken out of it while it is read: a request with 100 MB of pictures
// needs no more memory than one that names them. Every dialect's JSON goes through here before it is parsed.
//
// A string of more than kInlineMin bytes that is a data URL with base 64, or base 64 of a picture or clip
// alone, is decoded into a sink and stands in the JSON as "inline:N" from then on, N counting from 0. All
// other text comes through as it was. A client that writes "inline:N" itself names one of its own media.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/base64_stream.h"
#include "base/bytes.h"
#include "base/result.h"
#include "core/generation_spec.h"

namespace troupe::api {

inline constexpr size_t kInlineMin = 16 << 10;        ///< shorter ones stay: they may be metadata
inline constexpr size_t kInlineMediaMax = 256;        ///< of one body: every source that a spec can hold
inline constexpr size_t kJsonTextBytesMax = 1 << 20;  ///< of a body without its media

/// Where the bytes go, one medium after the other: begin, write …, then end or drop.
class InlineMediaSink {
 public:
  virtual ~InlineMediaSink() = default;
  virtual Result<void> begin() = 0;
  virtual Result<void> write(ByteView bytes) = 0;
  virtual Result<void> end() = 0;
  /// It can't be decoded: forget what was written.
  virtual void drop() = 0;
};

struct InlineMediaText {
  std::string json;
  /// For each medium, what is wrong with its base 64, if anything is: it was dropped then.
  std::vector<std::optional<Error>> media;
};

/// Thread-safety: one thread at a time.
class InlineMediaReader {
 public:
  /// True if a medium begins with these bytes (at most 48): base 64 alone counts only then.
  using IsMedia = std::function<bool(ByteView head)>;

  /// `sink` outlives the reader.
  InlineMediaReader(InlineMediaSink& sink, IsMedia is_media) : sink_(sink), is_media_(std::move(is_media)) {}

  /// The next bytes of the body, in pieces of any size; any bytes may be given. Errors: over_limit
  /// (kInlineMediaMax, kJsonTextBytesMax), the sink's. After one, the reader is of no use any more.
  Result<void> read(std::string_view piece);
  /// After the last piece.
  InlineMediaText finish();

  /// A medium that comes as its own bytes, between two values of the JSON (a file of a form): end_file() puts
  /// its "inline:N" there. Errors: as of read().
  Result<void> begin_file();
  Result<void> write_file(ByteView bytes) { return sink_.write(bytes); }
  Result<void> end_file();

 private:
  enum class Place {
    outside,  ///< of strings
    head,     ///< in a string's first bytes: what it is, is not yet known
    text,     ///< in a string that stays
    medium,   ///< in one that is taken out
  };

  Result<void> read_outside(std::string_view& piece);
  Result<void> read_head(std::string_view& piece);
  Result<void> read_text(std::string_view& piece);
  Result<void> read_medium(std::string_view& piece);
  void unescape(char c, std::string& out);
  Result<void> keep(std::string_view text);
  Result<void> decide();
  Result<void> count_medium();
  Result<void> name_medium();
  Result<void> begin_medium(std::string_view payload);
  Result<void> decode(std::string_view payload);
  Result<void> end_medium();

  InlineMediaSink& sink_;
  IsMedia is_media_;
  InlineMediaText result_;
  Place place_ = Place::outside;
  bool escaped_ = false;     // behind a backslash
  int hex_left_ = 0;         // digits of \uXXXX still to come
  unsigned code_ = 0;        // of the digits so far
  std::string raw_, plain_;  // of a string's head, as it came and without escapes
  std::optional<Base64Stream> base64_;
  std::string run_;  // unescaped characters of a medium on their way to the decoder
  Bytes block_;
};

/// N of "inline:N"; none for any other source.
std::optional<size_t> inline_index(const MediaSource& source);

}  // namespace troupe::api
