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

/// Prints them where they belong: as JSON on stdout, for people on stderr.
void tell_violations(const std::vector<catalog::Violation>& violations, const GenerationSpec& spec,
                     bool json);
void tell_error(const Error& error, bool json);

/// Errors of flags and spec files as violations, so that all is told in one list.
catalog::Violation to_violation(const Error& error);

/// The take as one JSON object: output, width, height, fps, frames, duration_seconds, seed, engine, draft,
/// model, audio, size_bytes, understood, not_understood, warnings, notes, timings. Several takes: {"takes":
/// […]}.
std::string takes_json(const std::vector<work::TakeReport>& takes, const catalog::Model& model);

/// The take for people: the file with its size, then what was understood and what the user should know.
/// `draft`: what to warn of, "" for nothing.
std::string print_take(const work::TakeReport& take, const std::string& model, const std::string& draft);

/// What would be made: understood, notes, price and plan.
std::string plan_json(const work::PreparedTake& take, const engine::RenderReport& report, bool draft);
std::string print_plan(const work::PreparedTake& take, const engine::RenderReport& report);

std::string quote_json(const catalog::Model& model, const catalog::Quote& quote);

/// "This is a draft by the stage engine: …", or "" for a stage model and for what is no draft.
std::string draft_warning(const catalog::Model& model, bool draft);
/// The same for a model that another engine should have rendered; `where` is "here" or "there".
std::string draft_warning(const std::string& model, const std::string& where);

}  // namespace troupe::cli
