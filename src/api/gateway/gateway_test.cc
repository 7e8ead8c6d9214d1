#include "api/dialect_for_test.h"
#include "api/gateway/wire.h"

namespace troupe::api::gateway {
namespace {

const auto kVideo = [](std::string_view json, std::vector<Error>* all) {
  return parse_video(json, "alibaba/wan-v2.6-r2v", all);
};

Result<Submission> read(std::string_view body) { return parse_video(body, "m"); }
/// parse_video() of a body with these provider's options.
Result<Submission> with_options(const std::string& provider, const std::string& options) {
  return read(R"({"prompt":"p","n":1,"providerOptions":{")" + provider + "\":{" + options + "}}}");
}
Complaints refused(const std::string& more) { return told(kVideo, R"({"prompt":"p",)" + more + "}"); }

GenerationSpec bare() {
  GenerationSpec spec;
  spec.model = "m";
  spec.prompt = "p";
  return spec;
}

TEST(GatewayAccept, ReadsEveryFieldIntoTheSpec) {
  const auto submission = parse_video(R"({
    "prompt": "character1 dances.",
    "n": 2,
    "aspectRatio": "16:9",
    "resolution": "1920x1080",
    "duration": 5,
    "fps": 24,
    "seed": 0,
    "generateAudio": true,
    "callbackUrl": "https://hook.org/x?y=1",
    "image": {"type": "url", "url": "https://x.org/first.png"},
    "frameImages": [
      {"image": {"type": "url", "url": "https://x.org/first.png"}, "frameType": "first_frame"},
      {"image": {"type": "file", "mediaType": "image/png", "data": "AAAA"}, "frameType": "last_frame"}],
    "inputReferences": [
      {"type": "url", "url": "https://x.org/a.png", "providerOptions": {}},
      {"type": "file", "mediaType": "image/png", "data": "inline:0"},
      {"type": "file", "mediaType": "video/mp4", "data": "inline:1"},
      {"type": "url", "url": "https://x.org/run.mp4"}],
    "providerOptions": {"gateway": {"order": ["alibaba"]}}})",
                                      "alibaba/wan-v2.6-r2v");
  GenerationSpec want;
  want.model = "alibaba/wan-v2.6-r2v";
  want.prompt = "character1 dances.";
  want.count = 2;
  want.aspect_ratio = AspectRatio{16, 9};
  want.resolution = Resolution{0, {1920, 1080}};
  want.duration = seconds(5);
  want.fps = FrameRate{24, 1};
  want.seed = 0;
  want.audio = true;
  want.first_frame = picture("first");
  want.last_frame = MediaSource{"AAAA"};
  want.references = {reference_of(ReferenceKind::image, picture("a")),
                     reference_of(ReferenceKind::image, {"inline:0"}), clip_of({"inline:1"}),
                     clip_of({"https://x.org/run.mp4"})};
  expect_spec(submission, want);
  EXPECT_EQ(submission->webhook_url, "https://hook.org/x?y=1");
  EXPECT_TRUE(submission->ignored.empty());
}

TEST(GatewayAccept, LeavesOpenWhatIsNotGiven) {
  expect_spec(read(R"({"prompt":"p","n":1,"providerOptions":{}})"), bare());
  expect_spec(read(R"({"prompt":"p","aspectRatio":"adaptive","image":null})"), bare());
  GenerationSpec wordless = bare();
  wordless.prompt.clear();
  expect_spec(read("{}"), wordless);
}

TEST(GatewayAccept, TheFirstFrameMayComeAlone) {
  GenerationSpec want = bare();
  want.first_frame = MediaSource{"data:image/png;base64,AAAA"};
  expect_spec(read(R"({"prompt":"p","image":{"type":"file","mediaType":"image/png",
                       "data":"data:image/png;base64,AAAA"}})"),
              want);
}

TEST(GatewayAccept, ReadsAlibabasOptions) {
  for (const char* key : {"referenceUrls", "reference_urls"}) {
    GenerationSpec want = bare();
    want.references = {reference_of(ReferenceKind::element, picture("a")), clip_of({"https://x.org/b.mp4"})};
    want.shot_type = ShotType::multi;
    want.negative_prompt = "rain";
    want.audio = false;
    const auto got =
        with_options("alibaba", std::string("\"") + key + R"(":["https://x.org/a.png","https://x.org/b.mp4"],
        "shotType":"multi","negativePrompt":"rain","audio":false,"pollIntervalMs":5,"pollTimeoutMs":9)");
    expect_spec(got, want);
    EXPECT_TRUE(got->ignored.empty());
    EXPECT_EQ(got->fields.in_body("/references"), std::string("/providerOptions/alibaba/") + key);
    EXPECT_EQ(got->fields.in_body("/references/1/clip"),
              std::string("/providerOptions/alibaba/") + key + "/1");
    for (const auto& [spec, body] :
         {std::pair("/shot_type", "shotType"), std::pair("/negative_prompt", "negativePrompt"),
          std::pair("/audio", "audio")})
      EXPECT_EQ(got->fields.in_body(spec), std::string("/providerOptions/alibaba/") + body);
  }
  EXPECT_EQ(with_options("alibaba", R"("shotType":"single")")->spec.shot_type, ShotType::single);
  EXPECT_EQ(refused(R"("providerOptions":{"alibaba":{"shotType":"many","audio":1}})"),
            (Complaints{"/providerOptions/alibaba/shotType invalid_argument",
                        "/providerOptions/alibaba/audio invalid_argument"}));
}

TEST(GatewayAccept, ReadsKlingsShotsInPlaceOfThePrompt) {
  const auto got = with_options("klingai", R"("multiShot":true,"shotType":"customize","sound":"on",
      "negativePrompt":"rain","imageTail":"https://x.org/last.png",
      "multiPrompt":[{"index":1,"prompt":"wakes","duration":"2"},
                     {"index":2,"prompt":"runs","duration":3.5}])");
  GenerationSpec want = bare();
  want.prompt.clear();
  want.shots = {{"wakes", seconds(2)}, {"runs", MediaTime{3500}}};
  want.audio = true;
  want.negative_prompt = "rain";
  want.last_frame = picture("last");
  expect_spec(got, want);
  const std::string options = "/providerOptions/klingai/";
  EXPECT_EQ(got->fields.in_body("/shots"), options + "multiPrompt");
  EXPECT_EQ(got->fields.in_body("/shots/1/duration"), options + "multiPrompt/1/duration");
  EXPECT_EQ(got->fields.in_body("/last_frame"), options + "imageTail");
  EXPECT_EQ(got->fields.in_body("/negative_prompt"), options + "negativePrompt");
  EXPECT_EQ(got->fields.in_body("/audio"), options + "sound");
}

TEST(GatewayAccept, KlingMayPlanTheShotsItself) {
  for (const char* type : {"", R"(,"shotType":"intelligence")"}) {
    const auto got = with_options("klingai", std::string(R"("multiShot":true,"sound":"off")") + type);
    GenerationSpec want = bare();
    want.shot_type = ShotType::multi;
    want.audio = false;
    expect_spec(got, want);
    EXPECT_EQ(got->fields.in_body("/shots/0/prompt"), "/prompt");
  }
  EXPECT_FALSE(with_options("klingai", R"("multiShot":false)")->spec.shot_type);
  EXPECT_EQ(refused(R"("providerOptions":{"klingai":{"multiShot":false,"multiPrompt":[{"prompt":"a"}],
                       "sound":"loud","elementList":[],"voiceList":[1],"videoList":{}}})"),
            (Complaints{"/providerOptions/klingai/multiPrompt invalid_argument",
                        "/providerOptions/klingai/sound invalid_argument",
                        "/providerOptions/klingai/elementList unsupported",
                        "/providerOptions/klingai/voiceList unsupported",
                        "/providerOptions/klingai/videoList unsupported"}));
}

TEST(GatewayAccept, ReadsXaisOptions) {
  const auto got = with_options("xai", R"("referenceImageUrls":["https://x.org/a.png"],"resolution":"480p")");
  GenerationSpec want = bare();
  want.references = {reference_of(ReferenceKind::image, picture("a"))};
  want.resolution = Resolution{480, {}};
  expect_spec(got, want);
  EXPECT_EQ(got->fields.in_body("/resolution"), "/providerOptions/xai/resolution");
  EXPECT_EQ(got->fields.in_body("/references"), "/providerOptions/xai/referenceImageUrls");
}

TEST(GatewayAccept, ReadsWhichModelsMayStandIn) {
  const auto got =
      with_options("gateway", R"("models":["m","alibaba/wan-v2.7-r2v","b"],"order":["alibaba"])");
  GenerationSpec want = bare();
  want.fallback_models = {"alibaba/wan-v2.7-r2v", "b"};
  expect_spec(got, want);
  EXPECT_EQ(got->fields.in_body("/fallback_models/1"), "/providerOptions/gateway/models/1");
  EXPECT_EQ(refused(R"("n":1,"providerOptions":{"gateway":{"models":[5]}})"),
            Complaints{"/providerOptions/gateway/models/0 invalid_argument"});
}

TEST(GatewayAccept, NamesWhatItPassesOver) {
  const auto got = read(R"({"prompt":"p","colour":1,"providerOptions":{
      "gateway":{"x":1},"luma":{"loop":true},"alibaba":{"watermark":true},"klingai":{"mode":"pro"},
      "xai":{"user":"u"}}})");
  expect_spec(got, bare());
  EXPECT_EQ(got->ignored,
            (std::vector<std::string>{"providerOptions.alibaba.watermark", "providerOptions.klingai.mode",
                                      "providerOptions.xai.user", "providerOptions.luma", "colour"}));
}

TEST(GatewayAccept, ReadsNumbersAsClientsWriteThem) {
  EXPECT_EQ(read(R"({"duration":3.5})")->spec.duration, (MediaTime{3500}));
  EXPECT_EQ(read(R"({"duration":"5s"})")->spec.duration, seconds(5));
  EXPECT_FALSE(read(R"({"duration":-1})")->spec.duration);
  EXPECT_EQ(read(R"({"fps":23.976})")->spec.fps, (FrameRate{24000, 1001}));
  EXPECT_EQ(read(R"({"fps":"30000/1001"})")->spec.fps, (FrameRate{30000, 1001}));
  EXPECT_EQ(read(R"({"seed":18446744073709551614})")->spec.seed, ~uint64_t{0} - 1);
  EXPECT_EQ(read(R"({"seed":"42"})")->spec.seed, 42U);
  EXPECT_FALSE(read(R"({"seed":-1})")->spec.seed);
  EXPECT_EQ(read(R"({"resolution":"720p"})")->spec.resolution, (Resolution{720, {}}));
}

TEST(GatewayAccept, TellsEverythingThatIsWrongAtOnce) {
  EXPECT_EQ(told(kVideo, R"({"prompt":1,"n":0,"duration":0,"aspectRatio":"wide","resolution":"big","fps":0,
      "seed":1.5,"generateAudio":"yes","callbackUrl":"ftp://x","inputReferences":[{"type":"url"},7],
      "frameImages":[{"frameType":"last_frame"}],"providerOptions":[]})"),
            (Complaints{"/prompt invalid_argument", "/n invalid_argument", "/duration invalid_argument",
                        "/aspectRatio invalid_argument", "/resolution invalid_argument",
                        "/fps invalid_argument", "/seed invalid_argument", "/generateAudio invalid_argument",
                        "/callbackUrl invalid_argument", "/inputReferences/0/url invalid_argument",
                        "/inputReferences/1 invalid_argument", "/inputReferences/1/url invalid_argument",
                        "/frameImages/0/image invalid_argument", "/providerOptions invalid_argument"}));
  EXPECT_EQ(refused("\"n\":17"), Complaints{"/n over_limit"});
  EXPECT_EQ(refused(R"("inputReferences":[{"type":"file","url":"https://x.org/a.png"}])"),
            Complaints{"/inputReferences/0/data invalid_argument"});
  EXPECT_EQ(refused(R"("frameImages":[{"image":{"type":"url","url":"a"}},{"image":{"type":"url","url":"a"}},
                                      {"image":{"type":"url","url":"a"}}])"),
            (Complaints{"/frameImages over_limit", "/frameImages/1/image/url invalid_argument"}));
}

TEST(GatewayAccept, SendsNoCallbackToOddAddresses) {
  for (const char* url :
       {"x", "https://", "https://u@h/", "https://h/#f", "http://h/ a", "file:///etc/passwd"})
    EXPECT_EQ(refused(std::string("\"callbackUrl\":\"") + url + "\""),
              Complaints{"/callbackUrl invalid_argument"});
  EXPECT_EQ(refused("\"callbackUrl\":\"https://h/" + std::string(kUrlBytesMax, 'a') + "\""),
            Complaints{"/callbackUrl over_limit"});
}

TEST(GatewayAccept, TheModelIsOnlyInTheHeader) {
  std::vector<Error> all;
  EXPECT_FALSE(parse_video("{}", "", &all));
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].field, "/model");
  EXPECT_NE(all[0].message.find("ai-model-id"), std::string::npos);
  const auto got = parse_video(R"({"model":"other"})", "m");
  ASSERT_TRUE(got);
  EXPECT_EQ(got->spec.model, "m");
  EXPECT_EQ(got->ignored, std::vector<std::string>{"model"});
}

TEST(GatewayAccept, RefusesHostileBodies) {
  expect_no_hostile_body_taken(kVideo);
  expect_no_hostile_body_taken(
      [](std::string_view json, std::vector<Error>* all) { return parse_status(json, all); });
  EXPECT_EQ(refused("\"inputReferences\":" + Json(std::vector<int>(5000, 1)).dump()).size(), 64U);
  EXPECT_EQ(refused("\"providerOptions\":" + std::string(11, '[') + std::string(11, ']')),
            Complaints{"/providerOptions invalid_argument"});
}

TEST(GatewayAccept, NamesTheFieldsOfTheBody) {
  const auto got = read(R"({"inputReferences":[{"type":"url","url":"a"},{"type":"file","data":"b"}],
      "image":{"type":"url","url":"c"},
      "frameImages":[{"image":{"type":"url","url":"d"},"frameType":"last_frame"}]})");
  ASSERT_TRUE(got);
  const std::vector<std::pair<const char*, const char*>> places{
      {"/references", "/inputReferences"},
      {"/references/0/source", "/inputReferences/0/url"},
      {"/references/1/source", "/inputReferences/1/data"},
      {"/first_frame", "/image/url"},
      {"/last_frame", "/frameImages/0/image/url"},
      {"/aspect_ratio", "/aspectRatio"},
      {"/audio", "/generateAudio"},
      {"/count", "/n"},
      {"/shots/0/prompt", "/prompt"},
      {"/webhook_url", "/callbackUrl"}};
  for (const auto& [spec, body] : places) EXPECT_EQ(got->fields.in_body(spec), body) << spec;
  for (const char* same : {"/model", "/prompt", "/duration", "/resolution", "/fps", "/seed"})
    EXPECT_EQ(got->fields.in_body(same), same);
}

TEST(GatewayAccept, TellsBrokenRulesInTheCallersFields) {
  const auto got = with_options("alibaba", R"("referenceUrls":["https://x.org/1","https://x.org/2",
      "https://x.org/3","https://x.org/4","https://x.org/5","https://x.org/6"])");
  const Complaints broken = rules_broken(got, "wan-v2.6-r2v");
  EXPECT_EQ(broken, Complaints{"/providerOptions/alibaba/referenceUrls too_many_elements"});
  EXPECT_EQ(rules_broken(read(R"({"prompt":"p","duration":60,
                                  "inputReferences":[{"type":"url","url":"https://x.org/a.png"}]})"),
                         "wan-v2.6-r2v"),
            Complaints{"/duration duration_not_allowed"});
}

TEST(GatewayStatus, TakesTheOperationAsItWasAnswered) {
  EXPECT_EQ(parse_status(R"({"operation":{"gatewayJobId":"job_1"}})").value(), "job_1");
  EXPECT_EQ(parse_status(R"({"operation":"job_1"})").value(), "job_1");
  const auto parse = [](std::string_view json, std::vector<Error>* all) { return parse_status(json, all); };
  EXPECT_EQ(told(parse, "{}"), Complaints{"/operation invalid_argument"});
  EXPECT_EQ(told(parse, R"({"operation":{"gatewayJobId":5}})"),
            Complaints{"/operation/gatewayJobId invalid_argument"});
  EXPECT_EQ(told(parse, R"({"operation":"a","more":1})"), Complaints{"/more invalid_argument"});
}

}  // namespace
}  // namespace troupe::api::gateway
