#include "core/generation_spec.h"

namespace troupe {

std::string_view name(ReferenceKind kind) {
  switch (kind) {
    case ReferenceKind::element:
      return "element";
    case ReferenceKind::scene:
      return "scene";
    case ReferenceKind::image:
      return "image";
  }
  return "image";
}

std::string_view name(ShotType type) { return type == ShotType::single ? "single" : "multi"; }

Mode mode_of(const GenerationSpec& spec) {
  if (spec.extend) return Mode::extend;
  if (!spec.references.empty()) return Mode::references;
  if (spec.first_frame || spec.last_frame) return Mode::first_frame;
  return Mode::text;
}

std::string_view name(Mode mode) {
  switch (mode) {
    case Mode::text:
      return "text";
    case Mode::first_frame:
      return "first_frame";
    case Mode::references:
      return "references";
    case Mode::extend:
      return "extend";
  }
  return "text";
}

}  // namespace troupe
