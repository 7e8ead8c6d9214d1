#include "engine/shelf/pull.h"

#include <optional>

#include "engine/shelf/shelf_for_test.h"
#include "fetch/test_tls_server.h"

namespace troupe::shelf::test {
namespace {

const std::string kFirst = "org/first/resolve/main/model.safetensors";
const std::string kText = "org/base/resolve/main/t5_weights.pth";

class Pull : public ShelfTest {
 protected:
  void SetUp() override {
    ShelfTest::SetUp();
    shelf_.emplace(root_ / "weights", small_list());
  }
  PullRequest request(const FakeHub& hub, const std::string& model = "first") const {
    PullRequest wanted;
    wanted.model = model;
    wanted.hub.url = hub.url();
    wanted.hub.backoff_first = std::chrono::milliseconds(0);
    wanted.hub.attempts_max = 3;
    return wanted;
  }
  Result<PullReport> run(const PullRequest& wanted, const OnBytes& on_bytes = {},
                         const CancelToken& cancel = {}) {
    return pull(*shelf_, wanted, on_bytes, cancel);
  }
  // An error's code and text, for one line in a test.
  std::pair<ErrorCode, std::string> failure(const PullRequest& wanted) {
    const auto report = run(wanted);
    EXPECT_FALSE(report);
    if (report) return {ErrorCode::internal, ""};
    return {report.error().code, report.error().message};
  }
  fs::path stored(const std::string& name) const { return root_ / "weights" / "parts" / name; }
  // A download that is broken off after `bytes` and not tried again.
  void begin(FakeHub& hub, const std::string& path, size_t bytes) {
    hub.cut_after[path] = bytes;
    PullRequest once = request(hub);
    once.hub.attempts_max = 1;
    CancelSource cancel;
    const auto report = run(
        once,
        [&](const std::string& what, uint64_t, uint64_t) {
          if (path.ends_with(what)) cancel.cancel();
        },
        cancel.token());
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code, ErrorCode::cancelled);
    hub.cut_after.clear();
  }

  std::optional<Shelf> shelf_;
};

TEST_F(Pull, BringsAWholeModel) {
  FakeHub hub;
  uint64_t last = 0, whole = 0;
  const auto report = run(request(hub), [&](const std::string&, uint64_t done, uint64_t total) {
    EXPECT_GE(done, last);
    last = done;
    whole = total;
  });
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->fetched.size(), 4u);
  EXPECT_TRUE(report->state.complete);
  EXPECT_EQ(last, whole);
  EXPECT_EQ(report->fetched_bytes, whole);
  const auto files = shelf_->find("first");
  ASSERT_TRUE(files);
  EXPECT_EQ(read_text(files->transformer.at(0)), transformer());
  EXPECT_EQ(read_text(files->tokenizer), words_model());
  EXPECT_EQ(shelf_->verify("first")->checksums, 4u);
  for (const auto& entry : fs::recursive_directory_iterator(root_ / "weights"))
    EXPECT_EQ(entry.path().string().find(".part"), std::string::npos) << entry.path();
}

TEST_F(Pull, ASecondModelFetchesItsTransformerOnly) {
  FakeHub hub;
  ASSERT_TRUE(run(request(hub)));
  PullRequest second = request(hub, "second");
  EXPECT_EQ(failure(second).first, ErrorCode::rejected) << "its licence must be accepted";
  EXPECT_NE(failure(second).second.find("--accept-licence"), std::string::npos);
  second.accept_licence = true;
  const auto report = run(second);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->fetched.size(), 1u);
  EXPECT_EQ(report->linked.size(), 3u);
  EXPECT_TRUE(report->state.licence_accepted);
  second.accept_licence = false;
  EXPECT_TRUE(run(second)) << "it is remembered";
  ASSERT_TRUE(shelf_->remove("first"));
  EXPECT_TRUE(shelf_->find("second"));
}

TEST_F(Pull, ShardsAreThoseOfTheIndex) {
  FakeHub hub;
  hub.files["org/shards/resolve/main/dit/m.safetensors.index.json"] =
      R"({"weight_map": {"patch_embedding.weight": "m-1.safetensors", "blocks.9.ffn.0.weight": "m-2.safetensors"}})";
  hub.files["org/shards/resolve/main/dit/m-1.safetensors"] = tensors({{"patch_embedding.weight", {1536, 2}}});
  hub.files["org/shards/resolve/main/dit/m-2.safetensors"] = tensors({{"blocks.9.ffn.0.weight", {8, 2}}});
  const auto report = run(request(hub, "shards"));
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(shelf_->find("shards")->transformer.size(), 2u);
  EXPECT_TRUE(fs::exists(stored("shards") / "m.safetensors.index.json"));
}

TEST_F(Pull, ACutConnectionIsGoneOnFrom) {
  FakeHub hub;
  hub.cut_after[kFirst] = 5000;
  const auto report = run(request(hub));
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(read_text(stored("first") / "model.safetensors"), transformer());
  std::vector<std::string> ranges;
  for (const std::string& asked : hub.stop())
    if (target_of(asked) == kFirst)
      ranges.push_back(header_of(asked, "Range") + header_of(asked, "If-Range"));
  const std::string tag = "\"" + hub.etag(kFirst) + "\"";
  EXPECT_EQ(ranges, (std::vector<std::string>{"bytes=0-0", "bytes=0-", "bytes=5000-" + tag}));
}

TEST_F(Pull, AnInterruptedOneGoesOnLater) {
  FakeHub hub;
  begin(hub, kFirst, 5000);
  EXPECT_EQ(fs::file_size(stored("first") / "model.safetensors.part"), 5000u);
  EXPECT_EQ(shelf_->state("first")->parts.at(0).begun_bytes, 5000u);
  EXPECT_FALSE(shelf_->state("first")->complete);
  const auto report = run(request(hub));
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->resumed_bytes, 5000u);
  EXPECT_EQ(read_text(stored("first") / "model.safetensors"), transformer());
}

TEST_F(Pull, AFileThatChangedMeanwhileStartsAnew) {
  FakeHub hub;
  begin(hub, kFirst, 5000);
  hub.files[kFirst] = transformer(1536, 5);
  const auto report = run(request(hub));
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->resumed_bytes, 0u);
  EXPECT_EQ(read_text(stored("first") / "model.safetensors"), transformer(1536, 5));
}

TEST_F(Pull, DamageInWhatWasBegunIsFoundAndFetchedAnew) {
  FakeHub hub;
  begin(hub, kFirst, 5000);
  write_text(stored("first") / "model.safetensors.part", std::string(5000, 'x'));
  const auto report = run(request(hub));
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(read_text(stored("first") / "model.safetensors"), transformer());
}

TEST_F(Pull, AWrongChecksumIsRefused) {
  FakeHub hub;
  hub.etags[kFirst] = std::string(64, 'a');
  const auto [code, text] = failure(request(hub));
  EXPECT_EQ(code, ErrorCode::corrupt_input);
  EXPECT_NE(text.find("damaged on the way"), std::string::npos) << text;
  EXPECT_TRUE(fs::is_empty(stored("first")));
}

TEST_F(Pull, AnETagThatIsNoSha256IsNoChecksum) {
  FakeHub hub;
  hub.etags[kFirst] = "some-other-kind";
  EXPECT_TRUE(run(request(hub)));
}

TEST_F(Pull, WhatIsNoSuchWeightsIsDeleted) {
  FakeHub hub;
  hub.files[kFirst] = hub.files[kText];
  const auto [code, text] = failure(request(hub));
  EXPECT_EQ(code, ErrorCode::corrupt_input);
  EXPECT_NE(text.find("text encoder"), std::string::npos) << text;
  EXPECT_TRUE(fs::is_empty(stored("first")));
}

TEST_F(Pull, RefusalsSayWhatToDo) {
  FakeHub hub;
  hub.statuses[kFirst] = 404;
  EXPECT_EQ(failure(request(hub)).first, ErrorCode::not_found);
  EXPECT_NE(failure(request(hub)).second.find("troupe weights add"), std::string::npos);
  hub.statuses[kFirst] = 403;
  EXPECT_EQ(failure(request(hub)).first, ErrorCode::rejected);
  EXPECT_NE(failure(request(hub)).second.find(hub.url() + "/org/first"), std::string::npos);
  hub.statuses[kFirst] = 401;
  EXPECT_NE(failure(request(hub)).second.find("TROUPE_HUB_TOKEN"), std::string::npos);
  hub.statuses[kFirst] = 503;
  EXPECT_EQ(failure(request(hub)).first, ErrorCode::unavailable);
  EXPECT_EQ(failure(request(hub, "firsst")).first, ErrorCode::not_found);
}

TEST_F(Pull, AFailingHubIsTriedAFewTimes) {
  FakeHub hub;
  hub.statuses[kFirst] = 503;
  EXPECT_EQ(failure(request(hub)).first, ErrorCode::unavailable);
  EXPECT_EQ(hub.stop().size(), 3u);
}

TEST_F(Pull, NobodyThereSaysSo) {
  PullRequest wanted;
  {
    const FakeHub hub;
    wanted = request(hub);
  }
  const auto [code, text] = failure(wanted);
  EXPECT_EQ(code, ErrorCode::unavailable);
  EXPECT_NE(text.find("nobody answers"), std::string::npos) << text;
  wanted.hub.url = "ftp://x";
  EXPECT_EQ(failure(wanted).first, ErrorCode::invalid_argument);
}

TEST_F(Pull, TheTokenGoesToTheHubAlone) {
  FakeHub hub, elsewhere;
  hub.redirects[kFirst] = elsewhere.url(kFirst);
  PullRequest wanted = request(hub);
  wanted.hub.token = "hf_secret";
  wanted.hub.allow_private = true;
  const auto report = run(wanted);
  ASSERT_TRUE(report) << report.error().message;
  for (const std::string& asked : hub.stop())
    EXPECT_EQ(header_of(asked, "Authorization"), "Bearer hf_secret");
  ASSERT_FALSE(elsewhere.stop().empty());
  for (const std::string& asked : elsewhere.stop()) EXPECT_EQ(asked.find("hf_secret"), std::string::npos);
}

TEST_F(Pull, TheChecksumIsTheHubsNotWhereItLeads) {
  FakeHub hub, elsewhere;
  hub.redirects[kFirst] = elsewhere.url(kFirst);
  elsewhere.files[kFirst].back() ^= 1;
  PullRequest wanted = request(hub);
  wanted.hub.allow_private = true;
  EXPECT_EQ(failure(wanted).first, ErrorCode::corrupt_input);
}

TEST_F(Pull, ARedirectInsideIsRefused) {
  FakeHub hub, elsewhere;
  hub.redirects[kFirst] = elsewhere.url(kFirst);
  EXPECT_EQ(failure(request(hub)).first, ErrorCode::unsupported);
  EXPECT_NE(failure(request(hub)).second.find("--allow-private-urls"), std::string::npos);
  PullRequest wanted = request(hub);
  wanted.hub.resolver = [](const std::string&) -> Result<std::vector<fetch::Address>> {
    return std::vector{*fetch::parse_address("10.0.0.7")};
  };
  for (const char* target : {"https://169.254.169.254/x", "https://127.0.0.1/x", "https://cdn.test/x",
                             "https://cdn.test:8443/x", "http://cdn.test/x"}) {
    hub.redirects[kFirst] = target;
    EXPECT_EQ(failure(wanted).first, ErrorCode::unsupported) << target;
  }
  EXPECT_TRUE(elsewhere.stop().empty());
}

// A public host behind a hub that is on this machine; every connection that the guard lets through ends
// there.
class PullFromElsewhere : public Pull {
 protected:
  void SetUp() override {
    Pull::SetUp();
    key_ = fetch::test::make_tls_key();
    certificate_ = fetch::test::certify(key_.get(), "cdn.test");
    fetch::test::write_certificate(certificate_.get(), root_ / "ca.pem");
    cdn_.emplace(key_.get(), certificate_.get(), [this](const std::string& asked) { return answer(asked); });
    hub_.redirects[kFirst] = "https://cdn.test/blob";
  }
  // Every look-up of cdn.test gives the next of `addresses`, and the last again and again.
  PullRequest wanted(std::vector<const char*> addresses) {
    PullRequest wanted = request(hub_);
    wanted.hub.token = "hf_secret";
    wanted.hub.ca_file = root_ / "ca.pem";
    wanted.hub.resolver = [this, addresses](const std::string&) -> Result<std::vector<fetch::Address>> {
      return std::vector{*fetch::parse_address(addresses[std::min(looked_up_++, addresses.size() - 1)])};
    };
    wanted.hub.connect_override = [this](const fetch::Address& vetted, uint16_t) {
      dialled_.push_back(print(vetted));
      return std::pair(*fetch::parse_address("127.0.0.1"), cdn_->port());
    };
    return wanted;
  }
  std::string answer(const std::string& asked) {
    if (!leads_on_.empty()) return fetch::test::reply(302, "", "Location: " + leads_on_ + "\r\n");
    const std::string all = transformer(), range = header_of(asked, "Range");
    const size_t from = std::stoul(range.substr(6));
    std::string body = range == "bytes=0-0" ? all.substr(0, 1) : all.substr(from);
    const std::string head = "HTTP/1.1 206 x\r\nContent-Length: " + std::to_string(body.size()) +
                             "\r\nETag: \"blob\"\r\nContent-Range: bytes " + std::to_string(from) + "-" +
                             std::to_string(from + body.size() - 1) + "/" + std::to_string(all.size()) +
                             "\r\n\r\n";
    if (body.size() > 1 && cut_ > 0) body.resize(std::exchange(cut_, 0));
    return head + body;
  }

  FakeHub hub_;
  std::string leads_on_;
  size_t cut_ = 0;  // the first transfer ends after as many bytes
  size_t looked_up_ = 0;
  std::vector<std::string> dialled_;
  fetch::test::Key key_;
  fetch::test::Certificate certificate_;
  std::optional<fetch::test::TlsServer> cdn_;  // its thread uses what is above
};

TEST_F(PullFromElsewhere, FetchesFromPublicHostsThatAHubInsideNames) {
  cut_ = 5000;
  const auto report = run(wanted({"93.184.216.34"}));
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(read_text(stored("first") / "model.safetensors"), transformer());
  EXPECT_EQ(dialled_, std::vector<std::string>(3, "93.184.216.34"));
  const std::vector<std::string> asked = cdn_->stop();
  ASSERT_EQ(asked.size(), 3u);
  EXPECT_EQ(header_of(asked[2], "Range"), "bytes=5000-");
  for (const std::string& one : asked) EXPECT_EQ(one.find("hf_secret"), std::string::npos);
}

// The name's owner answers publicly while it is checked and leads inside afterwards.
TEST_F(PullFromElsewhere, ConnectsOnlyToAddressesThatWereChecked) {
  EXPECT_EQ(failure(wanted({"93.184.216.34", "127.0.0.1"})).first, ErrorCode::unsupported);
  EXPECT_EQ(dialled_, std::vector<std::string>{"93.184.216.34"}) << "for its size; then it is looked up anew";
  EXPECT_EQ(looked_up_, 2u);
}

TEST_F(PullFromElsewhere, FollowsNobodyInside) {
  for (const std::string& inside : {hub_.url("secret"), std::string("https://127.0.0.1/"),
                                    std::string("http://cdn.test/"), std::string("https://cdn.test:8443/")}) {
    leads_on_ = inside;
    const auto [code, text] = failure(wanted({"93.184.216.34"}));
    EXPECT_EQ(code, ErrorCode::unsupported) << inside;
    EXPECT_NE(text.find("--allow-private-urls"), std::string::npos) << text;
  }
  for (const std::string& asked : hub_.stop()) EXPECT_NE(target_of(asked), "secret");
}

TEST_F(Pull, AFullDiskIsToldBeforeAnythingIsFetched) {
  FakeHub hub;
  PullRequest wanted = request(hub);
  wanted.free_space = [](const fs::path&) -> Result<uint64_t> { return uint64_t{1000}; };
  const auto [code, text] = failure(wanted);
  EXPECT_EQ(code, ErrorCode::unavailable);
  uint64_t needed = 0;
  for (const auto& [path, bytes] : hub.files)
    if (path.starts_with("org/base") || path == kFirst) needed += bytes.size();
  EXPECT_NE(text.find("(" + std::to_string(needed) + " bytes)"), std::string::npos) << text;
  EXPECT_NE(text.find("(1000 bytes)"), std::string::npos) << text;
  EXPECT_FALSE(fs::exists(root_ / "weights" / "parts"));
}

TEST_F(Pull, ADiskThatFillsUpEndsItAtOnce) {
  FakeHub hub;
  PullRequest wanted = request(hub);
  wanted.hub.backoff_first = std::chrono::hours(1);
  {
    const FullDisk full(5000);
    const auto [code, text] = failure(wanted);
    EXPECT_EQ(code, ErrorCode::unavailable);
    EXPECT_NE(text.find("model.safetensors.part can't be written"), std::string::npos) << text;
  }
  const auto report = run(wanted);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->resumed_bytes, 5000u) << "what was written counts";
}

TEST_F(Pull, TheSmallDecoderIsOptional) {
  FakeHub hub;
  PullRequest wanted = request(hub);
  wanted.with_tiny_vae = true;
  EXPECT_EQ(failure(wanted).first, ErrorCode::not_found) << "this hub lacks it";
  hub.files["org/tiny/resolve/main/tiny.safetensors"] =
      tensors({{"decoder.1.weight", {2}}, {"decoder.7.conv.weight", {2}}});
  ASSERT_TRUE(run(wanted));
  EXPECT_EQ(shelf_->find("first")->tiny_vae.size(), 1u);
}

TEST_F(Pull, RemovingDeletesWhatWasBegun) {
  FakeHub hub;
  begin(hub, kFirst, 5000);
  const auto removed = shelf_->remove("first");
  ASSERT_TRUE(removed) << removed.error().message;
  EXPECT_FALSE(fs::exists(stored("first")));
}

TEST(ContentRange, ReadsWholeOnesOnly) {
  const auto range = content_range("bytes 5-9/10");
  ASSERT_TRUE(range);
  EXPECT_EQ(range->first, 5u);
  EXPECT_EQ(range->total, 10u);
  for (const char* text :
       {"", "bytes */10", "bytes 5-9/*", "bytes 9-5/10", "bytes 5-10/10", "items 0-1/2", "bytes /-"})
    EXPECT_FALSE(content_range(text)) << text;
}

}  // namespace
}  // namespace troupe::shelf::test
