// What the vendors' dialects share: forms, media, streams, whose words a refusal has. Their own clients are
// run by tests/clients.
#include <thread>

#include "server/test_service.h"

namespace troupe::server {
namespace {

class DialectsApi : public TestService {
 protected:
  static std::string data_url(int side = 400) {
    return "data:image/png;base64," + to_base64(as_bytes(picture(side)));
  }
  static std::string gateway_body() {
    return Json{{"prompt", "a park"},
                {"n", 1},
                {"duration", 1},
                {"resolution", "320x180"},
                {"providerOptions", Json::object()}}
        .dump();
  }
  static inline const std::string kStage = "ai-model-id: stage\r\n";
  Json job(const std::string& id) { return json(get("/v1/jobs/" + id)); }
  std::string newest() { return json(get("/v1/jobs?limit=1"))["data"][0]["id"]; }
};

TEST_F(DialectsApi, TheGatewaysStreamHasOneEventWithTheVideo) {
  const auto answer = post("/v4/ai/video-model", gateway_body(), kStage);
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.headers.get("Content-Type"), "text/event-stream");
  const size_t data = answer.body.find("data: ");
  ASSERT_NE(data, std::string::npos) << answer.body;
  EXPECT_EQ(answer.body.find("data: ", data + 1), std::string::npos);
  const Json event = Json::parse(answer.body.substr(data + 6, answer.body.find('\n', data) - data - 6));
  EXPECT_EQ(event["type"], "result");
  EXPECT_EQ(event["videos"][0]["type"], "base64");
  const auto bytes = from_base64(event["videos"][0]["data"].get<std::string>());
  ASSERT_TRUE(bytes);
  EXPECT_EQ(std::string(bytes->begin() + 4, bytes->begin() + 8), "ftyp");
}

TEST_F(DialectsApi, WhoeverLeavesTheGatewaysStreamHasTheJobCancelled) {
  engine_.hold();
  {
    http::TestClient client(server_->port());
    const std::string body = gateway_body();
    client.send("POST /v4/ai/video-model HTTP/1.1\r\nHost: test\r\nContent-Length: " +
                std::to_string(body.size()) + "\r\n" + bearer(secret_) + kStage + "\r\n" + body);
    engine_.wait_begun(1);
  }
  const std::string id = newest();
  wait_until_ended(id);
  EXPECT_EQ(job(id)["state"], "cancelled");
}

TEST_F(DialectsApi, WhoeverMayComeAgainFindsTheJobStillThere) {
  engine_.hold();
  const std::string body = gateway_body(), key = "idempotency-key: mine\r\n";
  {
    http::TestClient client(server_->port());
    client.send("POST /v4/ai/video-model HTTP/1.1\r\nHost: test\r\nContent-Length: " +
                std::to_string(body.size()) + "\r\n" + bearer(secret_) + kStage + key + "\r\n" + body);
    engine_.wait_begun(1);
  }
  engine_.let_go();
  const auto again = post("/v4/ai/video-model", body, kStage + key);
  EXPECT_NE(again.body.find("\"type\":\"result\""), std::string::npos) << again.body.substr(0, 200);
}

TEST_F(DialectsApi, AStreamEndsWithAJobThatIsDeleted) {
  engine_.hold();
  post("/v1/jobs", small_spec());  // keeps the worker busy
  engine_.wait_begun(1);
  http::TestClient client(server_->port());
  const std::string body = gateway_body();
  client.send("POST /v4/ai/video-model HTTP/1.1\r\nHost: test\r\nContent-Length: " +
              std::to_string(body.size()) + "\r\n" + bearer(secret_) + kStage + "\r\n" + body);
  while (json(get("/v1/jobs"))["data"].size() < 2) std::this_thread::yield();
  EXPECT_EQ(send("DELETE", "/v1/videos/" + newest(), "").status, 200);
  EXPECT_NE(client.read_answer().body.find("cancelled"), std::string::npos);
}

TEST_F(DialectsApi, AVideoThatAProviderMayHaveIsStoppedThereBeforeItIsDeleted) {
  const std::string id = parked_job();
  const auto refused = send("DELETE", "/v1/videos/" + id, "");
  EXPECT_EQ(refused.status, 409) << refused.body;
  EXPECT_NE(json(refused)["error"]["message"].get<std::string>().find("being stopped"), std::string::npos);
  EXPECT_EQ(job(id)["cancel_requested"], true);
  EXPECT_EQ(send("DELETE", "/v1/videos/" + id, "").status, 409) << "and again";
  ASSERT_EQ(post("/v1/jobs/" + id + ":cancel", R"({"abandon":true})").status, 200);
  EXPECT_EQ(send("DELETE", "/v1/videos/" + id, "").status, 200);
}

TEST_F(DialectsApi, FalTellsThePlaceInTheQueue) {
  engine_.hold();
  post("/v1/jobs", small_spec());  // keeps the worker busy
  engine_.wait_begun(1);
  const std::string body = Json{{"prompt", "a park"}, {"resolution", "320x180"}, {"duration", 1}}.dump();
  const Json first = json(post("/fal-ai/troupe/stage", body)),
             second = json(post("/fal-ai/troupe/stage", body));
  EXPECT_EQ(first["queue_position"], 0);
  EXPECT_EQ(second["queue_position"], 1);
  const std::string status = "/fal-ai/troupe/requests/" + second["request_id"].get<std::string>() + "/status";
  EXPECT_EQ(json(get(status))["queue_position"], 1);
  ASSERT_EQ(post("/v1/jobs/" + first["request_id"].get<std::string>() + ":cancel", "").status, 200);
  EXPECT_EQ(json(get(status))["queue_position"], 0);
}

TEST_F(DialectsApi, WhatAPictureBreaksIsToldInTheFieldsOfTheBody) {
  const auto queued = post("/fal-ai/troupe/stage", Json{{"prompt", "@Element1 waves"},
                                                        {"resolution", "320x180"},
                                                        {"duration", 1},
                                                        {"elements", {{{"frontal_image_url", data_url(8)}}}}}
                                                       .dump());
  ASSERT_EQ(queued.status, 200) << queued.body;
  const std::string id = json(queued)["request_id"];
  wait_until_ended(id);
  const auto failed = get("/fal-ai/troupe/requests/" + id);
  EXPECT_EQ(failed.status, 422) << failed.body;
  EXPECT_EQ(json(failed)["detail"][0]["loc"], (Json{"body", "elements", 0, "frontal_image_url"}))
      << failed.body;
  EXPECT_EQ(failed.body.find("/references"), std::string::npos) << failed.body;
  EXPECT_NE(failed.body.find("/elements/0/frontal_image_url: "), std::string::npos) << failed.body;
}

TEST_F(DialectsApi, AFilterThatNothingFitsSelectsNothing) {
  const std::string id = json(post("/v1/jobs", small_spec()))["id"];
  for (const char* filter : {"?status=UNKNOWN", "?status=succeeded", "?model_name=nonsense"})
    EXPECT_EQ(json(get(std::string("/api/v1/tasks/") + filter))["data"].size(), 0u) << filter;
  EXPECT_EQ(json(get("/api/v1/tasks/?model_name=stage"))["data"][0]["task_id"], id);
  EXPECT_EQ(get("/api/v1/tasks/?start_time=20260101000000").status, 400);
  EXPECT_EQ(get("/v1/predictions?cursor=zzz").status, 404);
  EXPECT_EQ(get("/v1/videos?order=asc").status, 400);
}

TEST_F(DialectsApi, ARemixTakesAPromptAndNoLength) {
  const std::string id = json(post("/v1/jobs", small_spec(), "Prefer: wait=60\r\n"))["id"];
  EXPECT_EQ(post("/v1/videos/" + id + "/remix", R"({"prompt":"a beach","seconds":"12"})").status, 400);
  EXPECT_EQ(post("/v1/videos/" + id + "/remix", R"({"prompt":"a beach","model":"none"})").status, 404);
  const auto remixed = post("/v1/videos/" + id + "/remix", R"({"prompt":"a beach"})");
  EXPECT_EQ(json(remixed)["remixed_from_video_id"], id) << remixed.body;
}

TEST_F(DialectsApi, AnIdempotencyKeyIsOfTheModelToo) {
  const std::string key = "idempotency-key: one\r\n";
  const auto first = json(post("/v4/ai/video-model/start", gateway_body(), kStage + key));
  const auto again = json(post("/v4/ai/video-model/start", gateway_body(), kStage + key));
  EXPECT_EQ(first["operation"], again["operation"]);
  const auto other =
      post("/v4/ai/video-model/start", gateway_body(), "ai-model-id: alibaba/wan-v2.6-t2v\r\n" + key);
  EXPECT_EQ(other.status, 400) << other.body;
}

TEST_F(DialectsApi, AFormIsReadAsItsJsonIs) {
  const std::string part = "--b\r\nContent-Disposition: form-data; name=\"";
  const std::string form = part + "model\"\r\n\r\nstage\r\n" + part + "prompt\"\r\n\r\n@Element1 waves\r\n" +
                           part + "seconds\"\r\n\r\n1\r\n" + part + "size\"\r\n\r\n320x180\r\n" + part +
                           "elements[][frontal_image_url]\"\r\n\r\n" + data_url() + "\r\n" + part +
                           "input_reference\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n" +
                           picture() + "\r\n--b--\r\n";
  const auto created = post("/v1/videos", form, "Content-Type: multipart/form-data; boundary=b\r\n");
  ASSERT_EQ(created.status, 200) << created.body;
  const Json spec = job(json(created)["id"])["spec"];
  EXPECT_EQ(spec["references"][0]["kind"], "element");
  EXPECT_TRUE(spec["references"][0]["source"].get<std::string>().starts_with("data:image/png"));
  EXPECT_TRUE(spec["first_frame"].get<std::string>().starts_with("upload:"));
  EXPECT_EQ(
      post("/v1/videos", form.substr(0, form.size() / 2), "Content-Type: multipart/form-data; boundary=b\r\n")
          .status,
      400);
}

TEST_F(DialectsApi, AClipAmongPicturesIsTakenForOne) {
  const std::string made = json(post("/v1/jobs", small_spec(), "Prefer: wait=60\r\n"))["id"];
  const std::string clip = get("/v1/jobs/" + made + "/video").body;
  ASSERT_GT(clip.size(), 1000u);
  const Json body = {{"model", "wan2.6-r2v"},
                     {"input",
                      {{"prompt", "character1 and character2 dance"},
                       {"reference_urls",
                        {"data:image/png;base64," + to_base64(as_bytes(picture())),
                         to_base64(as_bytes(clip + std::string(20000, '\0')))}}}},
                     {"parameters", {{"size", "1280*720"}, {"duration", 2}}}};
  const auto created = post("/api/v1/services/aigc/video-generation/video-synthesis", body.dump(),
                            "X-DashScope-Async: enable\r\n");
  ASSERT_EQ(created.status, 200) << created.body;
  const Json references = job(json(created)["output"]["task_id"])["spec"]["references"];
  EXPECT_TRUE(references[0].contains("source"));
  EXPECT_TRUE(references[1].contains("clip")) << references;
}

TEST_F(DialectsApi, ASharedPathAnswersInTheDialectThatMadeTheJob) {
  const Json body = {{"model", "stage"},
                     {"prompt", "a park"},
                     {"duration", 1},
                     {"resolution", "320x180"},
                     {"session_id", "s"}};
  const auto router = post("/v1/videos", body.dump());
  EXPECT_EQ(router.status, 202);
  EXPECT_TRUE(json(get("/v1/videos/" + json(router)["id"].get<std::string>())).contains("polling_url"));
  const auto openai =
      post("/v1/videos",
           Json{{"model", "stage"}, {"prompt", "a park"}, {"seconds", "1"}, {"size", "320x180"}}.dump());
  EXPECT_EQ(openai.status, 200);
  EXPECT_EQ(json(get("/v1/videos/" + json(openai)["id"].get<std::string>()))["object"], "video");
  const auto xai =
      post("/v1/videos/generations",
           Json{{"model", "stage"}, {"prompt", "a park"}, {"duration", 1}, {"resolution", "320x180"}}.dump());
  const std::string id = json(xai)["request_id"];
  wait_until_ended(id);
  const Json done = json(get("/v1/videos/" + id));
  EXPECT_EQ(done["status"], "done");
  EXPECT_TRUE(done["video"]["url"].get<std::string>().starts_with("data:video/mp4;base64,"));
}

TEST_F(DialectsApi, FalsStreamOfStatesEndsWithTheJob) {
  const auto queued = post("/fal-ai/troupe/stage",
                           Json{{"prompt", "a park"}, {"resolution", "320x180"}, {"duration", 1}}.dump());
  ASSERT_EQ(queued.status, 200) << queued.body;
  const std::string path = "/fal-ai/troupe/requests/" + json(queued)["request_id"].get<std::string>();
  const auto states = get(path + "/status/stream");
  EXPECT_NE(states.body.find("COMPLETED"), std::string::npos) << states.body;
  EXPECT_EQ(json(get(path))["video"]["content_type"], "video/mp4");
  EXPECT_EQ(get(path + "/nothing").status, 404);
  EXPECT_EQ(get(path + "/cancel").status, 405);
  const auto proxied =
      send("GET", "/api/fal/proxy", "", "x-fal-target-url: https://queue.fal.run" + path + "\r\n");
  EXPECT_EQ(proxied.status, 200);
  EXPECT_EQ(send("GET", "/api/fal/proxy", "", "x-fal-target-url: https://example.org" + path + "\r\n").status,
            400);
}

TEST_F(DialectsApi, FalsFilesGoAheadToAnAddressOfTheirOwn) {
  const Json place = json(post("/storage/upload/initiate?storage_type=fal-cdn-v3",
                               R"({"content_type":"image/png","file_name":"fox.png"})"));
  const std::string url = place["upload_url"];
  const std::string target = url.substr(url.find("/storage/"));
  const std::string secret = std::exchange(secret_, "");
  EXPECT_EQ(send("PUT", target + "0", picture()).status, 403);
  EXPECT_EQ(send("PUT", target.substr(0, target.find('?')), picture()).status, 403);
  EXPECT_EQ(send("PUT", target, "no picture").status, 422);
  EXPECT_EQ(send("PUT", target, picture()).status, 200) << "no key is asked for";
  EXPECT_EQ(send("PUT", target, picture()).status, 200) << "nor is it another one when it is sent again";
  secret_ = secret;
  const auto queued =
      post("/fal-ai/troupe/stage", Json{{"prompt", "@Element1 waves"},
                                        {"resolution", "320x180"},
                                        {"duration", 1},
                                        {"elements", {{{"frontal_image_url", place["file_url"]}}}}}
                                       .dump());
  ASSERT_EQ(queued.status, 200) << queued.body;
  const std::string id = json(queued)["request_id"];
  wait_until_ended(id);
  EXPECT_EQ(job(id)["state"], "succeeded");
  EXPECT_EQ(json(get("/v1/uploads"))["data"].size(), 1u);
}

TEST_F(DialectsApi, ReplicatesFilesAreUploads) {
  const std::string form =
      "--b\r\nContent-Disposition: form-data; name=\"content\"; filename=\"a.png\"\r\n\r\n" + picture() +
      "\r\n--b\r\nContent-Disposition: form-data; name=\"metadata\"; filename=\"blob\"\r\n"
      "Content-Type: application/json\r\n\r\n{}\r\n--b--\r\n";
  const std::string type = "Content-Type: multipart/form-data; boundary=b\r\n";
  const auto sent = post("/v1/files", form, type);
  ASSERT_EQ(sent.status, 201) << sent.body;
  const Json file = json(sent);
  EXPECT_EQ(file["content_type"], "image/png");
  const std::string id = file["id"];
  EXPECT_EQ(file["urls"]["get"], "upload:" + id);
  EXPECT_EQ(json(get("/v1/files/" + id)), file);
  const Json input{{"prompt", "a park"}, {"reference_images", {file["urls"]["get"]}}, {"duration", 1}};
  EXPECT_EQ(post("/v1/models/troupe/stage/predictions", Json{{"input", input}}.dump()).status, 201);
  EXPECT_EQ(post("/v1/files", "--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n1\r\n--b--\r\n", type)
                .status,
            422);
  EXPECT_EQ(get("/v1/files/upl_none").status, 404);
}

TEST_F(DialectsApi, OpenAisClientsAreToldHowMuchTheyMayAsk) {
  EXPECT_FALSE(get("/v1/videos").headers.has("x-ratelimit-limit-requests")) << "there is no bound";
  secret_ = key({"jobs:read"}, {}, 60);
  const auto told = get("/v1/videos");
  EXPECT_EQ(told.headers.get("x-ratelimit-limit-requests"), "60");
  EXPECT_FALSE(told.headers.get("x-ratelimit-remaining-requests").empty());
  EXPECT_TRUE(told.headers.get("x-ratelimit-reset-requests").ends_with("s"));
  EXPECT_FALSE(get("/v1/jobs").headers.has("x-ratelimit-limit-requests"));
}

TEST_F(DialectsApi, ARefusalHasTheWordsOfThePathsOwner) {
  secret_ = "trp_sk_wrong";
  const std::map<std::string, std::string> keys{
      {"/v4/ai/video-model", "error"},
      {"/api/v1/video/queue", "code"},
      {"/api/v1/services/aigc/video-generation/video-synthesis", "request_id"},
      {"/pictoryapis/v1/aistudio/videos", "message"},
      {"/v1/videos", "error"},
      {"/fal-ai/x/y", "detail"},
      {"/v1/predictions", "detail"},
      {"/v1/models/a/b/predictions", "detail"},
      {"/api/v1/videos", "error"},
      {"/v1/jobs", "retryable"}};
  for (const auto& [path, key] : keys) {
    const auto refused = post(path, "{}");
    EXPECT_EQ(refused.status, 401) << path;
    EXPECT_TRUE(json(refused).contains(key)) << path << refused.body;
  }
}

TEST_F(DialectsApi, WithoutDraftsItSaysWhatIsMissing) {
  close();
  engines_ = EngineRoutes(false);
  open();
  const auto answer =
      post("/v4/ai/video-model/start", gateway_body(), "ai-model-id: alibaba/wan-v2.6-t2v\r\n");
  EXPECT_EQ(answer.status, 424) << answer.body;
  EXPECT_EQ(json(answer)["error"]["type"], "failed_dependency");
  EXPECT_NE(answer.body.find("provider key"), std::string::npos);
}

TEST_F(DialectsApi, MegabytesOfPicturesAreOneRequest) {
  // Bytes behind a picture's end are nobody's.
  const std::string large = picture(400) + std::string(7'400'000, 'x');
  const std::string url = "data:image/png;base64," + to_base64(as_bytes(large));
  Json images = Json::array();
  for (int i = 0; i < 7; ++i) images.push_back(url);
  const Json body = {{"model", "grok-imagine-reference-to-video"},
                     {"prompt", "@Image1"},
                     {"duration", "5"},
                     {"reference_image_urls", std::move(images)}};
  const std::string text = body.dump();
  ASSERT_GT(text.size(), 69'000'000u);
  const auto queued = post("/api/v1/video/queue", text);
  EXPECT_EQ(queued.status, 200) << queued.body;
}

}  // namespace
}  // namespace troupe::server
