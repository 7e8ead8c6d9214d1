#include "core/media_sources.h"

#include "core/short_text.h"

namespace troupe {

void for_each_source(GenerationSpec& spec,
                     const std::function<void(MediaSource& source, const std::string& pointer)>& visit) {
  const auto look = [&](MediaSource& source, const std::string& pointer) {
    if (!source.uri.empty()) visit(source, pointer);
  };
  for (size_t i = 0; i < spec.references.size(); ++i) {
    Reference& reference = spec.references[i];
    const std::string pointer = "/references/" + std::to_string(i);
    look(reference.source, pointer + "/source");
    for (size_t k = 0; k < reference.angles.size(); ++k)
      look(reference.angles[k], pointer + "/angles/" + std::to_string(k));
    if (reference.clip) look(*reference.clip, pointer + "/clip");
  }
  if (spec.first_frame) look(*spec.first_frame, "/first_frame");
  if (spec.last_frame) look(*spec.last_frame, "/last_frame");
  if (spec.extend) look(*spec.extend, "/extend");
}

std::string_view source_rest(const MediaSource& source, std::string_view scheme) {
  const std::string_view uri = source.uri;
  if (uri.size() <= scheme.size() || uri[scheme.size()] != ':') return "";
  return equal_ignoring_case(uri.substr(0, scheme.size()), scheme) ? uri.substr(scheme.size() + 1) : "";
}

}  // namespace troupe
