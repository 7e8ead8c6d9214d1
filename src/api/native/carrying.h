// The parts of carry_over(): each mends one kind of violation, and says in plain sentences what it did.
#pragma once

#include <string>
#include <vector>

#include "catalog/catalog.h"
#include "core/generation_spec.h"

namespace troupe::api::native {

/// A spec on its way to another model.
struct Carrying {
  const catalog::Model& model;
  GenerationSpec spec;
  std::vector<std::string> changed = {}, dropped = {};
};

/// Each returns whether it changed the spec: false for a violation that is not its own or that it can't mend.
/// Repeated until all of them say so, they come to an end: every change leaves fewer inputs, or a setting
/// that the model allows.
bool mend_inputs(Carrying& carrying, const catalog::Violation& violation);
bool mend_times(Carrying& carrying, const catalog::Violation& violation);
bool mend_settings(Carrying& carrying, const catalog::Violation& violation);
/// Of a fallback model: leaves it out.
bool mend_fallbacks(Carrying& carrying, const catalog::Violation& violation);

/// What the model asks, without what the request says: the rule up to its semicolon.
std::string reason(const catalog::Violation& violation);
/// "a", "a and b", "a, b and c".
std::string listed(const std::vector<std::string>& words);

}  // namespace troupe::api::native
