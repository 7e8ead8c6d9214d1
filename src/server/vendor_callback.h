// What the URL is sent that a job of a vendor's dialect named: that vendor's message, signed its way. Private
// to server/.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "core/job.h"

namespace troupe::server {

/// Signs the callbacks of one job: follows from the server's secret, so that it needs no storing.
std::string callback_secret(std::string_view server_secret, std::string_view job);

struct VendorCallback {
  std::string body;
  std::map<std::string, std::string> headers;  ///< beside Content-Type
  bool standard = false;  ///< signed as the native ones are: Standard Webhooks, with the account's secret
};
/// None: the dialect has no message of its own, and gets the native one.
std::optional<VendorCallback> vendor_callback(const Job& job, std::string_view server_secret,
                                              const std::string& base_url, Time now);

}  // namespace troupe::server
