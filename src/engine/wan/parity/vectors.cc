#include "engine/wan/parity/vectors.h"

#include <algorithm>
#include <iomanip>
#include <ostream>
#include <stdexcept>

#include "engine/wan/files/dequantize.h"

namespace troupe::engine::wan::parity {
namespace {

at::Tensor tensor_of(const TensorView& view) {
  const auto copy = [&](at::ScalarType type) {
    at::Tensor tensor = at::empty(view.shape, at::TensorOptions().dtype(type));
    std::copy(view.bytes.begin(), view.bytes.end(), static_cast<std::byte*>(tensor.data_ptr()));
    return tensor;
  };
  switch (view.dtype) {
    case DType::f64:
      return copy(at::kDouble);
    case DType::i64:
      return copy(at::kLong);
    case DType::i32:
      return copy(at::kInt).to(at::kLong);
    case DType::u8:
      return copy(at::kByte);
    default:
      break;
  }
  at::Tensor tensor = at::empty(view.shape, at::TensorOptions().dtype(at::kFloat));
  if (!to_f32(view, {tensor.data_ptr<float>(), static_cast<size_t>(tensor.numel())}))
    throw std::runtime_error("tensor " + view.name + " cannot be read");
  return tensor;
}

}  // namespace

Result<Vectors> Vectors::open(const std::filesystem::path& file) {
  TROUPE_TRY(const TensorFile stored, TensorFile::open(file));
  Vectors vectors;
  for (const auto& view : stored.tensors()) vectors.tensors_[view.name] = tensor_of(view);
  if (const auto config = stored.metadata().find("config"); config != stored.metadata().end()) {
    auto parsed = nlohmann::json::parse(config->second, nullptr, /*allow_exceptions=*/false);
    if (parsed.is_object()) vectors.config_ = std::move(parsed);
  }
  return vectors;
}

const at::Tensor& Vectors::at(const std::string& name) const {
  const auto found = tensors_.find(name);
  if (found == tensors_.end()) throw std::out_of_range("the vectors have no tensor " + name);
  return found->second;
}

nlohmann::json Vectors::config(const std::string& key) const {
  nlohmann::json config = config_;
  if (const auto found = config_.find(key); found != config_.end() && found->is_object())
    config.update(*found);
  return config;
}

Rgb Vectors::picture(const std::string& name) const {
  const at::Tensor bytes = at(name).contiguous();
  Rgb image(static_cast<int>(bytes.size(1)), static_cast<int>(bytes.size(0)));
  const auto* data = bytes.data_ptr<uint8_t>();
  image.values.assign(data, data + bytes.numel());
  return image;
}

std::vector<std::string> Vectors::groups() const {
  std::set<std::string> groups;
  for (const auto& [name, tensor] : tensors_)
    if (const auto slash = name.find('/'); slash != std::string::npos) groups.insert(name.substr(0, slash));
  return {groups.begin(), groups.end()};
}

std::vector<std::string> Vectors::names(const std::string& prefix) const {
  std::vector<std::string> names;
  for (const auto& [name, tensor] : tensors_)
    if (name.starts_with(prefix)) names.push_back(name);
  return names;
}

void Report::check(const std::string& name, const at::Tensor& got, Tolerance tolerance) {
  check(name, got, vectors_.at(name), tolerance);
}

void Report::check(const std::string& name, const at::Tensor& got, const at::Tensor& wanted,
                   Tolerance tolerance) {
  ++compared_;
  if (got.numel() != wanted.numel()) {
    ++bad_;
    out_ << name << "  has " << got.numel() << " values instead of " << wanted.numel() << "  BAD\n";
    return;
  }
  const at::Tensor a = got.to(at::kCPU, at::kDouble).reshape({-1}), b = wanted.to(at::kDouble).reshape({-1});
  const at::Tensor difference = (a - b).abs(), allowed = tolerance.absolute + tolerance.relative * b.abs();
  const double largest = a.numel() == 0 ? 0 : difference.max().item<double>();
  // Written so that a NaN is bad.
  const bool close = difference.le(allowed).all().item<bool>();
  const double off = rounding_ > 0 ? (difference.norm() / b.norm()).item<double>() : 0;
  const bool good = close || (rounding_ > 0 && tolerance.absolute >= kFromNetworks && off <= rounding_);
  bad_ += good ? 0 : 1;
  out_ << std::left << std::setw(44) << name << "  " << std::scientific << std::setprecision(2) << largest
       << "  " << tolerance.absolute << " + " << tolerance.relative << "*|x|  ";
  if (rounding_ > 0) out_ << "off by " << off << "  ";
  out_ << (good ? "ok" : "BAD") << "\n";
}

Tap Report::tap(const std::string& prefix, Tolerance tolerance) {
  return [this, prefix, tolerance](const std::string& name, const at::Tensor& value) {
    if (vectors_.has(prefix + name)) check(prefix + name, value, tolerance);
  };
}

}  // namespace troupe::engine::wan::parity
