#include "api/body.h"
#include "api/native/printing.h"

namespace troupe::api::native {
namespace {

Json upload_json(const Upload& upload, std::optional<uint64_t> offset, const Links& links) {
  const bool complete = !upload.object.empty();
  if (complete) offset = upload.size_bytes;
  return {{"object", "upload"},
          {"id", upload.id},
          {"complete", complete},
          {"source", "upload:" + upload.id},
          {"name", text_or_null(upload.name)},
          {"media_type", text_or_null(upload.media_type)},
          {"size_bytes", upload.size_bytes},
          {"offset", offset ? Json(*offset) : Json()},
          {"sha256", text_or_null(upload.object)},
          {"created_at", time_json(upload.created)},
          {"links", {{"self", links.base_url + "/v1/uploads/" + upload.id}}}};
}

/// A whole number in [1, kUploadBytesMax]; more than an int holds, less than a double loses digits of.
uint64_t size_field(JsonFields& fields) {
  const auto item = fields.any("size_bytes");
  require(fields, "size_bytes", "the size of the whole file in bytes");
  if (!item) return 0;
  const double number = item->value.is_number() ? item->value.get<double>() : 0;
  const bool fits = number >= 1 && number <= static_cast<double>(kUploadBytesMax);
  if (fits && number == static_cast<double>(static_cast<uint64_t>(number)))
    return static_cast<uint64_t>(number);
  fields.report(
      number > static_cast<double>(kUploadBytesMax) ? ErrorCode::over_limit : ErrorCode::invalid_argument,
      "must be a whole number of bytes from 1 to " + std::to_string(kUploadBytesMax), "size_bytes");
  return 0;
}

}  // namespace

Result<UploadStart> parse_upload_start(std::string_view json, std::vector<Error>* all) {
  return read_small_body<UploadStart>(json, all, [](SmallBody& body) {
    const uint64_t size_bytes = size_field(body.fields);
    return UploadStart{size_bytes, bounded_text(body.fields, "name", kFileNameBytesMax).value_or("")};
  });
}

std::string print_upload(const Upload& upload, uint64_t offset, const Links& links) {
  return print_answer(upload_json(upload, offset, links));
}

std::string print_uploads(std::span<const Upload> uploads, const std::string& next_cursor,
                          const Links& links) {
  const auto print = [&](const Upload& upload) { return upload_json(upload, std::nullopt, links); };
  return print_answer(list_json(all_of(uploads, print), next_cursor));
}

}  // namespace troupe::api::native
