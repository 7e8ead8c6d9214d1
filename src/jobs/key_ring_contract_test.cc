// What every store's KeyRing must do.
#include <gtest/gtest.h>

#include <thread>

#include "jobs/store_for_test.h"
#include "jobs/text_rules.h"

namespace troupe::jobs {
namespace {

class KeyRingContract : public StoreContract {
 protected:
  KeyRing& keys() { return store_->keys(); }
};
TROUPE_FOR_EACH_STORE(KeyRingContract);

std::string hash_of(const std::string& secret) { return sha256_hex(as_bytes(secret)); }

ApiKey full_key(const std::string& id) {
  return {.id = id,
          .name = "render farm",
          .scopes = {"jobs:read", "jobs:write"},
          .budgets = {{Currency::credits, 5, {}}, {Currency::usd, 20'000'000, 0}},
          .requests_per_minute = 60,
          .created = test_time(),
          .expires = test_time(1000),
          .revoked = {},
          .last_used = {}};
}

ApiKey bare_key(const std::string& id) {
  ApiKey key;
  key.id = id;
  key.created = test_time();
  return key;
}

TEST_P(KeyRingContract, FindsKeysByIdAndBySecret) {
  ASSERT_TRUE(keys().add(full_key("key_a"), hash_of("a")));
  ASSERT_TRUE(keys().add(bare_key("key_b"), hash_of("b")));
  EXPECT_EQ(keys().find("key_a").value(), full_key("key_a"));
  EXPECT_EQ(keys().find_by_hash(hash_of("b")).value(), bare_key("key_b"));
  EXPECT_EQ(keys().find("key_c").value(), std::nullopt);
  EXPECT_EQ(keys().find("").value(), std::nullopt);
  EXPECT_EQ(keys().find_by_hash(hash_of("c")).value(), std::nullopt);
  EXPECT_EQ(keys().find_by_hash("").value(), std::nullopt);
}

TEST_P(KeyRingContract, ListsTheOldestFirstWhateverTheirIds) {
  for (const char* id : {"key_m", "key_z", "key_a"}) ASSERT_TRUE(keys().add(bare_key(id), hash_of(id)));
  const auto list = keys().list().value();
  ASSERT_EQ(list.size(), 3u);
  EXPECT_EQ(list[0].id + list[1].id + list[2].id, "key_mkey_zkey_a");
}

TEST_P(KeyRingContract, RefusesAnIdOrSecretThatIsTaken) {
  ASSERT_TRUE(keys().add(bare_key("key_a"), hash_of("a")));
  EXPECT_EQ(keys().add(full_key("key_a"), hash_of("b")).error().code, ErrorCode::conflict);
  EXPECT_EQ(keys().add(full_key("key_b"), hash_of("a")).error().code, ErrorCode::conflict);
  EXPECT_EQ(keys().list().value(), std::vector<ApiKey>{bare_key("key_a")});
}

TEST_P(KeyRingContract, RevokesOnceAndForAll) {
  ASSERT_TRUE(keys().add(bare_key("key_a"), hash_of("a")));
  ASSERT_TRUE(keys().revoke("key_a", test_time(5)));
  ASSERT_TRUE(keys().revoke("key_a", test_time(9)));
  EXPECT_EQ(keys().find_by_hash(hash_of("a")).value()->revoked, test_time(5));
  EXPECT_EQ(keys().list().value().size(), 1u);
  EXPECT_EQ(keys().revoke("key_b", test_time()).error().code, ErrorCode::not_found);
}

TEST_P(KeyRingContract, WritesUseAtMostOnceAMinute) {
  ASSERT_TRUE(keys().add(bare_key("key_a"), hash_of("a")));
  const auto used_at = [&](int64_t seconds) {
    EXPECT_TRUE(keys().mark_used("key_a", test_time(seconds)));
    return keys().find("key_a").value()->last_used;
  };
  EXPECT_EQ(used_at(100), test_time(100));
  EXPECT_EQ(used_at(159), test_time(100));
  EXPECT_EQ(used_at(160), test_time(160));
  EXPECT_EQ(used_at(130), test_time(160)) << "another thread's clock is a little behind";
  EXPECT_EQ(used_at(20), test_time(20)) << "the clock was set back";
  EXPECT_TRUE(keys().mark_used("key_b", test_time()));
}

TEST_P(KeyRingContract, KeepsHostileTextsAndRefusesWhatIsNoText) {
  int number = 0;
  for (const std::string& text : hostile_texts()) {
    ApiKey key = bare_key(text);
    key.name = text;
    key.scopes = {text, text, ""};
    key.scopes.pop_back();
    ASSERT_TRUE(keys().add(key, hash_of(std::to_string(number++)))) << text;
    EXPECT_EQ(keys().find(text).value(), key) << text;
  }
  for (const std::string& text : refused_texts()) {
    ApiKey key = bare_key("key_x");
    key.name = text;
    EXPECT_EQ(keys().add(key, hash_of("x")).error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(keys().find(text).value(), std::nullopt);
    EXPECT_EQ(keys().find_by_hash(text).value(), std::nullopt);
  }
}

TEST_P(KeyRingContract, BoundsWhatItKeeps) {
  ApiKey key = bare_key("key_a");
  key.name = std::string(kTextBytesMax, 'n');
  ASSERT_TRUE(keys().add(key, hash_of("a")));
  EXPECT_EQ(keys().find("key_a").value(), key);

  const auto refusal = [&](ApiKey other, const std::string& hash) {
    const auto added = keys().add(other, hash);
    return added ? "none" : std::string(name(added.error().code)) + " " + added.error().field;
  };
  key = bare_key("key_b");
  key.name = std::string(kTextBytesMax + 1, 'n');
  EXPECT_EQ(refusal(key, hash_of("b")), "over_limit /name");
  EXPECT_EQ(refusal(bare_key(std::string(300, 'i')), hash_of("b")), "over_limit /id");
  EXPECT_EQ(refusal(bare_key(""), hash_of("b")), "invalid_argument /id");
  key = bare_key("key_b");
  key.scopes.assign(kListMax + 1, "jobs:read");
  EXPECT_EQ(refusal(key, hash_of("b")), "over_limit /scopes");
  key = bare_key("key_b");
  key.budgets = {{Currency::usd, {}, -1}};
  EXPECT_EQ(refusal(key, hash_of("b")), "invalid_argument /budgets");
  EXPECT_EQ(refusal(bare_key("key_b"), "secret"), "invalid_argument /secret_hash");
  EXPECT_EQ(keys().list().value().size(), 1u);
}

TEST_P(KeyRingContract, IsSharedByStoresOnOnePlace) {
  const auto other = place_->open();
  ASSERT_TRUE(keys().add(full_key("key_a"), hash_of("a")));
  EXPECT_EQ(other->keys().find_by_hash(hash_of("a")).value(), full_key("key_a"));
  ASSERT_TRUE(other->keys().revoke("key_a", test_time(1)));
  EXPECT_TRUE(keys().find("key_a").value()->revoked);
}

TEST_P(KeyRingContract, LetsOneOfManyHaveAnId) {
  const auto other = place_->open();
  std::atomic<int> added = 0, conflicts = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      KeyRing& ring = i % 2 == 0 ? keys() : other->keys();
      const auto result = ring.add(bare_key("key_a"), hash_of(std::to_string(i)));
      if (result) ++added;
      if (!result && result.error().code == ErrorCode::conflict) ++conflicts;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(added, 1);
  EXPECT_EQ(conflicts, 7);
}

}  // namespace
}  // namespace troupe::jobs
