// Addresses other than 127.0.0.1.
#include "server/test_service.h"

namespace troupe::server {
namespace {

TEST_F(TestService, LinksOfAnIPv6ServerLeadToIt) {
  ApiOptions options;
  options.address = "::1";
  options.port = 0;
  options.temporary_folder = folder_->scratch.string();
  ApiServer server({*folder_->jobs,
                    *folder_->objects,
                    *folder_->partials,
                    catalog_,
                    engines_,
                    *hub_,
                    clock_,
                    *sender_,
                    folder_->secret,
                    {}},
                   options);
  const Result<void> started = server.start();
  if (!started) {
    // Only a machine without IPv6 may refuse.
    ASSERT_EQ(started.error().code, ErrorCode::unavailable) << to_string(started.error());
    GTEST_SKIP() << to_string(started.error());
  }
  EXPECT_EQ(server.url(), "http://[::1]:" + std::to_string(server.port()));
  http::TestClient client = http::TestClient::on_ipv6(server.port());
  EXPECT_EQ(client.ask("GET", "/livez").status, 200);
  client.send("GET /v1/jobs HTTP/1.1\r\nHost: test\r\n" + bearer(secret_) + "\r\n");
  EXPECT_EQ(client.read_answer().status, 200);
}

}  // namespace
}  // namespace troupe::server
