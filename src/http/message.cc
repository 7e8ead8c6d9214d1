#include "http/message.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "http/fields.h"

namespace troupe::http {
namespace {

constexpr size_t kPieceBytes = 256 << 10;

// Fills `piece` from `file` at `offset`; the file was written in whole, so a short read is a failure.
Result<void> read_piece(int file, uint64_t offset, std::string& piece) {
  for (size_t done = 0; done < piece.size();) {
    const ssize_t count =
        pread(file, piece.data() + done, piece.size() - done, static_cast<off_t>(offset + done));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) {
      const char* reason = count == 0 ? "it ends early" : std::strerror(errno);
      return make_error(ErrorCode::io, std::string("the stored request body cannot be read: ") + reason);
    }
    done += static_cast<size_t>(count);
  }
  return {};
}

}  // namespace

std::string_view Headers::get(std::string_view name) const {
  for (const auto& [field, value] : fields_) {
    if (same_name(field, name)) return value;
  }
  return {};
}

bool Headers::has(std::string_view name) const {
  return std::any_of(fields_.begin(), fields_.end(),
                     [&](const auto& field) { return same_name(field.first, name); });
}

void Headers::add(std::string name, std::string value) {
  fields_.emplace_back(std::move(name), std::move(value));
}

void Headers::set(std::string_view name, std::string value) {
  std::erase_if(fields_, [&](const auto& field) { return same_name(field.first, name); });
  add(std::string(name), std::move(value));
}

Body::Body(int file, uint64_t size_bytes) : file_(file), size_bytes_(size_bytes) {}

Body::Body(Body&& other) noexcept
    : text_(std::exchange(other.text_, {})),
      memory_(std::move(other.memory_)),
      file_(std::exchange(other.file_, -1)),
      size_bytes_(std::exchange(other.size_bytes_, 0)) {}

Body& Body::operator=(Body&& other) noexcept {
  std::swap(text_, other.text_);
  std::swap(memory_, other.memory_);
  std::swap(file_, other.file_);
  std::swap(size_bytes_, other.size_bytes_);
  return *this;
}

Body::~Body() {
  if (file_ >= 0) close(file_);
}

Result<std::string> Body::read(uint64_t size_bytes_max) const {
  if (size_bytes_ > size_bytes_max) {
    return make_error(ErrorCode::over_limit, "the body has " + std::to_string(size_bytes_) +
                                                 " bytes; at most " + std::to_string(size_bytes_max) +
                                                 " are read here");
  }
  if (file_ < 0) return text_;
  std::string all(size_bytes_, '\0');
  TROUPE_CHECK_OK(read_piece(file_, 0, all));
  return all;
}

Result<void> Body::read_to(const std::function<Result<void>(ByteView)>& sink) const {
  std::string piece;
  for (uint64_t offset = 0; offset < size_bytes_;) {
    const size_t count = static_cast<size_t>(std::min<uint64_t>(kPieceBytes, size_bytes_ - offset));
    if (file_ < 0) {
      TROUPE_CHECK_OK(sink(as_bytes(std::string_view(text_).substr(offset, count))));
    } else {
      piece.resize(count);
      TROUPE_CHECK_OK(read_piece(file_, offset, piece));
      TROUPE_CHECK_OK(sink(as_bytes(piece)));
    }
    offset += count;
  }
  return {};
}

std::string_view Request::query_value(const std::string& name) const {
  const auto found = query.lower_bound(name);
  return found != query.end() && found->first == name ? std::string_view(found->second) : std::string_view();
}

Response reply(int status, std::string_view content_type, std::string text) {
  Response response;
  response.status = status;
  response.headers.add("Content-Type", std::string(content_type));
  response.body = std::move(text);
  return response;
}

}  // namespace troupe::http
