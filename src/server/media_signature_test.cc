#include "server/media_signature.h"

#include <gtest/gtest.h>

namespace troupe::server {
namespace {

const Time kNow{std::chrono::seconds(1'800'000'000)};
const std::string kPath = "/media/job_A/0/video.mp4";

struct Link {
  std::string path, expires, signature;
};

Link parse(const std::string& link) {
  const size_t query = link.find("?expires="), second = link.find("&signature=");
  return {link.substr(0, query), link.substr(query + 9, second - query - 9), link.substr(second + 11)};
}

MediaLinkState check(const Link& link, Time now = kNow, std::string_view secret = "secret") {
  return check_media_path(secret, link.path, link.expires, link.signature, now);
}

TEST(MediaSignature, IsGoodUntilItExpires) {
  const Link link = parse(sign_media_path("secret", kPath, kNow + std::chrono::hours(1)));
  EXPECT_EQ(link.path, kPath);
  EXPECT_EQ(check(link), MediaLinkState::good);
  EXPECT_EQ(check(link, kNow + std::chrono::minutes(59)), MediaLinkState::good);
  EXPECT_EQ(check(link, kNow + std::chrono::hours(1)), MediaLinkState::expired);
}

TEST(MediaSignature, IsForgedWhereAnythingDiffers) {
  const Link link = parse(sign_media_path("secret", kPath, kNow + std::chrono::hours(1)));
  EXPECT_EQ(check(link, kNow, "other"), MediaLinkState::forged);
  EXPECT_EQ(check({"/media/job_B/0/video.mp4", link.expires, link.signature}), MediaLinkState::forged);
  EXPECT_EQ(check({link.path, link.expires + "0", link.signature}), MediaLinkState::forged);
  EXPECT_EQ(check({link.path, "", link.signature}), MediaLinkState::forged);
  EXPECT_EQ(check({link.path, link.expires, ""}), MediaLinkState::forged);
  std::string upper = link.signature;
  for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  EXPECT_EQ(check({link.path, link.expires, upper}), MediaLinkState::forged);
}

}  // namespace
}  // namespace troupe::server
