#include "work/decode/sealed_bytes.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <string>

namespace troupe::work {

Result<Descriptor> seal_bytes(ByteView bytes) {
  Descriptor memory(memfd_create("media", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  bool good = memory.open();
  while (good && !bytes.empty()) {
    const ssize_t written = write(memory.number(), bytes.data(), bytes.size());
    if (written > 0) bytes = bytes.subspan(static_cast<size_t>(written));
    good = written > 0 || (written < 0 && errno == EINTR);
  }
  constexpr int kSeals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL;
  if (good && fcntl(memory.number(), F_ADD_SEALS, kSeals) == 0) return memory;
  return make_error(ErrorCode::unavailable,
                    std::string("cannot hand a file to the decoder: ") + std::strerror(errno));
}

Result<ByteView> map_for_good(int descriptor) {
  struct stat status {};
  if (fstat(descriptor, &status) != 0) return make_error(ErrorCode::io, "there is nothing to decode");
  const auto size = static_cast<size_t>(status.st_size);
  if (size == 0) return ByteView{};
  void* const bytes = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
  if (bytes == MAP_FAILED) return make_error(ErrorCode::io, "cannot map what is to be decoded");
  return ByteView{static_cast<const uint8_t*>(bytes), size};
}

}  // namespace troupe::work
