#include "api/dialect_for_test.h"
#include "api/venice/wire.h"

namespace troupe::api::venice {
namespace {

const auto kQueue = [](std::string_view json, std::vector<Error>* all) { return parse_queue(json, all); };

/// parse_queue() of a body with a model, a prompt and `more`.
Result<Submission> queued(const std::string& more) {
  return parse_queue(R"({"model":"m","prompt":"p",)" + more + "}");
}
Complaints refused(const std::string& more) {
  return told(kQueue, R"({"model":"m","prompt":"p",)" + more + "}");
}

GenerationSpec bare() {
  GenerationSpec spec;
  spec.model = "m";
  spec.prompt = "p";
  return spec;
}

TEST(VeniceAccept, ReadsEveryFieldIntoTheSpec) {
  const auto read = parse_queue(R"({
    "model": "kling-o3-pro-reference-to-video",
    "prompt": "@Element1 walks into @Image1.",
    "negative_prompt": "rain",
    "duration": "8s",
    "aspect_ratio": "9:16",
    "resolution": "720p",
    "audio": false,
    "seed": 7,
    "elements": [
      {"frontal_image_url": "https://x.org/fox.png", "reference_image_urls": ["https://x.org/left.png"]},
      {"video_url": "https://x.org/owl"}],
    "scene_image_urls": ["https://x.org/wood.png"],
    "reference_image_urls": ["https://x.org/flat.png"],
    "reference_video_urls": ["https://x.org/run"],
    "image_url": "https://x.org/first.png",
    "end_image_url": "data:image/png;base64,AAAA",
    "omni_reference_task_type": "reference"})");
  GenerationSpec want;
  want.model = "kling-o3-pro-reference-to-video";
  want.prompt = "@Element1 walks into @Image1.";
  want.negative_prompt = "rain";
  want.duration = seconds(8);
  want.aspect_ratio = AspectRatio{9, 16};
  want.resolution = Resolution{720, {}};
  want.audio = false;
  want.seed = 7;
  want.references = {reference_of(ReferenceKind::element, picture("fox")), clip_of({"https://x.org/owl"}),
                     reference_of(ReferenceKind::scene, picture("wood")),
                     reference_of(ReferenceKind::image, picture("flat")), clip_of({"https://x.org/run"})};
  want.references[0].angles = {picture("left")};
  want.first_frame = picture("first");
  want.last_frame = MediaSource{"data:image/png;base64,AAAA"};
  expect_spec(read, want);
  EXPECT_TRUE(read->ignored.empty());
  EXPECT_EQ(read->lane, 0);
}

TEST(VeniceAccept, ReadsEveryNameOfAField) {
  const std::string url = "\"https://x.org/a.png\"", list = "[" + url + "]";
  const std::vector<std::pair<std::string, std::string>> same{
      {"\"image_urls\":" + list, "\"scene_image_urls\":" + list},
      {"\"referenceImageUrls\":" + list, "\"reference_image_urls\":" + list},
      {"\"imageUrls\":" + list, "\"reference_image_urls\":" + list},
      {"\"reference_image_urls\":" + url, "\"reference_image_urls\":" + list},
      {"\"reference_image_urls\":[{\"url\":" + url + "}]", "\"reference_image_urls\":" + list},
      {"\"imageUrl\":" + url, "\"image_url\":" + url},
      {"\"endImageUrl\":" + url, "\"end_image_url\":" + url},
      {"\"aspectRatio\":\"4:3\"", "\"aspect_ratio\":\"4:3\""}};
  for (const auto& [alias, usual] : same) {
    const auto want = queued(usual);
    ASSERT_TRUE(want) << usual;
    EXPECT_NE(want->spec, bare()) << usual;
    expect_spec(queued(alias), want->spec);
  }
}

TEST(VeniceAccept, RefusesTwoNamesForOneThing) {
  EXPECT_EQ(refused(R"("image_url":"a","imageUrl":"b")"), Complaints{"/imageUrl invalid_argument"});
  EXPECT_EQ(refused(R"("aspectRatio":"1:1","aspect_ratio":"1:1")"),
            Complaints{"/aspectRatio invalid_argument"});
  EXPECT_EQ(refused(R"("imageUrls":["a"],"referenceImageUrls":["b"],"reference_image_urls":["c"])"),
            (Complaints{"/referenceImageUrls invalid_argument", "/imageUrls invalid_argument"}));
  EXPECT_EQ(refused(R"("image_urls":["a"],"scene_image_urls":null)"), Complaints{});
}

TEST(VeniceAccept, ReadsDurationsInEverySpelling) {
  for (const char* eight : {"8", "8.0", "\"8\"", "\"8s\"", "\"8S\"", "\" 8 s\"", "\"8.000\""}) {
    const auto read = queued(std::string("\"duration\":") + eight);
    ASSERT_TRUE(read) << eight;
    EXPECT_EQ(read->spec.duration, seconds(8)) << eight;
  }
  for (const char* open : {"\"auto\"", "\"Auto\"", "\"adaptive\"", "\"-1\"", "-1", "\"\"", "null"}) {
    const auto read = queued(std::string("\"duration\":") + open);
    ASSERT_TRUE(read) << open;
    EXPECT_FALSE(read->spec.duration) << open;
  }
  for (const char* odd : {"0", "-2", "\"1 gen\"", "\"x\"", "0.0001", "true", "[8]", "{}"})
    EXPECT_EQ(refused(std::string("\"duration\":") + odd), Complaints{"/duration invalid_argument"}) << odd;
  for (const char* much : {"1e300", "3601", "\"99999s\""})
    EXPECT_EQ(refused(std::string("\"duration\":") + much), Complaints{"/duration over_limit"}) << much;
}

TEST(VeniceAccept, ReadsSizesAndShapesInEverySpelling) {
  const std::vector<std::pair<std::string, Resolution>> sizes{{"720p", {720, {}}},
                                                              {"768P", {768, {}}},
                                                              {"2K", {1440, {}}},
                                                              {"4k", {2160, {}}},
                                                              {"1280x720", {0, {1280, 720}}},
                                                              {"1280*720", {0, {1280, 720}}},
                                                              {" 720X1280", {0, {720, 1280}}}};
  for (const auto& [text, size] : sizes) {
    const auto read = queued("\"resolution\":\"" + text + "\"");
    ASSERT_TRUE(read) << text;
    EXPECT_EQ(read->spec.resolution, size) << text;
  }
  for (const char* odd : {"\"true_1080p\"", "\"2x\"", "\"721p\"", "\"1280x\"", "720", "\"x\""})
    EXPECT_EQ(refused(std::string("\"resolution\":") + odd), Complaints{"/resolution invalid_argument"})
        << odd;
  EXPECT_EQ(queued(R"("aspect_ratio":"21:9")")->spec.aspect_ratio, (AspectRatio{7, 3}));
  EXPECT_FALSE(queued(R"("aspect_ratio":"auto","resolution":"auto")")->spec.aspect_ratio);
  for (const char* odd : {"\"16\"", "\"16:0\"", "\"wide\"", "1.5"})
    EXPECT_EQ(refused(std::string("\"aspect_ratio\":") + odd), Complaints{"/aspect_ratio invalid_argument"})
        << odd;
}

TEST(VeniceAccept, TakesAClipOnlyToBeGoneOnWith) {
  GenerationSpec want = bare();
  want.extend = MediaSource{"https://x.org/run.mp4"};
  expect_spec(queued(R"("video_url":"https://x.org/run.mp4","omni_reference_task_type":"extend")"), want);
  EXPECT_EQ(refused(R"("video_url":"https://x.org/run.mp4")"), Complaints{"/video_url invalid_argument"});
  EXPECT_EQ(refused(R"("video_url":"https://x.org/run.mp4","omni_reference_task_type":"edit")"),
            Complaints{"/video_url invalid_argument"});
}

TEST(VeniceAccept, KnowsClipsByTheirNames) {
  for (const char* clip :
       {"https://x.org/a.MP4", "https://x.org/a.webm?sig=1#t", "data:video/mp4;base64,AA"}) {
    GenerationSpec want = bare();
    want.references = {clip_of({clip})};
    expect_spec(queued(std::string("\"reference_image_urls\":[\"") + clip + "\"]"), want);
  }
}

TEST(VeniceAccept, AFrontalPictureThatComesAgainIsNoAngle) {
  GenerationSpec want = bare();
  want.references = {reference_of(ReferenceKind::element, picture("a"))};
  want.references[0].angles = {picture("b")};
  const auto read = queued(R"("elements":[{"frontal_image_url":"https://x.org/a.png",
      "reference_image_urls":["https://x.org/a.png","https://x.org/b.png"]}])");
  expect_spec(read, want);
  EXPECT_EQ(read->fields.in_body("/references/0/angles/0"), "/elements/0/reference_image_urls/1");
}

TEST(VeniceAccept, RefusesWhatWouldChangeWhatIsMade) {
  for (const std::string field :
       {"audio_url", "reference_audio_urls", "reference_document_urls", "keyframes", "upscale_factor"})
    EXPECT_EQ(refused("\"" + field + "\":[\"x\"]"), Complaints{"/" + field + " unsupported"});
}

TEST(VeniceAccept, NamesWhatItPassesOver) {
  const auto read = queued(R"("consents":{"seedance":{}},"bitrate_mode":"high")");
  expect_spec(read, bare());
  EXPECT_EQ(read->ignored, (std::vector<std::string>{"bitrate_mode", "consents"}));
}

TEST(VeniceAccept, RefusesUnknownFieldsWithTheOneThatIsMeant) {
  std::vector<Error> all;
  EXPECT_FALSE(parse_queue(R"({"model":"m","prompt":"p","durations":8,"elements":[{"frontal":"a"}]})", &all));
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].field, "/elements/0/frontal");
  EXPECT_EQ(all[1].field, "/durations");
  EXPECT_NE(all[1].message.find("\"duration\""), std::string::npos) << all[1].message;
}

TEST(VeniceAccept, TellsEverythingThatIsWrongAtOnce) {
  EXPECT_EQ(told(kQueue, "{}"), (Complaints{"/model invalid_argument", "/prompt invalid_argument"}));
  EXPECT_EQ(told(kQueue, R"({"model":1,"prompt":[],"audio":"yes","seed":-3,"image_url":5,
                             "elements":[7,{"frontal_image_url":"a","reference_image_urls":["",8]}]})"),
            (Complaints{"/model invalid_argument", "/prompt invalid_argument", "/elements/0 invalid_argument",
                        "/elements/1/reference_image_urls/0 invalid_argument",
                        "/elements/1/reference_image_urls/1 invalid_argument", "/image_url invalid_argument",
                        "/audio invalid_argument", "/seed invalid_argument"}));
  EXPECT_EQ(
      refused(R"("elements":{},"model2":1,"a/b~":1)"),
      (Complaints{"/elements invalid_argument", "/a~1b~0 invalid_argument", "/model2 invalid_argument"}));
}

TEST(VeniceAccept, RefusesHostileBodies) {
  expect_no_hostile_body_taken(kQueue);
  expect_no_hostile_body_taken(
      [](std::string_view json, std::vector<Error>* all) { return parse_quote(json, all); });
  expect_no_hostile_body_taken(
      [](std::string_view json, std::vector<Error>* all) { return parse_retrieval(json, all); });
}

TEST(VeniceAccept, BoundsListsAndErrors) {
  Json many = Json::array();
  for (int i = 0; i < 5000; ++i) many.push_back("https://x.org/a.png");
  EXPECT_EQ(refused("\"image_urls\":" + many.dump()), Complaints{"/image_urls over_limit"});
  EXPECT_EQ(refused("\"elements\":" + Json(std::vector<int>(5000, 1)).dump()).size(), 64U);
  EXPECT_EQ(told(kQueue, R"({"prompt":"p","model":")" + std::string(kModelBytesMax + 1, 'm') + "\"}"),
            Complaints{"/model over_limit"});
}

TEST(VeniceAccept, NamesTheFieldsOfTheBody) {
  const auto read = queued(R"("elements":[{"frontal_image_url":"a","video_url":"b"}],
      "image_urls":["c"],"referenceImageUrls":["d"],"reference_video_urls":["e"],"imageUrl":"f",
      "endImageUrl":"g","aspectRatio":"1:1","video_url":"h","omni_reference_task_type":"extend")");
  ASSERT_TRUE(read);
  const std::vector<std::pair<const char*, const char*>> places{
      {"/references", "/elements"},
      {"/references/0", "/elements/0"},
      {"/references/0/source", "/elements/0/frontal_image_url"},
      {"/references/0/clip", "/elements/0/video_url"},
      {"/references/0/angles", "/elements/0/reference_image_urls"},
      {"/references/1/source", "/image_urls/0"},
      {"/references/2/source", "/referenceImageUrls/0"},
      {"/references/3/clip", "/reference_video_urls/0"},
      {"/first_frame", "/imageUrl"},
      {"/last_frame", "/endImageUrl"},
      {"/extend", "/video_url"},
      {"/aspect_ratio", "/aspectRatio"},
      {"/shots/1/duration", "/prompt"},
      {"/shot_type", "/prompt"}};
  for (const auto& [spec, body] : places) EXPECT_EQ(read->fields.in_body(spec), body) << spec;
  for (const char* same :
       {"/model", "/prompt", "/negative_prompt", "/duration", "/resolution", "/audio", "/seed"})
    EXPECT_EQ(read->fields.in_body(same), same);
}

TEST(VeniceAccept, TellsBrokenRulesInTheCallersFields) {
  const auto read = queued(R"("aspectRatio":"21:9","duration":"60s","negative_prompt":"rain",
                              "image_urls":["https://x.org/a","https://x.org/b","https://x.org/c",
                                            "https://x.org/d","https://x.org/e"])");
  const Complaints broken = rules_broken(read, "kling-o3-pro-reference-to-video");
  for (const char* one : {"/image_urls too_many_scenes", "/aspectRatio ", "/duration ", "/negative_prompt "})
    EXPECT_TRUE(std::any_of(broken.begin(), broken.end(), [&](const auto& b) { return b.starts_with(one); }))
        << one;
}

TEST(VeniceQuote, ReadsWhatDecidesThePrice) {
  const auto read = parse_quote(
      R"({"model":"m","duration":"5s","resolution":"720p","audio":true,"aspect_ratio":"16:9","x":1})");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->model, "m");
  EXPECT_EQ(read->duration, seconds(5));
  EXPECT_EQ(read->resolution, (Resolution{720, {}}));
  EXPECT_EQ(read->audio, true);
  const auto bare = parse_quote(R"({"model":"m"})");
  ASSERT_TRUE(bare);
  EXPECT_FALSE(bare->duration || bare->resolution || bare->audio);
  EXPECT_EQ(told([](std::string_view json, std::vector<Error>* all) { return parse_quote(json, all); },
                 R"({"duration":"x","audio":1})"),
            (Complaints{"/model invalid_argument", "/duration invalid_argument", "/audio invalid_argument"}));
}

TEST(VeniceRetrieval, ReadsTheJobUnderEitherName) {
  for (const char* key : {"queue_id", "id"}) {
    const auto read = parse_retrieval(std::string("{\"model\":\"m\",\"") + key +
                                      "\":\"job_1\",\"delete_media_on_completion\":true}");
    ASSERT_TRUE(read) << key;
    EXPECT_EQ(read->queue_id, "job_1");
    EXPECT_TRUE(read->delete_media);
  }
  EXPECT_FALSE(parse_retrieval(R"({"queue_id":"job_1"})")->delete_media);
  const auto parse = [](std::string_view json, std::vector<Error>* all) {
    return parse_retrieval(json, all);
  };
  EXPECT_EQ(told(parse, "{}"), Complaints{"/queue_id invalid_argument"});
  EXPECT_EQ(told(parse, R"({"queue_id":"a","id":"b"})"), Complaints{"/id invalid_argument"});
  EXPECT_EQ(told(parse, R"({"queue_id":5,"delete_media_on_completion":"no","job":1})"),
            (Complaints{"/queue_id invalid_argument", "/delete_media_on_completion invalid_argument",
                        "/job invalid_argument"}));
}

}  // namespace
}  // namespace troupe::api::venice
