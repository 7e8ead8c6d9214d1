// What a torch pickle says, without running it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/wan/files/contents.h"

namespace troupe::engine::wan {

/// Index of a value in Pickle::values. Values refer to each other by it, so that any graph, also one with
/// cycles, is plain memory of a size that the pickle's length bounds.
using ValueId = uint32_t;

/// The names that a pickle may use. Each stands for one meaning here; none is looked up or called.
enum class Known { ordered_dict, rebuild_tensor, rebuild_parameter };

struct StorageClass {
  DType dtype;
};
/// Raw values: an entry of the archive.
struct Storage {
  DType dtype = DType::f32;
  std::string_view key;  ///< names the entry: "data/KEY"
  int64_t values = 0;
};
struct Tensor {
  ValueId storage = 0;
  int64_t offset = 0;  ///< in values, as the strides
  std::vector<int64_t> shape, strides;
};
struct Tuple {
  std::vector<ValueId> items;
};
struct List {
  std::vector<ValueId> items;
};
struct Dict {
  std::vector<std::pair<ValueId, ValueId>>
      items;  ///< in order; a key may be there twice, the last one counts
};
struct None {};

using PickleValue = std::variant<None, bool, int64_t, double, std::string_view, Known, StorageClass, Storage,
                                 Tensor, Tuple, List, Dict>;

struct Pickle {
  std::vector<PickleValue> values;
  ValueId root = 0;

  template <class T>
  const T* as(ValueId id) const {
    return std::get_if<T>(&values[id]);
  }
};

/// Reads a pickle of protocols 2 to 5 as torch.save writes it for state dicts: dicts, lists, tuples, texts,
/// numbers, `collections.OrderedDict`, `torch._utils._rebuild_tensor_v2` and `_rebuild_parameter`, and the
/// storages `torch.FloatStorage` … that DType has. Texts point into `bytes`. Attributes of an OrderedDict are
/// dropped. Errors: unsupported (any other name or instruction; the message has the name and says that
/// nothing was run), corrupt_input, over_limit (more than 32 MiB or 2 million values).
Result<Pickle> unpickle(ByteSpan bytes, std::string_view label);

}  // namespace troupe::engine::wan
