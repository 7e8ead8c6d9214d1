#include "http/body_store.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace troupe::http {
namespace {

constexpr size_t kBlockBytes = 64 << 10;  // what is written at once

Error io_error(const std::string& what) {
  return make_error(ErrorCode::io, what + ": " + std::strerror(errno));
}

}  // namespace

Result<Descriptor> open_nameless(const std::string& folder) {
  Descriptor file(open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (file.is_open()) return file;
  // Not every file system has O_TMPFILE.
  std::string name = folder + "/troupe-body-XXXXXX";
  file = Descriptor(mkostemp(name.data(), O_CLOEXEC));
  if (!file.is_open()) return io_error("no temporary file can be made in " + folder);
  unlink(name.c_str());
  return file;
}

void BodyStore::add(std::string_view bytes) {
  pending_ += bytes;
  size_bytes_ += bytes.size();
}

bool BodyStore::full() const { return pending_.size() > (in_file() ? kBlockBytes : in_memory_max_); }

Result<void> BodyStore::flush() {
  if (!in_file()) {
    TROUPE_TRY(file_, open_nameless(folder_));
  }
  for (size_t done = 0; done < pending_.size();) {
    const ssize_t count = write(file_.get(), pending_.data() + done, pending_.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return io_error("the request body cannot be stored");
    done += static_cast<size_t>(count);
  }
  pending_ = std::string();  // its memory too
  return {};
}

Result<Body> BodyStore::take(std::shared_ptr<void> memory) {
  if (!in_file()) return Body(std::exchange(pending_, {}), std::move(memory));
  TROUPE_CHECK_OK(flush());
  return Body(file_.release(), size_bytes_);
}

}  // namespace troupe::http
