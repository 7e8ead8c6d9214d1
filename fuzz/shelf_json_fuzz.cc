// What the shelf of weights reads as JSON: lists of models, its own records, and indices of sharded models,
// which come from strangers. No name leads out of its folder, and a record reads as it was printed.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "engine/shelf/hub.h"
#include "engine/shelf/model_list.h"
#include "engine/shelf/record.h"

namespace {

using namespace troupe;
using namespace troupe::shelf;

void require(bool holds) {
  if (!holds) std::abort();
}

bool is_name(std::string_view text) {
  return !text.empty() && text != "." && text != ".." && text.find('/') == std::string_view::npos &&
         text.find('\0') == std::string_view::npos;
}

void check_record(std::string_view text) {
  const auto record = parse_record(text);
  if (!record) return;
  for (const auto& [id, part] : record->parts) {
    require(is_name(part.folder));
    for (const StoredFile& file : part.files) require(is_name(file.name));
  }
  const auto again = parse_record(print_record(*record));
  require(again && *again == *record);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_record(text);
  if (const auto shards = shards_of_index(text)) {
    for (const std::string& file : *shards) require(is_name(file) && file.ends_with(".safetensors"));
  }
  if (const auto list = ModelList::parse("list", text)) {
    for (const ModelEntry& model : list->models()) {
      require(model.parts.size() == 4);
      for (const Part* part : model.parts) require(is_name(part->id));
    }
  }
  if (const auto range = content_range(text)) require(range->first < range->total);
  return 0;
}
