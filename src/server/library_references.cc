#include "server/library_references.h"

#include <algorithm>
#include <cctype>

#include "core/reference_name.h"

namespace troupe::server {
namespace {

constexpr size_t kNamesMax = kReferencesMax;  // a request can hold no more

// Bytes of other scripts' letters count; what is no name at all is found in no library.
bool in_name(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || std::isalnum(byte) || c == '_' || c == '-';
}

std::string lower(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

void add_once(std::vector<std::string>& names, std::string name) {
  const bool known = std::any_of(names.begin(), names.end(),
                                 [&](const std::string& old) { return lower(old) == lower(name); });
  if (names.size() < kNamesMax && !known) names.push_back(std::move(name));
}

MediaSource upload(const std::string& id) { return {"upload:" + id}; }

Reference reference_of(const Element& element, const std::string& name) {
  Reference reference;
  reference.kind = ReferenceKind::element;
  reference.name = name;
  if (!element.frontal.empty()) reference.source = upload(element.frontal);
  for (const std::string& angle : element.angles) reference.angles.push_back(upload(angle));
  if (!element.clip.empty()) reference.clip = upload(element.clip);
  return reference;
}

}  // namespace

std::vector<std::string> mentioned_names(std::string_view prompt) {
  std::vector<std::string> names;
  for (size_t at = prompt.find('@'); at != std::string_view::npos; at = prompt.find('@', at + 1)) {
    size_t end = at + 1;
    while (end < prompt.size() && in_name(prompt[end])) ++end;
    if (end > at + 1) add_once(names, std::string(prompt.substr(at + 1, end - at - 1)));
  }
  return names;
}

Result<void> add_library_elements(jobs::Library& library, const std::string& account, GenerationSpec& spec) {
  std::vector<std::string> names = mentioned_names(spec.prompt);
  for (const Shot& shot : spec.shots) {
    for (std::string& name : mentioned_names(shot.prompt)) add_once(names, std::move(name));
  }
  for (const std::string& name : names) {
    const bool given =
        std::any_of(spec.references.begin(), spec.references.end(),
                    [&](const Reference& reference) { return lower(reference.name) == lower(name); });
    if (given || is_numbered_word(name)) continue;
    TROUPE_TRY(std::optional<Element> element, library.find_element_by_name(account, name));
    if (element) spec.references.push_back(reference_of(*element, name));
  }
  return {};
}

}  // namespace troupe::server
