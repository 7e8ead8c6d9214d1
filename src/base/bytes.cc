#include "base/bytes.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace troupe {
namespace {

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

}  // namespace

Result<Bytes> read_file(const std::filesystem::path& file, uint64_t size_bytes_max) {
  std::error_code status_error;
  const auto status = std::filesystem::status(file, status_error);
  if (!std::filesystem::exists(status)) {
    return make_error(ErrorCode::not_found, "there is no file " + file.string());
  }
  if (!std::filesystem::is_regular_file(status)) {
    return make_error(ErrorCode::not_found, file.string() + " is not a regular file");
  }
  const std::unique_ptr<std::FILE, CloseFile> stream(std::fopen(file.c_str(), "rb"));
  if (!stream) {
    return make_error(ErrorCode::io, "cannot open " + file.string() + ": " + std::strerror(errno));
  }
  Bytes bytes;
  uint8_t block[65536];
  while (const size_t got = std::fread(block, 1, sizeof block, stream.get())) {
    if (bytes.size() + got > size_bytes_max) {
      return make_error(ErrorCode::over_limit, file.string() + " is larger than the limit of " +
                                                   std::to_string(size_bytes_max) + " bytes");
    }
    bytes.insert(bytes.end(), block, block + got);
  }
  if (std::ferror(stream.get())) return make_error(ErrorCode::io, "cannot read " + file.string());
  return bytes;
}

}  // namespace troupe
