#include "engine/shelf/list_reader.h"

#include <algorithm>
#include <set>

#include "core/json_document.h"
#include "core/short_text.h"

namespace troupe::shelf {
namespace {

using nlohmann::json;

constexpr size_t kListBytesMax = 1 << 20;
constexpr int kDepthMax = 8;
constexpr int kIndexDepthMax = 4;
constexpr size_t kFilesMax = 200;
constexpr size_t kPartsMax = 16;
constexpr double kFactorMax = 1000;
constexpr int kSideMax = 8192, kFramesMax = 10000;
constexpr size_t kSha256Digits = 64;

template <class Enum, size_t N>
std::optional<Enum> by_name(const std::array<Enum, N>& all, std::string_view text) {
  for (const Enum value : all)
    if (name(value) == text) return value;
  return std::nullopt;
}

constexpr std::array kRoles = {Role::transformer, Role::text_encoder, Role::tokenizer, Role::vae,
                               Role::tiny_vae};
constexpr std::array kFamilies = {Family::t2v, Family::vace, Family::phantom, Family::refalign,
                                  Family::skyreels};

bool is_id_text(std::string_view id) {
  return is_plain_path(id) && id.find('/') == std::string_view::npos && lower_ascii(id) == id;
}

bool is_sha256(std::string_view text) {
  return text.size() == kSha256Digits && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::string step(std::string_view list, std::string_view key) {
  return json_pointer("/" + std::string(list), key);
}

}  // namespace

std::string ListReader::need_text(JsonFields& fields, std::string_view key) {
  auto text = fields.text(key);
  if (!fields.has(key)) fields.report(ErrorCode::invalid_argument, "is missing", key);
  return text.value_or("");
}

int ListReader::need_integer(JsonFields& fields, std::string_view key, int low, int high) {
  const auto value = fields.integer(key, low, high);
  if (!fields.has(key)) fields.report(ErrorCode::invalid_argument, "is missing", key);
  return value.value_or(low);
}

std::optional<double> ListReader::number(JsonFields& fields, std::string_view key) {
  const auto value = fields.any(key);
  if (!value) return std::nullopt;
  if (value->value.is_number() && value->value.get<double>() > 0 && value->value.get<double>() <= kFactorMax)
    return value->value.get<double>();
  fields.report(ErrorCode::invalid_argument, "must be a number above 0 and up to 1000", key);
  return std::nullopt;
}

void ListReader::read_files(Part& part, JsonFields& fields) {
  for (const JsonValue& file : fields.list("files", kFilesMax)) {
    if (file.value.is_string() && is_plain_path(file.value.get_ref<const std::string&>()))
      part.files.push_back(file.value);
    else
      fields.report_at(ErrorCode::invalid_argument, "must be a path in the repository", file.pointer);
  }
  part.index = fields.text("index").value_or("");
  if (!part.index.empty() && !is_plain_path(part.index))
    fields.report(ErrorCode::invalid_argument, "must be a path in the repository", "index");
  if (part.files.empty() == part.index.empty())
    fields.report(ErrorCode::invalid_argument, "must have \"files\" or an \"index\", not both");
}

void ListReader::read_part(const std::string& id, const JsonValue& value) {
  Part part;
  part.id = id;
  JsonFields fields(value, errors_);
  const auto role = by_name(kRoles, need_text(fields, "role"));
  if (!role) fields.report(ErrorCode::invalid_argument, "is no role of a part", "role");
  part.role = role.value_or(Role::transformer);
  part.repository = need_text(fields, "repository");
  if (!is_plain_path(part.repository))
    fields.report(ErrorCode::invalid_argument, "must be OWNER/NAME", "repository");
  read_files(part, fields);
  if (const auto size = fields.any("size_bytes")) {
    if (!size->value.is_number_unsigned())
      fields.report(ErrorCode::invalid_argument, "must be a whole number", "size_bytes");
    else
      part.size_bytes = size->value.get<uint64_t>();
  }
  part.sha256 = fields.text("sha256").value_or("");
  if (!part.sha256.empty() && (!is_sha256(part.sha256) || part.files.size() != 1))
    fields.report(ErrorCode::invalid_argument, "must be 64 hexadecimal digits, of a part of one file",
                  "sha256");
  part.unverified = fields.boolean("unverified").value_or(false);
  if (!is_id_text(id)) fields.report(ErrorCode::invalid_argument, "the part's name must be of [a-z0-9._-]");
  fields.refuse_unknown();
  list_.parts_.push_back(std::move(part));
}

const Part* ListReader::find_part(const JsonValue& value) {
  for (const Part& part : list_.parts_)
    if (value.value.is_string() && value.value == part.id) return &part;
  errors_.add(ErrorCode::invalid_argument, "names no part of this list", value.pointer);
  return nullptr;
}

void ListReader::read_parts_of(ModelEntry& model, JsonFields& fields) {
  for (const JsonValue& value : fields.list("parts", kPartsMax))
    if (const Part* part = find_part(value)) model.parts.push_back(part);
  for (const JsonValue& value : fields.list("optional_parts", kPartsMax))
    if (const Part* part = find_part(value)) model.optional_parts.push_back(part);
  check_roles(model, fields);
}

void ListReader::check_roles(const ModelEntry& model, JsonFields& fields) {
  std::multiset<Role> roles;
  for (const Part* part : model.parts) roles.insert(part->role);
  for (const Role role : {Role::transformer, Role::text_encoder, Role::tokenizer, Role::vae}) {
    if (roles.count(role) == 1) continue;
    fields.report(ErrorCode::invalid_argument, "must name one " + std::string(words(role)), "parts");
  }
  for (const Part* part : model.optional_parts)
    if (part->role != Role::tiny_vae)
      fields.report(ErrorCode::invalid_argument, "only a small decoder may be left out", "optional_parts");
}

void ListReader::read_licence(Licence& licence, const JsonValue& value) {
  JsonFields fields(value, errors_);
  licence.name = need_text(fields, "name");
  licence.note = need_text(fields, "note");
  licence.must_accept = fields.boolean("must_accept").value_or(false);
  fields.refuse_unknown();
}

void ListReader::read_sampling(Sampling& sampling, const JsonValue& value) {
  JsonFields fields(value, errors_);
  sampling.steps = need_integer(fields, "steps", 1, 1000);
  sampling.solver = need_text(fields, "solver");
  constexpr std::array<std::string_view, 3> kSolvers = {"unipc", "flow_match", "unipc_diffusers"};
  if (std::find(kSolvers.begin(), kSolvers.end(), sampling.solver) == kSolvers.end())
    fields.report(ErrorCode::invalid_argument, "must be unipc, flow_match or unipc_diffusers", "solver");
  sampling.shift = number(fields, "shift").value_or(1);
  if (!fields.has("shift")) fields.report(ErrorCode::invalid_argument, "is missing", "shift");
  if (const auto guidance = fields.any("guidance")) {
    JsonFields scales(*guidance, errors_);
    sampling.guidance_text = number(scales, "text");
    sampling.guidance_image = number(scales, "image");
    scales.refuse_unknown();
  }
  if (sampling.guidance_text) sampling.negative_prompt = negative_prompt_;
  sampling.fps = need_integer(fields, "fps", 1, 120);
  sampling.references_max = need_integer(fields, "references_max", 0, 100);
  sampling.width = need_integer(fields, "width", 16, kSideMax);
  sampling.height = need_integer(fields, "height", 16, kSideMax);
  sampling.frames = need_integer(fields, "frames", 1, kFramesMax);
  if (sampling.frames % 4 != 1) fields.report(ErrorCode::invalid_argument, "must be 4n + 1", "frames");
  if (sampling.width % 16 != 0 || sampling.height % 16 != 0)
    fields.report(ErrorCode::invalid_argument, "width and height must be multiples of 16");
  fields.refuse_unknown();
}

void ListReader::read_model(const std::string& id, const JsonValue& value) {
  ModelEntry model;
  model.id = id;
  JsonFields fields(value, errors_);
  if (!is_id_text(id)) fields.report(ErrorCode::invalid_argument, "the model's name must be of [a-z0-9._-]");
  const auto family = by_name(kFamilies, need_text(fields, "family"));
  if (!family) fields.report(ErrorCode::invalid_argument, "is no family of models", "family");
  model.family = family.value_or(Family::t2v);
  model.size = need_text(fields, "size");
  if (model.size != "1.3b" && model.size != "14b")
    fields.report(ErrorCode::invalid_argument, "must be 1.3b or 14b", "size");
  for (const std::string_view key : {"licence", "sampling"})
    if (!fields.has(key)) fields.report(ErrorCode::invalid_argument, "is missing", key);
  if (const auto licence = fields.any("licence")) read_licence(model.licence, *licence);
  read_parts_of(model, fields);
  if (const auto sampling = fields.any("sampling")) read_sampling(model.sampling, *sampling);
  fields.refuse_unknown();
  list_.models_.push_back(std::move(model));
}

Result<ModelList> ListReader::read(std::string_view text) {
  const JsonDocument document = parse_json(text, kListBytesMax, kDepthMax);
  for (const Error& error : document.errors) errors_.add(error.code, error.message, error.field);
  if (document.errors.empty()) {
    JsonFields fields({document.root, ""}, errors_);
    negative_prompt_ = need_text(fields, "negative_prompt");
    const auto parts = fields.any("parts"), models = fields.any("models");
    if (parts && parts->value.is_object() && models && models->value.is_object()) {
      list_.parts_.reserve(parts->value.size());
      for (const auto& [id, value] : parts->value.items()) read_part(id, {value, step("parts", id)});
      for (const auto& [id, value] : models->value.items()) read_model(id, {value, step("models", id)});
    } else {
      fields.report(ErrorCode::invalid_argument, "must have the objects \"parts\" and \"models\"");
    }
    fields.refuse_unknown();
  }
  const std::vector<Error> errors = std::move(errors_).take();
  if (errors.empty()) return std::move(list_);
  const Error& first = errors.front();
  return make_error(first.code,
                    label_ + (first.field.empty() ? "" : ", " + first.field) + ": " + first.message);
}

Result<std::vector<std::string>> shards_of_index(std::string_view text) {
  const JsonDocument document = parse_json(text, kIndexBytesMax, kIndexDepthMax);
  const auto refuse = [](const std::string& why) {
    return make_error(ErrorCode::corrupt_input, "the model's index can't be used: " + why + ".");
  };
  if (!document.errors.empty()) return refuse(document.errors.front().message);
  const auto map = document.root.is_object() ? document.root.find("weight_map") : document.root.end();
  if (map == document.root.end() || !map->is_object() || map->empty())
    return refuse("it has no \"weight_map\"");
  std::set<std::string> files;
  for (const auto& [tensor, file] : map->items()) {
    const std::string* const path = file.get_ptr<const std::string*>();
    if (path == nullptr || !is_plain_path(*path) || path->find('/') != std::string::npos ||
        !path->ends_with(".safetensors"))
      return refuse("it names what is no file beside it for the tensor " + troupe::quoted(tensor));
    files.insert(*path);
    if (files.size() > kFilesMax)
      return make_error(ErrorCode::over_limit, "the model's index names more than 200 files.");
  }
  return std::vector<std::string>(files.begin(), files.end());
}

}  // namespace troupe::shelf
