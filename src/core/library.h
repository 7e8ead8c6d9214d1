// What users keep for later requests.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"

namespace troupe {

/// A file that somebody sent. Its bytes are an object, shared with others of the same bytes.
struct Upload {
  std::string id;  ///< "upl_…"
  std::string account;
  std::string object;       ///< lower-case hex SHA-256 of the bytes; empty until they are all there
  std::string name;         ///< file name as given, for people; may be empty
  std::string media_type;   ///< found in the bytes: "image/png", "video/mp4" …
  uint64_t size_bytes = 0;  ///< announced, or found once complete
  Time created;
  bool attached = false;  ///< came inside a request: not listed, and kept while a job names it
  bool operator==(const Upload&) const = default;
};

/// A subject with a name, kept with its pictures, usable as @name in any request of its account.
struct Element {
  std::string id;  ///< "elm_…"
  std::string account;
  std::string name;                 ///< without '@'; unique in its account
  int version = 1;                  ///< counts its changes
  std::string frontal;              ///< upload id; may be empty where there is a clip
  std::vector<std::string> angles;  ///< upload ids
  std::string clip;                 ///< upload id, or empty
  std::string description;          ///< for people
  Time created, updated;
  bool operator==(const Element&) const = default;
};

/// Where events are sent to.
struct WebhookEndpoint {
  std::string id;  ///< "whk_…"
  std::string account;
  std::string url;
  std::string secret;               ///< "whsec_…"
  std::vector<std::string> events;  ///< types; none = the final states of jobs
  bool enabled = true;
  Time created;
  bool operator==(const WebhookEndpoint&) const = default;
};

/// One event on its way to one URL.
struct WebhookDelivery {
  enum class State { pending, delivered, failed };
  std::string id;                 ///< "msg_…": the webhook-id, the same for every attempt
  std::string account, endpoint;  ///< endpoint is empty for a job's own URL
  std::string url;
  int64_t event = 0;
  std::string type, job;
  State state = State::pending;
  int attempts = 0;
  std::optional<Time> next_attempt;  ///< while pending
  int last_status = 0;               ///< HTTP status of the last attempt, 0 = none came
  std::string last_error;
  Time created;
  bool operator==(const WebhookDelivery&) const = default;
};

}  // namespace troupe
