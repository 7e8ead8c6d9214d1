// Files of older versions.
#include "jobs/sqlite/schema.h"

#include <gtest/gtest.h>

#include "jobs/store_for_test.h"

namespace troupe::jobs {
namespace {

constexpr const char* kOldKey =
    "INSERT INTO keys (id, name, secret_hash, requests_per_minute, created) VALUES ('key_old', '', 'x', 0, "
    "0)";

/// What the file's tables are, as SQLite has them.
std::string tables(const std::filesystem::path& file) {
  const auto database = std::move(*Database::open(file, {}));
  Statement rows = database->prepare("SELECT sql FROM sqlite_schema ORDER BY type, name");
  std::string text;
  while (*rows.step()) text += rows.text(0) + "\n";
  return text;
}

TEST(Schema, EveryOlderFileIsBroughtUpWithWhatIsInIt) {
  const SqlitePlace fresh;
  ASSERT_TRUE(open_sqlite_store(fresh.file()));
  ASSERT_GE(schema_version(), 3);
  for (int64_t version = 1; version < schema_version(); ++version) {
    const SqlitePlace old;
    {
      const auto database = std::move(*Database::open(old.file(), {}));
      ASSERT_TRUE(migrate_to(*database, version));
      ASSERT_EQ(*database->integer("PRAGMA user_version"), version);
      ASSERT_TRUE(database->run(kOldKey));
    }
    const auto store = open_sqlite_store(old.file());
    ASSERT_TRUE(store) << version << ": " << to_string(store.error());
    EXPECT_TRUE((*store)->keys().find("key_old").value()) << version;
    EXPECT_EQ(tables(old.file()), tables(fresh.file())) << version;
  }
}

TEST(Schema, AFileFromBeforeProvidersTakesThem) {
  const SqlitePlace old;
  ASSERT_TRUE(migrate_to(*std::move(*Database::open(old.file(), {})), 2));
  const auto store = std::move(*open_sqlite_store(old.file()));
  EXPECT_TRUE(store->providers().list().value().empty());
  EXPECT_TRUE(store->providers().put({.name = "venice",
                                      .kind = "venice",
                                      .base_url = "",
                                      .sealed_key = "",
                                      .key_hint = "",
                                      .created = {},
                                      .updated = {}}));
  EXPECT_TRUE(store->providers().find("venice").value());
}

}  // namespace
}  // namespace troupe::jobs
