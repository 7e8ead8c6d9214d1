// Input that once did harm.
#include "server/test_service.h"

namespace troupe::server {
namespace {

class HostileApi : public TestService {
 protected:
  std::string made_job() { return json(post("/v1/jobs", small_spec(), "Prefer: wait=60\r\n"))["id"]; }
  size_t jobs() { return json(get("/v1/jobs"))["data"].size(); }
};

TEST_F(HostileApi, OnlyTrueIsADryRun) {
  const std::string path = "/v1/jobs/" + made_job() + ":promote?dry_run=";
  const std::string body = R"({"model":"veo-3.1"})";
  for (const char* slip : {"1", "TRUE", "yes", ""}) EXPECT_EQ(post(path + slip, body).status, 400) << slip;
  EXPECT_EQ(post(path + "true", body).status, 200);
  EXPECT_EQ(jobs(), 1u);
}

TEST_F(HostileApi, WhatIsReadIsWhatWasSent) {
  EXPECT_EQ(post("/v1/jobs:quote", "\xEF\xBB\xBF{\"spec\":{\"prompt\":\"a ball\"}}").status, 422);
  EXPECT_EQ(post("/v1/jobs:quote", std::string("{\"prompt\":\"a ball\"}\0{{{", 23)).status, 422);
}

TEST_F(HostileApi, AStreamThatWasSeenToItsEndDoesNotComeBack) {
  const std::string id = made_job();
  const std::string last = std::to_string(*folder_->jobs->events().last_id());
  const std::string path = "/v1/jobs/" + id + "/events";
  EXPECT_EQ(get(path, "Last-Event-ID: " + last + "\r\n").status, 204);
  EXPECT_EQ(get(path, "Last-Event-ID: 9000000000\r\n").status, 204);
  const auto rest = get(path, "Last-Event-ID: 0\r\n");
  EXPECT_NE(rest.body.find("event: job.succeeded"), std::string::npos) << rest.body;
}

TEST_F(HostileApi, AQuoteStoresNothing) {
  const std::string bytes = picture(120);
  const std::string large = bytes + std::string(40000, 'x');  // what is behind a picture's end is nobody's
  Json spec = Json::parse(small_spec());
  spec["first_frame"] = "data:image/png;base64," + to_base64(as_bytes(large));
  const auto quote = post("/v1/jobs:quote", spec.dump());
  EXPECT_EQ(quote.status, 200) << quote.body;
  EXPECT_EQ(json(quote)["violations"].size(), 0u) << quote.body;
  EXPECT_TRUE(folder_->objects->list("", 10)->empty());
}

TEST_F(HostileApi, ABodyThatIsTooLongLeavesAnUploadAsItWas) {
  const auto begun = post("/v1/uploads", Json{{"size_bytes", 1000}}.dump(),
                          "Content-Type: APPLICATION/JSON; charset=utf-8\r\n");
  ASSERT_EQ(begun.status, 201) << begun.body;
  const std::string path = "/v1/uploads/" + json(begun)["id"].get<std::string>();
  EXPECT_EQ(send("PATCH", path, std::string(1001, 'x'), "Upload-Offset: 0\r\n").status, 413);
  EXPECT_EQ(get(path).headers.get("Upload-Offset"), "0");
  EXPECT_EQ(send("PATCH", path, std::string(1000, 'x'), "Upload-Offset: 0\r\n").status, 422);
  EXPECT_EQ(get(path).status, 404) << "it will never be a picture";
}

TEST_F(HostileApi, ANumberedTagIsNoNameAndCaseIsNone) {
  const std::string frontal = json(post("/v1/uploads", picture()))["id"];
  const auto add = [&](const char* name) {
    return post("/v1/elements", Json{{"name", name}, {"frontal", frontal}}.dump()).status;
  };
  EXPECT_EQ(add("Image1"), 400);
  EXPECT_EQ(add("Felix"), 201);
  EXPECT_EQ(add("felix"), 409);
  for (const char* prompt : {"@felix walks", "@FELIX walks", "@Felix and @felix walk"})
    EXPECT_EQ(json(post("/v1/jobs:quote", small_spec(prompt)))["violations"].size(), 0u) << prompt;
}

TEST_F(HostileApi, WhatNoServerCanReadIsRefusedAtOnce) {
  for (const char* source : {"/etc/passwd", "file:///etc/passwd", "ftp://x/y", "javascript:1", "inline:-1",
                             "inline:99999999999999999999", "inline:", "upload:", "data:", "data:,x",
                             "data:image/png;base64,AA", "http://", "https://user:pw@x.org/"}) {
    const Json spec = {{"prompt", "a park"}, {"first_frame", source}};
    EXPECT_EQ(post("/v1/jobs", spec.dump()).status, 400) << source;
  }
  const Json hooked = {{"spec", Json::parse(small_spec())}, {"webhook_url", "https://x.org:99999/"}};
  EXPECT_EQ(json(post("/v1/jobs", hooked.dump()))["errors"][0]["pointer"], "/webhook_url");
  EXPECT_EQ(jobs(), 0u);
}

TEST_F(HostileApi, APageOfLargeJobsEndsEarly) {
  engine_.hold();
  Json spec = Json::parse(small_spec());
  for (int i = 0; i < 8; ++i) {
    Json element = {{"name", "e" + std::to_string(i)}};
    std::string small = picture(16);
    small.resize(11000, 'x');
    const std::string source = "data:image/png;base64," + to_base64(as_bytes(small));
    element["frontal"] = source;
    element["angles"] = {source, source, source};
    spec["elements"].push_back(element);
  }
  constexpr size_t kJobs = 6;
  for (size_t i = 0; i < kJobs; ++i) {
    const auto taken = post("/v1/jobs", spec.dump());
    ASSERT_EQ(taken.status, 202) << taken.body.substr(0, 500);
  }
  size_t seen = 0;
  std::string cursor;
  do {
    const auto page = get("/v1/jobs?limit=200" + cursor);
    EXPECT_LT(page.body.size(), 3u << 20);
    Json listed = json(page);
    seen += listed["data"].size();
    cursor = listed["next_cursor"].is_null() ? "" : "&cursor=" + listed["next_cursor"].get<std::string>();
  } while (!cursor.empty() && seen <= kJobs);
  EXPECT_EQ(seen, kJobs);
}

}  // namespace
}  // namespace troupe::server
