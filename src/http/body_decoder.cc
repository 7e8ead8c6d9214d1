#include "http/body_decoder.h"

#include <algorithm>

namespace troupe::http {
namespace {

constexpr uint64_t kSizeMax = uint64_t{1} << 60;

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

BodyDecoder::State BodyDecoder::after_size(char c) {
  if (const int digit = hex_value(c); digit >= 0) {
    if (left_ >= kSizeMax / 16) return State::refused;
    left_ = left_ * 16 + static_cast<uint64_t>(digit);
    return State::size;
  }
  if (state_ == State::size_begins) return State::refused;
  passed_ = 0;
  if (c == ';') return State::extension;
  return c == '\r' ? State::size_line_ends : State::refused;
}

// One more byte of a line that is read over.
BodyDecoder::State BodyDecoder::count(char c, size_t bytes_max, State line_ends) {
  if (c == '\r') return line_ends;
  const bool control = static_cast<unsigned char>(c) < 0x20 && c != '\t';
  return control || ++passed_ > bytes_max ? State::refused : state_;
}

BodyDecoder::State BodyDecoder::after(char c) {
  const auto on = [c](char expected, State next) { return c == expected ? next : State::refused; };
  switch (state_) {
    case State::size_begins:
    case State::size:
      return after_size(c);
    case State::extension:
      return count(c, kChunkExtensionsMax, State::size_line_ends);
    case State::size_line_ends:
      passed_ = 0;
      return on('\n', left_ > 0 ? State::data : State::trailer_begins);
    case State::data_ends:
      return on('\r', State::data_line_ends);
    case State::data_line_ends:
      return on('\n', State::size_begins);
    case State::trailer_begins:
      if (c == '\r') return State::last_line_ends;
      state_ = State::trailer;
      [[fallthrough]];
    case State::trailer:
      return count(c, kTrailersMax, State::trailer_line_ends);
    case State::trailer_line_ends:
      return on('\n', State::trailer_begins);
    case State::last_line_ends:
      return on('\n', State::done);
    default:
      return State::refused;
  }
}

BodyDecoder::Step BodyDecoder::read(std::string_view in, std::span<char> out) {
  Step step;
  while (step.consumed < in.size() && state_ != State::done && state_ != State::refused) {
    if (state_ != State::data && state_ != State::all) {
      state_ = after(in[step.consumed++]);
      continue;
    }
    const size_t room = std::min(in.size() - step.consumed, out.size() - step.produced);
    const auto count = static_cast<size_t>(std::min<uint64_t>(left_, room));
    if (count == 0) break;
    in.copy(out.data() + step.produced, count, step.consumed);
    step.consumed += count;
    step.produced += count;
    left_ -= count;
    if (left_ == 0) state_ = state_ == State::all ? State::done : State::data_ends;
  }
  step.done = state_ == State::done;
  if (state_ == State::refused) step.refusal = Refusal{400, "the chunked body cannot be read"};
  return step;
}

}  // namespace troupe::http
