// Getting a take to a provider, once. Private to work/.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "work/remote_context.h"
#include "work/remote_models.h"

namespace troupe::work {

/// Hands over the takes of one job. Thread-safety: one call at a time.
class RemoteHandOver {
 public:
  /// Both outlive it.
  RemoteHandOver(RemoteContext& context, RemoteModels& models) : context_(context), models_(models) {}

  /// Takes care that take `index` of the record is at a provider, and that its task is stored. A take that
  /// was sent before without an answer is looked for first. Routes are tried in order: the next one after an
  /// outage, an empty account or a limit that does not pass; after the last one of a model those of the next
  /// that may stand in, if one of the three was why, or none is set up. Blocks. Errors: cancelled; moderated,
  /// rejected; over_limit, no_credit, unavailable: what the last route said; unsupported: no route can be
  /// told the request; unknown_outcome: it may be at a provider, and the record is kept as it was.
  Result<void> run(size_t index);

 private:
  enum class Next { done, other_route, find_out };
  struct Tries {
    std::optional<Error> error;  // of several, one that may pass
    std::string told;            // by all of them
    bool next_model = true;      // what was wrong is nothing that another model would have wrong too
  };
  Result<Next> try_all(RemoteTake& take, size_t index);
  Result<Next> try_model(const std::string& stand_in, RemoteTake& take, size_t index, Tries& tries);
  void note_failure(Error error, Tries& tries);
  Result<Next> send(RemoteTake& take, size_t index);
  Result<Next> hand_over(RemoteTake& take, const engine::Order& order);
  Result<Next> find_out(RemoteTake& take, size_t index);
  Result<Next> send_again(RemoteTake& take, size_t index);
  Result<Next> look_for(RemoteTake& take, size_t index);
  Error give_up(Error why);
  Result<bool> has_rival(const RemoteTake& take, std::vector<std::string>& known) const;
  Result<engine::Order> order_of(const RemoteTake& take, size_t index);
  Result<Next> refused(RemoteTake& take, const engine::Failure& failure);
  Result<Next> not_sent(RemoteTake& take, const Error& error);
  Result<void> took(RemoteTake& take, engine::HandedOver handed);
  Result<void> save() { return context_.save(); }

  RemoteContext& context_;
  RemoteModels& models_;
  std::optional<Error> last_;  // why no route has taken it so far
  bool repeating_ = false;     // what is sent may be there already
};

}  // namespace troupe::work
