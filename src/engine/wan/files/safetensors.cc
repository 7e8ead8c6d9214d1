#include "engine/wan/files/safetensors.h"

#include <algorithm>
#include <array>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "engine/wan/files/cursor.h"

namespace troupe::engine::wan {
namespace {

constexpr uint64_t kHeaderBytesMax = 100 << 20;
constexpr std::string_view kMetadataKey = "__metadata__";

constexpr std::array<std::pair<std::string_view, DType>, 12> kDTypes = {{{"F64", DType::f64},
                                                                         {"F32", DType::f32},
                                                                         {"F16", DType::f16},
                                                                         {"BF16", DType::bf16},
                                                                         {"F8_E4M3", DType::f8_e4m3},
                                                                         {"F8_E5M2", DType::f8_e5m2},
                                                                         {"I64", DType::i64},
                                                                         {"I32", DType::i32},
                                                                         {"I16", DType::i16},
                                                                         {"I8", DType::i8},
                                                                         {"U8", DType::u8},
                                                                         {"BOOL", DType::boolean}}};

struct Entry {
  std::string name;
  std::string dtype;
  std::vector<int64_t> shape;
  std::vector<uint64_t> offsets;
  bool has_dtype = false, has_shape = false, has_offsets = false;
};

// The header, event by event: a tree of 100 MiB of hostile JSON would take many times as much memory.
class HeaderReader : public nlohmann::json_sax<nlohmann::json> {
 public:
  std::vector<Entry> entries;
  std::map<std::string, std::string> metadata;
  std::string problem;
  bool is_over_limit = false;

  bool null() override { return misplaced("null"); }
  bool boolean(bool) override { return misplaced("a boolean"); }
  bool number_integer(number_integer_t) override { return misplaced("a negative number"); }
  bool number_float(number_float_t, const string_t&) override {
    return misplaced("a fraction or too large a number");
  }
  bool binary(binary_t&) override { return misplaced("binary data"); }

  bool number_unsigned(number_unsigned_t value) override {
    if (at_ == At::offsets && entry_.offsets.size() < 2) {
      entry_.offsets.push_back(value);
      return true;
    }
    if (at_ != At::shape) return misplaced("a number");
    if (value > static_cast<uint64_t>(std::numeric_limits<int64_t>::max()))
      return misplaced("too large a number");
    if (entry_.shape.size() == kDimensionsMax) return misplaced("more dimensions than are read");
    entry_.shape.push_back(static_cast<int64_t>(value));
    return true;
  }

  bool string(string_t& text) override {
    if (at_ == At::metadata) {
      if (!metadata.emplace(field_, std::move(text)).second)
        return fail("its metadata has " + in_quotes(field_) + " twice");
      return true;
    }
    if (at_ != At::tensor || field_ != "dtype" || entry_.has_dtype) return misplaced("a text");
    entry_.dtype = std::move(text);
    entry_.has_dtype = true;
    return true;
  }

  bool key(string_t& text) override {
    (at_ == At::top ? key_ : field_) = std::move(text);
    return true;
  }

  bool start_object(std::size_t) override {
    if (at_ == At::start) return go(At::top);
    if (at_ != At::top) return misplaced("an object");
    field_.clear();
    if (key_ == kMetadataKey)
      return has_metadata_ ? misplaced("a second time") : (has_metadata_ = true, go(At::metadata));
    if (entries.size() == kTensorsMax) {
      is_over_limit = true;
      return fail("it names more than " + std::to_string(kTensorsMax) + " tensors");
    }
    entry_ = Entry();
    entry_.name = key_;
    return go(At::tensor);
  }

  bool end_object() override {
    if (at_ == At::top) return go(At::start);
    if (at_ == At::tensor) {
      if (!entry_.has_dtype || !entry_.has_shape || !entry_.has_offsets) {
        return fail("tensor " + in_quotes(key_) + " lacks dtype, shape or data_offsets");
      }
      entries.push_back(std::move(entry_));
    }
    return go(At::top);
  }

  bool start_array(std::size_t) override {
    if (at_ == At::tensor && field_ == "shape" && !entry_.has_shape) {
      entry_.has_shape = true;
      return go(At::shape);
    }
    if (at_ == At::tensor && field_ == "data_offsets" && !entry_.has_offsets) {
      entry_.has_offsets = true;
      return go(At::offsets);
    }
    return misplaced("a list");
  }

  bool end_array() override { return go(At::tensor); }

  bool parse_error(std::size_t position, const std::string&, const nlohmann::json::exception&) override {
    return fail("its header is no JSON at byte " + std::to_string(position));
  }

 private:
  enum class At { start, top, metadata, tensor, shape, offsets };

  bool go(At at) {
    at_ = at;
    return true;
  }
  bool fail(std::string what) {
    if (problem.empty()) problem = std::move(what);
    return false;
  }
  bool misplaced(std::string_view what) {
    if (at_ == At::start) return fail("its header is no JSON object");
    return fail("its header has " + std::string(what) + " at " + in_quotes(key_) +
                (at_ == At::top ? "" : " in " + in_quotes(field_)) + ", which has no meaning there");
  }

  At at_ = At::start;
  bool has_metadata_ = false;
  std::string key_, field_;
  Entry entry_;
};

Result<TensorView> view_of(Entry& entry, ByteSpan data, std::string_view label) {
  const auto is_this = [&](const auto& pair) { return pair.first == entry.dtype; };
  const auto* const dtype = std::find_if(kDTypes.begin(), kDTypes.end(), is_this);
  const std::string subject = "tensor " + in_quotes(entry.name);
  if (dtype == kDTypes.end()) {
    return unsupported(label, subject + " has values of type " + in_quotes(entry.dtype) +
                                  ", which is not read; convert it to BF16, F16 or F32");
  }
  if (entry.offsets.size() != 2 || entry.offsets[0] > entry.offsets[1] || entry.offsets[1] > data.size()) {
    return corrupt(
        label,
        subject + " lies outside the file: it was cut off or its header is damaged; download it again");
  }
  const uint64_t size = entry.offsets[1] - entry.offsets[0];
  if (bytes_of(dtype->second, entry.shape) != size) {
    return corrupt(label, subject + " of shape " + shape_text(entry.shape) + " and type " + entry.dtype +
                              " can't have " + std::to_string(size) + " bytes");
  }
  return TensorView{std::move(entry.name), dtype->second, std::move(entry.shape),
                    data.subspan(entry.offsets[0], size)};
}

// "The byte buffer needs to be entirely indexed, and cannot contain holes."
Result<void> check_cover(const std::vector<TensorView>& tensors, ByteSpan data, std::string_view label) {
  std::vector<const TensorView*> sorted;
  for (const TensorView& tensor : tensors) sorted.push_back(&tensor);
  std::sort(sorted.begin(), sorted.end(), [](const TensorView* a, const TensorView* b) {
    return std::pair(a->bytes.data(), a->bytes.size()) < std::pair(b->bytes.data(), b->bytes.size());
  });
  const std::byte* end = data.data();
  for (const TensorView* tensor : sorted) {
    if (tensor->bytes.data() != end) {
      return corrupt(label,
                     "tensor " + in_quotes(tensor->name) + " does not begin where the one before it ends");
    }
    end += tensor->bytes.size();
  }
  if (end != data.data() + data.size()) return corrupt(label, "it has bytes behind its last tensor");
  return {};
}

}  // namespace

Result<Contents> read_safetensors(ByteSpan file, std::string_view label) {
  Cursor in(file);
  const uint64_t header_bytes = in.u64();
  if (header_bytes > kHeaderBytesMax) return over_limit(label, "its header would be larger than 100 MiB");
  const std::string_view header = in.text(header_bytes);
  if (!in.ok()) return corrupt(label, "its header is cut off; download it again");
  const ByteSpan data = file.subspan(in.position());

  HeaderReader reader;
  if (!nlohmann::json::sax_parse(header.begin(), header.end(), &reader)) {
    return reader.is_over_limit ? over_limit(label, reader.problem) : corrupt(label, reader.problem);
  }
  Contents contents;
  contents.metadata = std::move(reader.metadata);
  contents.tensors.reserve(reader.entries.size());
  for (Entry& entry : reader.entries) {
    TROUPE_TRY(TensorView view, view_of(entry, data, label));
    contents.tensors.push_back(std::move(view));
  }
  TROUPE_CHECK_OK(check_cover(contents.tensors, data, label));
  return contents;
}

}  // namespace troupe::engine::wan
