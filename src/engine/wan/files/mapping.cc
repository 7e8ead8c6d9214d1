#include "engine/wan/files/mapping.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

namespace troupe::engine::wan {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int file) : file_(file) {}
  ~Descriptor() {
    if (file_ >= 0) ::close(file_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return file_; }

 private:
  int file_;
};

Error system_error(const std::filesystem::path& file, const char* what) {
  return make_error(ErrorCode::io, file.string() + ": " + what + ": " + std::strerror(errno));
}

}  // namespace

Result<std::unique_ptr<Mapping>> Mapping::open(const std::filesystem::path& file) {
  // Without O_NONBLOCK, opening a pipe would wait for its writer.
  const Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (descriptor.get() < 0) {
    if (errno == ENOENT || errno == ENOTDIR) {
      return make_error(ErrorCode::not_found, "there is no file " + file.string());
    }
    return system_error(file, "cannot be opened");
  }
  struct stat status = {};
  if (::fstat(descriptor.get(), &status) != 0) return system_error(file, "cannot be asked for its size");
  if (!S_ISREG(status.st_mode)) {
    return make_error(ErrorCode::not_found,
                      file.string() + " is not a regular file; weights are read from files only");
  }
  if (status.st_size == 0) {
    return make_error(ErrorCode::corrupt_input, file.string() + ": the file is empty; download it again");
  }
  const auto size = static_cast<size_t>(status.st_size);
  void* const memory = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor.get(), 0);
  if (memory == MAP_FAILED) return system_error(file, "cannot be mapped into memory");
  return std::unique_ptr<Mapping>(new Mapping({static_cast<const std::byte*>(memory), size}));
}

Mapping::~Mapping() {
  lost_.reset();
  ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
}

}  // namespace troupe::engine::wan
