#include "engine/wan/files/torch_archive.h"

#include <cstring>
#include <limits>
#include <unordered_map>
#include <utility>

#include "engine/wan/files/unpickler.h"
#include "engine/wan/files/zip_archive.h"

namespace troupe::engine::wan {
namespace {

constexpr std::string_view kWrappers[] = {"state_dict", "model", "model_state_dict", "generator_ema",
                                          "generator"};
constexpr int kWrappersDeepMax = 4;
constexpr uint64_t kCopiedBytesMore = 16 << 20;
constexpr std::string_view kPickleName = "/data.pkl";

/// The last value is the one that counts, as in Python.
const ValueId* value_at(const Pickle& pickle, const Dict& dict, std::string_view key) {
  const ValueId* found = nullptr;
  for (const auto& [name, value] : dict.items) {
    const auto* const text = pickle.as<std::string_view>(name);
    if (text && *text == key) found = &value;
  }
  return found;
}

struct StateDict {
  const Dict* dict;
  std::string path;
};

StateDict unwrap(const Pickle& pickle, const Dict& top) {
  StateDict state{&top, {}};
  for (int depth = 0; depth < kWrappersDeepMax; ++depth) {
    const Dict* inner = nullptr;
    for (const std::string_view wrapper : kWrappers) {
      const ValueId* const value = value_at(pickle, *state.dict, wrapper);
      inner = value ? pickle.as<Dict>(*value) : nullptr;
      if (!inner) continue;
      state.path += (state.path.empty() ? "" : ".") + std::string(wrapper);
      break;
    }
    if (!inner) break;
    state.dict = inner;
  }
  return state;
}

/// True if the strides are those of row-major values without gaps. A side of 1 is never stepped along.
bool is_contiguous(const Tensor& tensor) {
  int64_t expected = 1;
  for (size_t i = tensor.shape.size(); i-- > 0;) {
    if (tensor.shape[i] != 1 && tensor.strides[i] != expected) return false;
    expected *= tensor.shape[i];
  }
  return true;
}

/// Number of the storage's values up to the last one that the tensor uses; none beyond 2^63 - 1.
std::optional<uint64_t> reach(const Tensor& tensor) {
  constexpr auto kMax = static_cast<uint64_t>(std::numeric_limits<int64_t>::max());
  auto last = static_cast<uint64_t>(tensor.offset);
  for (size_t i = 0; i < tensor.shape.size(); ++i) {
    const auto steps = static_cast<uint64_t>(tensor.shape[i] - 1);
    const auto stride = static_cast<uint64_t>(tensor.strides[i]);
    if (steps != 0 && stride > kMax / steps) return std::nullopt;
    if (last > kMax - steps * stride) return std::nullopt;
    last += steps * stride;
  }
  return last + 1;
}

/// The values in the order of the shape.
void gather(const Tensor& tensor, ByteSpan storage, size_t value_bytes, std::byte* to) {
  std::vector<int64_t> index(tensor.shape.size(), 0);
  int64_t from = tensor.offset;
  while (true) {
    std::memcpy(to, storage.data() + static_cast<size_t>(from) * value_bytes, value_bytes);
    to += value_bytes;
    size_t axis = tensor.shape.size();
    while (axis > 0 && ++index[axis - 1] == tensor.shape[axis - 1]) {
      --axis;
      from -= (tensor.shape[axis] - 1) * tensor.strides[axis];
      index[axis] = 0;
    }
    if (axis == 0) return;
    from += tensor.strides[axis - 1];
  }
}

class Reader {
 public:
  Reader(ByteSpan file, std::string_view label) : file_(file), label_(label) {}

  Result<Contents> read() {
    TROUPE_TRY(entries_, read_zip(file_, label_));
    TROUPE_TRY(const ByteSpan pickle_bytes, find_pickle());
    TROUPE_TRY(pickle_, unpickle(pickle_bytes, label_));
    const auto* const top = pickle_.as<Dict>(pickle_.root);
    if (!top) return unsupported(label_, "it holds no state dict; save model.state_dict() alone");
    const StateDict state = unwrap(pickle_, *top);
    if (!state.path.empty()) contents_.metadata["state_dict"] = state.path;
    TROUPE_CHECK_OK(add_tensors(*state.dict));
    return std::move(contents_);
  }

 private:
  Result<ByteSpan> find_pickle() {
    for (const ZipEntry& entry : entries_) {
      // The folder that all entries lie in is named after the file.
      if (!entry.name.ends_with(kPickleName)) continue;
      const std::string_view folder = entry.name.substr(0, entry.name.size() - kPickleName.size());
      if (folder.find('/') != std::string_view::npos) continue;
      folder_ = std::string(folder) + "/";
      TROUPE_CHECK_OK(check_kind());
      return entry.bytes;
    }
    return unsupported(label_, "the zip archive has no data.pkl: it is not a file of torch.save()");
  }

  Result<void> check_kind() const {
    if (find_entry(entries_, folder_ + "constants.pkl")) {
      return unsupported(
          label_, "it is a TorchScript program, and programs are not run; take the model's weights alone");
    }
    const ZipEntry* const order = find_entry(entries_, folder_ + "byteorder");
    constexpr std::string_view kLittle = "little";
    if (order && std::string_view(reinterpret_cast<const char*>(order->bytes.data()), order->bytes.size()) !=
                     kLittle) {
      return unsupported(label_, "its numbers are big-endian; save it again on a little-endian machine");
    }
    return {};
  }

  Result<void> add_tensors(const Dict& dict) {
    if (dict.items.size() > kTensorsMax)
      return over_limit(label_, "its state dict has more entries than are read");
    std::unordered_map<std::string_view, size_t> places;
    for (const auto& [key, value] : dict.items) {
      const auto* const name = pickle_.as<std::string_view>(key);
      const auto* const tensor = pickle_.as<Tensor>(value);
      if (!name || !tensor) continue;
      if (!places.emplace(*name, contents_.tensors.size()).second) {
        return corrupt(label_, "it has tensor " + in_quotes(*name) + " twice");
      }
      TROUPE_TRY(TensorView view, view_of(*name, *tensor));
      contents_.tensors.push_back(std::move(view));
    }
    if (contents_.tensors.empty()) return no_tensors(dict);
    return {};
  }

  Error no_tensors(const Dict& dict) const {
    constexpr size_t kShown = 5;
    std::string keys;
    for (size_t i = 0; i < dict.items.size() && i < kShown; ++i) {
      const auto* const name = pickle_.as<std::string_view>(dict.items[i].first);
      if (name) keys += " " + in_quotes(*name);
    }
    return unsupported(label_, "it has no tensors where state dicts have them; its keys are" +
                                   (keys.empty() ? " none" : keys) + "; save model.state_dict() alone");
  }

  Result<TensorView> view_of(std::string_view name, const Tensor& tensor) {
    const Storage& storage = std::get<Storage>(pickle_.values[tensor.storage]);
    const std::string subject = "tensor " + in_quotes(name);
    const ZipEntry* const entry = find_entry(entries_, folder_ + "data/" + std::string(storage.key));
    const int64_t storage_shape[] = {storage.values};
    if (!entry || bytes_of(storage.dtype, storage_shape) != entry->bytes.size()) {
      return corrupt(label_, "the values of " + subject +
                                 " are not in the archive, or not in their full number; "
                                 "download it again");
    }
    TensorView view{std::string(name), storage.dtype, tensor.shape, {}};
    const auto size = bytes_of(view.dtype, view.shape);
    if (!size || tensor.offset < 0) return corrupt(label_, subject + " has a shape that can't be");
    if (*size == 0) return view;
    const auto used = reach(tensor);
    if (!used || *used > static_cast<uint64_t>(storage.values)) {
      return corrupt(label_, subject + " of shape " + shape_text(view.shape) + " lies outside its values");
    }
    const size_t value_bytes = block_of(view.dtype).bytes;
    if (is_contiguous(tensor)) {
      view.bytes = entry->bytes.subspan(static_cast<size_t>(tensor.offset) * value_bytes, *size);
      return view;
    }
    copied_bytes_ += std::min(*size, std::numeric_limits<uint64_t>::max() - copied_bytes_);
    if (copied_bytes_ > file_.size() + kCopiedBytesMore) {
      return over_limit(label_,
                        subject +
                            " and others repeat their values, and would be larger than the file; save "
                            "contiguous() tensors");
    }
    contents_.copies.emplace_back(*size);
    gather(tensor, entry->bytes, value_bytes, contents_.copies.back().data());
    view.bytes = contents_.copies.back();
    return view;
  }

  ByteSpan file_;
  std::string_view label_;
  std::vector<ZipEntry> entries_;
  std::string folder_;
  Pickle pickle_;
  uint64_t copied_bytes_ = 0;
  Contents contents_;
};

}  // namespace

Result<Contents> read_torch(ByteSpan file, std::string_view label) { return Reader(file, label).read(); }

}  // namespace troupe::engine::wan
