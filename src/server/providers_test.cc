#include "server/providers.h"

#include <gtest/gtest.h>

#include "engine/upstream/provider.h"
#include "jobs/store_for_test.h"
#include "server/sealed_key.h"

namespace troupe::server {
namespace {

const std::string kKey = "sk-live-0123456789abcdef";

class ProvidersTest : public ::testing::Test {
 protected:
  std::string refusal(const std::string& name, const ProviderChange& change) {
    const auto set = providers_.set(name, change);
    if (set) return "none";
    EXPECT_EQ(to_string(set.error()).find(kKey), std::string::npos) << to_string(set.error());
    return std::string(troupe::name(set.error().code)) + " " + set.error().field;
  }
  static ProviderChange key_only(const std::string& key) { return {{}, {}, key}; }
  static ProviderChange own_server(const std::string& url) { return {"openai", url, {}}; }

  jobs::SqlitePlace place_;
  std::unique_ptr<jobs::JobStore> store_ = place_.open({});
  ManualClock clock_{jobs::test_time()};
  Providers providers_{store_->providers(), "secret", clock_};
};

TEST_F(ProvidersTest, AProviderIsNamedAfterItsKind) {
  const auto set = providers_.set("venice", key_only(kKey));
  ASSERT_TRUE(set) << to_string(set.error());
  EXPECT_TRUE(set->added);
  const ProviderSummary expected{
      "venice", "venice", "https://api.venice.ai/api/v1", true, "cdef", jobs::test_time(), jobs::test_time()};
  EXPECT_EQ(set->provider, expected);
  EXPECT_EQ(providers_.list().value(), std::vector<ProviderSummary>{expected});
  EXPECT_EQ(providers_.find("venice").value(), expected);
  const upstream::Access access = providers_.access("venice").value();
  EXPECT_EQ(access.kind + " " + access.base_url + " " + access.key, "venice  " + kKey);
}

TEST_F(ProvidersTest, EveryKindHasAUsualBaseUrl) {
  for (const std::string_view kind : upstream::provider_names()) {
    const auto set = providers_.set(std::string(kind), key_only(kKey));
    ASSERT_TRUE(set) << kind;
    EXPECT_TRUE(set->provider.base_url.starts_with("https://")) << kind;
  }
}

TEST_F(ProvidersTest, TheStoreNeverSeesAKey) {
  ASSERT_TRUE(providers_.set("venice", key_only(kKey)));
  const auto entry = store_->providers().find("venice").value().value();
  EXPECT_EQ(entry.sealed_key.find(kKey), std::string::npos);
  EXPECT_EQ(unseal("secret", "venice", entry.sealed_key).value(), kKey);
}

TEST_F(ProvidersTest, AServerInOnesOwnHouseNeedsNoKey) {
  const auto set = providers_.set("my-vllm", own_server("HTTP://127.0.0.1:8000/v1//"));
  ASSERT_TRUE(set) << to_string(set.error());
  EXPECT_EQ(set->provider.base_url, "http://127.0.0.1:8000/v1");
  EXPECT_FALSE(set->provider.has_key);
  const upstream::Access access = providers_.access("my-vllm").value();
  EXPECT_EQ(access.base_url + access.key, "http://127.0.0.1:8000/v1");
}

TEST_F(ProvidersTest, WhatIsNotGivenStays) {
  ASSERT_TRUE(providers_.set("mine", {"fal", "https://a.example/x", kKey}));
  clock_.advance(std::chrono::seconds(10));
  const auto again = providers_.set("mine", {});
  ASSERT_TRUE(again) << to_string(again.error());
  EXPECT_FALSE(again->added);
  EXPECT_EQ(again->provider.created, jobs::test_time());
  EXPECT_EQ(again->provider.updated, jobs::test_time(10));
  const upstream::Access access = providers_.access("mine").value();
  EXPECT_EQ(access.kind + access.base_url + access.key, "falhttps://a.example/x" + kKey);

  EXPECT_EQ(providers_.set("mine", {{}, {}, ""})->provider.has_key, false);
  EXPECT_EQ(providers_.access("mine")->key, "");
  EXPECT_EQ(providers_.find("mine")->key_hint, "");
}

TEST_F(ProvidersTest, AStoredKeyIsNotSentElsewhere) {
  ASSERT_TRUE(providers_.set("mine", {"openai", "https://a.example/v1", kKey}));
  for (const char* url : {"https://b.example/v1", "http://a.example/v1", "https://a.example:444/v1", ""})
    EXPECT_EQ(refusal("mine", {{}, url, {}}), "invalid_argument /key") << url;
  EXPECT_EQ(providers_.access("mine")->base_url, "https://a.example/v1");
  EXPECT_EQ(refusal("mine", {{}, "https://a.example:443/v2", {}}), "none");
  EXPECT_EQ(refusal("mine", {{}, "https://b.example/v1", "other"}), "none");
  EXPECT_EQ(providers_.access("mine")->key, "other");
  EXPECT_EQ(refusal("venice", key_only(kKey)), "none");
  EXPECT_EQ(refusal("venice", {"fal", {}, {}}), "invalid_argument /key") << "another kind, another server";
}

TEST_F(ProvidersTest, HintsOnlyAtLongKeys) {
  EXPECT_EQ(providers_.set("venice", key_only("0123456789abcdef"))->provider.key_hint, "cdef");
  EXPECT_EQ(providers_.set("venice", key_only("0123456789abcde"))->provider.key_hint, "");
  EXPECT_TRUE(providers_.find("venice")->has_key);
}

TEST_F(ProvidersTest, RefusesWhatCannotBeMeant) {
  EXPECT_EQ(refusal("Venice", key_only(kKey)), "invalid_argument name");
  EXPECT_EQ(refusal("", key_only(kKey)), "invalid_argument name");
  EXPECT_EQ(refusal("mine", key_only(kKey)), "invalid_argument /kind");
  EXPECT_EQ(refusal("mine", {"Fal", {}, kKey}), "invalid_argument /kind");
  EXPECT_EQ(refusal("venice", {}), "invalid_argument /key");
  EXPECT_EQ(refusal("venice", key_only("")), "invalid_argument /key");
  for (const std::string& key : {kKey + " ", kKey + "\n", "\xc3\xa4" + kKey, kKey + std::string(1, '\0'),
                                 kKey + std::string(kProviderKeyBytesMax, 'x')})
    EXPECT_EQ(refusal("venice", key_only(key)), "invalid_argument /key") << key;
  for (const std::string& url :
       {std::string("ftp://a.example"), std::string("a.example"), std::string("https://"),
        "https://user:" + kKey + "@a.example/", std::string("https://a.example/?a=1"),
        std::string("https://a.example/#x"), std::string("https://a.example:99999/"),
        "https://a.example/" + std::string(2048, 'a')})
    EXPECT_EQ(refusal("mine", {"openai", url, kKey}), "invalid_argument /base_url") << url;
  EXPECT_TRUE(providers_.list()->empty());
}

TEST_F(ProvidersTest, TakesTheLongestKey) {
  const std::string longest(kProviderKeyBytesMax, '~');
  ASSERT_EQ(refusal("venice", key_only(longest)), "none");
  EXPECT_EQ(providers_.access("venice")->key, longest);
}

TEST_F(ProvidersTest, AFolderCopiedWithoutItsSecretSaysWhatToDo) {
  ASSERT_TRUE(providers_.set("venice", key_only(kKey)));
  const Providers elsewhere(store_->providers(), "another secret", clock_);
  const auto access = elsewhere.access("venice");
  ASSERT_FALSE(access);
  EXPECT_EQ(access.error().code, ErrorCode::unavailable);
  EXPECT_NE(access.error().message.find("troupe providers set venice"), std::string::npos);
  EXPECT_EQ(elsewhere.list()->size(), 1u);
}

TEST_F(ProvidersTest, AKeyMovedToAnotherEntryDoesNotOpen) {
  ASSERT_TRUE(providers_.set("venice", key_only(kKey)));
  auto entry = store_->providers().find("venice").value().value();
  entry.name = "fal";
  ASSERT_TRUE(store_->providers().put(entry));
  EXPECT_EQ(providers_.access("fal").error().code, ErrorCode::unavailable);
}

TEST_F(ProvidersTest, WhatIsNotThereIsNotFound) {
  EXPECT_EQ(providers_.access("venice").error().code, ErrorCode::not_found);
  EXPECT_EQ(providers_.find("venice").error().code, ErrorCode::not_found);
  EXPECT_EQ(providers_.remove("venice").error().code, ErrorCode::not_found);
  ASSERT_TRUE(providers_.set("venice", key_only(kKey)));
  EXPECT_TRUE(providers_.remove("venice"));
  EXPECT_EQ(providers_.access("venice").error().code, ErrorCode::not_found);
}

TEST_F(ProvidersTest, ItsOwnChangesAreKnownAtOnceOthersWithinSeconds) {
  Providers other(store_->providers(), "secret", clock_);
  EXPECT_FALSE(providers_.has("venice"));
  EXPECT_FALSE(other.has("venice"));
  ASSERT_TRUE(providers_.set("venice", key_only(kKey)));
  EXPECT_TRUE(providers_.has("venice"));
  EXPECT_FALSE(other.has("venice")) << "the store is not asked for each";
  clock_.advance(Providers::kFresh);
  EXPECT_TRUE(other.has("venice"));
  ASSERT_TRUE(providers_.remove("venice"));
  EXPECT_FALSE(providers_.has("venice"));
  EXPECT_TRUE(other.has("venice"));
  clock_.advance(-std::chrono::hours(1));
  EXPECT_FALSE(other.has("venice")) << "the clock was set back";
}

}  // namespace
}  // namespace troupe::server
