// The engine's report as JSON: what is stored with a job.
#pragma once

#include <string>

#include "engine/engine.h"

namespace troupe::work {

/// {"understood", "not_understood", "notes": [{"code", "severity", "shot", "subject", "text", "suggestion"}],
/// "timings"}; shots are counted from 1; one line.
std::string print_report(const engine::RenderReport& report);

}  // namespace troupe::work
