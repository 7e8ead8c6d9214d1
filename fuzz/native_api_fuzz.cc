// Bodies and cursors from strangers: read or refused with a reason, and what is read keeps its promises.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "api/native/wire.h"
#include "base/utf8.h"
#include "core/spec_json.h"

namespace {

namespace native = troupe::api::native;

void require(bool condition) {
  if (!condition) std::abort();
}

/// What every parser promises: an error exactly if there is no value, the first of all, in words.
template <class T>
bool read(const troupe::Result<T>& result, const std::vector<troupe::Error>& all) {
  require(result.has_value() == all.empty());
  for (const troupe::Error& error : all)
    require(!error.message.empty() && troupe::is_utf8(error.message) && troupe::is_utf8(error.field));
  if (!result) {
    require(result.error() == all.front());
    require(troupe::is_utf8(native::print_problem(troupe::api::problem_of(all))));
  }
  return result.has_value();
}

void submission(std::string_view json) {
  std::vector<troupe::Error> all;
  const auto result = native::parse_submission(json, &all);
  if (!read(result, all)) return;
  require(result->lane >= -1 && result->lane <= 1);
  require(result->metadata_json.size() <= troupe::api::kMetadataBytesMax);
  require(result->webhook_url.size() <= troupe::api::kUrlBytesMax);
  if (result->fields.in_body("/prompt") != "/spec/prompt")
    require(troupe::parse_spec(json).spec == result->spec);
  // What was kept as it was given is still an object when it is given back.
  troupe::Job job;
  job.metadata_json = result->metadata_json;
  const bool given = native::print_job(job, {}).find("\"metadata\": null") == std::string::npos;
  require(given == !result->metadata_json.empty());
}

void element(std::string_view json) {
  std::vector<troupe::Error> all;
  const auto result = native::parse_element(json, &all);
  if (!read(result, all)) return;
  troupe::Element fresh;
  fresh.version = 0;
  const auto changed = native::apply(*result, fresh);
  if (changed) require(changed->version == 1 && !changed->name.empty());
}

void endpoint(std::string_view json) {
  std::vector<troupe::Error> all;
  const auto result = native::parse_endpoint(json, &all);
  if (read(result, all))
    require(!result->url.empty() && result->events.size() <= native::event_types().size());
}

void upload(std::string_view json) {
  std::vector<troupe::Error> all;
  const auto result = native::parse_upload_start(json, &all);
  if (read(result, all)) require(result->size_bytes > 0 && result->size_bytes <= native::kUploadBytesMax);
}

void provider(std::string_view json) {
  std::vector<troupe::Error> all;
  const auto result = native::parse_provider(json, &all);
  if (read(result, all)) require(result->key.value_or("").size() <= troupe::kProviderKeyBytesMax);
}

void promotion(std::string_view json) {
  std::vector<troupe::Error> all;
  const auto result = native::parse_promotion(json, &all);
  if (read(result, all)) require(!result->model.empty());
}

void cursor(std::string_view text) {
  for (const std::string_view prefix : {"job", ""}) {
    const auto id = native::read_cursor(text, prefix);
    if (id) require(native::make_cursor(*id) == text);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  submission(text);
  element(text);
  endpoint(text);
  upload(text);
  provider(text);
  promotion(text);
  cursor(text);
  return 0;
}
