// Jobs for people.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "catalog/catalog.h"
#include "cli/remote/job_json.h"
#include "core/generation_spec.h"

namespace troupe::cli::remote {

/// "3 s", "5 min", "2 h", "4 d".
std::string print_age(std::chrono::milliseconds age);

/// One line a job under a heading: id, state, age, whether it is a draft, model, prompt. `columns`: lines are
/// cut to it; 0 = not at all.
std::string print_table(const std::vector<ToldJob>& jobs, Time now, int columns);

/// Everything worth knowing of one job.
std::string print_job(const ToldJob& job, const catalog::Catalog& catalog, Time now);

/// Its takes as print_take() tells those made here, a draft with its warning; `outputs`: their files, or
/// none: then their names are the job's id.
std::string print_takes(const ToldJob& job, const catalog::Catalog& catalog,
                        const std::vector<std::string>& outputs);

/// What to warn of: the job is a draft of another engine's model. "" = nothing.
std::string draft_warning_of(const ToldJob& job, const catalog::Catalog& catalog);

/// Why it did not succeed: "failed: …", with the flag of `spec` that the error is about.
std::string print_outcome(const ToldJob& job, const GenerationSpec& spec);

}  // namespace troupe::cli::remote
