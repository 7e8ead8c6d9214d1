// Getting a take to a provider, once. Private to work/.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "work/prepare.h"
#include "work/remote_context.h"

namespace troupe::work {

/// Hands over the takes of one job. Thread-safety: one call at a time.
class RemoteHandOver {
 public:
  /// All outlive it.
  RemoteHandOver(RemoteContext& context, const PreparedTake& prepared, MediaReader& reader)
      : context_(context), prepared_(prepared), reader_(reader) {}

  /// Takes care that take `index` of the record is at a provider, and that its task is stored. A take that
  /// was sent before without an answer is looked for first. Routes are tried in order: the next one after an
  /// outage, an empty account or a limit that does not pass. Blocks. Errors: cancelled; moderated, rejected;
  /// over_limit, no_credit, unavailable: what the last route said; unsupported: no route can be told the
  /// request; unknown_outcome: it may be at a provider, and the record is kept as it was.
  Result<void> run(size_t index);

 private:
  enum class Next { done, other_route, find_out };
  Result<Next> try_routes(RemoteTake& take, size_t index);
  Result<Next> send(RemoteTake& take, size_t index);
  Result<Next> hand_over(RemoteTake& take, const engine::Order& order);
  Result<Next> find_out(RemoteTake& take, size_t index);
  Result<Next> send_again(RemoteTake& take, size_t index);
  Result<Next> look_for(RemoteTake& take, size_t index);
  Error give_up(Error why);
  Result<bool> has_rival(const RemoteTake& take, std::vector<std::string>& known) const;
  Result<const GenerationSpec*> readable_spec(const engine::RemoteRoute& route);
  Result<Next> refused(RemoteTake& take, const engine::Failure& failure);
  Result<Next> not_sent(RemoteTake& take, const Error& error);
  Result<void> took(RemoteTake& take, engine::HandedOver handed);
  Result<void> save() { return context_.save(); }

  RemoteContext& context_;
  const PreparedTake& prepared_;
  MediaReader& reader_;
  std::map<std::string, GenerationSpec>
      readable_;               // by provider: read once, and the same however often it is sent
  std::optional<Error> last_;  // why no route has taken it so far
  bool repeating_ = false;     // what is sent may be there already
};

}  // namespace troupe::work
