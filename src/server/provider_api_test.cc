// Providers through the real HTTP server.
#include <future>

#include "api/native/wire.h"
#include "engine/upstream/provider.h"
#include "server/sealed_key.h"
#include "server/test_service.h"

namespace troupe::server {
namespace {

using engine::FailureClass;
using Told = engine::Outcome<std::string>;

/// Answers tests as it was told to; asked for anything else it fails.
class FakeRemote final : public engine::RemoteEngine {
 public:
  Result<engine::RemoteManners> manners(const engine::RemoteRoute&) const override { return no(); }
  Result<engine::Outcome<std::string>> upload(const engine::RemoteRoute&, ByteView, std::string_view,
                                              const CancelToken&) override {
    return no();
  }
  Result<engine::Outcome<engine::HandedOver>> hand_over(const engine::RemoteRoute&, const engine::Order&,
                                                        const CancelToken&) override {
    return no();
  }
  Result<engine::Outcome<Found>> look_up(const engine::RemoteRoute&, const engine::Order&, Time,
                                         const CancelToken&) override {
    return no();
  }
  Result<engine::Outcome<engine::TaskState>> ask(const engine::RemoteRoute&, const std::string&,
                                                 const CancelToken&) override {
    return no();
  }
  Result<void> fetch(const engine::RemoteRoute&, const std::string&, const std::filesystem::path&, uint64_t,
                     const CancelToken&) override {
    return no();
  }
  Result<engine::StopAnswer> stop(const engine::RemoteRoute&, const std::string&,
                                  const CancelToken&) override {
    return no();
  }

  Result<Told> test(const std::string& provider, const CancelToken& cancel) override {
    std::unique_lock lock(mutex_);
    asked_ += provider + " ";
    ++begun_;
    changed_.notify_all();
    // The wait looks at the token now and then: nobody notifies of a cancel.
    while (held_ && !cancel.cancelled()) changed_.wait_for(lock, std::chrono::milliseconds(2));
    if (cancel.cancelled()) return Told::failed({FailureClass::unknown, "cancelled", {}});
    return answer_;
  }

  void answer(Result<Told> answer) { answer_ = std::move(answer); }
  void hold(bool held) {
    const std::lock_guard lock(mutex_);
    held_ = held;
    changed_.notify_all();
  }
  void wait_begun(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return begun_ >= count; });
  }
  std::string asked() {
    const std::lock_guard lock(mutex_);
    return asked_;
  }

 private:
  static Error no() { return make_error(ErrorCode::internal, "not asked for in these tests"); }
  Result<Told> answer_ = Told::of("It takes the key.");
  std::mutex mutex_;
  std::condition_variable changed_;
  std::string asked_;
  bool held_ = false;
  int begun_ = 0;
};

const std::string kKey = "sk-live-0123456789abcdef";

class ProviderApi : public TestService {
 protected:
  ProviderApi() { remote_ = &engine_of_others_; }
  void SetUp() override {
    TestService::SetUp();
    secret_ = key({"admin"});
  }

  http::Answer put(const std::string& name, const Json& body) {
    return send("PUT", "/v1/providers/" + name, body.dump());
  }
  Json tested(const std::string& name) { return json(post("/v1/providers/" + name + ":test", "")); }
  bool stored(const std::string& name) { return folder_->jobs->providers().find(name)->has_value(); }

  FakeRemote engine_of_others_;
};

TEST_F(ProviderApi, IsSetListedChangedAndRemoved) {
  const auto made = put("venice", {{"key", kKey}});
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(made.headers.get("Location"), "/v1/providers/venice");
  const Json venice = json(made);
  EXPECT_EQ(venice["kind"], "venice");
  EXPECT_EQ(venice["base_url"], "https://api.venice.ai/api/v1");
  EXPECT_EQ(venice["has_key"], true);
  EXPECT_EQ(venice["key_hint"], "cdef");
  EXPECT_EQ(json(get("/v1/providers/venice")), venice);
  ASSERT_EQ(put("mine", {{"kind", "openai"}, {"base_url", "http://127.0.0.1:8000/v1/"}}).status, 201);
  const Json listed = json(get("/v1/providers"))["providers"];
  ASSERT_EQ(listed.size(), 2u);
  EXPECT_EQ(listed[0]["name"], "mine");
  EXPECT_EQ(listed[0]["base_url"], "http://127.0.0.1:8000/v1");
  EXPECT_EQ(listed[1], venice);
  EXPECT_EQ(send("DELETE", "/v1/providers/venice", "").status, 204);
  EXPECT_EQ(send("DELETE", "/v1/providers/venice", "").status, 404);
  EXPECT_EQ(get("/v1/providers/venice").status, 404);
  EXPECT_FALSE(stored("venice"));
}

TEST_F(ProviderApi, AKeyStaysUntilItIsTakenAway) {
  ASSERT_EQ(put("mine", {{"kind", "openai"}, {"base_url", "https://a.example/v1"}, {"key", kKey}}).status,
            201);
  EXPECT_EQ(put("mine", {{"base_url", "https://a.example/v2"}}).status, 200);
  EXPECT_EQ(providers_->access("mine")->key, kKey);
  EXPECT_EQ(providers_->access("mine")->base_url, "https://a.example/v2");
  const auto moved = put("mine", {{"base_url", "https://b.example/v2"}});
  EXPECT_EQ(moved.status, 400) << "the key would go to another server";
  EXPECT_EQ(json(moved)["errors"][0]["pointer"], "/key");
  EXPECT_EQ(json(put("mine", {{"key", nullptr}}))["has_key"], false);
  EXPECT_EQ(providers_->access("mine")->key, "");
  EXPECT_EQ(put("mine", {{"base_url", nullptr}}).status, 400) << "the usual server wants a key";
}

TEST_F(ProviderApi, NoAnswerAndNoLogHoldsAKey) {
  std::string all;
  const auto keep = [&](const http::Answer& answer) { all += answer.body + "\n"; };
  keep(put("venice", {{"key", kKey}}));
  keep(put("venice", {{"key", kKey}, {"kind", "nobody"}}));
  keep(put("venice", {{"key", kKey + "\n"}}));
  keep(put("venice", {{"key", {kKey}}}));
  keep(put("venice", {{"key", kKey}, {"base_url", "https://u:" + kKey + "@x"}}));
  keep(send("PUT", "/v1/providers/venice", R"({"key":")" + kKey));
  keep(get("/v1/providers"));
  keep(get("/v1/providers/venice"));
  engine_of_others_.answer(make_error(ErrorCode::internal, "the key is odd"));
  keep(post("/v1/providers/venice:test", ""));
  EXPECT_EQ(all.find(kKey), std::string::npos) << all;
  EXPECT_EQ(all.find(seal(folder_->secret, "venice", kKey)->substr(0, 3)), std::string::npos) << all;
  server_->stop();
  EXPECT_NE(logged().find("is odd"), std::string::npos) << "what went wrong is logged";
  EXPECT_EQ(logged().find(kKey), std::string::npos) << logged();
}

TEST_F(ProviderApi, RefusesWhatCannotBeMeant) {
  EXPECT_EQ(put("Venice", {{"key", kKey}}).status, 400);
  EXPECT_EQ(put("venice", Json::object()).status, 400);
  EXPECT_EQ(put("venice", {{"key", ""}}).status, 400);
  EXPECT_EQ(put("venice", {{"key", kKey}, {"secret", "x"}}).status, 400);
  EXPECT_EQ(put("venice", {{"key", kKey}, {"base_url", "ftp://x"}}).status, 400);
  EXPECT_EQ(put("mine", {{"key", kKey}}).status, 400);
  EXPECT_EQ(send("PUT", "/v1/providers/venice", "").status, 422);
  EXPECT_EQ(json(get("/v1/providers"))["providers"].size(), 0u);
  for (int i = 0; i < jobs::kProvidersMax; ++i) {
    const Json own{{"kind", "openai"}, {"base_url", "http://127.0.0.1:" + std::to_string(8000 + i)}};
    ASSERT_EQ(put("p" + std::to_string(i), own).status, 201);
  }
  EXPECT_EQ(put("venice", {{"key", kKey}}).status, 413);
}

TEST_F(ProviderApi, ATestSaysHowItWent) {
  put("venice", {{"key", kKey}});
  EXPECT_EQ(tested("venice"), (Json{{"ok", true}, {"message", "It takes the key."}}));
  engine_of_others_.answer(Told::failed({FailureClass::no_credit, "The account is empty.", {}}));
  EXPECT_EQ(tested("venice"),
            (Json{{"ok", false}, {"class", "no_credit"}, {"message", "The account is empty."}}));
  EXPECT_EQ(engine_of_others_.asked(), "venice venice ");
  EXPECT_EQ(post("/v1/providers/fal:test", "").status, 404);
  EXPECT_EQ(engine_of_others_.asked(), "venice venice ");
}

TEST_F(ProviderApi, ATestRepeatsNoKeyWhoeverSaysIt) {
  put("venice", {{"key", kKey}});
  const std::string said = std::string("No such key: ") + kKey + ", " + kKey + ".";
  engine_of_others_.answer(Told::failed({FailureClass::no_credit, said, {}}));
  EXPECT_EQ(tested("venice")["message"], "No such key: (key), (key).");
  engine_of_others_.answer(make_error(ErrorCode::unavailable, said));
  EXPECT_EQ(tested("venice")["message"], "No such key: (key), (key).");
  engine_of_others_.answer(make_error(ErrorCode::conflict, said));
  EXPECT_EQ(post("/v1/providers/venice:test", "").body.find(kKey), std::string::npos);
}

TEST_F(ProviderApi, ATestThatCannotOpenTheKeySaysSo) {
  put("venice", {{"key", kKey}});
  engine_of_others_.answer(make_error(ErrorCode::unavailable, "The key can't be opened."));
  EXPECT_EQ(tested("venice"), (Json{{"ok", false}, {"message", "The key can't be opened."}}));
  engine_of_others_.answer(make_error(ErrorCode::not_found, "Removed meanwhile."));
  EXPECT_EQ(post("/v1/providers/venice:test", "").status, 404);
}

TEST_F(ProviderApi, TheDocumentNamesEveryKind) {
  const Json document = Json::parse(api::native::openapi_json());
  const Json& kind = document["components"]["schemas"]["ProviderChange"]["properties"]["kind"];
  for (const std::string_view name : upstream::provider_names())
    EXPECT_NE(kind["description"].get<std::string>().find(name), std::string::npos) << name;
}

TEST_F(ProviderApi, AFewAreTestedAtOnce) {
  put("venice", {{"key", kKey}});
  engine_of_others_.hold(true);
  const auto test = [&] { return post("/v1/providers/venice:test", "").status; };
  auto one = std::async(std::launch::async, test), two = std::async(std::launch::async, test);
  engine_of_others_.wait_begun(2);
  const auto third = post("/v1/providers/venice:test", "");
  EXPECT_EQ(third.status, 503);
  EXPECT_NE(third.headers.get("Retry-After"), "");
  engine_of_others_.hold(false);
  EXPECT_EQ(one.get() + two.get(), 400);
  EXPECT_EQ(test(), 200);
}

TEST_F(ProviderApi, WithoutAnEngineForThemTheyAreKeptButNotTested) {
  close();
  remote_ = nullptr;
  open();
  EXPECT_EQ(put("venice", {{"key", kKey}}).status, 201);
  EXPECT_EQ(post("/v1/providers/venice:test", "").status, 503);
}

class ImpatientProviderApi : public ProviderApi {
 protected:
  ImpatientProviderApi() { provider_test_time_ = std::chrono::milliseconds(1); }
};

TEST_F(ImpatientProviderApi, AnEndlessTestIsEnded) {
  put("venice", {{"key", kKey}});
  engine_of_others_.hold(true);
  const Json told = tested("venice");
  EXPECT_EQ(told["ok"], false);
  EXPECT_EQ(told["class"], "unknown");
  EXPECT_NE(told["message"].get<std::string>().find("in time"), std::string::npos);
}

}  // namespace
}  // namespace troupe::server
