#include "media/byte_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace troupe::media {
namespace {

class ViewSource : public ByteSource {
 public:
  explicit ViewSource(ByteView bytes) : bytes_(bytes) {}
  uint64_t size_bytes() const override { return bytes_.size(); }
  size_t read_at(uint64_t offset, std::span<uint8_t> to) override {
    if (offset >= bytes_.size()) return 0;
    const size_t count = std::min(to.size(), bytes_.size() - static_cast<size_t>(offset));
    std::copy_n(bytes_.begin() + static_cast<ptrdiff_t>(offset), count, to.begin());
    return count;
  }

 private:
  ByteView bytes_;
};

class MemorySource : public ByteSource {
 public:
  explicit MemorySource(Bytes bytes) : bytes_(std::move(bytes)), view_(bytes_) {}
  uint64_t size_bytes() const override { return view_.size_bytes(); }
  size_t read_at(uint64_t offset, std::span<uint8_t> to) override { return view_.read_at(offset, to); }

 private:
  Bytes bytes_;
  ViewSource view_;
};

class FileSource : public ByteSource {
 public:
  FileSource(int descriptor, uint64_t size_bytes) : descriptor_(descriptor), size_bytes_(size_bytes) {}
  ~FileSource() override { ::close(descriptor_); }
  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;

  uint64_t size_bytes() const override { return size_bytes_; }
  size_t read_at(uint64_t offset, std::span<uint8_t> to) override {
    size_t count = 0;
    while (count < to.size()) {
      const ssize_t got =
          ::pread(descriptor_, to.data() + count, to.size() - count, static_cast<off_t>(offset + count));
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) break;
      count += static_cast<size_t>(got);
    }
    return count;
  }

 private:
  int descriptor_;
  uint64_t size_bytes_;
};

}  // namespace

Bytes ByteSource::read(uint64_t offset, size_t count) {
  if (offset >= size_bytes()) return {};
  Bytes bytes(static_cast<size_t>(std::min<uint64_t>(count, size_bytes() - offset)));
  bytes.resize(read_at(offset, bytes));
  return bytes;
}

Result<std::unique_ptr<ByteSource>> open_file(const std::filesystem::path& file) {
  // O_NONBLOCK: opening a pipe must not wait for its writer.
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) {
    const ErrorCode code = errno == ENOENT || errno == ENOTDIR ? ErrorCode::not_found : ErrorCode::io;
    return make_error(code, "cannot open " + file.string() + ": " + std::strerror(errno));
  }
  struct stat status {};
  if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
    ::close(descriptor);
    return make_error(ErrorCode::not_found, file.string() + " is not a regular file");
  }
  return {std::make_unique<FileSource>(descriptor, static_cast<uint64_t>(status.st_size))};
}

std::unique_ptr<ByteSource> open_bytes(Bytes bytes) {
  return std::make_unique<MemorySource>(std::move(bytes));
}

std::unique_ptr<ByteSource> open_view(ByteView bytes) { return std::make_unique<ViewSource>(bytes); }

}  // namespace troupe::media
