#include <algorithm>
#include <charconv>

#include "core/json_document.h"
#include "core/json_fields.h"
#include "core/short_text.h"
#include "core/spec_json.h"

namespace troupe {
namespace {

using nlohmann::json;

constexpr uint64_t kExactIntegerMax = uint64_t{1} << 53;  // larger numbers lose digits in most JSON libraries
constexpr float kBoxSlack = 1e-5f;                        // what rounding may push a box over the edge

template <class T>
std::optional<T> kept(Result<T> result, JsonFields& fields, std::string_view key) {
  if (result) return *std::move(result);
  fields.report(result.error().code, result.error().message, key);
  return std::nullopt;
}

// A number as text, so that numbers and texts are read by the same rules; none for other types.
std::optional<std::string> number_or_text(const json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number()) return print_number(value.get<double>());
  return std::nullopt;
}

std::optional<MediaSource> read_source(const JsonValue& item, ErrorList& errors) {
  if (item.value.is_string() && !item.value.get_ref<const std::string&>().empty()) {
    return MediaSource{item.value.get<std::string>()};
  }
  const std::string found = item.value.is_string() ? "empty" : type_name(item.value);
  errors.add(ErrorCode::invalid_argument, "must be a path, a URL or \"upload:ID\", but is " + found,
             item.pointer);
  return std::nullopt;
}

std::optional<MediaSource> source_field(JsonFields& fields, std::string_view key, ErrorList& errors) {
  const auto item = fields.any(key);
  return item ? read_source(*item, errors) : std::nullopt;
}

std::string text_field(JsonFields& fields, std::string_view key) {
  std::string text = fields.text(key).value_or("");
  if (text.size() > kPromptBytesMax) {
    fields.report(ErrorCode::over_limit,
                  "has " + std::to_string(text.size()) + " bytes; at most " +
                      std::to_string(kPromptBytesMax) + " are allowed",
                  key);
  }
  return text;
}

std::optional<MediaTime> duration_field(JsonFields& fields, std::string_view key) {
  const auto item = fields.any(key);
  if (!item) return std::nullopt;
  if (item->value.is_number()) return kept(duration_from_seconds(item->value.get<double>()), fields, key);
  if (item->value.is_string())
    return kept(parse_duration(item->value.get_ref<const std::string&>()), fields, key);
  fields.report(ErrorCode::invalid_argument,
                "must be seconds, like 5 or \"5s\", but is " + type_name(item->value), key);
  return std::nullopt;
}

std::optional<FrameRate> rate_field(JsonFields& fields) {
  const auto item = fields.any("fps");
  if (!item) return std::nullopt;
  if (const auto text = number_or_text(item->value)) return kept(parse_frame_rate(*text), fields, "fps");
  fields.report(ErrorCode::invalid_argument,
                "must be a frame rate, like 24, but is " + type_name(item->value), "fps");
  return std::nullopt;
}

std::optional<uint64_t> seed_value(const json& value) {
  if (value.is_number_unsigned() && value.get<uint64_t>() <= kExactIntegerMax) return value.get<uint64_t>();
  if (value.is_number_float()) {
    const auto number = value.get<double>();
    const bool whole = number >= 0 && number <= static_cast<double>(kExactIntegerMax) &&
                       number == static_cast<double>(static_cast<uint64_t>(number));
    if (whole) return static_cast<uint64_t>(number);
  }
  if (!value.is_string()) return std::nullopt;
  const auto& text = value.get_ref<const std::string&>();
  uint64_t seed = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), seed);
  const bool all = result.ec == std::errc() && result.ptr == text.data() + text.size();
  return all ? std::optional(seed) : std::nullopt;
}

std::optional<uint64_t> seed_field(JsonFields& fields) {
  const auto item = fields.any("seed");
  if (!item) return std::nullopt;
  const auto seed = seed_value(item->value);
  if (!seed) {
    fields.report(
        ErrorCode::invalid_argument,
        "must be a whole number from 0 to 2^53 = 9007199254740992, or a text of digits for up to 2^64 - 1",
        "seed");
  }
  return seed;
}

std::optional<ShotType> shot_type_field(JsonFields& fields) {
  const auto text = fields.text("shot_type");
  if (!text) return std::nullopt;
  for (const ShotType type : {ShotType::single, ShotType::multi}) {
    if (*text == name(type)) return type;
  }
  fields.report(ErrorCode::invalid_argument,
                troupe::quoted(*text) + " is no shot type: write \"single\" or \"multi\"", "shot_type");
  return std::nullopt;
}

std::optional<BoxHint> box_field(JsonFields& fields) {
  const auto item = fields.any("box");
  if (!item) return std::nullopt;
  const auto is_number = [](const json& value) { return value.is_number(); };
  const bool four = item->value.is_array() && item->value.size() == 4 &&
                    std::all_of(item->value.begin(), item->value.end(), is_number);
  if (four) {
    const auto at = [&](size_t i) { return static_cast<float>(item->value[i].get<double>()); };
    BoxHint box{at(0), at(1), at(2), at(3)};
    const auto inside = [](float start, float length) {
      return start >= 0 && length > 0 && start + length <= 1 + kBoxSlack;
    };
    if (inside(box.left, box.width) && inside(box.top, box.height)) {
      box.width = std::min(box.width, 1 - box.left);
      box.height = std::min(box.height, 1 - box.top);
      return box;
    }
  }
  fields.report(
      ErrorCode::invalid_argument,
      "must be [left, top, width, height] in fractions of the picture, inside it, like [0.1, 0, 0.5, 1]",
      "box");
  return std::nullopt;
}

// Which list an entry stands in decides what it may be called.
struct ReferenceList {
  std::string_view key;
  std::string_view source_key;
  std::optional<ReferenceKind> kind;  ///< none: each entry says its own
  bool texts;                         ///< an entry may be a source alone
};
constexpr ReferenceList kReferenceLists[] = {{"references", "source", std::nullopt, true},
                                             {"elements", "frontal", ReferenceKind::element, false},
                                             {"scenes", "source", ReferenceKind::scene, true},
                                             {"images", "source", ReferenceKind::image, true}};

ReferenceKind kind_field(JsonFields& fields) {
  const auto text = fields.text("kind");
  if (!text) return ReferenceKind::image;
  for (const ReferenceKind kind : {ReferenceKind::element, ReferenceKind::scene, ReferenceKind::image}) {
    if (*text == name(kind)) return kind;
  }
  fields.report(ErrorCode::invalid_argument,
                troupe::quoted(*text) + " is no kind: write \"element\", \"scene\" or \"image\"", "kind");
  return ReferenceKind::image;
}

bool names_model(const std::string& text) { return !text.empty() && text.size() <= kModelBytesMax; }
const std::string kModelName =
    "must be the name of a model, 1 to " + std::to_string(kModelBytesMax) + " bytes";

class SpecReader {
 public:
  explicit SpecReader(const json& root) : errors_(kSpecErrorsMax), fields_({root, ""}, errors_) {}

  ParsedSpec read() && {
    read_texts();
    read_shots();
    for (const ReferenceList& list : kReferenceLists) read_references(list);
    spec_.first_frame = source_field(fields_, "first_frame", errors_);
    spec_.last_frame = source_field(fields_, "last_frame", errors_);
    spec_.extend = source_field(fields_, "extend", errors_);
    read_settings();
    fields_.refuse_unknown();
    return {std::move(spec_), std::move(errors_).take()};
  }

 private:
  void read_texts() {
    if (auto model = fields_.text("model")) {
      if (!names_model(*model)) fields_.report(ErrorCode::invalid_argument, kModelName, "model");
      spec_.model = *std::move(model);
    }
    for (const JsonValue& item : fields_.list("fallback_models", kFallbackModelsMax)) {
      const auto* const model = item.value.get_ptr<const std::string*>();
      if (model != nullptr && names_model(*model))
        spec_.fallback_models.push_back(*model);
      else
        errors_.add(ErrorCode::invalid_argument, kModelName, item.pointer);
    }
    spec_.prompt = text_field(fields_, "prompt");
    spec_.negative_prompt = text_field(fields_, "negative_prompt");
  }

  void read_shots() {
    for (const JsonValue& item : fields_.list("shots", kShotsMax)) {
      JsonFields shot(item, errors_);
      spec_.shots.push_back({text_field(shot, "prompt"), duration_field(shot, "duration")});
      shot.refuse_unknown();
    }
    if (!spec_.shots.empty() && !spec_.prompt.empty()) {
      fields_.report(ErrorCode::invalid_argument,
                     "give a prompt or shots, not both: put the text into the shots' prompts", "prompt");
    }
  }

  void read_references(const ReferenceList& list) {
    for (const JsonValue& item : fields_.list(list.key, static_cast<size_t>(kReferencesMax))) {
      if (spec_.references.size() == static_cast<size_t>(kReferencesMax)) {
        fields_.report(ErrorCode::over_limit,
                       "more than " + std::to_string(kReferencesMax) + " references in all", list.key);
        return;
      }
      spec_.references.push_back(list.texts && item.value.is_string() ? plain_reference(list, item)
                                                                      : reference(list, item));
    }
  }

  Reference plain_reference(const ReferenceList& list, const JsonValue& item) {
    Reference plain;
    plain.kind = list.kind.value_or(ReferenceKind::image);
    plain.source = read_source(item, errors_).value_or(MediaSource{});
    return plain;
  }

  Reference reference(const ReferenceList& list, const JsonValue& item) {
    JsonFields fields(item, errors_);
    Reference read;
    read.kind = list.kind ? *list.kind : kind_field(fields);
    read.name = fields.text("name").value_or("");
    read.source = source_field(fields, list.source_key, errors_).value_or(MediaSource{});
    // Asked for in a list of elements only, so that a scene with angles is told that the field is unknown.
    if (!list.kind || read.kind == ReferenceKind::element) read_element(fields, read);
    read.box = box_field(fields);
    if (item.value.is_object() && !fields.has(list.source_key) && !fields.has("clip")) {
      const std::string or_clip = read.kind == ReferenceKind::element ? " or a clip" : "";
      fields.report(ErrorCode::invalid_argument, "is missing: give the picture" + or_clip, list.source_key);
    }
    fields.refuse_unknown();
    return read;
  }

  void read_element(JsonFields& fields, Reference& read) {
    for (const JsonValue& angle : fields.list("angles", static_cast<size_t>(kAnglesMax))) {
      if (auto source = read_source(angle, errors_)) read.angles.push_back(*std::move(source));
    }
    read.clip = source_field(fields, "clip", errors_);
    if (!read.angles.empty() && read.clip) {
      fields.report(ErrorCode::invalid_argument, "give angles or a clip, not both", "clip");
    }
    if (read.kind == ReferenceKind::element) return;
    for (const std::string_view key : {"angles", "clip"}) {
      if (fields.has(key)) fields.report(ErrorCode::invalid_argument, "only an element may have this", key);
    }
  }

  void read_settings() {
    spec_.duration = duration_field(fields_, "duration");
    if (const auto text = fields_.text("aspect_ratio")) {
      spec_.aspect_ratio = kept(parse_aspect_ratio(*text), fields_, "aspect_ratio");
    }
    if (const auto text = fields_.text("resolution")) {
      spec_.resolution = kept(parse_resolution(*text), fields_, "resolution");
    }
    spec_.fps = rate_field(fields_);
    spec_.audio = fields_.boolean("audio");
    spec_.seed = seed_field(fields_);
    spec_.count = fields_.integer("count", 1, kCountMax).value_or(1);
    spec_.shot_type = shot_type_field(fields_);
  }

  ErrorList errors_;
  JsonFields fields_;
  GenerationSpec spec_;
};

}  // namespace

ParsedSpec parse_spec(std::string_view text, size_t size_bytes_max) {
  JsonDocument document = parse_json(text, size_bytes_max, kSpecJsonDepthMax);
  if (!document.errors.empty()) return {{}, std::move(document.errors)};
  return SpecReader(document.root).read();
}

}  // namespace troupe
