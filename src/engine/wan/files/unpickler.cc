#include "engine/wan/files/unpickler.h"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <optional>
#include <utility>

#include "engine/wan/files/cursor.h"

namespace troupe::engine::wan {
namespace {

constexpr uint64_t kPickleBytesMax = 32 << 20;
constexpr size_t kValuesMax = 2'000'000;

struct KnownName {
  std::string_view module, name;
  PickleValue value;
};

const std::array<KnownName, 13>& known_names() {
  static const std::array<KnownName, 13> names = {{
      {"collections", "OrderedDict", Known::ordered_dict},
      {"torch._utils", "_rebuild_tensor_v2", Known::rebuild_tensor},
      {"torch._utils", "_rebuild_parameter", Known::rebuild_parameter},
      {"torch", "FloatStorage", StorageClass{DType::f32}},
      {"torch", "HalfStorage", StorageClass{DType::f16}},
      {"torch", "BFloat16Storage", StorageClass{DType::bf16}},
      {"torch", "DoubleStorage", StorageClass{DType::f64}},
      {"torch", "LongStorage", StorageClass{DType::i64}},
      {"torch", "IntStorage", StorageClass{DType::i32}},
      {"torch", "ShortStorage", StorageClass{DType::i16}},
      {"torch", "CharStorage", StorageClass{DType::i8}},
      {"torch", "ByteStorage", StorageClass{DType::u8}},
      {"torch", "BoolStorage", StorageClass{DType::boolean}},
  }};
  return names;
}

// pickletools.py of CPython has the meaning of each.
enum Op : uint8_t {
  kMark = '(',
  kStop = '.',
  kPop = '0',
  kPopMark = '1',
  kBinFloat = 'G',
  kBinInt = 'J',
  kBinInt1 = 'K',
  kBinInt2 = 'M',
  kNone = 'N',
  kBinPersId = 'Q',
  kReduce = 'R',
  kBinUnicode = 'X',
  kAppend = 'a',
  kBuild = 'b',
  kGlobal = 'c',
  kAppends = 'e',
  kBinGet = 'h',
  kLongBinGet = 'j',
  kBinPut = 'q',
  kLongBinPut = 'r',
  kSetItem = 's',
  kTuple = 't',
  kSetItems = 'u',
  kEmptyDict = '}',
  kEmptyList = ']',
  kEmptyTuple = ')',
  kProto = 0x80,
  kTuple1 = 0x85,
  kTuple2 = 0x86,
  kTuple3 = 0x87,
  kNewTrue = 0x88,
  kNewFalse = 0x89,
  kLong1 = 0x8A,
  kShortBinUnicode = 0x8C,
  kBinUnicode8 = 0x8D,
  kStackGlobal = 0x93,
  kMemoize = 0x94,
  kFrame = 0x95,
};

class Machine {
 public:
  Machine(ByteSpan bytes, std::string_view label) : in_(bytes), label_(label) {}

  Result<Pickle> run() {
    while (true) {
      const uint8_t op = in_.u8();
      if (!in_.ok()) return damaged();
      if (op == kStop) break;
      TROUPE_CHECK_OK(step(op));
      if (!in_.ok()) return damaged();
      if (std::max({pickle_.values.size(), stack_.size(), marks_.size()}) > kValuesMax) {
        return over_limit(label_, "its pickle has more values than any state dict");
      }
    }
    if (stack_.size() != 1 || !marks_.empty()) return damaged();
    pickle_.root = stack_.back();
    return std::move(pickle_);
  }

 private:
  Error damaged() const { return corrupt(label_, "its pickle is cut off or damaged; download it again"); }

  Error refuse(const std::string& what) const {
    return unsupported(
        label_, "its pickle " + what +
                    ", which is not read; nothing of it was run. Only files of plain tensors are read: "
                    "take a safetensors version of the model");
  }

  Result<void> step(uint8_t op) {
    switch (op) {
      case kProto:
        return in_.u8() <= 5 ? Result<void>() : refuse("is of a later protocol than 5");
      case kFrame:
        return in_.take(8), Result<void>();
      case kMark:
        return marks_.push_back(stack_.size()), Result<void>();
      case kPop:
        return pop_one();
      case kPopMark:
        return drop_marked();
      case kGlobal:
        return global();
      case kStackGlobal:
        return stack_global();
      case kReduce:
        return reduce();
      case kBuild:
        return build();
      case kBinPersId:
        return storage();
      case kAppend:
      case kAppends:
        return append(op == kAppend);
      case kSetItem:
      case kSetItems:
        return set_items(op == kSetItem);
      case kBinGet:
        return get(in_.u8());
      case kLongBinGet:
        return get(in_.u32());
      case kBinPut:
        return put(in_.u8());
      case kLongBinPut:
        return put(in_.u32());
      case kMemoize:
        return put(memo_.size());
      default:
        return push_literal(op);
    }
  }

  Result<void> push_literal(uint8_t op) {
    switch (op) {
      case kNone:
        return push(None{});
      case kNewTrue:
        return push(true);
      case kNewFalse:
        return push(false);
      case kBinInt:
        return push(int64_t{static_cast<int32_t>(in_.u32())});
      case kBinInt1:
        return push(int64_t{in_.u8()});
      case kBinInt2:
        return push(int64_t{in_.u16()});
      case kLong1:
        return push_long();
      case kBinFloat:
        return push_float();
      case kShortBinUnicode:
        return push(in_.text(in_.u8()));
      case kBinUnicode:
        return push(in_.text(in_.u32()));
      case kBinUnicode8:
        return push(in_.text(in_.u64()));
      case kEmptyList:
        return push(List{});
      case kEmptyDict:
        return push(Dict{});
      case kEmptyTuple:
        return push(Tuple{});
      case kTuple:
        return push_marked_tuple();
      case kTuple1:
      case kTuple2:
      case kTuple3:
        return push_tuple(op - kTuple1 + 1u);
      default:
        return refuse("has the instruction " + std::to_string(op));
    }
  }

  // What lies above the last mark is the operand of that mark's instruction, and of no other.
  size_t available() const { return stack_.size() - (marks_.empty() ? 0 : marks_.back()); }

  Result<void> push(PickleValue value) {
    stack_.push_back(static_cast<ValueId>(pickle_.values.size()));
    pickle_.values.push_back(std::move(value));
    return {};
  }

  std::optional<ValueId> pop() {
    if (available() == 0) return std::nullopt;
    const ValueId id = stack_.back();
    stack_.pop_back();
    return id;
  }

  std::vector<ValueId> pop_many(size_t count) {
    std::vector<ValueId> items(stack_.end() - static_cast<ptrdiff_t>(count), stack_.end());
    stack_.resize(stack_.size() - count);
    return items;
  }

  std::optional<std::vector<ValueId>> pop_marked() {
    if (marks_.empty()) return std::nullopt;
    std::vector<ValueId> items = pop_many(available());
    marks_.pop_back();
    return items;
  }

  Result<void> pop_one() { return pop() ? Result<void>() : damaged(); }
  Result<void> drop_marked() { return pop_marked() ? Result<void>() : damaged(); }

  Result<void> push_tuple(size_t count) {
    if (available() < count) return damaged();
    return push(Tuple{pop_many(count)});
  }

  Result<void> push_marked_tuple() {
    auto items = pop_marked();
    return items ? push(Tuple{std::move(*items)}) : damaged();
  }

  Result<void> push_long() {
    const uint8_t size = in_.u8();
    if (size > 8) return refuse("has a number of more than 64 bits");
    uint64_t value = 0;
    bool negative = false;
    for (int i = 0; i < size; ++i) {
      const uint64_t byte = in_.u8();
      value |= byte << (8 * i);
      negative = byte >= 0x80;
    }
    if (negative && size < 8) value |= ~uint64_t{0} << (8 * size);
    return push(static_cast<int64_t>(value));
  }

  // The only number of a pickle that is big-endian.
  Result<void> push_float() {
    uint64_t bits = 0;
    for (int i = 0; i < 8; ++i) bits = bits << 8 | in_.u8();
    return push(std::bit_cast<double>(bits));
  }

  Result<void> get(uint64_t at) {
    if (at >= memo_.size() || !memo_[at]) return damaged();
    stack_.push_back(*memo_[at]);
    return {};
  }

  Result<void> put(uint64_t at) {
    if (available() == 0 || at >= kValuesMax) return damaged();
    if (at >= memo_.size()) memo_.resize(at + 1);
    memo_[at] = stack_.back();
    return {};
  }

  Result<void> push_global(std::string_view module, std::string_view name) {
    for (const KnownName& known : known_names()) {
      if (known.module == module && known.name == name) return push(known.value);
    }
    return refuse("asks for " + in_quotes(std::string(module) + "." + std::string(name)));
  }

  Result<void> global() {
    TROUPE_TRY(const std::string_view module, line());
    TROUPE_TRY(const std::string_view name, line());
    return push_global(module, name);
  }

  Result<std::string_view> line() {
    constexpr uint64_t kLineBytesMax = 1024;
    Cursor ahead = in_;
    uint64_t size = 0;
    while (ahead.u8() != '\n') {
      if (!ahead.ok() || ++size > kLineBytesMax) return damaged();
    }
    const std::string_view text = in_.text(size);
    in_.take(1);
    return text;
  }

  Result<void> stack_global() {
    if (available() < 2) return damaged();
    const std::vector<ValueId> names = pop_many(2);
    const auto* const module = pickle_.as<std::string_view>(names[0]);
    const auto* const name = pickle_.as<std::string_view>(names[1]);
    return module && name ? push_global(*module, *name) : damaged();
  }

  Result<void> append(bool one) {
    if (one && available() < 2) return damaged();
    const auto items = one ? std::optional(pop_many(1)) : pop_marked();
    if (!items || available() == 0) return damaged();
    auto* const list = std::get_if<List>(&pickle_.values[stack_.back()]);
    if (!list) return damaged();
    list->items.insert(list->items.end(), items->begin(), items->end());
    return {};
  }

  Result<void> set_items(bool one) {
    if (one && available() < 3) return damaged();
    const auto items = one ? std::optional(pop_many(2)) : pop_marked();
    if (!items || items->size() % 2 != 0 || available() == 0) return damaged();
    auto* const dict = std::get_if<Dict>(&pickle_.values[stack_.back()]);
    if (!dict) return damaged();
    for (size_t i = 0; i < items->size(); i += 2) dict->items.emplace_back((*items)[i], (*items)[i + 1]);
    return {};
  }

  /// Sets an object's attributes: the `_metadata` that Module.state_dict() hangs on its OrderedDict.
  Result<void> build() {
    if (available() < 2) return damaged();
    stack_.pop_back();
    if (!pickle_.as<Dict>(stack_.back())) return refuse("sets attributes of something else than a dict");
    return {};
  }

  Result<void> reduce() {
    if (available() < 2) return damaged();
    const std::vector<ValueId> call = pop_many(2);
    const auto* const known = pickle_.as<Known>(call[0]);
    const auto* const arguments = pickle_.as<Tuple>(call[1]);
    if (!known || !arguments) return refuse("calls something that is no function of torch's tensors");
    switch (*known) {
      case Known::ordered_dict:
        if (!arguments->items.empty()) return refuse("makes an OrderedDict in an unusual way");
        return push(Dict{});
      case Known::rebuild_tensor:
        return rebuild_tensor(arguments->items);
      case Known::rebuild_parameter:
        break;
    }
    if (arguments->items.empty() || !pickle_.as<Tensor>(arguments->items[0])) return damaged();
    stack_.push_back(arguments->items[0]);
    return {};
  }

  /// (storage, offset, shape, strides, requires_grad, hooks): what follows the strides does not concern the
  /// values.
  Result<void> rebuild_tensor(const std::vector<ValueId>& arguments) {
    if (arguments.size() < 4 || !pickle_.as<Storage>(arguments[0])) return damaged();
    Tensor tensor;
    tensor.storage = arguments[0];
    const auto* const offset = pickle_.as<int64_t>(arguments[1]);
    if (!offset || !read_sides(arguments[2], tensor.shape) || !read_sides(arguments[3], tensor.strides) ||
        tensor.shape.size() != tensor.strides.size()) {
      return damaged();
    }
    tensor.offset = *offset;
    return push(std::move(tensor));
  }

  bool read_sides(ValueId id, std::vector<int64_t>& sides) const {
    const auto* const tuple = pickle_.as<Tuple>(id);
    if (!tuple || tuple->items.size() > kDimensionsMax) return false;
    for (const ValueId item : tuple->items) {
      const auto* const side = pickle_.as<int64_t>(item);
      if (!side || *side < 0) return false;
      sides.push_back(*side);
    }
    return true;
  }

  /// ('storage', class, key, device, number of values).
  Result<void> storage() {
    const auto id = pop();
    const auto* const tuple = id ? pickle_.as<Tuple>(*id) : nullptr;
    if (!tuple || tuple->items.size() != 5) return damaged();
    const auto* const kind = pickle_.as<std::string_view>(tuple->items[0]);
    const auto* const type = pickle_.as<StorageClass>(tuple->items[1]);
    const auto* const key = pickle_.as<std::string_view>(tuple->items[2]);
    const auto* const values = pickle_.as<int64_t>(tuple->items[4]);
    if (!kind || *kind != "storage" || !type || !key || !values || *values < 0) return damaged();
    return push(Storage{type->dtype, *key, *values});
  }

  Cursor in_;
  std::string_view label_;
  Pickle pickle_;
  std::vector<ValueId> stack_;
  std::vector<size_t> marks_;
  std::vector<std::optional<ValueId>> memo_;
};

}  // namespace

Result<Pickle> unpickle(ByteSpan bytes, std::string_view label) {
  if (bytes.size() > kPickleBytesMax)
    return over_limit(label, "its pickle is larger than that of any state dict");
  return Machine(bytes, label).run();
}

}  // namespace troupe::engine::wan
