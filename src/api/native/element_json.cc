#include <limits>

#include "api/body.h"
#include "api/native/printing.h"
#include "base/ids.h"
#include "core/generation_spec.h"
#include "core/reference_name.h"
#include "core/short_text.h"

namespace troupe::api::native {
namespace {

Json element_json(const Element& element, const Links& links) {
  const std::string self = links.base_url + "/v1/elements/" + element.id;
  return {{"object", "element"},
          {"id", element.id},
          {"name", element.name},
          {"tag", "@" + element.name},
          {"version", element.version},
          {"frontal", text_or_null(element.frontal)},
          {"angles", element.angles},
          {"clip", text_or_null(element.clip)},
          {"description", element.description},
          {"created_at", time_json(element.created)},
          {"updated_at", time_json(element.updated)},
          {"links", {{"self", self}}}};
}

/// "upl_…" or, as in a spec, "upload:upl_…".
Result<std::string> upload_id(const nlohmann::json& value) {
  constexpr std::string_view kScheme = "upload:";
  if (!value.is_string())
    return make_error(ErrorCode::invalid_argument, "must be an upload's id, but is " + type_name(value));
  std::string id = value.get<std::string>();
  if (id.starts_with(kScheme)) id.erase(0, kScheme.size());
  if (is_id(id, "upl")) return id;
  return make_error(
      ErrorCode::invalid_argument,
      troupe::quoted(id) + " is no upload's id: send the file to /v1/uploads and give the answer's id");
}

/// Reads one change. A field that is given as null empties what it names, one that is absent leaves it.
class ChangeReader {
 public:
  explicit ChangeReader(SmallBody& body) : root_(body.root), errors_(body.errors), fields_(body.fields) {}

  ElementChange read() {
    ElementChange change;
    change.name = name();
    change.frontal = upload("frontal");
    change.angles = angles();
    change.clip = upload("clip");
    change.description = bounded_text(fields_, "description", kDescriptionBytesMax);
    if (is_null("description")) change.description = "";
    change.version = fields_.integer("version", 1, std::numeric_limits<int>::max());
    return change;
  }

 private:
  bool is_null(std::string_view key) const {
    const auto found = root_.find(key);
    return found != root_.end() && found->is_null();
  }

  std::optional<std::string> name() {
    auto text = fields_.text("name");
    if (is_null("name")) fields_.report(ErrorCode::invalid_argument, "an element always has a name", "name");
    if (!text) return text;
    if (const auto good = check_name(*text); !good)
      fields_.report(good.error().code, good.error().message, "name");
    if (is_numbered_word(*text))
      fields_.report(ErrorCode::invalid_argument,
                     troupe::quoted(*text) + " cannot be a name: it is a numbered tag; choose another",
                     "name");
    return text;
  }

  std::optional<std::string> id_at(const JsonValue& item) {
    Result<std::string> id = upload_id(item.value);
    if (id) return *std::move(id);
    errors_.add(id.error().code, id.error().message, item.pointer);
    return std::nullopt;
  }

  std::optional<std::string> upload(std::string_view key) {
    const auto item = fields_.any(key);
    if (is_null(key) || (item && item->value == "")) return "";
    return item ? id_at(*item) : std::nullopt;
  }

  std::optional<std::vector<std::string>> angles() {
    std::vector<std::string> ids;
    for (const JsonValue& item : fields_.list("angles", static_cast<size_t>(kAnglesMax)))
      if (auto id = id_at(item)) ids.push_back(*std::move(id));
    if (!fields_.has("angles") && !is_null("angles")) return std::nullopt;
    return ids;
  }

  const nlohmann::json& root_;
  ErrorList& errors_;
  JsonFields& fields_;
};

Result<void> check(const Element& element) {
  const auto wrong = [](std::string message, std::string field) {
    return make_error(ErrorCode::invalid_argument, std::move(message), std::move(field));
  };
  if (element.name.empty()) return wrong("is missing: give the name that prompts say after '@'", "/name");
  if (element.frontal.empty() && element.clip.empty())
    return wrong("an element needs a frontal picture or a clip: give the id of an upload", "/frontal");
  if (!element.clip.empty() && !element.angles.empty())
    return wrong("an element has angles or a clip, not both: empty the other with null", "/clip");
  return {};
}

}  // namespace

Result<ElementChange> parse_element(std::string_view json, std::vector<Error>* all) {
  return read_small_body<ElementChange>(json, all, [](SmallBody& body) { return ChangeReader(body).read(); });
}

Result<Element> apply(const ElementChange& change, Element element) {
  if (change.version && *change.version != element.version)
    return make_error(ErrorCode::conflict,
                      "the element is at version " + std::to_string(element.version) + ", not " +
                          std::to_string(*change.version) + ": read it again and change that",
                      "/version");
  if (change.name) element.name = *change.name;
  if (change.frontal) element.frontal = *change.frontal;
  if (change.angles) element.angles = *change.angles;
  if (change.clip) element.clip = *change.clip;
  if (change.description) element.description = *change.description;
  ++element.version;
  TROUPE_CHECK_OK(check(element));
  return element;
}

std::string print_element(const Element& element, const Links& links) {
  return print_answer(element_json(element, links));
}

std::string print_elements(std::span<const Element> elements, const std::string& next_cursor,
                           const Links& links) {
  const auto print = [&](const Element& element) { return element_json(element, links); };
  return print_answer(list_json(all_of(elements, print), next_cursor));
}

}  // namespace troupe::api::native
