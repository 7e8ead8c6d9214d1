// The body of one request out of the bytes that carry it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "http/request_parser.h"

namespace troupe::http {

inline constexpr size_t kChunkExtensionsMax = 4 << 10;  ///< of one chunk
inline constexpr size_t kTrailersMax = 8 << 10;

/// Counts off a Content-Length, or takes chunks apart (RFC 9112 section 7.1, and no byte else: lone line
/// feeds and blanks around sizes are refused). Chunk extensions and trailers are read over. Holds no bytes.
class BodyDecoder {
 public:
  explicit BodyDecoder(const RequestHead& head)
      : state_(head.chunked ? State::size_begins : State::all), left_(head.content_length) {}

  struct Step {
    size_t consumed = 0;  ///< of `in`: all of it, unless the body ended or `out` is full
    size_t produced = 0;  ///< bytes of the body, at the front of `out`
    bool done = false;
    std::optional<Refusal> refusal;
  };
  /// REQUIRES not done, not refused.
  Step read(std::string_view in, std::span<char> out);

 private:
  enum class State {
    all,  ///< of a Content-Length
    size_begins,
    size,
    extension,
    size_line_ends,
    data,
    data_ends,
    data_line_ends,
    trailer_begins,
    trailer,
    trailer_line_ends,
    last_line_ends,
    done,
    refused
  };
  State after(char c);
  State after_size(char c);
  State count(char c, size_t bytes_max, State line_ends);

  State state_;
  uint64_t left_;      ///< of the body, or of the chunk
  size_t passed_ = 0;  ///< bytes of the extension, of all trailers
};

}  // namespace troupe::http
