// What every store's ProviderBook must do.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "jobs/store_for_test.h"
#include "jobs/text_rules.h"

namespace troupe::jobs {
namespace {

class ProviderBookContract : public StoreContract {
 protected:
  ProviderBook& book() { return store_->providers(); }
  std::string refusal(const ProviderEntry& entry) {
    const auto put = book().put(entry);
    return put ? "none" : std::string(name(put.error().code)) + " " + put.error().field;
  }
};
TROUPE_FOR_EACH_STORE(ProviderBookContract);

ProviderEntry full_entry(const std::string& name) {
  return {.name = name,
          .kind = "openai",
          .base_url = "https://videos.example/v1",
          .sealed_key = "v1.c2VhbGVk",
          .key_hint = "a1b2",
          .created = test_time(),
          .updated = test_time(5)};
}

ProviderEntry bare_entry(const std::string& name) {
  ProviderEntry entry;
  entry.name = name;
  entry.kind = "venice";
  entry.created = entry.updated = test_time();
  return entry;
}

TEST_P(ProviderBookContract, FindsWhatWasPut) {
  EXPECT_EQ(book().put(full_entry("my-vllm_2")).value(), true);
  EXPECT_EQ(book().put(bare_entry("venice")).value(), true);
  EXPECT_EQ(book().find("my-vllm_2").value(), full_entry("my-vllm_2"));
  EXPECT_EQ(book().find("venice").value(), bare_entry("venice"));
  for (const std::string other : {"", "Venice", "venice ", "veni", "%"})
    EXPECT_EQ(book().find(other).value(), std::nullopt) << other;
}

TEST_P(ProviderBookContract, ReplacesAllButWhenItWasMade) {
  ASSERT_TRUE(book().put(full_entry("venice")));
  ProviderEntry later = bare_entry("venice");
  later.created = test_time(100);
  later.updated = test_time(200);
  EXPECT_EQ(book().put(later).value(), false);
  later.created = full_entry("venice").created;
  EXPECT_EQ(book().list().value(), std::vector<ProviderEntry>{later});
}

TEST_P(ProviderBookContract, ListsByName) {
  for (const char* name : {"m", "z-1", "_", "9", "a"}) ASSERT_TRUE(book().put(bare_entry(name)));
  std::string names;
  const auto list = book().list().value();
  for (const ProviderEntry& entry : list) names += entry.name + " ";
  EXPECT_EQ(names, "9 _ a m z-1 ");
}

TEST_P(ProviderBookContract, RemovesOnceAndForgetsTheKey) {
  ASSERT_TRUE(book().put(full_entry("a")));
  ASSERT_TRUE(book().put(full_entry("b")));
  ASSERT_TRUE(book().remove("a"));
  EXPECT_EQ(book().find("a").value(), std::nullopt);
  EXPECT_EQ(book().remove("a").error().code, ErrorCode::not_found);
  EXPECT_EQ(book().list().value(), std::vector<ProviderEntry>{full_entry("b")});
  ASSERT_TRUE(book().put(bare_entry("a")));
  EXPECT_EQ(book().find("a").value(), bare_entry("a"));
}

TEST_P(ProviderBookContract, TakesOnlyNamesThatStandInPathsAsTheyAre) {
  const std::string longest(kProviderNameBytesMax, 'a');
  for (const std::string& name : {std::string("a"), std::string("-"), longest})
    EXPECT_EQ(refusal(bare_entry(name)), "none") << name;
  for (const std::string& name :
       {std::string(), std::string("Venice"), std::string("a b"), std::string("a:test"), std::string("a/b"),
        std::string("\xc3\xa4"), std::string("a\0", 2)})
    EXPECT_EQ(refusal(bare_entry(name)), "invalid_argument /name") << name;
  EXPECT_EQ(refusal(bare_entry(longest + "a")), "over_limit /name");
  EXPECT_EQ(book().list().value().size(), 3u);
}

TEST_P(ProviderBookContract, KeepsHostileTextsAndRefusesWhatIsNoText) {
  for (const std::string& text : hostile_texts()) {
    ProviderEntry entry = full_entry("a");
    entry.kind = entry.base_url = entry.sealed_key = entry.key_hint = text;
    ASSERT_TRUE(book().put(entry)) << text;
    EXPECT_EQ(book().find("a").value(), entry) << text;
    EXPECT_EQ(book().find(text).value(), std::nullopt) << text;
  }
  ASSERT_TRUE(book().put(full_entry("a")));
  for (const std::string& text : refused_texts()) {
    for (std::string ProviderEntry::*member : {&ProviderEntry::kind, &ProviderEntry::base_url,
                                               &ProviderEntry::sealed_key, &ProviderEntry::key_hint}) {
      ProviderEntry entry = full_entry("a");
      entry.*member = text;
      EXPECT_EQ(book().put(entry).error().code, ErrorCode::invalid_argument);
    }
  }
  EXPECT_EQ(book().find("a").value(), full_entry("a"));
}

TEST_P(ProviderBookContract, BoundsWhatItKeeps) {
  ProviderEntry entry = full_entry("a");
  entry.kind.clear();
  EXPECT_EQ(refusal(entry), "invalid_argument /kind");
  entry = full_entry("a");
  entry.sealed_key.assign(kTextBytesMax + 1, 's');
  EXPECT_EQ(refusal(entry), "over_limit /sealed_key");
  entry = full_entry("a");
  entry.key_hint.assign(kIndexedTextBytesMax + 1, 'h');
  EXPECT_EQ(refusal(entry), "over_limit /key_hint");
  for (int i = 0; i < kProvidersMax; ++i) ASSERT_TRUE(book().put(bare_entry("p" + std::to_string(i))));
  EXPECT_EQ(refusal(bare_entry("one-more")), "over_limit ");
  EXPECT_EQ(refusal(full_entry("p0")), "none") << "what is there can be changed";
  ASSERT_TRUE(book().remove("p1"));
  EXPECT_EQ(refusal(bare_entry("one-more")), "none");
  EXPECT_EQ(book().list().value().size(), static_cast<size_t>(kProvidersMax));
}

TEST_P(ProviderBookContract, IsSharedByStoresOnOnePlace) {
  const auto other = place_->open();
  ASSERT_TRUE(book().put(full_entry("a")));
  EXPECT_EQ(other->providers().find("a").value(), full_entry("a"));
  ASSERT_TRUE(other->providers().remove("a"));
  EXPECT_EQ(book().find("a").value(), std::nullopt);
}

TEST_P(ProviderBookContract, OneOfManyAddsAName) {
  const auto other = place_->open();
  std::atomic<int> added = 0, replaced = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      ProviderBook& one = i % 2 == 0 ? book() : other->providers();
      const auto put = one.put(full_entry("a"));
      if (put) (*put ? added : replaced) += 1;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(added, 1);
  EXPECT_EQ(replaced, 7);
}

}  // namespace
}  // namespace troupe::jobs
