// That TLS names whom it should, tried with certificates made here.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <memory>

#include "fetch/fetcher.h"
#include "fetch/test_http_server.h"
#include "fetch/test_tls_server.h"

namespace troupe::fetch {
namespace {

namespace fs = std::filesystem;

using test::certify;
using test::make_tls_key;
using test::TlsServer;

std::string hello(const std::string&) { return test::reply(200, "hello"); }

class TlsTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "tls_XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
    server_ = std::make_unique<TlsServer>(key_.get(), certificate_.get(), hello);
    options_.resolver = [](const std::string&) -> Result<std::vector<Address>> {
      return std::vector{*parse_address("93.184.216.34")};
    };
    options_.connect_override = [this](const Address&, uint16_t) {
      return std::pair(*parse_address("127.0.0.1"), server_->port());
    };
  }
  void TearDown() override { fs::remove_all(folder_); }
  void trust(const test::Certificate& certificate) {
    options_.ca_file = folder_ / "ca.pem";
    test::write_certificate(certificate.get(), options_.ca_file);
  }
  std::string get(const std::string& url) {
    const auto reply = Fetcher(options_).get(url, {});
    return reply ? std::string(reply->body.begin(), reply->body.end()) : to_string(reply.error());
  }

  const test::Key key_ = make_tls_key();
  const test::Certificate certificate_ = certify(key_.get(), "media.example");
  fs::path folder_;
  std::unique_ptr<TlsServer> server_;
  FetchOptions options_;
};

TEST_F(TlsTest, TakesACertificateOfTheHostInTheUrl) {
  trust(certificate_);
  EXPECT_EQ(get("https://media.example/"), "hello");
}

TEST_F(TlsTest, RefusesOneOfAnotherHost) {
  trust(certificate_);
  EXPECT_EQ(get("https://other.example/"),
            "other.example: its TLS certificate is not valid for this name (unavailable)");
  EXPECT_TRUE(server_->stop().empty()) << "nothing may be asked";
}

TEST_F(TlsTest, RefusesOneThatNobodyVouchesFor) {
  const test::Key other_key = make_tls_key();
  trust(certify(other_key.get(), "media.example"));
  EXPECT_EQ(get("https://media.example/"),
            "media.example: its TLS certificate is not valid for this name (unavailable)");
  EXPECT_TRUE(server_->stop().empty());
}

TEST_F(TlsTest, SurvivesAServerThatHangsUp) {
  trust(certificate_);
  server_ = std::make_unique<TlsServer>(key_.get(), certificate_.get(), nullptr);
  const auto reply = Fetcher(options_).post("https://media.example/", {}, Bytes(16 << 20), {});
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, ErrorCode::unavailable);
}

TEST_F(TlsTest, SaysThatTheAuthoritiesAreMissing) {
  options_.ca_file = folder_ / "none.pem";
  EXPECT_NE(get("https://media.example/").find("install ca-certificates"), std::string::npos);
}

TEST_F(TlsTest, AProxyIsToldTheAddressThatWasChecked) {
  trust(certificate_);
  server_ = std::make_unique<TlsServer>(key_.get(), certificate_.get(), hello, true);
  const std::string proxy = "http://127.0.0.1:" + std::to_string(server_->port());
  ::setenv("https_proxy", proxy.c_str(), 1);
  options_.use_proxies = true;
  EXPECT_EQ(get("https://media.example/a"), "hello");
  EXPECT_NE(get("https://other.example/").find("not valid for this name"), std::string::npos);
  EXPECT_NE(get("https://127.0.0.1/").find("no address on the public internet"), std::string::npos);
  ::unsetenv("https_proxy");
  const std::vector<std::string> asked = server_->stop();
  ASSERT_EQ(asked.size(), 3u);
  EXPECT_TRUE(asked[0].starts_with("CONNECT 93.184.216.34:443 ")) << asked[0];
  EXPECT_TRUE(asked[1].starts_with("GET /a HTTP/1.1\r\nHost: media.example\r\n")) << asked[1];
}

}  // namespace
}  // namespace troupe::fetch
