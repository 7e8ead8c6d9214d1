// That strangers' URLs never reach inside: each way in that is known is tried, with a server listening there.
#include <gtest/gtest.h>

#include "fetch/fetcher.h"
#include "fetch/test_http_server.h"

namespace troupe::fetch {
namespace {

using namespace std::chrono_literals;

using test::Connection;
using test::HttpServer;
using test::reply;

const Address kPublic = *parse_address("93.184.216.34"), kOtherPublic = *parse_address("93.184.216.35");
const Address kLoopback = *parse_address("127.0.0.1");

Result<std::vector<Address>> resolved(std::initializer_list<const char*> texts) {
  std::vector<Address> addresses;
  for (const char* text : texts) addresses.push_back(*parse_address(text));
  return addresses;
}

// Plays the public internet: every connection that passed the guard ends at `server_`.
class GuardTest : public testing::Test {
 protected:
  void SetUp() override {
    options_.resolver = [this](const std::string& host) -> Result<std::vector<Address>> {
      const auto answer = names_.find(host);
      return answer == names_.end() ? Result<std::vector<Address>>(make_error(ErrorCode::not_found, "none"))
                                    : answer->second();
    };
    options_.connect_override = [this](const Address& vetted, uint16_t port) {
      dialled_.push_back(print(vetted) + " " + std::to_string(port));
      return std::pair(kLoopback, server_->port());
    };
    serve(reply(200, "hello"));
  }
  void serve(const std::string& text) { server_ = std::make_unique<HttpServer>(text); }
  void serve(HttpServer::Handler handler) { server_ = std::make_unique<HttpServer>(std::move(handler)); }
  void name(const std::string& host, std::initializer_list<const char*> addresses) {
    names_[host] = [answer = resolved(addresses)] { return answer; };
  }
  Result<HttpReply> get(const std::string& url) { return Fetcher(options_).get(url, limits_); }
  // The code that `url` is refused with; fails the test if anything was connected to.
  ErrorCode refused(const std::string& url) {
    const auto reply = get(url);
    EXPECT_EQ(dialled_, std::vector<std::string>{}) << url;
    if (reply) return ErrorCode::internal;
    EXPECT_EQ(reply.error().message.find("answer"), std::string::npos) << reply.error().message;
    return reply.error().code;
  }

  std::map<std::string, std::function<Result<std::vector<Address>>()>> names_;
  std::vector<std::string> dialled_;
  std::unique_ptr<HttpServer> server_;
  FetchOptions options_;
  FetchLimits limits_;
};

TEST_F(GuardTest, ReachesThePublicInternet) {
  name("media.example", {"93.184.216.34", "2606:4700::1111"});
  const auto got = get("http://media.example/a");
  ASSERT_TRUE(got) << to_string(got.error());
  EXPECT_EQ(dialled_, std::vector<std::string>{"93.184.216.34 80"});
  EXPECT_TRUE(server_->stop().at(0).starts_with("GET /a HTTP/1.1\r\nHost: media.example\r\n"));
}

TEST_F(GuardTest, ReachesPublicLiterals) {
  EXPECT_TRUE(get("http://93.184.216.34/"));
  EXPECT_TRUE(get("http://[2606:4700::1111]:443/"));
  EXPECT_EQ(dialled_, (std::vector<std::string>{"93.184.216.34 80", "2606:4700::1111 443"}));
}

TEST_F(GuardTest, RefusesInsideAddresses) {
  for (const char* host : {"127.0.0.1",
                           "127.255.255.254",
                           "0.0.0.0",
                           "10.0.0.1",
                           "172.16.0.1",
                           "192.168.1.1",
                           "169.254.169.254",
                           "100.64.0.1",
                           "198.18.0.1",
                           "224.0.0.1",
                           "255.255.255.255",
                           "[::1]",
                           "[::]",
                           "[::ffff:127.0.0.1]",
                           "[::ffff:7f00:1]",
                           "[::127.0.0.1]",
                           "[64:ff9b::7f00:1]",
                           "[64:ff9b:1::7f00:1]",
                           "[2002:7f00:1::]",
                           "[2001:0:7f00:1::]",
                           "[fe80::1]",
                           "[fd00::1]",
                           "[fd00:ec2::254]",
                           "[fec0::1]",
                           "[ff02::1]"}) {
    EXPECT_EQ(refused(std::string("http://") + host + "/"), ErrorCode::unsupported) << host;
  }
  EXPECT_EQ(server_->stop().size(), 0u);
}

TEST_F(GuardTest, RefusesOtherSpellingsAndSchemes) {
  for (const char* url : {"http://2130706433/",
                          "http://0x7f.1/",
                          "http://0x7f000001/",
                          "http://0177.0.0.1/",
                          "http://127.1/",
                          "http://0/",
                          "http://127.0.0.1./",
                          "http://localhost./",
                          "http://a@127.0.0.1/",
                          "http://93.184.216.34@b/",
                          "http://127\xe3\x80\x82"
                          "0\xe3\x80\x82"
                          "0\xe3\x80\x82"
                          "1/",
                          "http://\xe2\x91\xa0\xe2\x91\xa1/",
                          "http://[::1%25lo]/",
                          "file:///etc/passwd",
                          "gopher://127.0.0.1:80/_x",
                          "dict://127.0.0.1:80/x",
                          "ftp://93.184.216.34/",
                          "http://93.184.216.34/\r\nHost: x",
                          "http://93.184.216.34/%0d\n",
                          "//127.0.0.1/",
                          "http://93.184.216.34\\@127.0.0.1/",
                          "http://93.184.216.34 127.0.0.1/"}) {
    EXPECT_EQ(refused(url), ErrorCode::invalid_argument) << url;
  }
  EXPECT_EQ(server_->stop().size(), 0u);
}

TEST_F(GuardTest, RefusesOtherPorts) {
  name("media.example", {"93.184.216.34"});
  for (const char* port : {"22", "25", "81", "6379", "8080", "65535"}) {
    EXPECT_EQ(refused(std::string("http://media.example:") + port + "/"), ErrorCode::unsupported) << port;
  }
  EXPECT_EQ(server_->stop().size(), 0u);
}

TEST_F(GuardTest, RefusesNamesThatLeadInside) {
  name("localtest.example", {"127.0.0.1"});
  name("six.example", {"::1"});
  name("mapped.example", {"::ffff:127.0.0.1"});
  name("metadata.example", {"169.254.169.254"});
  name("mixed.example", {"93.184.216.34", "10.0.0.1"});
  name("mixed6.example", {"93.184.216.34", "2606:4700::1111", "fd00::1"});
  name("none.example", {});
  for (const auto& [host, addresses] : names_) {
    EXPECT_EQ(refused("http://" + host + "/"), ErrorCode::unsupported) << host;
  }
  EXPECT_EQ(server_->stop().size(), 0u);
}

TEST_F(GuardTest, TheSystemsLocalhostLeadsInside) {
  options_.resolver = nullptr;
  EXPECT_EQ(refused("http://localhost/"), ErrorCode::unsupported);
  EXPECT_EQ(server_->stop().size(), 0u);
}

TEST_F(GuardTest, DoesNotTellInsideNamesFromUnknownOnes) {
  name("a.example", {"10.0.0.1"});
  const auto inside = get("http://a.example/"), unknown = get("http://b.example/");
  ASSERT_FALSE(inside);
  ASSERT_FALSE(unknown);
  std::string expected = inside.error().message;
  expected.replace(expected.find("a.example"), 1, "b");
  EXPECT_EQ(unknown.error().message, expected);
  EXPECT_EQ(unknown.error().code, inside.error().code);
}

// The name's owner answers publicly while it is checked and leads inside afterwards.
TEST_F(GuardTest, ConnectsToWhatItCheckedOnly) {
  int asked = 0;
  names_["rebind.example"] = [&] {
    return ++asked == 1 ? resolved({"93.184.216.34"}) : resolved({"127.0.0.1"});
  };
  EXPECT_TRUE(get("http://rebind.example/"));
  EXPECT_EQ(asked, 1) << "nobody asks a second time";
  EXPECT_EQ(dialled_, std::vector<std::string>{"93.184.216.34 80"});
  EXPECT_FALSE(get("http://rebind.example/")) << "the next request is checked anew";
  EXPECT_EQ(dialled_.size(), 1u);
}

TEST_F(GuardTest, ChecksTheSameNameAgainAfterARedirect) {
  int asked = 0;
  names_["rebind.example"] = [&] {
    return ++asked == 1 ? resolved({"93.184.216.34"}) : resolved({"127.0.0.1"});
  };
  serve(reply(302, "", "Location: /again\r\n"));
  const auto got = get("http://rebind.example/");
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, ErrorCode::unsupported);
  EXPECT_EQ(server_->stop().size(), 1u);
}

TEST_F(GuardTest, RefusesRedirectsThatLeadInside) {
  name("media.example", {"93.184.216.34"});
  name("inside.example", {"192.168.0.1"});
  for (const char* location :
       {"http://169.254.169.254/latest/meta-data/", "http://127.0.0.1/", "http://inside.example/",
        "//inside.example/", "http://[::ffff:169.254.169.254]/", "http://2852039166/", "file:///etc/passwd",
        "gopher://a/", "http://media.example:6379/", "http://a@media.example/", "https://0x7f.1/"}) {
    serve(reply(302, "", std::string("Location: ") + location + "\r\n"));
    dialled_.clear();
    const auto got = get("http://media.example/");
    EXPECT_FALSE(got) << location;
    EXPECT_EQ(dialled_.size(), 1u) << location;
    EXPECT_EQ(server_->stop().size(), 1u) << location;
  }
}

TEST_F(GuardTest, FollowsRedirectsToOtherPublicHosts) {
  name("a.example", {"93.184.216.34"});
  name("b.example", {"93.184.216.35"});
  serve([](const Connection& connection, const std::string& request) {
    connection.send(request.find("Host: a.example\r\n") != std::string::npos
                        ? reply(301, "", "Location: //b.example/x\r\nSet-Cookie: a=b\r\n")
                        : reply(200, "there"));
  });
  const auto got = get("http://a.example/");
  ASSERT_TRUE(got) << to_string(got.error());
  EXPECT_EQ(print(got->url), "http://b.example/x");
  EXPECT_EQ(dialled_, (std::vector<std::string>{"93.184.216.34 80", "93.184.216.35 80"}));
  EXPECT_EQ(server_->stop().at(1).find("Cookie"), std::string::npos);
}

TEST_F(GuardTest, EndsAChainOfRedirects) {
  name("media.example", {"93.184.216.34"});
  serve([](const Connection& connection, const std::string&) {
    connection.send(reply(302, "", "Location: /x\r\n"));
  });
  const auto got = get("http://media.example/");
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, ErrorCode::over_limit);
  EXPECT_EQ(server_->stop().size(), 4u);
}

TEST_F(GuardTest, RefusesPlainHttpWhereToldSo) {
  name("media.example", {"93.184.216.34"});
  options_.allow_http = false;
  EXPECT_EQ(refused("http://media.example/"), ErrorCode::unsupported);
  EXPECT_EQ(server_->stop().size(), 0u);
}

TEST_F(GuardTest, PostsAreGuardedAlike) {
  name("inside.example", {"10.0.0.1"});
  Fetcher fetcher(options_);
  for (const char* url : {"http://127.0.0.1/", "http://inside.example/", "http://93.184.216.34:8080/"}) {
    EXPECT_EQ(fetcher.post(url, {}, {}, limits_).error().code, ErrorCode::unsupported) << url;
  }
  EXPECT_EQ(server_->stop().size(), 0u);
}

TEST_F(GuardTest, StreamsAreGuardedAlikeAndFollowNothing) {
  name("inside.example", {"10.0.0.1"});
  name("media.example", {"93.184.216.34"});
  Fetcher fetcher(options_);
  for (const char* url : {"http://127.0.0.1/", "http://inside.example/", "http://93.184.216.34:8080/"})
    EXPECT_EQ(fetcher.stream({url, {}, {}, {}}, limits_).error().code, ErrorCode::unsupported) << url;
  serve(reply(302, "moved", "Location: http://inside.example/\r\n"));
  const auto moved =
      fetcher.stream({"http://media.example/", {{"Authorization", "Bearer x"}}, {}, {}}, limits_);
  ASSERT_TRUE(moved) << to_string(moved.error());
  EXPECT_EQ(moved->status, 302);
  EXPECT_EQ(moved->headers.at("location"), "http://inside.example/");
  EXPECT_EQ(dialled_, std::vector<std::string>{"93.184.216.34 80"});
  EXPECT_EQ(server_->stop().size(), 1u);
}

TEST_F(GuardTest, ASlowResolverIsLeftBehind) {
  name("slow.example", {"93.184.216.34"});
  auto gate = std::make_shared<std::timed_mutex>();
  gate->lock();
  options_.resolver = [gate](const std::string&) -> Result<std::vector<Address>> {
    const std::lock_guard wait(*gate);
    return resolved({"93.184.216.34"});
  };
  limits_.total = 30ms;
  EXPECT_EQ(refused("http://slow.example/"), ErrorCode::timeout);
  gate->unlock();
}

}  // namespace
}  // namespace troupe::fetch
