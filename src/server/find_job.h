// Jobs by what clients call them. Private to server/.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "server/service.h"

namespace troupe::server {

/// The job of that id, if the caller may see it. Any text may be given. Errors: the store's.
Result<std::optional<Job>> find_job(const Service& service, const Asked& asked, const std::string& id);

/// A handler of the job that the path names as {id}; 404 without one that the caller may see. `what`: what a
/// job is called there.
std::function<http::Response(Asked&)> of_job(const Service& service, std::string what,
                                             std::function<http::Response(Asked&, const Job&)> handler);

/// The job's request. Errors: internal.
Result<GenerationSpec> spec_of(const Job& job);

/// How long such a job takes from its start, by the last ones of its model; none where there were none.
std::optional<double> estimated_seconds(const Service& service, const Job& job);

}  // namespace troupe::server
