// troupe jobs as it is typed, against a real server in this process.
#include <fstream>
#include <thread>

#include "cli/command.h"
#include "cli/remote/scripted_server_for_test.h"
#include "cli/remote/send_inputs.h"
#include "media/video_file.h"
#include "server/test_service.h"
#include "work/media_reader.h"

namespace troupe::cli::remote {
namespace {

namespace fs = std::filesystem;

class JobsCommand : public server::TestService {
 protected:
  void SetUp() override {
    TestService::SetUp();
    folder_ = root_.string() + "_client";
    fs::create_directories(folder_);
    std::ofstream(path("fox.png"), std::ios::binary) << picture();
  }
  void TearDown() override {
    TestService::TearDown();
    fs::remove_all(folder_);
  }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(server_->port()); }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  int run_plain(std::vector<std::string> arguments) {
    work::LocalMediaReader media;
    const Program program{catalog_, engine_, media, cancel_.token()};
    ::testing::internal::CaptureStdout();
    ::testing::internal::CaptureStderr();
    const int code = cli::run(program, arguments);
    out_ = ::testing::internal::GetCapturedStdout();
    err_ = ::testing::internal::GetCapturedStderr();
    return code;
  }
  // With the server and the key.
  int run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "jobs");
    for (const std::string& word : {std::string("--server"), url(), std::string("--key"), secret_})
      arguments.push_back(word);
    return run_plain(std::move(arguments));
  }

  std::vector<std::string> small(std::vector<std::string> more) const {
    std::vector<std::string> arguments = {
        "submit", "--prompt", "@fox walks", "--element", "fox=" + path("fox.png"), "--resolution", "320x180",
        "--fps",  "12",       "--duration", "1"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }
  std::string submit_quietly() {
    EXPECT_EQ(run(small({"-q"})), kOk) << err_;
    return out_.substr(0, out_.find('\n'));
  }
  Json out_json() const { return Json::parse(out_, nullptr, false); }

  fs::path folder_;
  CancelSource cancel_;
  std::string out_, err_;
};

TEST_F(JobsCommand, SubmitWithALocalPictureFetchesAPlayableFile) {
  ASSERT_EQ(run(small({"-o", path("out.mp4")})), kOk) << err_ << out_;
  const Result<media::VideoInfo> video = media::probe_video(path("out.mp4"));
  ASSERT_TRUE(video) << to_string(video.error());
  EXPECT_EQ(video->size, (FrameSize{320, 180}));
  EXPECT_TRUE(out_.starts_with(path("out.mp4") + "  320x180  12 fps  1.0 s  draft of stage by stage"))
      << out_;
  EXPECT_NE(out_.find("grey"), std::string::npos) << "what was understood is told: " << out_;
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 2) << "nothing is left";
}

TEST_F(JobsCommand, SubmitPrintsTheIdAlone) {
  ASSERT_EQ(run(small({"--priority", "high", "--metadata", R"({"order": 7})"})), kOk) << err_;
  const std::string id = out_.substr(0, out_.size() - 1);
  EXPECT_TRUE(is_id(id, "job")) << out_;
  EXPECT_NE(err_.find("troupe jobs watch " + id), std::string::npos) << err_;
  ASSERT_EQ(run({"watch", id, "--json"}), kOk) << err_;
  EXPECT_EQ(out_json()["state"], "succeeded");
  EXPECT_EQ(out_json()["priority"], "high");
  EXPECT_EQ(out_json()["metadata"]["order"], 7);
  EXPECT_EQ(err_, "");
}

TEST_F(JobsCommand, AParkedJobIsAbandoned) {
  const std::string id = parked_job();
  ASSERT_EQ(run({"cancel", id, "--abandon"}), kOk) << err_;
  EXPECT_NE(err_.find(id + " is cancelled."), std::string::npos) << err_;
  ASSERT_EQ(run({"show", id, "--json"}), kOk) << err_;
  EXPECT_EQ(out_json()["state"], "cancelled");
  ASSERT_EQ(run({"cancel", id, "--abandon"}), kOk) << "again: " << err_;
}

TEST_F(JobsCommand, SeveralTakesGetNumbers) {
  ASSERT_EQ(run(small({"--count", "2", "-o", path("out.mp4"), "--json"})), kOk) << err_ << out_;
  EXPECT_TRUE(fs::exists(path("out.mp4")) && fs::exists(path("out-2.mp4")));
  EXPECT_EQ(out_json()["outputs"], (Json{path("out.mp4"), path("out-2.mp4")}));
  const std::string id = out_json()["id"];
  ASSERT_EQ(run({"download", id, "--take", "1", "-o", path("again.mp4")}), kOk) << err_;
  EXPECT_EQ(fs::file_size(path("again.mp4")), fs::file_size(path("out-2.mp4")));
  ASSERT_EQ(run({"download", id, "--thumbnail", "-o", path("t.jpg"), "--json"}), kOk) << err_;
  EXPECT_EQ(out_json()["size_bytes"], fs::file_size(path("t.jpg")));
  ASSERT_EQ(run({"download", id, "--last-frame", "-o", path("l.png")}), kOk) << err_;
  ASSERT_EQ(run({"download", id, "--spritesheet", "-o", path("s.jpg")}), kOk) << err_;
  EXPECT_EQ(run({"download", id, "--spritesheet", "--last-frame", "-o", path("s.jpg")}), kUsage);
  EXPECT_EQ(run({"download", id, "--take", "2", "-o", path("none.mp4")}), kRefused);
  EXPECT_FALSE(fs::exists(path("none.mp4")));
}

TEST_F(JobsCommand, ARefusedSpecNamesTheFlags) {
  const std::vector<std::string> bad = {"submit", "--prompt", "@ghost", "--duration", "99"};
  EXPECT_EQ(run(bad), kRefused);
  for (const char* text : {"refused: ", "--prompt: ", "--duration: "})
    EXPECT_NE(err_.find(text), std::string::npos) << err_;
  EXPECT_EQ(err_.find("/spec"), std::string::npos) << err_;
  std::vector<std::string> as_json = bad;
  as_json.push_back("--json");
  EXPECT_EQ(run(as_json), kRefused);
  EXPECT_EQ(out_json()["error"]["violations"][0]["field"].get<std::string>().find("/spec"),
            std::string::npos);
  EXPECT_EQ(err_, "");
}

TEST_F(JobsCommand, FilesAreLookedAtBeforeAnythingIsSent) {
  EXPECT_EQ(run({"submit", "--prompt", "@a and @b", "--element", "a=" + path("none.png"), "--element",
                 "b=" + path("fox.png"), "--metadata", "[1]", "--seed", "x"}),
            kRefused);
  for (const char* flag : {"--element a: ", "--metadata: ", "--seed: "})
    EXPECT_NE(err_.find(flag), std::string::npos) << err_;
  EXPECT_EQ(json(get("/v1/uploads"))["data"].size(), 0u);
  std::ofstream(path("text.png")) << "this is no picture";
  EXPECT_EQ(run({"submit", "--prompt", "a park", "--scene", path("text.png")}), kRefused);
  EXPECT_NE(err_.find("--scene " + path("text.png") + ": "), std::string::npos) << err_;
  EXPECT_EQ(run(small({"-o", path("no/such.mp4")})), kFailed);
  EXPECT_EQ(json(get("/v1/jobs"))["data"].size(), 0u) << "nothing is made that cannot be kept";
}

TEST_F(JobsCommand, TheSameRequestTwiceIsOneJob) {
  ASSERT_EQ(run(small({"--idempotency-key", "k1", "-q"})), kOk) << err_;
  const std::string first = out_;
  ASSERT_EQ(run(small({"--idempotency-key", "k1", "-q"})), kOk) << err_;
  EXPECT_EQ(out_, first);
  EXPECT_EQ(json(get("/v1/uploads"))["data"].size(), 1u) << "a file that is there is not sent again";
  EXPECT_EQ(run(small({"--idempotency-key", "k1", "--seed", "5"})), kRefused);
  EXPECT_NE(err_.find("refused: "), std::string::npos) << err_;
}

TEST_F(JobsCommand, ALargeFileGoesInPieces) {
  const std::string large = picture() + std::string(2 * kPieceBytes + 5, 'x');
  std::ofstream(path("large.png"), std::ios::binary) << large;
  Session session({url(), secret_, {}, wait_for, {}});
  ProgressBar bar(false);
  GenerationSpec spec;
  spec.first_frame = MediaSource{path("large.png")};
  spec.last_frame = MediaSource{path("large.png")};
  spec.references.push_back({ReferenceKind::image, "", {"https://a.example/x.png"}, {}, {}, {}});
  const Result<Answer> sent = send_inputs(session, spec, bar);
  ASSERT_TRUE(sent && !sent->problem);
  EXPECT_EQ(spec.references[0].source.uri, "https://a.example/x.png");
  EXPECT_EQ(spec.first_frame->uri, spec.last_frame->uri) << "sent once";
  const Json upload = json(get("/v1/uploads/" + spec.first_frame->uri.substr(7)));
  EXPECT_EQ(upload["complete"], true);
  EXPECT_EQ(upload["name"], "large.png");
  EXPECT_EQ(upload["sha256"], sha256_hex(as_bytes(large)));
}

TEST_F(JobsCommand, KeysAreAskedForAndNotShown) {
  const std::string server = url();
  EXPECT_EQ(run_plain({"jobs", "list", "--server", server, "--key", "trp_sk_wrong"}), kRefused);
  EXPECT_NE(err_.find("does not know the API key"), std::string::npos) << err_;
  EXPECT_EQ(err_.find("trp_sk_wrong"), std::string::npos);
  EXPECT_EQ(run_plain({"jobs", "list", "--server", server}), kRefused);
  EXPECT_NE(err_.find("TROUPE_KEY"), std::string::npos) << err_;
  EXPECT_EQ(run_plain({"jobs", "list", "--server", server, "--key", "a\nb"}), kUsage) << err_;
  ::setenv("TROUPE_SERVER", server.c_str(), 1);
  ::setenv("TROUPE_KEY", secret_.c_str(), 1);
  const int from_environment = run_plain({"jobs", "list"});
  const int over_it = run_plain({"jobs", "list", "--key", "trp_sk_wrong"});
  ::unsetenv("TROUPE_SERVER");
  ::unsetenv("TROUPE_KEY");
  EXPECT_EQ(from_environment, kOk);
  EXPECT_EQ(over_it, kRefused) << "a flag goes over the variable";
}

TEST_F(JobsCommand, NoServerIsToldWithWhatToDo) {
  const std::string server = url();
  close();
  EXPECT_EQ(run_plain({"jobs", "list", "--server", server}), kFailed);
  EXPECT_NE(err_.find("no server answers at " + server + ": start one with \"troupe serve\""),
            std::string::npos)
      << err_;
  EXPECT_EQ(run_plain({"jobs", "watch", new_id("job", clock_.now()), "--server", server}), kFailed);
  EXPECT_EQ(run_plain({"jobs", "list", "--server", "localhost:8080"}), kUsage);
  EXPECT_NE(err_.find("--server"), std::string::npos) << err_;
  open();
}

TEST_F(JobsCommand, ListsAndShows) {
  const std::string id = submit_quietly();
  ASSERT_EQ(run({"watch", id}), kOk) << err_;
  ASSERT_EQ(run({"list", "--state", "succeeded", "--text", "fox", "--model", "stage"}), kOk) << err_;
  EXPECT_TRUE(out_.starts_with("ID ")) << out_;
  EXPECT_NE(out_.find("\n" + id + "  succeeded  "), std::string::npos) << out_;
  EXPECT_NE(out_.find("draft  stage  @fox walks\n"), std::string::npos) << out_;
  ASSERT_EQ(run({"list", "--state", "failed", "--state", "queued"}), kOk);
  EXPECT_EQ(out_, "");
  EXPECT_EQ(run({"list", "--state", "sleeping"}), kUsage);
  ASSERT_EQ(run({"show", id}), kOk);
  EXPECT_TRUE(out_.starts_with(id + "  succeeded  draft of stage by stage\n")) << out_;
  ASSERT_EQ(run({"show", id, "--json"}), kOk);
  EXPECT_EQ(out_json()["id"], id);
  EXPECT_EQ(run({"show", "fox"}), kUsage);
  EXPECT_EQ(run({"show", new_id("job", clock_.now())}), kRefused);
}

TEST_F(JobsCommand, ListsOverPages) {
  for (int i = 0; i < 3; ++i) submit_quietly();
  ASSERT_EQ(run({"list", "--limit", "2", "--json"}), kOk);
  EXPECT_EQ(out_json()["data"].size(), 2u);
  EXPECT_TRUE(out_json()["next_cursor"].is_string());
  ASSERT_EQ(run({"list", "--limit", "2"}), kOk);
  EXPECT_NE(err_.find("--all"), std::string::npos) << err_;
  ASSERT_EQ(run({"list", "--all", "--json"}), kOk);
  EXPECT_EQ(out_json()["data"].size(), 3u);
  EXPECT_TRUE(out_json()["next_cursor"].is_null());
}

TEST_F(JobsCommand, CancelRetryDelete) {
  engine_.hold();
  submit_quietly();
  engine_.wait_begun(1);  // the one worker has it, so the next job waits
  const std::string id = submit_quietly();
  EXPECT_EQ(run({"delete", id}), kRefused) << "it is not final";
  ASSERT_EQ(run({"cancel", id}), kOk) << err_;
  EXPECT_EQ(run({"watch", id}), kFailed);
  EXPECT_NE(err_.find("cancelled"), std::string::npos) << err_;
  EXPECT_EQ(run({"download", id, "-o", path("out.mp4")}), kRefused);
  engine_.let_go();
  ASSERT_EQ(run({"retry", id}), kOk) << err_;
  const std::string again = out_.substr(0, out_.size() - 1);
  EXPECT_NE(again, id);
  EXPECT_EQ(run({"watch", again, "-o", path("out.mp4")}), kOk) << err_;
  EXPECT_TRUE(fs::exists(path("out.mp4")));
  ASSERT_EQ(run({"delete", again, "--json"}), kOk);
  EXPECT_EQ(out_json()["deleted"], true);
  EXPECT_EQ(run({"show", again}), kRefused);
}

TEST_F(JobsCommand, AFailedJobNamesTheFlag) {
  std::ofstream(path("half.png"), std::ios::binary) << picture().substr(0, 300);
  EXPECT_EQ(run({"submit", "--prompt", "a park", "--scene", path("half.png"), "--wait"}), kFailed);
  EXPECT_NE(err_.find("failed: --scene " + path("half.png")), std::string::npos) << err_;
}

TEST_F(JobsCommand, AnInterruptedWatchLeavesTheJob) {
  engine_.hold();
  const std::string id = submit_quietly();
  engine_.wait_begun(1);
  std::thread interrupt([&] { cancel_.cancel(); });
  EXPECT_EQ(run({"watch", id}), kInterrupted);
  interrupt.join();
  EXPECT_NE(err_.find("The job goes on."), std::string::npos) << err_;
  EXPECT_NE(err_.find("troupe jobs watch " + id), std::string::npos) << err_;
  engine_.let_go();
  EXPECT_EQ(json(get("/v1/jobs/" + id + "?wait=60"))["state"], "succeeded");
}

TEST_F(JobsCommand, HostileServersAreToldAndNothingFalls) {
  const std::string id = new_id("job", clock_.now());
  const std::vector<std::vector<std::string>> commands = {
      {"list"}, {"show", id}, {"cancel", id}, {"retry", id}, {"watch", id}, {"submit", "--prompt", "a park"}};
  const std::vector<std::string> hostile = {
      json_answer("<html>"),
      json_answer("[]"),
      json_answer(R"({"data": 5, "id": 5})"),
      json_answer(R"({"data": [5, {}], "id": [], "state": {}, "next_cursor": 7})"),
      fetch::test::reply(500, "<html>"),
      fetch::test::reply(302, "", "Location: http://a.example/\r\n")};
  for (const std::string& answer : hostile) {
    ScriptedServer server({answer});
    for (const std::vector<std::string>& command : commands) {
      std::vector<std::string> arguments = {"jobs"};
      arguments.insert(arguments.end(), command.begin(), command.end());
      arguments.insert(arguments.end(), {"--server", server.session().options().server});
      EXPECT_EQ(run_plain(arguments), kFailed) << command[0] << "\n" << answer;
      EXPECT_NE(err_, "");
    }
  }
}

TEST_F(JobsCommand, HelpHasExamples) {
  for (const char* command : {"submit", "list", "show", "watch", "download", "cancel", "retry", "delete"}) {
    EXPECT_EQ(run_plain({"jobs", command, "--help"}), kOk);
    EXPECT_NE(out_.find("Example"), std::string::npos) << command;
    EXPECT_NE(out_.find("shell's history"), std::string::npos) << command;
  }
}

}  // namespace
}  // namespace troupe::cli::remote
