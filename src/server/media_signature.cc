#include "server/media_signature.h"

#include <charconv>
#include <chrono>

#include "base/bytes.h"
#include "base/ids.h"

namespace troupe::server {
namespace {

constexpr size_t kExpiresDigitsMax = 12;  // until the year 33658

std::string signature_of(std::string_view secret, std::string_view path, std::string_view expires) {
  std::string text = "troupe media\n";
  text.append(path).append(1, '\n').append(expires);
  return to_hex(hmac_sha256(as_bytes(secret), text));
}

}  // namespace

std::string sign_media_path(std::string_view server_secret, std::string_view path, Time expires) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(expires.time_since_epoch()).count();
  const std::string until = std::to_string(seconds);
  return std::string(path) + "?expires=" + until + "&signature=" + signature_of(server_secret, path, until);
}

MediaLinkState check_media_path(std::string_view server_secret, std::string_view path,
                                std::string_view expires, std::string_view signature, Time now) {
  if (!equal_secrets(signature, signature_of(server_secret, path, expires))) return MediaLinkState::forged;
  int64_t seconds = 0;
  const auto [end, error] = std::from_chars(expires.data(), expires.data() + expires.size(), seconds);
  if (error != std::errc() || end != expires.data() + expires.size() || expires.size() > kExpiresDigitsMax)
    return MediaLinkState::forged;
  return now < Time(std::chrono::seconds(seconds)) ? MediaLinkState::good : MediaLinkState::expired;
}

}  // namespace troupe::server
