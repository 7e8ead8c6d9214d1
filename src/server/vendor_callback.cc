#include "server/vendor_callback.h"

#include "api/fal/wire.h"
#include "api/gateway/wire.h"
#include "api/openai/wire.h"
#include "api/openrouter/wire.h"
#include "api/pictory/wire.h"
#include "api/replicate/wire.h"
#include "base/bytes.h"
#include "base/ids.h"
#include "server/ed25519.h"
#include "server/take_files.h"
#include "server/webhook_signature.h"

namespace troupe::server {
namespace {

struct Identity {
  std::string_view server_secret;
  const std::string& base_url;
  Time now;

  std::string link(const Job& job, TakePart part, int index = 0) const {
    return media_link({base_url, server_secret}, job, index, part, now);
  }
  std::vector<std::string> videos(const Job& job) const {
    std::vector<std::string> links;
    for (int i = 0; i < static_cast<int>(job.takes.size()); ++i)
      links.push_back(link(job, TakePart::video, i));
    return links;
  }
  std::string seconds() const {
    return std::to_string(std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count());
  }
};

std::string idempotency_of(const Job& job) {
  const char* end = job.state == JobState::succeeded   ? "completed"
                    : job.state == JobState::cancelled ? "cancelled"
                                                       : "failed";
  return job.id + "-" + end;
}

// "t=…,v1=…": hex HMAC-SHA256 of time, separator and body.
std::string time_signature(std::string_view secret, const Identity& identity, std::string_view separator,
                           const std::string& body) {
  const std::string time = identity.seconds();
  return "t=" + time + ",v1=" + to_hex(hmac_sha256(as_bytes(secret), time + std::string(separator) + body));
}

VendorCallback gateway_callback(const Job& job, const Identity& identity) {
  VendorCallback callback;
  callback.body = api::gateway::print_callback(job);
  callback.headers["x-ai-gateway-signature"] =
      time_signature(callback_secret(identity.server_secret, job.id), identity, ".", callback.body);
  callback.headers["x-ai-gateway-idempotency-key"] = idempotency_of(job);
  return callback;
}

VendorCallback openrouter_callback(const Job& job, const Identity& identity) {
  VendorCallback callback;
  callback.body = api::openrouter::print_callback(job, identity.videos(job));
  const std::string secret = account_webhook_secret(identity.server_secret, job.account);
  callback.headers["x-openrouter-signature"] = time_signature(secret, identity, ",", callback.body);
  callback.headers["x-openrouter-idempotency-key"] = idempotency_of(job);
  return callback;
}

VendorCallback fal_callback(const Job& job, const Identity& identity) {
  VendorCallback callback;
  callback.body = api::fal::print_callback(job, identity.link(job, TakePart::video));
  const std::string time = identity.seconds();
  const std::string text =
      job.id + "\n" + job.account + "\n" + time + "\n" + sha256_hex(as_bytes(callback.body));
  callback.headers["x-fal-webhook-request-id"] = job.id;
  callback.headers["x-fal-webhook-user-id"] = job.account;
  callback.headers["x-fal-webhook-timestamp"] = time;
  // Without one the receiver refuses the message, which is better than none of its dialect.
  const auto signature = sign_ed25519(ed25519_seed(identity.server_secret), text);
  if (signature) callback.headers["x-fal-webhook-signature"] = to_hex(*signature);
  return callback;
}

VendorCallback replicate_callback(const Job& job, const Identity& identity) {
  VendorCallback callback;
  callback.body = api::replicate::print_prediction({job, identity.base_url, identity.videos(job), false});
  callback.standard = true;
  return callback;
}

VendorCallback pictory_callback(const Job& job, const Identity& identity) {
  VendorCallback callback;
  callback.body = api::pictory::print_job(
      job, {identity.link(job, TakePart::video), identity.link(job, TakePart::thumbnail),
            identity.link(job, TakePart::last_frame)});
  return callback;
}

}  // namespace

std::string callback_secret(std::string_view server_secret, std::string_view job) {
  return to_hex(hmac_sha256(as_bytes(server_secret), "troupe callback\n" + std::string(job)));
}

std::optional<VendorCallback> vendor_callback(const Job& job, std::string_view server_secret,
                                              const std::string& base_url, Time now) {
  const Identity identity{server_secret, base_url, now};
  if (job.dialect == api::gateway::kDialect) return gateway_callback(job, identity);
  if (job.dialect == api::openrouter::kDialect) return openrouter_callback(job, identity);
  if (job.dialect == api::fal::kDialect) return fal_callback(job, identity);
  if (job.dialect == api::replicate::kDialect) return replicate_callback(job, identity);
  if (job.dialect == api::pictory::kDialect) return pictory_callback(job, identity);
  if (job.dialect == api::openai::kDialect) return VendorCallback{api::openai::print_event(job), {}, true};
  return std::nullopt;
}

}  // namespace troupe::server
