#include "store/object_store.h"

#include <algorithm>

namespace troupe::store {
namespace {

constexpr size_t kIdLength = 64;

}  // namespace

bool is_object_id(std::string_view id) {
  return id.size() == kIdLength && std::all_of(id.begin(), id.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

Result<Bytes> ObjectStore::read(const std::string& id, uint64_t size_bytes_max) {
  TROUPE_TRY(const std::unique_ptr<ObjectReader> reader, open(id));
  if (reader->size_bytes() > size_bytes_max) {
    return make_error(ErrorCode::over_limit, "object " + id + " has " + std::to_string(reader->size_bytes()) +
                                                 " bytes, more than the limit of " +
                                                 std::to_string(size_bytes_max));
  }
  Bytes bytes(static_cast<size_t>(reader->size_bytes()));
  TROUPE_TRY(const size_t got, reader->read_at(0, bytes));
  bytes.resize(got);
  if (sha256_hex(bytes) != id) {
    return make_error(
        ErrorCode::corrupt_input,
        "object " + id + " is damaged: its bytes are not those that were stored; restore it from a backup");
  }
  return bytes;
}

}  // namespace troupe::store
