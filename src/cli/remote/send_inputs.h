// The pictures and clips of a request that lie on this machine: sent to the server before the job.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/catalog.h"
#include "cli/remote/session.h"
#include "cli/terminal.h"
#include "core/generation_spec.h"

namespace troupe::cli::remote {

/// Larger files go in pieces of this size, so that a connection that breaks off costs one piece.
inline constexpr uint64_t kPieceBytes = 8 << 20;
/// How many of the newest uploads are looked through for one that is the same.
inline constexpr int kKnownUploadsMax = 400;

/// What keeps `spec` from being sent: local files that are missing, empty or not regular. Fields are pointers
/// into the spec.
std::vector<catalog::Violation> check_inputs(GenerationSpec spec);

/// Sends each local file of `spec` once, read from the disk as it goes, and puts "upload:ID" in its place;
/// URLs, "data:" and "upload:" stay. A file that the server has already is not sent again: the same request
/// twice is the same bytes, which an idempotency key needs. Blocks. If a file is refused, the answer's
/// problem has the pointer of its source. Errors: as Session::ask(); io (a file).
Result<Answer> send_inputs(Session& session, GenerationSpec& spec, ProgressBar& bar);

}  // namespace troupe::cli::remote
