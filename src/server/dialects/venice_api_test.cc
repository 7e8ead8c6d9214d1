// Venice's API as its clients use it.
#include <thread>

#include "server/test_service.h"

namespace troupe::server {
namespace {

class VeniceApi : public TestService {
 protected:
  static std::string data_url(int side = 400) {
    return "data:image/png;base64," + to_base64(as_bytes(picture(side)));
  }
  static Json kling() {
    return {{"model", "kling-o3-pro-reference-to-video"},
            {"prompt", "@Element1 walks through @Image1, camera tracking from behind"},
            {"duration", "3"},
            {"aspect_ratio", "16:9"},
            {"elements", {{{"frontal_image_url", data_url()}, {"reference_image_urls", {data_url(410)}}}}},
            {"image_urls", {data_url(420)}}};
  }
  /// Made in no time, where the model does not matter.
  static Json small() {
    return {{"model", "stage"}, {"prompt", "a park"}, {"duration", "1"}, {"resolution", "320x180"}};
  }
  http::Answer queue(const Json& body) { return post("/api/v1/video/queue", body.dump()); }
  http::Answer retrieve(const std::string& id, const std::string& more = "") {
    return post("/api/v1/video/retrieve", Json{{"model", "m"}, {"queue_id", id}}.dump(), more);
  }
};

TEST_F(VeniceApi, MakesAVideoAsTheGuideShows) {
  const auto queued = queue(kling());
  ASSERT_EQ(queued.status, 200) << queued.body;
  const Json reply = json(queued);
  EXPECT_EQ(reply["id"], reply["queue_id"]);
  EXPECT_EQ(reply["model"], "kling-o3-pro-reference-to-video");
  EXPECT_EQ(queued.headers.get("X-Troupe-Engine"), "stage");
  EXPECT_EQ(queued.headers.get("X-Troupe-Draft"), "true");
  const std::string id = reply["id"];
  wait_until_ended(id);
  const auto video = retrieve(id);
  ASSERT_EQ(video.status, 200) << video.body;
  EXPECT_EQ(video.headers.get("Content-Type"), "video/mp4");
  EXPECT_EQ(video.body.substr(4, 4), "ftyp");
  const Json job = json(get("/v1/jobs/" + id));
  EXPECT_EQ(job["spec"]["references"].size(), 2u);
  EXPECT_EQ(job["spec"]["references"][0]["angles"].size(), 1u);
  EXPECT_EQ(job["spec"]["references"][1]["kind"], "scene");
}

TEST_F(VeniceApi, TellsProgressWhileItWorks) {
  engine_.hold();
  const std::string id = json(queue(kling()))["id"];
  const auto answer = retrieve(id);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(json(answer)["status"], "PROCESSING");
  EXPECT_TRUE(json(answer)["average_execution_time"].is_number());
  EXPECT_TRUE(json(answer)["execution_duration"].is_number());
  EXPECT_EQ(post("/api/v1/video/complete", Json{{"queue_id", id}}.dump()).status, 409);
  engine_.let_go();
}

TEST_F(VeniceApi, AnswersInJsonToProgramsThatReadNothingElse) {
  const std::string id = json(queue(small()))["id"];
  wait_until_ended(id);
  for (const char* header : {"Accept: application/json\r\n", "User-Agent: venice-cli/2.1.0\r\n",
                             "User-Agent: @veniceai/mcp-server 0.2.0\r\n"}) {
    const Json reply = json(retrieve(id, header));
    EXPECT_EQ(reply["status"], "COMPLETED");
    const std::string url = reply["video_url"];
    const std::string path = url.substr(url.find("/media/"));
    const auto file = http::TestClient(server_->port()).ask("GET", path);  // without a key
    EXPECT_EQ(file.status, 200);
    EXPECT_EQ(file.headers.get("Content-Type"), "video/mp4");
    EXPECT_EQ(http::TestClient(server_->port()).ask("GET", path + "0").status, 404);
  }
  const auto axios = retrieve(id, "Accept: application/json, text/plain, */*\r\n");
  EXPECT_EQ(axios.headers.get("Content-Type"), "video/mp4");
}

TEST_F(VeniceApi, DeletesWhenAsked) {
  const std::string id = json(queue(small()))["id"];
  wait_until_ended(id);
  EXPECT_EQ(json(post("/api/v1/video/complete", Json{{"model", "m"}, {"queue_id", id}}.dump()))["success"],
            true);
  const auto gone = retrieve(id);
  EXPECT_EQ(gone.status, 404);
  EXPECT_EQ(json(gone)["code"], "MEDIA_NOT_FOUND");
  const std::string other = json(queue(small()))["id"];
  wait_until_ended(other);
  const auto last =
      post("/api/v1/video/retrieve", Json{{"queue_id", other}, {"delete_media_on_completion", true}}.dump());
  EXPECT_EQ(last.body.substr(4, 4), "ftyp");
  EXPECT_EQ(retrieve(other).status, 404);
}

TEST_F(VeniceApi, DeletesNothingThatIsNotInTheClientsHands) {
  const std::string id = json(queue(small()))["id"];
  wait_until_ended(id);
  const std::string body = Json{{"queue_id", id}, {"delete_media_on_completion", true}}.dump();
  EXPECT_EQ(json(post("/api/v1/video/retrieve", body, "Accept: application/json\r\n"))["status"],
            "COMPLETED");
  post("/api/v1/video/retrieve", body, "If-None-Match: *\r\n");
  EXPECT_EQ(retrieve(id).status, 200) << "still there";
  const std::string owner = secret_;
  secret_ = key({"jobs:read"});
  EXPECT_EQ(post("/api/v1/video/retrieve", body).status, 403);
  secret_ = owner;
  EXPECT_EQ(retrieve(id).status, 200);
}

TEST_F(VeniceApi, RefusesInVenicesWords) {
  Json many = kling();
  for (int i = 0; i < 8; ++i) many["elements"].push_back(many["elements"][0]);
  const auto too_many = queue(many);
  EXPECT_EQ(too_many.status, 400);
  EXPECT_EQ(json(too_many)["error"], "Number of images exceeds the limit");
  EXPECT_EQ(json(too_many)["details"]["elements"]["_errors"].size(), 2u) << too_many.body;

  const Json none = {{"model", "grok-imagine-reference-to-video"}, {"prompt", "a park"}, {"duration", "8"}};
  EXPECT_EQ(json(queue(none))["error"], "At least one reference image is required");

  Json wrong = kling();
  wrong["duration"] = "2s";
  wrong["aspect_ratio"] = "21:9";
  const Json reply = json(queue(wrong));
  EXPECT_EQ(reply["details"]["duration"]["_errors"].size(), 1u) << reply;
  EXPECT_EQ(reply["details"]["aspect_ratio"]["_errors"].size(), 1u);
  EXPECT_NE(reply["error"].get<std::string>().find("Invalid request parameters"), std::string::npos);

  Json slip = kling();
  slip["elemnts"] = 1;
  EXPECT_EQ(queue(slip).status, 400);
  Json unknown = kling();
  unknown["model"] = "kling-o9";
  EXPECT_EQ(queue(unknown).status, 404);
  EXPECT_EQ(json(queue(unknown))["code"], "MODEL_NOT_FOUND");
  const auto no_key = http::TestClient(server_->port()).ask("POST", "/api/v1/video/queue");
  EXPECT_EQ(no_key.status, 401);
  EXPECT_EQ(json(no_key)["code"], "AUTHENTICATION_FAILED");
  EXPECT_EQ(json(retrieve("nothing"))["code"], "MEDIA_NOT_FOUND");
}

TEST_F(VeniceApi, ReadsEveryNameOfAField) {
  for (const char* name : {"referenceImageUrls", "reference_image_urls", "imageUrls"}) {
    const Json body = {{"model", "grok-imagine-reference-to-video"},
                       {"prompt", "@Image1 in a park"},
                       {"duration", "5"},
                       {name, {data_url(), data_url(390)}}};
    const auto queued = queue(body);
    ASSERT_EQ(queued.status, 200) << queued.body;
    const Json job = json(get("/v1/jobs/" + json(queued)["id"].get<std::string>()));
    EXPECT_EQ(job["spec"]["references"].size(), 2u) << name;
  }
  for (const Json& duration : {Json("8"), Json("8s"), Json(8)}) {
    Json body = kling();
    body["duration"] = duration;
    const Json job = json(get("/v1/jobs/" + json(queue(body))["id"].get<std::string>()));
    EXPECT_EQ(job["spec"]["duration"], 8) << duration;
  }
}

TEST_F(VeniceApi, QuotesWithoutAKey) {
  const auto ask = [&](const Json& body) {
    http::TestClient client(server_->port());
    const std::string text = body.dump();
    client.send("POST /api/v1/video/quote HTTP/1.1\r\nHost: x\r\nContent-Length: " +
                std::to_string(text.size()) + "\r\n\r\n" + text);
    return client.read_answer();
  };
  const char* kling = "kling-o3-pro-reference-to-video";
  EXPECT_EQ(json(ask({{"model", kling}, {"duration", "10"}, {"audio", true}}))["quote"], 1.4);
  EXPECT_EQ(json(ask({{"model", kling}, {"duration", "10s"}, {"aspect_ratio", "1:1"}}))["quote"], 1.12);
  EXPECT_EQ(
      json(ask(
          {{"model", "grok-imagine-reference-to-video"}, {"duration", 8}, {"resolution", "480p"}}))["quote"],
      0.504);
  EXPECT_EQ(ask({{"model", kling}, {"duration", "99"}}).status, 400);
}

TEST_F(VeniceApi, ListsModels) {
  const auto answer = http::TestClient(server_->port()).ask("GET", "/api/v1/models?type=video");
  const Json models = json(answer);
  EXPECT_EQ(models["type"], "video");
  const Json& data = models["data"];
  const auto kling = std::find_if(data.begin(), data.end(), [](const Json& model) {
    return model["id"] == "kling-o3-pro-reference-to-video";
  });
  ASSERT_NE(kling, data.end());
  const Json& constraints = (*kling)["model_spec"]["constraints"];
  EXPECT_EQ(constraints["durations"].front(), "3s");
  EXPECT_EQ(constraints["durations"].back(), "15s");
  EXPECT_EQ(constraints["aspect_ratios"], Json({"16:9", "9:16", "1:1"}));
  EXPECT_EQ(constraints["model_type"], "image-to-video");
}

TEST_F(VeniceApi, ShotsAreLinesOfThePrompt) {
  Json body = kling();
  body["duration"] = "15s";
  body["prompt"] =
      "Shot 1 (5s): @Element1 stands at the edge of @Image1.\n\nShot 2 (5s): Close-up of "
      "@Element1's face.\n\nShot 3 (5s): @Element1 walks away from camera.";
  EXPECT_EQ(queue(body).status, 200);
  body["prompt"] = "Shot 1 (5s): @Element1 stands.\nShot 2 (12s): @Element1 walks away.";
  const auto refused = queue(body);
  EXPECT_EQ(refused.status, 400);
  EXPECT_TRUE(json(refused)["details"].contains("prompt") || json(refused)["details"].contains("duration"))
      << refused.body;
}

TEST_F(VeniceApi, SaysWhatIsLeftOfTheKeysRequests) {
  secret_ = key({"jobs:read", "jobs:write"}, {}, 600);
  const auto answer = retrieve("job_nothing");
  EXPECT_EQ(answer.headers.get("x-ratelimit-limit-requests"), "600");
  EXPECT_FALSE(answer.headers.get("x-ratelimit-remaining-requests").empty());
}

}  // namespace
}  // namespace troupe::server
