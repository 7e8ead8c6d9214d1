// Tensors that the models' official code made, for tests to compare with.
#pragma once

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/wan/files/dequantize.h"
#include "engine/wan/files/tensor_file.h"

namespace troupe::engine::wan {

/// One file of testdata/.
class Vectors {
 public:
  explicit Vectors(const std::string& file)
      : file_(
            TensorFile::open(std::filesystem::path(TROUPE_WAN_TESTDATA) / (file + ".safetensors")).value()) {}

  const TensorFile& file() const { return file_; }

  /// A tensor as floats, which whole numbers up to 2^24 are; fails where there is none.
  at::Tensor operator()(const std::string& name) const {
    const TensorView* const view = file_.find(name);
    EXPECT_NE(view, nullptr) << name;
    if (view == nullptr) return at::zeros({1});
    at::Tensor out = at::empty(view->shape, at::kFloat);
    EXPECT_TRUE(to_f32(*view, {out.data_ptr<float>(), static_cast<size_t>(out.numel())}));
    return out;
  }

  /// The doubles of a tensor that has them.
  std::vector<double> doubles(const std::string& name) const { return numbers<double>(name, DType::f64); }
  std::vector<int64_t> integers(const std::string& name) const { return numbers<int64_t>(name, DType::i64); }
  std::vector<uint8_t> bytes(const std::string& name) const { return numbers<uint8_t>(name, DType::u8); }

 private:
  template <class Number>
  std::vector<Number> numbers(const std::string& name, DType type) const {
    const TensorView* const view = file_.find(name);
    EXPECT_TRUE(view != nullptr && view->dtype == type) << name;
    if (view == nullptr || view->dtype != type) return {};
    std::vector<Number> out(view->bytes.size() / sizeof(Number));
    std::copy(view->bytes.begin(), view->bytes.end(), reinterpret_cast<std::byte*>(out.data()));
    return out;
  }

  TensorFile file_;
};

/// The largest difference of two tensors of one shape; infinite where a value is not finite or the shapes
/// differ.
inline double difference(const at::Tensor& a, const at::Tensor& b) {
  if (a.sizes() != b.sizes()) return INFINITY;
  if (a.numel() == 0) return 0;
  const double largest = (a.to(at::kDouble) - b.to(at::kDouble)).abs().max().item<double>();
  return std::isfinite(largest) ? largest : INFINITY;
}

}  // namespace troupe::engine::wan
