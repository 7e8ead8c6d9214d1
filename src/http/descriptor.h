// An open file that closes itself.
#pragma once

#include <unistd.h>

#include <utility>

namespace troupe::http {

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int file) : file_(file) {}
  Descriptor(Descriptor&& other) noexcept : file_(other.release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    if (this != &other) {
      reset();
      file_ = other.release();
    }
    return *this;
  }
  ~Descriptor() { reset(); }

  bool is_open() const { return file_ >= 0; }
  int get() const { return file_; }
  int release() { return std::exchange(file_, -1); }
  void reset() {
    if (file_ >= 0) close(release());
  }

 private:
  int file_ = -1;
};

}  // namespace troupe::http
