#include "catalog/model.h"

#include <algorithm>

namespace troupe::catalog {

std::string_view name(EngineKind kind) {
  switch (kind) {
    case EngineKind::stage:
      return "stage";
    case EngineKind::wan:
      return "wan";
    case EngineKind::upstream:
      return "upstream";
  }
  return "upstream";
}

std::string_view name(InputGroup group) {
  switch (group) {
    case InputGroup::frames:
      return "frames";
    case InputGroup::references:
      return "references";
    case InputGroup::extend:
      return "extend";
  }
  return "references";
}

std::string_view name(LastFrame rule) {
  switch (rule) {
    case LastFrame::none:
      return "none";
    case LastFrame::with_first:
      return "with_first";
    case LastFrame::alone:
      return "alone";
  }
  return "none";
}

std::string_view name(AudioSupport support) {
  switch (support) {
    case AudioSupport::none:
      return "none";
    case AudioSupport::optional:
      return "optional";
    case AudioSupport::always:
      return "always";
  }
  return "none";
}

bool Model::has(Mode mode) const { return std::find(modes.begin(), modes.end(), mode) != modes.end(); }

}  // namespace troupe::catalog
