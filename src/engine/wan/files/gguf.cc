#include "engine/wan/files/gguf.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstdio>
#include <limits>
#include <optional>
#include <utility>

#include "engine/wan/files/cursor.h"

namespace troupe::engine::wan {
namespace {

constexpr uint64_t kKeysMax = 65'536;
constexpr uint64_t kNameBytesMax =
    65'535;  // of a key, as docs/gguf.md says; tensors' names are shorter still
constexpr uint64_t kTextBytesMax = 16 << 20;
constexpr uint64_t kListedNumbersMax = 64;
constexpr uint32_t kGgufDimensionsMax = 4;
constexpr uint64_t kAlignmentMax = 1 << 20;
constexpr std::string_view kShapeKey = "comfy.gguf.orig_shape.";
constexpr std::string_view kAlignmentKey = "general.alignment";

enum class ValueType : uint32_t { u8, i8, u16, i16, u32, i32, f32, boolean, text, array, u64, i64, f64 };

/// 0 for those without a fixed size.
uint64_t size_of(ValueType type) {
  switch (type) {
    case ValueType::u8:
    case ValueType::i8:
    case ValueType::boolean:
      return 1;
    case ValueType::u16:
    case ValueType::i16:
      return 2;
    case ValueType::u32:
    case ValueType::i32:
    case ValueType::f32:
      return 4;
    case ValueType::u64:
    case ValueType::i64:
    case ValueType::f64:
      return 8;
    default:
      return 0;
  }
}

std::string real_text(double value) {
  char text[40];
  std::snprintf(text, sizeof text, "%.9g", value);
  return text;
}

std::string number_text(Cursor& in, ValueType type) {
  switch (type) {
    case ValueType::u8:
      return std::to_string(in.u8());
    case ValueType::i8:
      return std::to_string(static_cast<int8_t>(in.u8()));
    case ValueType::u16:
      return std::to_string(in.u16());
    case ValueType::i16:
      return std::to_string(static_cast<int16_t>(in.u16()));
    case ValueType::u32:
      return std::to_string(in.u32());
    case ValueType::i32:
      return std::to_string(static_cast<int32_t>(in.u32()));
    case ValueType::f32:
      return real_text(std::bit_cast<float>(in.u32()));
    case ValueType::boolean:
      return in.u8() != 0 ? "true" : "false";
    case ValueType::u64:
      return std::to_string(in.u64());
    case ValueType::i64:
      return std::to_string(static_cast<int64_t>(in.u64()));
    case ValueType::f64:
      return real_text(std::bit_cast<double>(in.u64()));
    default:
      return {};
  }
}

struct TensorType {
  uint32_t id;
  std::string_view name;
  std::optional<DType> dtype;
};

// enum ggml_type of ggml.h; those without a DType can be named only.
constexpr TensorType kTensorTypes[] = {
    {0, "F32", DType::f32},    {1, "F16", DType::f16},  {2, "Q4_0", {}},           {3, "Q4_1", {}},
    {6, "Q5_0", {}},           {7, "Q5_1", {}},         {8, "Q8_0", DType::q8_0},  {9, "Q8_1", {}},
    {10, "Q2_K", {}},          {11, "Q3_K", {}},        {12, "Q4_K", DType::q4_k}, {13, "Q5_K", DType::q5_k},
    {14, "Q6_K", DType::q6_k}, {15, "Q8_K", {}},        {16, "IQ2_XXS", {}},       {17, "IQ2_XS", {}},
    {18, "IQ3_XXS", {}},       {19, "IQ1_S", {}},       {20, "IQ4_NL", {}},        {21, "IQ3_S", {}},
    {22, "IQ2_S", {}},         {23, "IQ4_XS", {}},      {24, "I8", DType::i8},     {25, "I16", DType::i16},
    {26, "I32", DType::i32},   {27, "I64", DType::i64}, {28, "F64", DType::f64},   {29, "IQ1_M", {}},
    {30, "BF16", DType::bf16}, {34, "TQ1_0", {}},       {35, "TQ2_0", {}},         {39, "MXFP4", {}},
};

class Reader {
 public:
  Reader(ByteSpan file, std::string_view label) : file_(file), in_(file), label_(label) {}

  Result<Contents> read() {
    TROUPE_CHECK_OK(read_head());
    for (uint64_t i = 0; i < keys_; ++i) TROUPE_CHECK_OK(read_key());
    TROUPE_CHECK_OK(read_alignment());
    for (uint64_t i = 0; i < tensors_; ++i) TROUPE_CHECK_OK(read_tensor());
    TROUPE_CHECK_OK(place_tensors());
    if (overlap(contents_.tensors)) return corrupt(label_, "two of its tensors share bytes");
    return std::move(contents_);
  }

 private:
  Error cut_off() const { return corrupt(label_, "its table is cut off or damaged; download it again"); }

  Result<void> read_head() {
    in_.take(4);
    const uint32_t version = in_.u32();
    tensors_ = in_.u64();
    keys_ = in_.u64();
    if (!in_.ok()) return cut_off();
    if (version != 2 && version != 3) {
      const bool swapped = version >= (1u << 24);
      return unsupported(label_,
                         swapped ? "it is a GGUF file of a big-endian machine; convert it to little-endian"
                                 : "GGUF version " + std::to_string(version) +
                                       " is not read; convert the model again, to version 3");
    }
    // What cannot fit into the file is damage; the limits keep the rest reasonable.
    constexpr uint64_t kKeyBytesMin = 8 + 4 + 1, kTensorBytesMin = 8 + 4 + 4 + 8;
    if (keys_ > in_.remaining() / kKeyBytesMin || tensors_ > in_.remaining() / kTensorBytesMin)
      return cut_off();
    if (keys_ > kKeysMax || tensors_ > kTensorsMax)
      return over_limit(label_, "it has more keys or tensors than are read");
    return {};
  }

  Result<std::string> read_text(uint64_t size_bytes_max) {
    const uint64_t size = in_.u64();
    if (!in_.ok() || size > in_.remaining()) return cut_off();
    if (size > size_bytes_max)
      return over_limit(label_, "its table has a text of " + std::to_string(size) + " bytes");
    return std::string(in_.text(size));
  }

  Result<ValueType> read_type() {
    const uint32_t type = in_.u32();
    if (!in_.ok() || type > static_cast<uint32_t>(ValueType::f64)) return cut_off();
    return static_cast<ValueType>(type);
  }

  Result<void> read_key() {
    TROUPE_TRY(const std::string key, read_text(kNameBytesMax));
    TROUPE_TRY(const ValueType type, read_type());
    std::optional<std::string> value;
    if (type == ValueType::array) {
      TROUPE_TRY(value, read_array(key));
    } else if (type == ValueType::text) {
      TROUPE_TRY(value, read_text(kTextBytesMax));
    } else {
      value = number_text(in_, type);
    }
    if (!in_.ok()) return cut_off();
    // The names of arrays that are left out are not remembered: only what can be asked for must be
    // unambiguous.
    if (value && !contents_.metadata.emplace(key, std::move(*value)).second) {
      return corrupt(label_, "its metadata has " + in_quotes(key) + " twice");
    }
    if (key == kAlignmentKey && type != ValueType::u32) return corrupt(label_, "general.alignment is no u32");
    return {};
  }

  /// "1,2,3" where they are few numbers.
  Result<std::optional<std::string>> read_array(const std::string& key) {
    TROUPE_TRY(const ValueType type, read_type());
    const uint64_t count = in_.u64();
    if (!in_.ok()) return cut_off();
    if (type == ValueType::array)
      return unsupported(label_, "its metadata has a list of lists at " + in_quotes(key));
    if (type == ValueType::text) {
      for (uint64_t i = 0; i < count; ++i) {
        const uint64_t size = in_.u64();
        in_.take(size);
        if (!in_.ok()) return cut_off();
      }
      return std::optional<std::string>();
    }
    const uint64_t size = size_of(type);
    if (count > in_.remaining() / size) return cut_off();
    if (count > kListedNumbersMax) {
      in_.take(count * size);
      return std::optional<std::string>();
    }
    std::string text;
    for (uint64_t i = 0; i < count; ++i) text += (i == 0 ? "" : ",") + number_text(in_, type);
    return std::optional(std::move(text));
  }

  Result<void> read_alignment() {
    const auto found = contents_.metadata.find(std::string(kAlignmentKey));
    if (found == contents_.metadata.end()) return {};
    const std::string& text = found->second;
    std::from_chars(text.data(), text.data() + text.size(), alignment_);
    if (!std::has_single_bit(alignment_) || alignment_ > kAlignmentMax) {
      return corrupt(label_, "general.alignment " + in_quotes(text) + " is no power of two up to 2^20");
    }
    return {};
  }

  Result<void> read_tensor() {
    TensorView tensor;
    TROUPE_TRY(tensor.name, read_text(kNameBytesMax));
    const uint32_t dimensions = in_.u32();
    if (!in_.ok()) return cut_off();
    const std::string subject = "tensor " + in_quotes(tensor.name);
    if (dimensions > kGgufDimensionsMax) {
      return corrupt(label_, subject + " has " + std::to_string(dimensions) + " dimensions; GGUF allows 4");
    }
    for (uint32_t i = 0; i < dimensions; ++i) {
      const uint64_t side = in_.u64();
      if (side > static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) return bad_shape(tensor);
      tensor.shape.insert(tensor.shape.begin(), static_cast<int64_t>(side));
    }
    const uint32_t type = in_.u32();
    offsets_.push_back(in_.u64());
    if (!in_.ok()) return cut_off();
    TROUPE_TRY(tensor.dtype, dtype_of(type, subject));
    TROUPE_CHECK_OK(check_rows(tensor));
    TROUPE_CHECK_OK(restore_shape(tensor));
    contents_.tensors.push_back(std::move(tensor));
    return {};
  }

  Error bad_shape(const TensorView& tensor) const {
    return corrupt(label_, "tensor " + in_quotes(tensor.name) + " of shape " + shape_text(tensor.shape) +
                               " can't have values of type " + std::string(name(tensor.dtype)));
  }

  Result<DType> dtype_of(uint32_t id, const std::string& subject) const {
    const auto* const type = std::find_if(std::begin(kTensorTypes), std::end(kTensorTypes),
                                          [&](const TensorType& candidate) { return candidate.id == id; });
    if (type != std::end(kTensorTypes) && type->dtype) return *type->dtype;
    const std::string type_name =
        type != std::end(kTensorTypes) ? std::string(type->name) : "number " + std::to_string(id);
    return unsupported(
        label_, subject + " is of GGML type " + type_name +
                    ", which is not read; take the Q8_0, Q6_K, Q5_K, Q4_K, BF16 or F16 variant of the model");
  }

  /// Blocks of values never cross from one row into the next.
  Result<void> check_rows(const TensorView& tensor) const {
    const int64_t row = tensor.shape.empty() ? 1 : tensor.shape.back();
    if (row % block_of(tensor.dtype).values != 0 || !bytes_of(tensor.dtype, tensor.shape))
      return bad_shape(tensor);
    return {};
  }

  Result<void> restore_shape(TensorView& tensor) const {
    const auto found = contents_.metadata.find(std::string(kShapeKey) + tensor.name);
    if (found == contents_.metadata.end()) return {};
    std::vector<int64_t> shape;
    const char* at = found->second.data();
    const char* const end = at + found->second.size();
    while (at != end && shape.size() <= kDimensionsMax) {
      int64_t side = 0;
      const auto [next, problem] = std::from_chars(at, end, side);
      if (problem != std::errc() || (next != end && *next != ',')) break;
      shape.push_back(side);
      at = next == end ? end : next + 1;
    }
    if (at != end || shape.size() > kDimensionsMax || values_of(shape) != values_of(tensor.shape)) {
      return corrupt(label_, "the original shape " + in_quotes(found->second) + " of tensor " +
                                 in_quotes(tensor.name) + " is not that of its values, " +
                                 shape_text(tensor.shape));
    }
    tensor.shape = std::move(shape);
    return {};
  }

  Result<void> place_tensors() {
    const uint64_t table_end = in_.position();
    const uint64_t begin = (table_end + alignment_ - 1) / alignment_ * alignment_;
    const ByteSpan data = begin > file_.size() ? ByteSpan() : file_.subspan(begin);
    for (size_t i = 0; i < contents_.tensors.size(); ++i) {
      TensorView& tensor = contents_.tensors[i];
      const uint64_t size = bytes_of(tensor.dtype, tensor.shape).value_or(0);
      if (offsets_[i] % alignment_ != 0) {
        return corrupt(label_,
                       "tensor " + in_quotes(tensor.name) + " does not begin at a multiple of the alignment");
      }
      if (offsets_[i] > data.size() || size > data.size() - offsets_[i]) {
        return corrupt(
            label_, "tensor " + in_quotes(tensor.name) +
                        " lies outside the file: it was cut off or its table is damaged; download it again");
      }
      tensor.bytes = data.subspan(offsets_[i], size);
    }
    return {};
  }

  ByteSpan file_;
  Cursor in_;
  std::string_view label_;
  uint64_t keys_ = 0, tensors_ = 0, alignment_ = 32;
  std::vector<uint64_t> offsets_;
  Contents contents_;
};

}  // namespace

Result<Contents> read_gguf(ByteSpan file, std::string_view label) { return Reader(file, label).read(); }

}  // namespace troupe::engine::wan
