#include "work/remote_context.h"

#include <algorithm>
#include <thread>

#include "core/spec_json.h"

namespace troupe::work {
namespace {

constexpr int kSaveTries = 6;
constexpr std::chrono::milliseconds kSaveAgain{1000}, kLook{20}, kWaitMax{60000};

using std::chrono::steady_clock;

bool wait_until(steady_clock::time_point end, const CancelToken& cancel) {
  while (!cancel.cancelled()) {
    const auto left = end - steady_clock::now();
    if (left <= left.zero()) return true;
    std::this_thread::sleep_for(std::min<steady_clock::duration>(left, kLook));
  }
  return false;
}

}  // namespace

Result<void> RemoteContext::save() {
  const std::string text = print_record(record);
  for (int tries = 1;; ++tries) {
    const Result<void> saved = parts.queue.mark_submitted(keeper.lease(), text, parts.clock.now());
    if (saved) return saved;
    if (saved.error().code == ErrorCode::conflict) return cancelled_error();
    if (parts.complain)
      parts.complain(job.id + ": a provider's task could not be stored: " + to_string(saved.error()));
    if (tries == kSaveTries) return saved;
    std::this_thread::sleep_for(kSaveAgain * std::min(1.0, options.patience.pace));
  }
}

bool RemoteContext::pause(std::chrono::milliseconds time) const {
  return pause_until(std::chrono::steady_clock::now() +
                     std::chrono::duration_cast<std::chrono::milliseconds>(time * options.patience.pace));
}

bool RemoteContext::pause_until(std::chrono::steady_clock::time_point end) const {
  return wait_until(end, keeper.token());
}

bool RemoteContext::pause_to_stop(std::chrono::milliseconds time) const {
  return wait_until(steady_clock::now() +
                        std::chrono::duration_cast<std::chrono::milliseconds>(time * options.patience.pace),
                    keeper.closing());
}

Result<void> RemoteContext::check_kind(const RemoteTake& take) const {
  const Result<engine::RemoteManners> manners = parts.remote->manners(take.route);
  if (!manners || take.kind.empty() || manners->kind == take.kind) return {};
  return make_error(ErrorCode::unknown_outcome,
                    take.route.provider + " was a provider of kind " + take.kind +
                        " when it was given the take, and is of kind " + manners->kind +
                        " now: it can't be asked about it. Set the old one up under this name again, then "
                        "retry.");
}

Money share_of_price(const Job& job, int64_t takes, int64_t wanted) {
  const int64_t price = job.price.micros;
  return {takes >= wanted ? price : price / wanted * takes, job.price.currency};
}

bool has_fallbacks(const Job& job) {
  return !parse_spec(job.spec_json, job.spec_json.size()).spec.fallback_models.empty();
}

std::optional<catalog::Quote> quote_for(const RemoteContext& context, const std::string& stand_in) {
  ParsedSpec parsed = parse_spec(context.job.spec_json, context.job.spec_json.size());
  if (!parsed.errors.empty()) return std::nullopt;
  parsed.spec.fallback_models.clear();
  if (!stand_in.empty()) parsed.spec.model = stand_in;
  const catalog::Catalog& catalog = context.parts.catalog;
  const auto model = catalog.find(parsed.spec.model);
  if (!model) return std::nullopt;
  const auto resolved = catalog.resolve(parsed.spec, **model);
  if (!resolved) return std::nullopt;
  return catalog::price(**model, *resolved);
}

Money price_of_take(const RemoteContext& context, const RemoteTake& take, int64_t wanted) {
  const Money share = share_of_price(context.job, 1, wanted);
  if (!has_fallbacks(context.job)) return share;
  const std::optional<catalog::Quote> quote = quote_for(context, take.stand_in);
  if (!quote || quote->total.currency != share.currency) return share;
  return {std::min(share.micros, quote->total.micros / wanted), share.currency};
}

std::chrono::milliseconds backed_off(std::chrono::milliseconds first, int tries) {
  return std::min<std::chrono::milliseconds>(kWaitMax, first * (1 << std::clamp(tries - 1, 0, 10)));
}

}  // namespace troupe::work
