// A provider that makes videos for money: what it is sent and what its answers mean, as pure functions. Who
// sends, waits and stores is elsewhere.
//
// Thread-safety: safe; a provider has no state. Nothing blocks.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"
#include "engine/remote_engine.h"

namespace troupe::upstream {

using engine::Failure;
using engine::FailureClass;
using engine::kFailureBytesMax;
using engine::Order;
using engine::Outcome;
using engine::TaskState;

/// A request to a provider, without its host and its key.
struct Call {
  std::string method = "POST";
  std::string path;  ///< below the provider's base URL, with its query
  std::map<std::string, std::string> headers;
  std::string body;  ///< JSON, or empty
};

/// An answer as it came.
struct Reply {
  int status = 0;
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body;
  std::string key = {};  ///< that was sent: what is read of the answer does not repeat it
};

struct Compiled {
  Call call;
  std::vector<std::string> unsaid;  ///< what of the order the provider has no words for, sentences
  std::string prompt = {};          ///< as the provider lists it, where it does
};

/// One of a provider's own tasks, as its list shows them.
struct Sighting {
  std::string task;
  Time created;
  bool same_prompt = true;  ///< false: the list does not tell it
};

/// The newest tasks of a provider's account.
struct Listing {
  std::vector<Sighting> seen;  ///< those that may have been made from an order
  bool all = true;             ///< false: there are older ones, on further pages
  std::optional<Time> oldest;  ///< of all on the page
};

/// Thread-safety: safe.
class Provider {
 public:
  virtual ~Provider() = default;

  virtual std::string_view name() const = 0;  ///< "venice": the dialect whose names of models it takes
  virtual std::string_view usual_base_url() const = 0;
  virtual engine::RemoteManners manners() const = 0;
  /// The header that carries the operator's key.
  virtual std::pair<std::string, std::string> authorisation(std::string_view key) const = 0;

  /// The order for the provider's `model`, in its fields and tags. Errors: unsupported: something that it
  /// can't be told at all, and that must not be left out.
  virtual Result<Compiled> compile(const Order& order, const std::string& model) const = 0;
  /// The task that an order became.
  virtual Outcome<std::string> read_submitted(const Reply& reply) const = 0;

  virtual Call ask(const std::string& task, const std::string& model) const = 0;
  /// What an answer to ask() says. A video that is the answer itself is a data URL; without any, where it is
  /// done, it is at kept_address().
  virtual Outcome<TaskState> read_state(const Reply& reply) const = 0;

  /// Where the video will be, as the answer to the order said; "" = it did not.
  virtual std::string kept_address(const std::string& task) const;

  /// None: the provider can't be told to stop.
  virtual std::optional<Call> stop(const std::string& task, const std::string& model) const;
  /// An answer to stop().
  virtual engine::StopAnswer read_stopped(const Reply& reply) const;

  /// The prompt that an answer to ask() tells; "" = it tells none.
  virtual std::string read_prompt(const Reply& reply) const;

  /// Lists the newest tasks; none: the provider has no list.
  virtual std::optional<Call> list() const;
  /// An answer to list(), with those that may have been made from `order`.
  virtual Outcome<Listing> read_list(const Reply& reply, const Order& order, const std::string& model) const;

  /// Keeps a file at the provider, for an order that names it; none: it keeps no files, or has no need to.
  virtual std::optional<Call> upload(ByteView bytes, std::string_view media_type) const;
  /// The address of the file in an answer to upload().
  virtual Outcome<std::string> read_uploaded(const Reply& reply) const;

  /// A question that costs nothing and is refused with 401 or 403 where the key is not taken; any other
  /// answer below 500 says that it is.
  virtual Call probe() const = 0;
};

/// "venice", "gateway", "dashscope", "pictory", "fal", "replicate", "openai"; null for other names. Lives as
/// long as the program.
const Provider* find_provider(std::string_view name);
std::vector<std::string_view> provider_names();

}  // namespace troupe::upstream
