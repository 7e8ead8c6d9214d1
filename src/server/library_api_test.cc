// Uploads, elements and webhooks through the real HTTP server.
#include "server/test_service.h"

namespace troupe::server {
namespace {

class LibraryApi : public TestService {
 protected:
  std::string upload(const std::string& bytes) { return json(post("/v1/uploads", bytes))["id"]; }
};

TEST_F(LibraryApi, AnUploadIsStoredOnceAndUsedByAJob) {
  const std::string bytes = picture();
  const auto first = post("/v1/uploads?name=red.png", bytes);
  ASSERT_EQ(first.status, 201) << first.body;
  EXPECT_EQ(json(first)["media_type"], "image/png");
  upload(bytes);
  EXPECT_EQ(folder_->objects->list("", 100)->size(), 1u) << "the same bytes are one object";
  const Json spec = {
      {"prompt", "@red in a park"},
      {"duration", 1},
      {"resolution", "320x180"},
      {"elements", {{{"name", "red"}, {"frontal", "upload:" + json(first)["id"].get<std::string>()}}}}};
  EXPECT_EQ(json(post("/v1/jobs", spec.dump(), "Prefer: wait=60\r\n"))["state"], "succeeded");
}

TEST_F(LibraryApi, WhatIsNoPictureOrVideoIsRefused) {
  const auto refused = post("/v1/uploads", "hello, I am a text");
  EXPECT_EQ(refused.status, 422);
  EXPECT_NE(refused.body.find("JPEG, PNG or WEBP"), std::string::npos);
}

TEST_F(LibraryApi, AnUploadGoesOnWhereItStopped) {
  const std::string bytes = picture();
  const size_t half = bytes.size() / 2;
  const auto begun =
      post("/v1/uploads", Json{{"size_bytes", bytes.size()}}.dump(), "Content-Type: application/json\r\n");
  ASSERT_EQ(begun.status, 201) << begun.body;
  const std::string path = "/v1/uploads/" + json(begun)["id"].get<std::string>();
  EXPECT_EQ(send("PATCH", path, bytes.substr(0, half), "Upload-Offset: 0\r\n").status, 200);
  close();
  open();
  const auto stands = get(path);
  EXPECT_EQ(stands.headers.get("Upload-Offset"), std::to_string(half));
  EXPECT_EQ(send("PATCH", path, bytes, "Upload-Offset: 0\r\n").status, 409) << "not from the start again";
  const auto whole =
      send("PATCH", path, bytes.substr(half), "Upload-Offset: " + std::to_string(half) + "\r\n");
  EXPECT_EQ(whole.status, 200) << whole.body;
  EXPECT_EQ(json(whole)["media_type"], "image/png");
  EXPECT_EQ(send("DELETE", path, "").status, 204);
  EXPECT_EQ(get(path).status, 404);
}

TEST_F(LibraryApi, AnElementIsMeantByItsNameInAnyJob) {
  const std::string frontal = upload(picture());
  const auto made = post("/v1/elements", Json{{"name", "fox"}, {"frontal", frontal}}.dump());
  ASSERT_EQ(made.status, 201) << made.body;
  const Json job = json(post("/v1/jobs", small_spec("@fox walks in a park"), "Prefer: wait=60\r\n"));
  EXPECT_EQ(job["state"], "succeeded") << job.dump();
  EXPECT_EQ(post("/v1/jobs", small_spec("@wolf walks")).status, 400) << "nobody of that name";
  EXPECT_EQ(post("/v1/elements", Json{{"name", "fox"}, {"frontal", frontal}}.dump()).status, 409);
  EXPECT_EQ(send("DELETE", "/v1/uploads/" + frontal, "").status, 409) << "the element needs it";
  const std::string path = "/v1/elements/" + json(made)["id"].get<std::string>();
  const auto changed = send("PATCH", path, R"({"name":"vixen","version":1})");
  EXPECT_EQ(json(changed)["version"], 2);
  EXPECT_EQ(send("PATCH", path, R"({"name":"v","version":1})").status, 409) << "somebody else was faster";
  EXPECT_EQ(send("DELETE", path, "").status, 204);
}

TEST_F(LibraryApi, AnothersUploadIsNoReference) {
  const std::string id = upload(picture());
  secret_ = key({"jobs:read", "jobs:write"});
  const Json spec = {{"prompt", "@red in a park"},
                     {"duration", 1},
                     {"resolution", "320x180"},
                     {"elements", {{{"name", "red"}, {"frontal", "upload:" + id}}}}};
  Json refused = json(post("/v1/jobs", spec.dump()));
  EXPECT_EQ(refused["errors"][0]["code"], "not_found") << refused;
  EXPECT_EQ(refused["errors"][0]["pointer"], "/references/0/source");
}

TEST_F(LibraryApi, AServersFilesAreNobodysReference) {
  for (const char* source : {"/etc/passwd", "file:///etc/passwd", "../troupe.db"}) {
    const Json spec = {{"prompt", "@red"},
                       {"duration", 1},
                       {"resolution", "320x180"},
                       {"elements", {{{"name", "red"}, {"frontal", source}}}}};
    Json refused = json(post("/v1/jobs", spec.dump()));
    EXPECT_EQ(refused["errors"][0]["code"], "unsupported") << source;
  }
}

}  // namespace
}  // namespace troupe::server
