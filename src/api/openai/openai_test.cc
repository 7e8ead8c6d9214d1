#include "api/dialect_for_test.h"
#include "api/openai/wire.h"

namespace troupe::api::openai {
namespace {

const auto kCreate = [](std::string_view json, std::vector<Error>* all) { return parse_create(json, all); };
const auto kChange = [](std::string_view json, std::vector<Error>* all) { return parse_change(json, all); };
const auto kCharacter = [](std::string_view json, std::vector<Error>* all) {
  return parse_character(json, all);
};

Result<Submission> read(const std::string& more) { return parse_create(R"({"prompt":"p",)" + more + "}"); }
Complaints refused(const std::string& more) { return told(kCreate, R"({"prompt":"p",)" + more + "}"); }

GenerationSpec bare() {
  GenerationSpec spec;
  spec.model = "sora-2";
  spec.prompt = "p";
  return spec;
}

TEST(OpenaiAccept, ReadsOpenaisOwnFields) {
  const auto got = parse_create(R"({"prompt":"A fox.","model":"sora-2-pro","seconds":"8",
      "size":"1792x1024","input_reference":"inline:0"})");
  GenerationSpec want;
  want.model = "sora-2-pro";
  want.prompt = "A fox.";
  want.duration = seconds(8);
  want.resolution = Resolution{0, {1792, 1024}};
  want.first_frame = MediaSource{"inline:0"};
  expect_spec(got, want);
  expect_spec(parse_create(R"({"prompt":"p"})"), bare());
}

TEST(OpenaiAccept, ReadsTheFurtherFields) {
  const auto got = read(R"(
    "elements": [
      {"name": "fox", "frontal_image_url": "https://x.org/fox.png",
       "reference_image_urls": ["https://x.org/left.png"]},
      {"name": "owl", "video_url": "https://x.org/owl"},
      "https://x.org/cat.png"],
    "scene_images": ["https://x.org/wood.png"],
    "reference_images": ["https://x.org/flat.png"],
    "last_frame": "https://x.org/last.png",
    "aspect_ratio": "9:16", "fps": 24, "seed": "7", "negative_prompt": "rain", "audio": "false",
    "webhook_url": "https://hook.org/x",
    "user": "u", "guidance_scale": 5, "num_inference_steps": "50", "flow_shift": 1, "metadata": {"a": "b"})");
  GenerationSpec want = bare();
  want.references = {reference_of(ReferenceKind::element, picture("fox")), clip_of({"https://x.org/owl"}),
                     reference_of(ReferenceKind::element, picture("cat")),
                     reference_of(ReferenceKind::scene, picture("wood")),
                     reference_of(ReferenceKind::image, picture("flat"))};
  want.references[0].name = "fox";
  want.references[0].angles = {picture("left")};
  want.references[1].name = "owl";
  want.last_frame = picture("last");
  want.aspect_ratio = AspectRatio{9, 16};
  want.fps = FrameRate{24, 1};
  want.seed = 7;
  want.negative_prompt = "rain";
  want.audio = false;
  expect_spec(got, want);
  EXPECT_EQ(got->webhook_url, "https://hook.org/x");
  EXPECT_EQ(got->ignored, (std::vector<std::string>{"user", "num_inference_steps", "guidance_scale",
                                                    "flow_shift", "metadata"}));
}

TEST(OpenaiAccept, ReadsEveryNameOfAField) {
  const std::string url = "\"https://x.org/a.png\"", list = "[" + url + "]";
  const std::vector<std::pair<std::string, std::string>> same{
      {R"("duration":8)", R"("seconds":"8")"},
      {R"("resolution":"720p")", R"("size":"720p")"},
      {R"("generate_audio":true)", R"("audio":"true")"},
      {"\"scene_image_urls\":" + list, "\"scene_images\":" + url},
      {"\"reference_image_urls\":" + list, "\"reference_images\":" + list},
      {"\"image_reference\":" + url, "\"reference_images\":" + list},
      {R"("video_reference":"https://x.org/b.mp4")", R"("reference_videos":["https://x.org/b.mp4"])"},
      {"\"input_reference\":" + list, "\"input_reference\":" + url},
      {"\"input_reference\":{\"image_url\":" + url + "}", "\"input_reference\":" + url},
      {"\"input_reference\":{\"url\":" + url + "}", "\"input_reference\":" + url},
      {"\"elements\":{\"image_url\":" + url + "}", "\"elements\":[{\"frontal_image_url\":" + url + "}]"},
      {"\"elements\":[{\"image\":" + url + ",\"angles\":[\"b\"]}]",
       "\"elements\":[{\"frontal_image_url\":" + url + ",\"reference_image_urls\":\"b\"}]"},
      {R"("elements":[{"video":"https://x.org/v"}])", R"("elements":[{"video_url":"https://x.org/v"}])"}};
  for (const auto& [alias, usual] : same) {
    const auto want = read(usual);
    ASSERT_TRUE(want) << usual;
    EXPECT_NE(want->spec, bare()) << usual;
    expect_spec(read(alias), want->spec);
  }
  EXPECT_EQ(refused(R"("seconds":8,"duration":8,"size":"720p","resolution":"720p")"),
            (Complaints{"/duration invalid_argument", "/resolution invalid_argument"}));
}

TEST(OpenaiAccept, AnInputReferenceIsTheFirstFrameAndSeveralAreReferences) {
  GenerationSpec want = bare();
  want.first_frame = MediaSource{"upload:upl_1"};
  const auto file = read(R"("input_reference":{"file_id":"upl_1"})");
  expect_spec(file, want);
  EXPECT_EQ(file->fields.in_body("/first_frame"), "/input_reference/file_id");
  want = bare();
  want.references = {reference_of(ReferenceKind::image, {"inline:0"}),
                     reference_of(ReferenceKind::image, {"inline:1"})};
  expect_spec(read(R"("input_reference":["inline:0","inline:1"])"), want);
  expect_spec(read(R"("input_reference":"")"), bare());
}

TEST(OpenaiAccept, ReadsShotsInPlaceOfAPrompt) {
  for (const std::string key : {"shots", "multi_prompt"}) {
    const auto got = parse_create("{\"" + key + R"(":[{"prompt":"wakes","duration":"2"},
                                                      {"prompt":"runs","seconds":3.5}]})");
    GenerationSpec want = bare();
    want.prompt.clear();
    want.shots = {{"wakes", seconds(2)}, {"runs", MediaTime{3500}}};
    expect_spec(got, want);
    EXPECT_EQ(got->fields.in_body("/shots/1/prompt"), "/" + key + "/1/prompt");
    EXPECT_EQ(got->fields.in_body("/shots"), "/" + key);
  }
  EXPECT_EQ(refused(R"("shots":[5,{"text":"a","prompt":1,"duration":"x"}])"),
            (Complaints{"/shots/0 invalid_argument", "/shots/1/prompt invalid_argument",
                        "/shots/1/duration invalid_argument", "/shots/1/text invalid_argument"}));
}

TEST(OpenaiAccept, TellsEverythingThatIsWrongAtOnce) {
  EXPECT_EQ(told(kCreate, "{}"), Complaints{"/prompt invalid_argument"});
  EXPECT_EQ(told(kCreate, R"({"prompt":5,"model":[],"elements":[7,{"name":1,"colour":"red"}],
      "scene_images":[""],"reference_images":8,"input_reference":5,"seconds":"soon","size":"big",
      "aspect_ratio":"wide","negative_prompt":1,"seed":"many","audio":"loud","fps":0,"last_frame":6,
      "webhook_url":"x","second":8})"),
            (Complaints{"/prompt invalid_argument", "/model invalid_argument", "/elements/0 invalid_argument",
                        "/elements/1/name invalid_argument", "/elements/1/colour invalid_argument",
                        "/scene_images/0 invalid_argument", "/reference_images invalid_argument",
                        "/input_reference invalid_argument", "/seconds invalid_argument",
                        "/size invalid_argument", "/aspect_ratio invalid_argument",
                        "/negative_prompt invalid_argument", "/seed invalid_argument",
                        "/audio invalid_argument", "/fps invalid_argument", "/last_frame invalid_argument",
                        "/webhook_url invalid_argument", "/second invalid_argument"}));
}

TEST(OpenaiAccept, RefusesHostileBodies) {
  expect_no_hostile_body_taken(kCreate);
  expect_no_hostile_body_taken(kChange);
  expect_no_hostile_body_taken(kCharacter);
  const std::string many = Json(std::vector<std::string>(5000, "https://x.org/a.png")).dump();
  for (const std::string list : {"elements", "scene_images", "reference_images", "input_reference"})
    EXPECT_EQ(refused("\"" + list + "\":" + many), Complaints{"/" + list + " over_limit"});
  EXPECT_EQ(refused("\"shots\":" + Json(std::vector<int>(5000, 1)).dump()).size(), 64U);
}

TEST(OpenaiAccept, NamesTheFieldsOfTheBody) {
  const auto got = read(R"("elements":[{"image":"a","video":"b"}],"scene_image_urls":["c"],
      "duration":4,"resolution":"720p","generate_audio":true,"input_reference":"d","last_frame":"e")");
  ASSERT_TRUE(got);
  const std::vector<std::pair<const char*, const char*>> places{
      {"/references/0", "/elements/0"},
      {"/references/0/source", "/elements/0/image"},
      {"/references/0/clip", "/elements/0/video"},
      {"/references/1/source", "/scene_image_urls/0"},
      {"/first_frame", "/input_reference"},
      {"/duration", "/duration"},
      {"/resolution", "/resolution"},
      {"/audio", "/generate_audio"},
      {"/extend", "/video"}};
  for (const auto& [spec, body] : places) EXPECT_EQ(got->fields.in_body(spec), body) << spec;
  for (const char* same : {"/model", "/prompt", "/negative_prompt", "/aspect_ratio", "/seed", "/fps",
                           "/last_frame", "/webhook_url"})
    EXPECT_EQ(got->fields.in_body(same), same);
  const auto plain = parse_create(R"({"prompt":"p"})");
  EXPECT_EQ(plain->fields.in_body("/duration"), "/seconds");
  EXPECT_EQ(plain->fields.in_body("/resolution"), "/size");
  EXPECT_EQ(plain->fields.in_body("/audio"), "/audio");
  EXPECT_EQ(plain->fields.in_body("/references"), "/input_reference");
}

TEST(OpenaiAccept, TellsBrokenRulesInTheCallersFields) {
  EXPECT_EQ(rules_broken(read(R"("seconds":"5","size":"1080p","reference_images":["https://x.org/a.png"])"),
                         "sora-2"),
            (Complaints{"/reference_images mode_not_supported", "/seconds duration_not_allowed",
                        "/size resolution_not_allowed"}));
}

TEST(OpenaiChange, ReadsWhatIsChangedAndHow) {
  const auto remix = parse_change(R"({"prompt":"bluer","model":"x"})");
  ASSERT_TRUE(remix);
  EXPECT_EQ(remix->prompt, "bluer");
  EXPECT_TRUE(remix->video_id.empty() && !remix->video && !remix->seconds);
  const auto extension = parse_change(R"({"prompt":"on","seconds":"8","video":{"id":"video_1"}})");
  ASSERT_TRUE(extension);
  EXPECT_EQ(extension->video_id, "video_1");
  EXPECT_EQ(extension->seconds, seconds(8));
  for (const char* video : {"\"https://x.org/v\"", "{\"url\":\"https://x.org/v\"}"}) {
    const auto edit = parse_change(std::string(R"({"prompt":"p","video":)") + video + "}");
    ASSERT_TRUE(edit) << video;
    EXPECT_EQ(edit->video, MediaSource{"https://x.org/v"});
  }
  EXPECT_EQ(told(kChange, R"({"seconds":"x","video":5,"size":"720p"})"),
            (Complaints{"/prompt invalid_argument", "/seconds invalid_argument", "/video invalid_argument",
                        "/size invalid_argument"}));
  EXPECT_EQ(told(kChange, R"({"prompt":"p","video":{"id":7}})"), Complaints{"/video/id invalid_argument"});
}

TEST(OpenaiCharacter, IsANameAndAClip) {
  const auto got = parse_character(R"({"name":"fox","video":"inline:0"})");
  ASSERT_TRUE(got);
  EXPECT_EQ(got->name, "fox");
  EXPECT_EQ(got->video, MediaSource{"inline:0"});
  EXPECT_EQ(told(kCharacter, "{}"), (Complaints{"/name invalid_argument", "/video invalid_argument"}));
  EXPECT_EQ(told(kCharacter, R"({"name":1,"video":[],"age":3})"),
            (Complaints{"/name invalid_argument", "/video invalid_argument", "/age invalid_argument"}));
}

}  // namespace
}  // namespace troupe::api::openai
