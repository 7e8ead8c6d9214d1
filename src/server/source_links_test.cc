// Links to what jobs are made from.
#include "server/source_links.h"

#include "server/test_service.h"

namespace troupe::server {
namespace {

class SourceLinks : public TestService {
 protected:
  // An upload of the test's own key; its uri.
  std::string upload() {
    const Json made = json(post("/v1/uploads?name=fox.png", picture(64)));
    account_ = json(get("/v1/account"))["id"];
    return "upload:" + made["id"].get<std::string>();
  }
  std::string link_of(const std::string& uri, const std::string& base = "https://video.example.org") {
    return source_link({base, folder_->secret}, folder_->jobs->library(), account_, uri, clock_.now());
  }
  // Without a key.
  http::Answer follow(const std::string& link) {
    return http::TestClient(server_->port()).ask("GET", link.substr(link.find("/media/")));
  }
  std::string account_;
};

TEST_F(SourceLinks, LeadWhoeverHasThemToTheBytes) {
  const std::string link = link_of(upload());
  EXPECT_TRUE(link.starts_with("https://video.example.org/media/sources/")) << link;
  const auto answer = follow(link);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.headers.get("Content-Type"), "image/png");
  EXPECT_EQ(answer.body, picture(64));
}

TEST_F(SourceLinks, AreGoodForNothingElseAndNotForEver) {
  const std::string link = link_of(upload());
  EXPECT_EQ(follow(link + "0").status, 404);
  EXPECT_EQ(follow(link.substr(0, link.find('?'))).status, 404);
  const std::string late =
      source_link({"https://video.example.org", folder_->secret}, folder_->jobs->library(), account_,
                  upload(), clock_.now() - kSourceLinkTime - std::chrono::hours(1));
  EXPECT_EQ(follow(late).status, 410);
}

TEST_F(SourceLinks, AreMadeOnlyOfTheAccountsUploadsForPublicServers) {
  const std::string uri = upload();
  EXPECT_EQ(link_of(uri, "http://127.0.0.1:8080"), "");
  EXPECT_EQ(link_of(uri, ""), "");
  EXPECT_EQ(link_of("upload:upl_none"), "");
  EXPECT_EQ(link_of("data:image/png;base64,AAAA"), "");
  account_ = "key_other";
  EXPECT_EQ(link_of(uri), "");
}

}  // namespace
}  // namespace troupe::server
