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
  used_.insert(name);
  return found->second;
}

std::vector<std::string> Vectors::unused() const {
  std::vector<std::string> unused;
  for (const auto& [name, tensor] : tensors_)
    if (!used_.contains(name)) unused.push_back(name);
  return unused;
}

nlohmann::json Vectors::config(const std::string& key) const {
  nlohmann::json config = config_;
  if (const auto found = config_.find(key); found != config_.end() && found->is_object())
    config.update(*found);
  return config;
}

nlohmann::json Vectors::dit_config() const {
  nlohmann::json config = this->config("dit");
  for (const auto& [name, tensor] : tensors_)
    if (!config.contains("text_len") && (name.ends_with("/context") || name == "context_pos"))
      config["text_len"] = tensor.size(0);
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

namespace {

// What the sides multiply to, from the last on, without those of 1.
std::set<int64_t> products(at::IntArrayRef sides) {
  std::set<int64_t> products;
  int64_t product = 1;
  for (size_t i = sides.size(); i-- > 0;)
    if (sides[i] != 1) products.insert(product *= sides[i]);
  return products;
}

// Whether one shape is the other, or has neighbouring sides of it joined.
bool is_same_shape(at::IntArrayRef a, at::IntArrayRef b) {
  const std::set<int64_t> x = products(a), y = products(b);
  return std::includes(x.begin(), x.end(), y.begin(), y.end()) ||
         std::includes(y.begin(), y.end(), x.begin(), x.end());
}

}  // namespace

void Report::check(const std::string& name, const at::Tensor& got, Tolerance tolerance) {
  check(name, got, vectors_.at(name), tolerance);
}

void Report::check(const std::string& name, const at::Tensor& got, const at::Tensor& wanted,
                   Tolerance tolerance) {
  ++compared_;
  if (got.numel() != wanted.numel() || !is_same_shape(got.sizes(), wanted.sizes())) {
    ++bad_;
    out_ << name << "  has the shape " << got.sizes() << " instead of " << wanted.sizes() << "  BAD\n";
    return;
  }
  const at::Tensor a = got.to(at::kCPU, at::kDouble).reshape({-1}), b = wanted.to(at::kDouble).reshape({-1});
  const at::Tensor difference = (a - b).abs(), allowed = tolerance.absolute + tolerance.relative * b.abs();
  const double largest = a.numel() == 0 ? 0 : difference.max().item<double>();
  // A NaN is not close to anything; nor is an infinite number, by as much as would be allowed of it.
  const bool finite = b.isfinite().all().item<bool>();
  const bool close = finite && difference.le(allowed).all().item<bool>();
  const double off = rounding_ > 0 ? (difference.norm() / b.norm()).item<double>() : 0;
  const bool good = close || (rounding_ > 0 && tolerance.absolute >= kFromNetworks && off <= rounding_);
  bad_ += good ? 0 : 1;
  out_ << std::left << std::setw(44) << name << "  " << std::scientific << std::setprecision(2) << largest
       << "  " << tolerance.absolute << " + " << tolerance.relative << "*|x|  ";
  if (rounding_ > 0) out_ << "off by " << off << "  ";
  out_ << (good ? "ok" : "BAD") << "\n";
}

at::Tensor without_padding(const at::Tensor& wanted, const at::Tensor& got, int64_t filled) {
  const at::Tensor one = wanted.dim() == got.dim() + 1 && wanted.size(0) == 1 ? wanted.squeeze(0) : wanted;
  const bool rows = one.dim() > 1 && got.dim() > 1 && got.size(0) > 0;
  return rows && one.size(0) == filled && filled > got.size(0) ? one.narrow(0, 0, got.size(0)) : one;
}

void Report::check_rows(const std::string& name, const at::Tensor& got, int64_t filled, Tolerance tolerance) {
  check(name, got, without_padding(vectors_.at(name), got, filled), tolerance);
}

namespace {

// Parts of our taps' names, and what vectors may have in their place.
constexpr std::pair<std::string_view, std::string_view> kOtherNames[] = {
    {"self_attn.rope_", "rope_"}, {"self_attn", "attn1"}, {"cross_attn", "attn2"}, {"head", "proj_out"}};

}  // namespace

std::string name_in(const Vectors& vectors, const std::string& prefix, const std::string& name) {
  if (vectors.has(prefix + name)) return prefix + name;
  for (const auto& [ours, theirs] : kOtherNames) {
    const size_t place = name.find(ours);
    if (place == std::string::npos) continue;
    std::string other = name;
    other.replace(place, ours.size(), theirs);
    if (vectors.has(prefix + other)) return prefix + other;
  }
  return {};
}

Tap Report::tap(const std::string& prefix, Tolerance tolerance, int64_t filled) {
  return [this, prefix, tolerance, filled](const std::string& name, const at::Tensor& value) {
    if (const std::string there = name_in(vectors_, prefix, name); !there.empty())
      check_rows(there, value, filled, tolerance);
  };
}

}  // namespace troupe::engine::wan::parity
