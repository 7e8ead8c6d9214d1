#include "engine/shelf/record.h"

#include <nlohmann/json.hpp>
#include <system_error>

#include "base/bytes.h"
#include "core/json_document.h"
#include "core/json_fields.h"
#include "engine/shelf/disk.h"
#include "engine/shelf/model_list.h"

namespace troupe::shelf {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr size_t kRecordBytesMax = 1 << 20;
constexpr int kRecordDepthMax = 8;
constexpr size_t kStoredFilesMax = 1000;
constexpr int kVersion = 1;

fs::path record_file(const fs::path& shelf, const std::string& model) {
  return shelf / "models" / (model + ".json");
}

bool is_file_name(std::string_view text) {
  return is_plain_path(text) && text.find('/') == std::string_view::npos;
}

StoredFile read_file_entry(const JsonValue& value, ErrorList& errors) {
  JsonFields fields(value, errors);
  StoredFile file;
  file.name = fields.text("name").value_or("");
  if (!is_file_name(file.name)) fields.report(ErrorCode::invalid_argument, "must be a file's name", "name");
  const auto size = fields.any("size_bytes");
  if (size && size->value.is_number_unsigned())
    file.size_bytes = size->value.get<uint64_t>();
  else
    fields.report(ErrorCode::invalid_argument, "must be a whole number", "size_bytes");
  file.sha256 = fields.text("sha256").value_or("");
  return file;
}

StoredPart read_part_entry(const JsonValue& value, ErrorList& errors) {
  JsonFields fields(value, errors);
  StoredPart part;
  part.folder = fields.text("folder").value_or("");
  if (!is_file_name(part.folder))
    fields.report(ErrorCode::invalid_argument, "must be a folder's name", "folder");
  for (const JsonValue& file : fields.list("files", kStoredFilesMax))
    part.files.push_back(read_file_entry(file, errors));
  if (part.files.empty()) fields.report(ErrorCode::invalid_argument, "must not be empty", "files");
  return part;
}

}  // namespace

std::string print_record(const Record& record) {
  Json json = {
      {"version", kVersion}, {"licence_accepted", record.licence_accepted}, {"parts", Json::object()}};
  for (const auto& [id, part] : record.parts) {
    Json files = Json::array();
    for (const StoredFile& file : part.files) {
      Json one = {{"name", file.name}, {"size_bytes", file.size_bytes}};
      if (!file.sha256.empty()) one["sha256"] = file.sha256;
      files.push_back(std::move(one));
    }
    json["parts"][id] = {{"folder", part.folder}, {"files", std::move(files)}};
  }
  return json.dump(2) + "\n";
}

Result<Record> parse_record(std::string_view text) {
  const JsonDocument document = parse_json(text, kRecordBytesMax, kRecordDepthMax);
  if (!document.errors.empty()) return document.errors.front();
  ErrorList errors(1);
  JsonFields fields({document.root, ""}, errors);
  Record record;
  if (fields.integer("version", 1, 1'000'000) != kVersion)
    fields.report(ErrorCode::unsupported, "was written by another version of this program", "version");
  record.licence_accepted = fields.boolean("licence_accepted").value_or(false);
  if (const auto parts = fields.any("parts"); parts && parts->value.is_object()) {
    for (const auto& [id, part] : parts->value.items())
      record.parts[id] = read_part_entry({part, json_pointer("/parts", id)}, errors);
  }
  const std::vector<Error> found = std::move(errors).take();
  if (!found.empty()) return found.front();
  return record;
}

Result<Record> read_record(const fs::path& shelf, const std::string& model) {
  const fs::path file = record_file(shelf, model);
  const Result<Bytes> bytes = troupe::read_file(file, kRecordBytesMax);
  if (!bytes && bytes.error().code == ErrorCode::not_found) return Record{};
  if (!bytes) return bytes.error();
  Result<Record> record = parse_record({reinterpret_cast<const char*>(bytes->data()), bytes->size()});
  if (record) return record;
  return make_error(record.error().code, file.string() + " is damaged (" + to_string(record.error()) +
                                             "): delete it, then pull or add the model's weights again.");
}

Result<void> write_record(const fs::path& shelf, const std::string& model, const Record& record) {
  const fs::path file = record_file(shelf, model);
  TROUPE_CHECK_OK(make_folder(file.parent_path()));
  return write_whole(file, print_record(record));
}

Result<bool> delete_record(const fs::path& shelf, const std::string& model) {
  std::error_code error;
  const fs::path file = record_file(shelf, model);
  const bool there = fs::remove(file, error);
  if (error) return disk_error(file, "deleted", error.value());
  if (there) TROUPE_CHECK_OK(sync_folder(file.parent_path()));
  return there;
}

}  // namespace troupe::shelf
