#include "server/vendor_callback.h"

#include "api/gateway/wire.h"
#include "api/pictory/wire.h"
#include "base/bytes.h"
#include "base/ids.h"
#include "server/take_files.h"

namespace troupe::server {
namespace {

std::string_view end_of(const Job& job) {
  return job.state == JobState::succeeded   ? "completed"
         : job.state == JobState::cancelled ? "cancelled"
                                            : "failed";
}

// "t=…,v1=…": hex HMAC-SHA256 of time, separator and body.
std::string time_signature(std::string_view secret, std::string_view separator, std::string_view body,
                           Time now) {
  const std::string time =
      std::to_string(std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count());
  const std::string text = time + std::string(separator) + std::string(body);
  return "t=" + time + ",v1=" + to_hex(hmac_sha256(as_bytes(secret), text));
}

VendorCallback gateway_callback(const Job& job, std::string_view server_secret, Time now) {
  VendorCallback callback;
  callback.body = api::gateway::print_callback(job);
  callback.headers["x-ai-gateway-signature"] =
      time_signature(callback_secret(server_secret, job.id), ".", callback.body, now);
  callback.headers["x-ai-gateway-idempotency-key"] = job.id + "-" + std::string(end_of(job));
  return callback;
}

}  // namespace

std::string callback_secret(std::string_view server_secret, std::string_view job) {
  return to_hex(hmac_sha256(as_bytes(server_secret), "troupe callback\n" + std::string(job)));
}

std::optional<VendorCallback> vendor_callback(const Job& job, std::string_view server_secret,
                                              const std::string& base_url, Time now) {
  if (job.dialect == api::gateway::kDialect) return gateway_callback(job, server_secret, now);
  if (job.dialect == api::pictory::kDialect) {
    const LinkIdentity identity{base_url, server_secret};
    const auto link = [&](TakePart part) { return media_link(identity, job, 0, part, now); };
    return VendorCallback{api::pictory::print_job(job, {link(TakePart::video), link(TakePart::thumbnail),
                                                        link(TakePart::last_frame)}),
                          {}};
  }
  return std::nullopt;
}

}  // namespace troupe::server
