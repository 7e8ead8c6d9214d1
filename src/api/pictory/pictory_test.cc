#include <map>

#include "api/dialect_for_test.h"
#include "api/pictory/wire.h"

namespace troupe::api::pictory {
namespace {

const auto kVideo = [](std::string_view json, std::vector<Error>* all) { return parse_video(json, all); };

Result<Submission> read(const std::string& more) {
  return parse_video(R"({"prompt":"A fox.",)" + more + "}");
}
Complaints refused(const std::string& more) { return told(kVideo, R"({"prompt":"A fox.",)" + more + "}"); }

GenerationSpec bare() {
  GenerationSpec spec;
  spec.model = "pixverse5.5";
  spec.prompt = "A fox.";
  return spec;
}

TEST(PictoryAccept, ReadsEveryFieldIntoTheSpec) {
  const auto got = parse_video(R"({
    "prompt": "A fox.",
    "model": "veo3.1_fast",
    "aspectRatio": "9:16",
    "duration": "8s",
    "firstFrameImageUrl": "https://x.org/first.png",
    "extendVideoUrl": "https://x.org/run.mp4",
    "referenceImageUrls": ["https://x.org/a.png", "https://x.org/b.png"],
    "webhook": "https://hook.org/x"})");
  GenerationSpec want = bare();
  want.model = "veo3.1_fast";
  want.aspect_ratio = AspectRatio{9, 16};
  want.duration = seconds(8);
  want.first_frame = picture("first");
  want.extend = MediaSource{"https://x.org/run.mp4"};
  want.references = {reference_of(ReferenceKind::image, picture("a")),
                     reference_of(ReferenceKind::image, picture("b"))};
  expect_spec(got, want);
  EXPECT_EQ(got->webhook_url, "https://hook.org/x");
  EXPECT_TRUE(got->ignored.empty());
}

TEST(PictoryAccept, AModelThatIsNotNamedIsPixverse) {
  expect_spec(parse_video(R"({"prompt":"A fox."})"), bare());
  expect_spec(read(R"("model":null)"), bare());
}

TEST(PictoryAccept, ReadsDurationsInEverySpelling) {
  for (const char* eight : {"8", "\"8\"", "\"8s\"", "\"8S\"", "8.0"})
    EXPECT_EQ(read(std::string("\"duration\":") + eight)->spec.duration, seconds(8)) << eight;
  EXPECT_FALSE(read(R"("duration":"")")->spec.duration);
  EXPECT_EQ(refused(R"("duration":"soon")"), Complaints{"/duration invalid_argument"});
  EXPECT_EQ(refused(R"("duration":"9000s")"), Complaints{"/duration over_limit"});
}

TEST(PictoryAccept, FillsInPictorysFirstOfEach) {
  const catalog::Catalog& catalog = native::catalog_for_test();
  GenerationSpec spec = bare();
  fill_in(catalog, spec);
  EXPECT_EQ(spec.aspect_ratio, (AspectRatio{16, 9}));
  EXPECT_EQ(spec.duration, seconds(5));
  spec.model = "veo3.1";
  spec.duration.reset();
  spec.aspect_ratio = AspectRatio{9, 16};
  fill_in(catalog, spec);
  EXPECT_EQ(spec.aspect_ratio, (AspectRatio{9, 16}));  // what was said stays
  EXPECT_EQ(spec.duration, seconds(4));
  spec.duration = seconds(8);
  fill_in(catalog, spec);
  EXPECT_EQ(spec.duration, seconds(8));
  GenerationSpec unknown = bare();
  unknown.model = "no such model";
  const GenerationSpec before = unknown;
  fill_in(catalog, unknown);
  EXPECT_EQ(unknown, before);
}

TEST(PictoryAccept, TellsEverythingThatIsWrongAtOnce) {
  EXPECT_EQ(told(kVideo, "{}"), Complaints{"/prompt invalid_argument"});
  EXPECT_EQ(
      told(kVideo, R"({"prompt":5,"model":[],"aspectRatio":"wide","duration":true,
                             "referenceImageUrls":["",{"url":1}],"firstFrameImageUrl":7,
                             "extendVideoUrl":[],"webhook":"x","referenceImageUrl":"a","seed":1})"),
      (Complaints{"/prompt invalid_argument", "/model invalid_argument", "/aspectRatio invalid_argument",
                  "/duration invalid_argument", "/referenceImageUrls/0 invalid_argument",
                  "/referenceImageUrls/1/url invalid_argument", "/firstFrameImageUrl invalid_argument",
                  "/extendVideoUrl invalid_argument", "/webhook invalid_argument",
                  "/referenceImageUrl invalid_argument", "/seed invalid_argument"}));
  std::vector<Error> all;
  EXPECT_FALSE(parse_video(R"({"prompt":"A fox.","referenceImageUrl":"a"})", &all));
  EXPECT_NE(all.front().message.find("referenceImageUrls"), std::string::npos) << all.front().message;
}

TEST(PictoryAccept, RefusesHostileBodies) {
  expect_no_hostile_body_taken(kVideo);
  Json many = Json::array();
  for (int i = 0; i < 5000; ++i) many.push_back("https://x.org/a.png");
  EXPECT_EQ(refused("\"referenceImageUrls\":" + many.dump()), Complaints{"/referenceImageUrls over_limit"});
}

TEST(PictoryAccept, NamesTheFieldsOfTheBody) {
  const auto got = read(R"("referenceImageUrls":["a",{"url":"b"}])");
  const std::vector<std::pair<const char*, const char*>> places{
      {"/model", "/model"},
      {"/prompt", "/prompt"},
      {"/shots/2/prompt", "/prompt"},
      {"/aspect_ratio", "/aspectRatio"},
      {"/duration", "/duration"},
      {"/references", "/referenceImageUrls"},
      {"/references/0/source", "/referenceImageUrls/0"},
      {"/references/1/source", "/referenceImageUrls/1/url"},
      {"/first_frame", "/firstFrameImageUrl"},
      {"/extend", "/extendVideoUrl"},
      {"/webhook_url", "/webhook"}};
  for (const auto& [spec, body] : places) EXPECT_EQ(got->fields.in_body(spec), body) << spec;
}

TEST(PictoryAccept, TellsBrokenRulesInTheCallersFields) {
  const auto got = read(R"("duration":"6s","aspectRatio":"21:9",
      "referenceImageUrls":["https://x.org/1","https://x.org/2","https://x.org/3","https://x.org/4"])");
  EXPECT_EQ(rules_broken(got, "pixverse-5.5"),
            (Complaints{"/referenceImageUrls too_many_images", "/duration duration_not_allowed",
                        "/aspectRatio aspect_ratio_not_allowed"}));
}

Json job_json(const Job& job, const Links& links = {}) {
  Json json = Json::parse(print_job(job, links));
  EXPECT_EQ(json["job_id"], job.id);
  json.erase("job_id");
  return json;
}

TEST(PictoryReply, AnAcceptedJobHasAnId) {
  EXPECT_EQ(Json::parse(print_accepted(job_in(JobState::queued))),
            Json({{"success", true}, {"data", {{"jobId", native::kJobId}}}}));
}

TEST(PictoryReply, AJobOnItsWayTellsItsProgress) {
  for (const JobState state : {JobState::queued, JobState::running, JobState::submitted}) {
    Job job = job_in(state);
    job.progress.fraction = 0.425;
    EXPECT_EQ(job_json(job),
              Json({{"success", true}, {"data", {{"status", "in-progress"}, {"renderProgress", 42}}}}));
  }
}

TEST(PictoryReply, AFinishedJobHasItsLinks) {
  Job job = native::finished_job();
  Json want = Json::parse(R"({"success":true,"data":{"status":"completed","url":"https://t/v.mp4",
      "duration":"5.005s","width":1280,"height":720,"aiCreditsUsed":0,"draft":true,"engine":"stage"}})");
  EXPECT_EQ(job_json(job, {"https://t/v.mp4", "", ""}), want);
  job.draft = false;
  job.charged = {8'000'000, Currency::credits};
  job.takes.front().rate = {30, 1};
  want["data"].erase("draft");
  want["data"].update({{"thumbnailImageUrl", "https://t/t.jpg"},
                       {"previewImageUrl", "https://t/t.jpg"},
                       {"lastFrameImageUrl", "https://t/l.png"},
                       {"aiCreditsUsed", 8},
                       {"duration", "5s"}});
  EXPECT_EQ(job_json(job, {"https://t/v.mp4", "https://t/t.jpg", "https://t/l.png"}), want);
}

TEST(PictoryReply, AFailedJobSaysWhy) {
  const auto expect = [](const Job& job, const char* code, const char* message) {
    EXPECT_EQ(job_json(job),
              Json({{"success", false},
                    {"data", {{"status", "failed"}, {"error_code", code}, {"error_message", message}}}}));
  };
  expect(plainly_failed(), "INVALID_REQUEST", "The picture is damaged.");
  expect(plainly_failed(ErrorCode::timeout), "TIMEOUT",
         "Timed out, try again later: The picture is damaged.");
  expect(job_in(JobState::failed), "INTERNAL_ERROR", "The video could not be made.");
  expect(job_in(JobState::cancelled), "CANCELLED", "The video was cancelled.");
  expect(job_in(JobState::succeeded), "INTERNAL_ERROR", "The video could not be made.");  // without a take
  EXPECT_TRUE(is_utf8(print_job(native::failed_job(), {})));
}

TEST(PictoryReply, AProvidersFailureKeepsItsClass) {
  const auto expect = [](ErrorCode code, const char* want, const char* message) {
    EXPECT_EQ(job_json(ended_by_provider(code)),
              Json({{"success", false},
                    {"data", {{"status", "failed"}, {"error_code", want}, {"error_message", message}}}}));
  };
  expect(ErrorCode::moderated, "CONTENT_MODERATED", kModerated);
  expect(ErrorCode::rejected, "INVALID_REQUEST", kRejected);
  expect(ErrorCode::over_limit, "RATE_LIMIT_EXCEEDED", kOverLimit);
  expect(ErrorCode::no_credit, "INSUFFICIENT_CREDITS", kNoCredit);
  expect(ErrorCode::unavailable, "SERVICE_UNAVAILABLE", kOutage);
  expect(ErrorCode::unknown_outcome, "UNKNOWN_OUTCOME", kUnknownOutcome);
  expect_every_failure_told([](const Job& job) { return Answer{200, print_job(job, {})}; });
}

TEST(PictoryReply, AnUnknownJobIsNoHttpError) {
  EXPECT_EQ(Json::parse(print_unknown_job("x\"y")),
            Json({{"job_id", "x\"y"},
                  {"success", false},
                  {"data", {{"error_code", "5000"}, {"error_message", "JOB_NOT_FOUND"}}}}));
}

TEST(PictoryErrors, EveryKindHasItsStatus) {
  for (const ProblemKind& kind : problem_kinds()) {
    const Answer answer = print_problem(make_problem(kind.code, "Because."));
    EXPECT_EQ(answer.status, kind.status == 422 ? 400 : kind.status) << kind.code;
    const Json want = kind.code == "unauthorised" ? Json({{"message", "Unauthorized"}})
                                                  : Json({{"code", kind.code}, {"message", "Because."}});
    EXPECT_EQ(Json::parse(answer.json), want);
    EXPECT_TRUE(is_utf8(print_problem(make_problem(kind.code, native::kNasty)).json));
  }
}

TEST(PictoryErrors, TellEachFieldWithItsFix) {
  const Answer answer = print_problem(problem_with_fields());
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(Json::parse(answer.json), Json::parse(R"({
    "code": "INVALID_REQUEST_BODY",
    "message": "a[0].b: It is long. Shorten it. c: It is odd.",
    "fields": [{"name": "a[0].b", "errors": "It is long. Shorten it."},
               {"name": "c", "errors": "It is odd."}]})"));
  Problem large = problem_with_fields();
  large.status = 413;
  EXPECT_EQ(print_problem(large).status, 413);
  EXPECT_EQ(print_problem(problem_of_model("not_found")).status, 400);
}

}  // namespace
}  // namespace troupe::api::pictory
