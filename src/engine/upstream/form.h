// multipart/form-data in memory. Private to engine/upstream/.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"

namespace troupe::upstream {

/// Thread-safety: one thread at a time.
class Form {
 public:
  explicit Form(std::string boundary) : boundary_(std::move(boundary)) {}

  void text(std::string_view name, std::string_view value) {
    begin(name);
    body_.append("\r\n\r\n").append(value).append("\r\n");
  }
  void file(std::string_view name, std::string_view type, ByteView bytes) {
    begin(name);
    body_.append("; filename=\"input\"\r\nContent-Type: ").append(type).append("\r\n\r\n");
    body_.append(bytes.begin(), bytes.end());
    body_.append("\r\n");
  }
  std::string content_type() const { return "multipart/form-data; boundary=" + boundary_; }
  std::string body() const { return body_ + "--" + boundary_ + "--\r\n"; }

 private:
  void begin(std::string_view name) {
    body_.append("--").append(boundary_).append("\r\nContent-Disposition: form-data; name=\"");
    body_.append(name).append("\"");
  }
  std::string boundary_, body_;
};

}  // namespace troupe::upstream
