// What the tests of all formats ask of a file.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/wan/files/dequantize.h"
#include "engine/wan/files/tensor_file.h"
#include "engine/wan/files/writers_for_test.h"

namespace troupe::engine::wan {

inline Result<TensorFile> opened(std::string_view bytes) {
  return TensorFile::from_bytes(bytes_from(bytes), "test file");
}

inline std::vector<float> floats(const TensorView& tensor) {
  std::vector<float> values(values_of(tensor.shape).value_or(0));
  const auto done = to_f32(tensor, values);
  EXPECT_TRUE(done.has_value()) << (done ? "" : done.error().message);
  return values;
}

/// The floats of tensor `name`, or none with a failure.
inline std::vector<float> floats_of(const Result<TensorFile>& file, std::string_view name) {
  EXPECT_TRUE(file.has_value()) << (file ? "" : file.error().message);
  const TensorView* const tensor = file ? file.value().find(name) : nullptr;
  EXPECT_NE(tensor, nullptr) << name;
  return tensor ? floats(*tensor) : std::vector<float>();
}

/// Fails unless opening these bytes gives that error, with `part` in its message beside the label.
inline void expect_error(std::string_view bytes, ErrorCode code, std::string_view part) {
  const auto file = opened(bytes);
  ASSERT_FALSE(file.has_value()) << "expected: " << part;
  EXPECT_EQ(file.error().code, code) << file.error().message;
  EXPECT_TRUE(file.error().message.starts_with("test file: ")) << file.error().message;
  EXPECT_NE(file.error().message.find(part), std::string::npos) << file.error().message;
}

/// No beginning of `bytes` but all of them may open.
inline void expect_whole_only(std::string_view bytes) {
  EXPECT_TRUE(opened(bytes).has_value());
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(opened(bytes.substr(0, size)).has_value()) << size << " of " << bytes.size();
  }
}

/// Whatever one byte is changed to, nothing is read outside of the file.
inline void expect_safe_when_changed(std::string bytes) {
  for (char& byte : bytes) {
    const char before = byte;
    for (const int change : {0x01, 0x80, 0xFF}) {
      byte = static_cast<char>(before ^ change);
      const auto file = opened(bytes);
      if (!file) continue;
      for (const TensorView& tensor : file.value().tensors()) {
        EXPECT_EQ(bytes_of(tensor.dtype, tensor.shape), tensor.bytes.size());
        if (tensor.bytes.size() < 4096) (void)floats(tensor);
      }
    }
    byte = before;
  }
}

}  // namespace troupe::engine::wan
