// Fetching a model's weights from a hub, so that it may be interrupted anywhere and go on from there.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/cancel.h"
#include "base/result.h"
#include "engine/shelf/hub.h"
#include "engine/shelf/shelf.h"

namespace troupe::shelf {

/// Free bytes of the file system that a folder is on.
using FreeSpace = std::function<Result<uint64_t>(const std::filesystem::path& folder)>;
FreeSpace system_free_space();

struct PullRequest {
  std::string model;
  bool accept_licence = false;
  bool with_tiny_vae = false;  ///< the small decoder for previews too
  HubOptions hub;
  FreeSpace free_space;  ///< empty = the system's
};

struct PullReport {
  std::vector<const Part*> fetched, linked;  ///< linked: was on the shelf already
  uint64_t fetched_bytes = 0;                ///< by this call
  uint64_t resumed_bytes = 0;                ///< that an earlier one had fetched
  ModelState state;
};

/// Fetches what the model lacks. First every file is asked about, and the disk must have room for all of
/// them. A file grows as NAME.part beside its place, with NAME.part.json that says which file at the hub it
/// is; a later call goes on where this one was stopped, unless the hub has another file by then. When it is
/// whole, its size, its SHA-256 (where the hub tells one) and its table of tensors are checked; only then it
/// gets its name. Files are opened as data; nothing of them is run. Errors: not_found (no such model, or no
/// such file there), rejected (the licence must be accepted; a token or accepted terms are wanted by the
/// hub), unavailable (room on the disk; the hub), timeout, corrupt_input (checksum, no weights of that part),
/// unsupported, conflict (another command changes the shelf), io, cancelled.
Result<PullReport> pull(Shelf& shelf, const PullRequest& request, const OnBytes& on_bytes = {},
                        const CancelToken& cancel = {});

}  // namespace troupe::shelf
