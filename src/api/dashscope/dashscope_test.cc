#include <map>

#include "api/dashscope/wire.h"
#include "api/dialect_for_test.h"

namespace troupe::api::dashscope {
namespace {

const auto kCreate = [](std::string_view json, std::vector<Error>* all) { return parse_create(json, all); };

std::string body(const std::string& input, const std::string& parameters = "") {
  return R"({"model":"m","input":{"prompt":"p")" + (input.empty() ? "" : "," + input) +
         R"(},"parameters":{)" + parameters + "}}";
}
Result<Submission> read(const std::string& input, const std::string& parameters = "") {
  return parse_create(body(input, parameters));
}
Complaints refused(const std::string& input, const std::string& parameters = "") {
  return told(kCreate, body(input, parameters));
}

GenerationSpec bare() {
  GenerationSpec spec;
  spec.model = "m";
  spec.prompt = "p";
  return spec;
}

TEST(DashscopeAccept, ReadsRequestsOfTheOlderFamilies) {
  const auto got = parse_create(R"({
    "model": "wan2.6-r2v",
    "input": {
      "prompt": "character1 dances.",
      "negative_prompt": "rain",
      "reference_urls": ["https://x.org/a.png", "https://x.org/b.mp4"]},
    "parameters": {"size": "1920*1080", "duration": 5, "seed": 7, "prompt_extend": true,
                   "shot_type": "multi", "watermark": false, "audio": true, "n": 1}})");
  GenerationSpec want;
  want.model = "wan2.6-r2v";
  want.prompt = "character1 dances.";
  want.negative_prompt = "rain";
  want.references = {reference_of(ReferenceKind::element, picture("a")), clip_of({"https://x.org/b.mp4"})};
  want.resolution = Resolution{0, {1920, 1080}};
  want.duration = seconds(5);
  want.seed = 7;
  want.shot_type = ShotType::multi;
  want.audio = true;
  expect_spec(got, want);
  EXPECT_EQ(got->ignored, std::vector<std::string>{"parameters.prompt_extend"});
}

TEST(DashscopeAccept, ReadsRequestsOfTheNewerFamilies) {
  const auto got = parse_create(R"({
    "model": "wan2.7-r2v",
    "input": {
      "prompt": "Image 1 dances.",
      "media": [
        {"type": "reference_image", "url": "data:image/png;base64,AAAA"},
        {"type": "reference_video", "url": "https://x.org/b"},
        {"type": "first_frame", "url": "https://x.org/first.png"},
        {"type": "last_frame", "url": "https://x.org/last.png"},
        {"type": "first_clip", "url": "https://x.org/c.mp4"}]},
    "parameters": {"resolution": "720P", "ratio": "9:16", "duration": 8}})");
  GenerationSpec want;
  want.model = "wan2.7-r2v";
  want.prompt = "Image 1 dances.";
  want.references = {reference_of(ReferenceKind::image, {"data:image/png;base64,AAAA"}),
                     clip_of({"https://x.org/b"})};
  want.first_frame = picture("first");
  want.last_frame = picture("last");
  want.extend = MediaSource{"https://x.org/c.mp4"};
  want.resolution = Resolution{720, {}};
  want.aspect_ratio = AspectRatio{9, 16};
  want.duration = seconds(8);
  expect_spec(got, want);
}

TEST(DashscopeAccept, ReadsEveryNameOfAField) {
  GenerationSpec want = bare();
  want.references = {reference_of(ReferenceKind::element, picture("a"))};
  expect_spec(read(R"("reference_url":"https://x.org/a.png")"), want);
  expect_spec(read(R"("reference_url":["https://x.org/a.png"])"), want);
  want.references = {clip_of({"https://x.org/b.mov"})};
  expect_spec(read(R"("reference_video_urls":["https://x.org/b.mov"])"), want);
  want = bare();
  want.first_frame = picture("f");
  expect_spec(read(R"("img_url":"https://x.org/f.png")"), want);
  expect_spec(read(R"("first_frame_url":"https://x.org/f.png")"), want);
  want.last_frame = picture("l");
  expect_spec(read(R"("img_url":"https://x.org/f.png","last_frame_url":"https://x.org/l.png")"), want);
  EXPECT_EQ(refused(R"("img_url":"a","first_frame_url":"b")"),
            Complaints{"/input/first_frame_url invalid_argument"});
  EXPECT_EQ(refused("", R"("size":"1280*720","resolution":"720P")"),
            Complaints{"/parameters/resolution invalid_argument"});
}

TEST(DashscopeAccept, ReadsSettingsInEverySpelling) {
  EXPECT_EQ(read("", R"("size":"1280x720")")->spec.resolution, (Resolution{0, {1280, 720}}));
  EXPECT_EQ(read("", R"("size":"1080p")")->spec.resolution, (Resolution{1080, {}}));
  EXPECT_FALSE(read("", R"("ratio":"adaptive")")->spec.aspect_ratio);
  for (const char* five : {"5", "\"5\"", "\"5s\"", "5.0"})
    EXPECT_EQ(read("", std::string("\"duration\":") + five)->spec.duration, seconds(5)) << five;
  for (const char* open : {"-1", "\"-1\"", "\"\"", "null"})
    EXPECT_FALSE(read("", std::string("\"duration\":") + open)->spec.duration) << open;
  EXPECT_EQ(read("", R"("shot_type":"single")")->spec.shot_type, ShotType::single);
  EXPECT_FALSE(read("", R"("seed":-1)")->spec.seed);
  expect_spec(parse_create(R"({"model":"m","input":{"prompt":"p"}})"), bare());
}

TEST(DashscopeAccept, RefusesWhatWouldChangeWhatIsMade) {
  EXPECT_EQ(refused(R"("audio_url":"a","template":"t","function":"f")"),
            (Complaints{"/input/audio_url unsupported", "/input/template unsupported",
                        "/input/function unsupported"}));
  EXPECT_EQ(refused(R"("media":[{"type":"driving_audio","url":"a"},{"url":"b"}])"),
            (Complaints{"/input/media/0/type unsupported", "/input/media/1/type unsupported"}));
}

TEST(DashscopeAccept, NamesWhatItPassesOver) {
  const auto got = parse_create(R"({"model":"m","extra":1,
      "input":{"prompt":"p","style":1,"media":[{"type":"reference_image","url":"https://x.org/a.png",
                                                "reference_voice":"v"}]},
      "parameters":{"cfg":2,"watermark":true}})");
  ASSERT_TRUE(got);
  EXPECT_EQ(got->ignored, (std::vector<std::string>{"input.media.reference_voice", "input.style",
                                                    "parameters.watermark", "parameters.cfg", "extra"}));
}

TEST(DashscopeAccept, TellsEverythingThatIsWrongAtOnce) {
  EXPECT_EQ(told(kCreate, "{}"), (Complaints{"/model invalid_argument", "/input invalid_argument"}));
  EXPECT_EQ(
      told(kCreate, R"({"model":5,"input":[],"parameters":7})"),
      (Complaints{"/model invalid_argument", "/input invalid_argument", "/parameters invalid_argument"}));
  EXPECT_EQ(
      refused(R"("negative_prompt":1,"reference_urls":["",5],"media":[6,{"type":1}])",
              R"("size":"big","ratio":"wide","duration":"x","seed":-2,"audio":"on","n":99,
                       "shot_type":"many","prompt_extend":1,"watermark":"no")"),
      (Complaints{"/input/negative_prompt invalid_argument", "/input/reference_urls/0 invalid_argument",
                  "/input/reference_urls/1 invalid_argument", "/input/media/0 invalid_argument",
                  "/input/media/0/url invalid_argument", "/input/media/1/type invalid_argument",
                  "/input/media/1/url invalid_argument", "/parameters/size invalid_argument",
                  "/parameters/ratio invalid_argument", "/parameters/duration invalid_argument",
                  "/parameters/seed invalid_argument", "/parameters/audio invalid_argument",
                  "/parameters/n over_limit", "/parameters/shot_type invalid_argument",
                  "/parameters/prompt_extend invalid_argument", "/parameters/watermark invalid_argument"}));
}

TEST(DashscopeAccept, RefusesHostileBodies) {
  expect_no_hostile_body_taken(kCreate);
  Json many = Json::array();
  for (int i = 0; i < 5000; ++i) many.push_back("https://x.org/a.png");
  EXPECT_EQ(refused("\"reference_urls\":" + many.dump()), Complaints{"/input/reference_urls over_limit"});
  EXPECT_EQ(refused("\"media\":" + Json(std::vector<int>(5000, 1)).dump()).size(), 64U);
}

TEST(DashscopeAccept, NamesTheFieldsOfTheBody) {
  const std::vector<std::pair<const char*, const char*>> always{
      {"/model", "/model"},
      {"/prompt", "/input/prompt"},
      {"/negative_prompt", "/input/negative_prompt"},
      {"/shots/0/duration", "/input/prompt"},
      {"/references", "/input/reference_urls"},
      {"/first_frame", "/input/img_url"},
      {"/duration", "/parameters/duration"},
      {"/seed", "/parameters/seed"},
      {"/audio", "/parameters/audio"},
      {"/shot_type", "/parameters/shot_type"},
      {"/aspect_ratio", "/parameters/ratio"},
      {"/resolution", "/parameters/size"},
      {"/count", "/parameters/n"}};
  const auto plain = read("");
  for (const auto& [spec, place] : always) EXPECT_EQ(plain->fields.in_body(spec), place) << spec;
  const auto got = read(R"("first_frame_url":"f","reference_video_urls":["a"])", R"("resolution":"720P")");
  EXPECT_EQ(got->fields.in_body("/references"), "/input/reference_video_urls");
  EXPECT_EQ(got->fields.in_body("/references/0/source"), "/input/reference_video_urls/0");
  EXPECT_EQ(got->fields.in_body("/first_frame"), "/input/first_frame_url");
  EXPECT_EQ(got->fields.in_body("/resolution"), "/parameters/resolution");
  const auto media =
      read(R"("media":[{"type":"first_clip","url":"c"},{"type":"reference_image","url":"a"}])");
  EXPECT_EQ(media->fields.in_body("/references"), "/input/media");
  EXPECT_EQ(media->fields.in_body("/references/0/source"), "/input/media/1/url");
  EXPECT_EQ(media->fields.in_body("/extend"), "/input/media/0/url");
}

TEST(DashscopeAccept, TellsBrokenRulesInTheCallersFields) {
  EXPECT_EQ(
      rules_broken(read("", R"("duration":60,"ratio":"21:9","resolution":"480P")"), "wan-v2.6-t2v"),
      (Complaints{"/parameters/duration duration_not_allowed", "/parameters/ratio aspect_ratio_not_allowed",
                  "/parameters/resolution resolution_not_allowed"}));
}

}  // namespace
}  // namespace troupe::api::dashscope
