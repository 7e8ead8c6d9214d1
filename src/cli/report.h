// What commands print about requests and takes, for people and as JSON.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/catalog.h"
#include "work/make_take.h"

namespace troupe::cli {

/// One refusal: every violation with its rule and fix. As text one line each; as JSON
/// {"error": {"code": "refused", "message": …, "violations": [{"field", "code", "rule", "fix"}]}}.
std::string print_violations(const std::vector<catalog::Violation>& violations, const GenerationSpec& spec);
std::string violations_json(const std::vector<catalog::Violation>& violations);

/// {"error": {"code", "message", "field"}}
std::string error_json(const Error& error);

/// Errors of flags and spec files as violations, so that all is told in one list.
catalog::Violation to_violation(const Error& error);

/// The take as one JSON object: output, width, height, fps, frames, duration_seconds, seed, engine, draft,
/// model, audio, size_bytes, understood, not_understood, warnings, notes, timings. Several takes: {"takes":
/// […]}.
std::string takes_json(const std::vector<work::TakeReport>& takes, const catalog::Model& model);

/// The take for people: the file with its size, then what was understood and what the user should know.
std::string print_take(const work::TakeReport& take, const catalog::Model& model);

/// What would be made: understood, notes, price and plan.
std::string plan_json(const work::PreparedTake& take, const engine::RenderReport& report);
std::string print_plan(const work::PreparedTake& take, const engine::RenderReport& report);

std::string quote_json(const catalog::Model& model, const catalog::Quote& quote);

/// "model … has no route of its own here: this is a draft by the stage engine", or "" for a stage model.
std::string draft_warning(const catalog::Model& model);

}  // namespace troupe::cli
