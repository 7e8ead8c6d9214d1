// What a job's run remembers of the providers that it went to, across restarts: kept as Job::provider_task.
// Private to work/.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "engine/remote_engine.h"

namespace troupe::work {

/// One take at a provider.
struct RemoteTake {
  engine::RemoteRoute route;
  std::string task;                   ///< the provider's id; "" while it is not known
  std::optional<Time> sent;           ///< when the order went out; none = it has not, or was refused
  std::optional<uint64_t> seed = {};  ///< that the order named
  std::string kind = {};              ///< of the provider then; "" = not known
  bool stop_sent = false;             ///< it was, or was about to be, told to stop
  std::string stand_in = {};          ///< the model that makes it in place of the job's; "" = none does
  bool operator==(const RemoteTake&) const = default;

  /// Sent, and nothing is known of what came of it.
  bool lost() const { return sent && task.empty(); }
};

struct RemoteRecord {
  std::vector<RemoteTake> takes;   ///< one for each that was begun, in order
  std::vector<std::string> notes;  ///< for the report, sentences
  /// Looking for a lost take has ended without a result; whoever runs the job again wants it sent anew.
  bool given_up = false;
  bool operator==(const RemoteRecord&) const = default;
};

inline constexpr size_t kRemoteNotesMax = 32;

/// One line of JSON.
std::string print_record(const RemoteRecord& record);
/// "" is an empty record. Errors: corrupt_input.
Result<RemoteRecord> parse_record(std::string_view text);

/// Adds a note that is not there yet, up to kRemoteNotesMax.
void add_note(RemoteRecord& record, std::string note);

}  // namespace troupe::work
