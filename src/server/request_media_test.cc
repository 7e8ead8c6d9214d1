// Pictures inside requests: stored once, kept while a job names them, refused with the place where they
// stand.
#include "server/request_media.h"

#include "base/random.h"
#include "server/sweeper.h"
#include "server/test_service.h"

namespace troupe::server {
namespace {

class RequestMediaTest : public TestService {
 protected:
  // A PNG of noise: large for its size.
  static std::string noise(uint64_t seed = 1, int side = 200) {
    Image image(side, side);
    Random random(seed);
    for (int y = 0; y < side; ++y) {
      for (int x = 0; x < side * 4; ++x)
        image.at(0, y)[x] = x % 4 == 3 ? 255 : static_cast<uint8_t>(random.below(256));
    }
    const Bytes png = *media::encode_png(image);
    return {png.begin(), png.end()};
  }
  static std::string data_url(const std::string& bytes) {
    return "data:image/png;base64," + to_base64(as_bytes(bytes));
  }
  static Json spec_with(const std::string& source) {
    Json spec = Json::parse(small_spec());
    spec["first_frame"] = source;
    return spec;
  }
  Swept sweep_all() {
    SweeperOptions options;
    options.spare_objects = std::chrono::milliseconds(-1000);
    return sweep(*folder_->jobs, *folder_->objects, *folder_->partials, clock_.now(), options).value();
  }
};

TEST_F(RequestMediaTest, APictureInsideTheRequestIsMadeIntoAVideo) {
  const std::string spec = spec_with(data_url(noise())).dump();
  const std::string once = "Prefer: wait=60\r\nIdempotency-Key: k1\r\n";
  const auto answer = post("/v1/jobs", spec, once);
  ASSERT_EQ(json(answer)["state"], "succeeded") << answer.body;
  const std::string source = json(answer)["spec"]["first_frame"];
  EXPECT_TRUE(source.starts_with("upload:upl_")) << source;
  EXPECT_EQ(json(get("/v1/uploads"))["data"].size(), 0u) << "it is no upload of the user's own making";
  const auto again = post("/v1/jobs", spec, once);
  EXPECT_EQ(again.headers.get("Idempotent-Replayed"), "true") << again.body;
  EXPECT_EQ(json(post("/v1/jobs", spec_with(data_url(noise(2))).dump(), once))["code"],
            "idempotency_mismatch");
  const Json retried = json(post("/v1/jobs/" + json(answer)["id"].get<std::string>() + ":retry?wait=60", ""));
  EXPECT_EQ(retried["state"], "succeeded");
  EXPECT_EQ(retried["spec"]["first_frame"], source);
}

TEST_F(RequestMediaTest, ItGoesWithItsLastJob) {
  const auto answer = post("/v1/jobs", spec_with(data_url(noise())).dump(), "Prefer: wait=60\r\n");
  sweep_all();
  const size_t kept = folder_->objects->list("", 100)->size();
  ASSERT_EQ(send("DELETE", "/v1/jobs/" + json(answer)["id"].get<std::string>(), "").status, 204);
  EXPECT_EQ(sweep_all().objects, static_cast<int>(kept));
  EXPECT_TRUE(folder_->objects->list("", 100)->empty());
}

TEST_F(RequestMediaTest, WhatCannotBeUsedIsRefusedAtItsPlace) {
  const std::string good = data_url(noise());
  const auto refused = [&](const Json& body) { return json(post("/v1/jobs", body.dump()))["errors"]; };
  EXPECT_EQ(refused(spec_with(good + "*"))[0]["pointer"], "/first_frame");
  EXPECT_EQ(refused({{"spec", spec_with(good + "*")}})[0]["pointer"], "/spec/first_frame");
  const std::string text = data_url(std::string(20000, 'x'));
  EXPECT_EQ(refused(spec_with(text))[0]["code"], "unsupported");
  EXPECT_EQ(refused(spec_with("inline:3"))[0]["code"], "not_found");
  EXPECT_EQ(refused({{"spec", Json::parse(small_spec())}, {"metadata", {{"a", good}}}})[0]["pointer"],
            "/spec");
  Json missing = spec_with("upload:upl_01JB2M4Z9C6Q0S8W5V7X3Y1T2R");
  EXPECT_EQ(refused(missing)[0]["pointer"], "/first_frame");
  EXPECT_EQ(refused(missing)[0]["code"], "not_found");
  EXPECT_EQ(json(post("/v1/jobs:quote", missing.dump()))["violations"].size(), 1u);
  EXPECT_EQ(json(get("/v1/jobs"))["data"].size(), 0u);
}

TEST_F(RequestMediaTest, AnUploadThatAJobWaitsForStays) {
  engine_.hold();
  const std::string id = json(post("/v1/uploads", noise()))["id"];
  const std::string job = json(post("/v1/jobs", spec_with("upload:" + id).dump()))["id"];
  const auto refused = send("DELETE", "/v1/uploads/" + id, "");
  EXPECT_EQ(refused.status, 409);
  EXPECT_NE(refused.body.find(job), std::string::npos) << refused.body;
}

TEST_F(RequestMediaTest, ABodyTellsAllThatIsWrongWithIt) {
  Json element = json(post("/v1/elements", R"({"name": "a b", "frontal": "x", "extra": 1})"));
  EXPECT_GE(element["errors"].size(), 3u) << element;
  Json job = json(post("/v1/jobs", R"({"promt": "x", "duration": "soon"})"));
  EXPECT_GE(job["errors"].size(), 2u) << job;
}

}  // namespace
}  // namespace troupe::server
