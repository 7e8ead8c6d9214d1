#include "engine/wan/weights/weights.h"

#include <ATen/Parallel.h>

#include <charconv>
#include <numeric>

#include "engine/wan/files/dequantize.h"
#include "engine/wan/nn/float8.h"

namespace troupe::engine::wan {
namespace {

constexpr std::string_view kScaleNames[] = {".scale_weight", ".weight_scale"};
constexpr std::string_view kIgnored[] = {"scaled_fp8", ".scale_input", ".input_scale"};

std::string shape_text(at::IntArrayRef shape) {
  std::string text = "[";
  for (size_t i = 0; i < shape.size(); ++i) text += (i ? ", " : "") + std::to_string(shape[i]);
  return text + "]";
}

int64_t values_in(at::IntArrayRef shape) {
  return std::accumulate(shape.begin(), shape.end(), int64_t{1}, std::multiplies<>());
}

std::vector<int64_t> without_ones(at::IntArrayRef shape) {
  std::vector<int64_t> sides;
  for (const int64_t side : shape)
    if (side != 1) sides.push_back(side);
  return sides;
}

// Whether a tensor of shape `stored` is one of `wanted`, but for sides of 1 and dimensions that were put
// together.
bool same_values(at::IntArrayRef stored, at::IntArrayRef wanted) {
  if (stored == wanted || without_ones(stored) == without_ones(wanted)) return true;
  return wanted.size() > 4 && values_in(stored) == values_in(wanted);
}

// Whether its values have the type already and are aligned for it.
bool is_usable(const TensorView& view, at::ScalarType type) {
  const bool same = (view.dtype == DType::f32 && type == at::kFloat) ||
                    (view.dtype == DType::bf16 && type == at::kBFloat16);
  return same && reinterpret_cast<uintptr_t>(view.bytes.data()) % c10::elementSize(type) == 0;
}

// A view of the file, if it is usable.
std::optional<at::Tensor> view_of(const TensorView& view, const std::shared_ptr<const TensorFile>& file,
                                  at::ScalarType type) {
  if (!is_usable(view, type)) return std::nullopt;
  void* data = const_cast<std::byte*>(view.bytes.data());
  return at::from_blob(
      data, view.shape, [file](void*) {}, at::TensorOptions().dtype(type));
}

// A part of a tensor that stands alone, so that several threads decode one.
TensorView part(const TensorView& view, int64_t begin, int64_t end) {
  const Block block = block_of(view.dtype);
  TensorView piece{view.name, view.dtype, {(end - begin) * block.values}, {}};
  piece.bytes = view.bytes.subspan(begin * block.bytes, (end - begin) * block.bytes);
  return piece;
}

constexpr int64_t kBlocksAtOnce = 1 << 14;

template <class Value, class Decode>
Result<void> decode(const TensorView& view, Value* out, const Decode& convert) {
  const Block block = block_of(view.dtype);
  const int64_t blocks = static_cast<int64_t>(view.bytes.size()) / block.bytes;
  std::atomic<bool> failed = false;
  at::parallel_for(0, blocks, kBlocksAtOnce, [&](int64_t begin, int64_t end) {
    const size_t count = static_cast<size_t>(end - begin) * block.values;
    if (!convert(part(view, begin, end), std::span<Value>(out + begin * block.values, count))) failed = true;
  });
  if (failed) return make_error(ErrorCode::unsupported, "tensor " + view.name + " cannot be decoded");
  return {};
}

Result<at::Tensor> decoded(const TensorView& view, at::ScalarType type) {
  at::Tensor out = at::empty(view.shape, at::TensorOptions().dtype(type));
  if (out.numel() == 0) return out;
  const auto status = type == at::kBFloat16 ? decode(view, static_cast<uint16_t*>(out.data_ptr()), to_bf16)
                                            : decode(view, out.data_ptr<float>(), to_f32);
  TROUPE_CHECK_OK(status);
  return out;
}

Error damaged(const std::string& label) {
  return make_error(ErrorCode::io, label +
                                       " can't be read any more: it was cut while it was in use, or its " +
                                       "disk fails; fetch it again");
}

Error bad_shape(std::string_view name, at::IntArrayRef stored, at::IntArrayRef wanted) {
  return make_error(ErrorCode::corrupt_input, "tensor " + std::string(name) + " has the shape " +
                                                  shape_text(stored) + " where the model needs " +
                                                  shape_text(wanted));
}

}  // namespace

Result<Weights> Weights::open(std::vector<TensorFile> files) {
  std::vector<std::string_view> names;
  std::string label;
  for (const auto& file : files) {
    for (const auto& view : file.tensors()) names.push_back(view.name);
    label = file.label();
  }
  const auto part = part_of(names);
  if (!part)
    return make_error(ErrorCode::unsupported,
                      label +
                          " holds no network that is known here: its tensors have none of "
                          "the names of Wan's transformers, text encoder or autoencoders");
  Weights weights;
  weights.part_ = *part;
  const int residuals = stage_residuals(names);
  for (auto& file : files) {
    TROUPE_CHECK_OK(weights.add(std::make_shared<const TensorFile>(std::move(file)), residuals));
  }
  return weights;
}

Result<void> Weights::add(const std::shared_ptr<const TensorFile>& file, int residuals) {
  if (const auto config = file->metadata().find("config"); config != file->metadata().end())
    config_ = config->second;
  for (const auto& view : file->tensors()) {
    std::string name = part_ == Part::lora ? view.name : canonical(part_, view.name, residuals);
    const auto ends = [&](std::string_view tail) { return std::string_view(name).ends_with(tail); };
    if (std::any_of(std::begin(kIgnored), std::end(kIgnored), ends)) continue;
    if (const auto scale = std::find_if(std::begin(kScaleNames), std::end(kScaleNames), ends);
        scale != std::end(kScaleNames)) {
      name.resize(name.size() - scale->size());
      Entry& scaled = entries_[name + ".weight"];
      scaled.scale = &view;
      scaled.scale_file = file;
      continue;
    }
    if (ends(".comfy_quant")) {
      const std::string_view text(reinterpret_cast<const char*>(view.bytes.data()), view.bytes.size());
      if (text.find("float8_e4m3fn") == std::string_view::npos)
        return make_error(ErrorCode::unsupported,
                          file->label() + ": " + view.name + " asks for " + std::string(text) +
                              "; of the quantised kinds, scaled float8_e4m3fn is read");
      continue;
    }
    Entry& entry = entries_[name];
    // transformers' files have the embedding under two names.
    if (entry.view != nullptr && name != "token_embedding.weight")
      return make_error(ErrorCode::conflict,
                        "two tensors are called " + name + ", one of them in " + file->label());
    entry.view = &view;
    entry.file = file;
  }
  return {};
}

const std::vector<int64_t>* Weights::shape(std::string_view name) const {
  const auto found = entries_.find(name);
  return found == entries_.end() || found->second.view == nullptr ? nullptr : &found->second.view->shape;
}

bool Weights::changed(std::string_view name) const {
  const auto found = entries_.find(name);
  return found != entries_.end() && (found->second.scale != nullptr || (deltas_ && deltas_->changes(name)));
}

bool Weights::in_place(std::string_view name, at::ScalarType type) const {
  const auto found = entries_.find(name);
  return found != entries_.end() && found->second.view != nullptr && !changed(name) &&
         is_usable(*found->second.view, type);
}

int64_t Weights::count(std::string_view list) const {
  int64_t count = 0;
  for (auto entry = entries_.lower_bound(list); entry != entries_.end() && entry->first.starts_with(list);
       ++entry) {
    int64_t index = -1;
    const char* begin = entry->first.data() + list.size();
    std::from_chars(begin, entry->first.data() + entry->first.size(), index);
    count = std::max(count, index + 1);
  }
  return count;
}

Result<void> Weights::intact() const {
  for (const auto& [name, entry] : entries_)
    for (const auto* file : {entry.file.get(), entry.scale_file.get()})
      if (file && file->damaged()) return damaged(file->label());
  return {};
}

int64_t Weights::bytes() const {
  int64_t sum = 0;
  for (const auto& [name, entry] : entries_)
    if (entry.view) sum += static_cast<int64_t>(entry.view->bytes.size());
  return sum;
}

std::vector<std::string_view> Weights::names() const {
  std::vector<std::string_view> names;
  for (const auto& [name, entry] : entries_) names.push_back(name);
  return names;
}

Result<at::Tensor> Weights::read_float(const std::string& name, const Entry& entry) const {
  TROUPE_TRY(at::Tensor value, decoded(*entry.view, at::kFloat));
  if (entry.scale != nullptr) {
    TROUPE_TRY(at::Tensor scale, decoded(*entry.scale, at::kFloat));
    if (scale.numel() != 1 && scale.numel() != value.size(0))
      return make_error(ErrorCode::unsupported,
                        "the scale of " + name + " is neither one number nor one a row of the weight");
    std::vector<int64_t> rows(static_cast<size_t>(value.dim()), 1);
    rows[0] = scale.numel();
    value = value * scale.view(rows);
  }
  if (deltas_ && deltas_->changes(name)) value = deltas_->apply(name, value);
  return value;
}

Result<at::Tensor> Weights::read(std::string_view name, at::IntArrayRef shape, at::ScalarType type,
                                 at::Device device) const {
  const auto found = entries_.find(name);
  if (found == entries_.end() || found->second.view == nullptr)
    return make_error(ErrorCode::not_found, "the weights have no tensor " + std::string(name));
  const Entry& entry = found->second;
  if (!same_values(entry.view->shape, shape)) return bad_shape(name, entry.view->shape, shape);
  if (entry.file->damaged()) return damaged(entry.file->label());
  if (!changed(name)) {
    if (auto view = view_of(*entry.view, entry.file, type)) return view->view(shape).to(device);
    TROUPE_TRY(at::Tensor value, decoded(*entry.view, type));
    if (entry.file->damaged()) return damaged(entry.file->label());
    return value.view(shape).to(device);
  }
  TROUPE_TRY(at::Tensor value, read_float(found->first, entry));
  if (entry.file->damaged()) return damaged(entry.file->label());
  return value.to(type).view(shape).to(device);
}

at::Tensor Reader::read(const std::string& name, at::IntArrayRef shape, at::ScalarType type) {
  if (error_) return {};
  auto tensor = weights_.read(name, shape, type, compute_.device);
  if (tensor) return *std::move(tensor);
  error_ = tensor.error();
  return {};
}

at::Tensor Reader::weight(const std::string& name, at::IntArrayRef shape) {
  return read(name, shape, compute_.type);
}

at::Tensor Reader::precise(const std::string& name, at::IntArrayRef shape) {
  return read(name, shape, at::kFloat);
}

Linear Reader::linear(const std::string& name, int64_t out, int64_t in, bool bias) {
  return {weight(name + ".weight", {out, in}), bias ? weight(name + ".bias", {out}) : at::Tensor()};
}

Linear Reader::small_linear(const std::string& name, int64_t out, int64_t in) {
  const Linear read = linear(name, out, in);
  return compute_.float8 && read.weight.defined() ? to_float8(read) : read;
}

Linear Reader::precise_linear(const std::string& name, int64_t out, int64_t in) {
  return {precise(name + ".weight", {out, in}), precise(name + ".bias", {out})};
}

Result<void> Reader::status() const {
  if (error_) return *error_;
  return {};
}

}  // namespace troupe::engine::wan
