// Bounds that are too high to reach by one call a row.
#include <gtest/gtest.h>

#include "jobs/sqlite/database.h"
#include "jobs/store_for_test.h"

namespace troupe::jobs {
namespace {

class LibraryLimits : public testing::Test {
 protected:
  /// Runs a statement on the file itself, beside the store.
  void fill(const std::string& statement, int count) {
    const auto database = Database::open(place_.file(), {});
    ASSERT_TRUE(database);
    const std::string sql = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " +
                            std::to_string(count) + ") " + statement;
    const auto filled = (*database)->script(sql);
    ASSERT_TRUE(filled) << to_string(filled.error());
  }

  SqlitePlace place_;
  std::unique_ptr<JobStore> store_ = place_.open({});
};

TEST_F(LibraryLimits, BoundUploadsOfAnAccount) {
  fill("INSERT INTO uploads SELECT 'upl_' || i, 'A', '', '', '', 0, 0, 0 FROM n", kUploadsPerAccountMax - 1);
  Upload upload{"upl_x", "A", "", "", "", 0, test_time()};
  ASSERT_TRUE(store_->library().add_upload(upload));
  upload.id = "upl_y";
  EXPECT_EQ(store_->library().add_upload(upload).error().code, ErrorCode::over_limit);
  upload.account = "B";
  EXPECT_TRUE(store_->library().add_upload(upload));
}

TEST_F(LibraryLimits, BoundElementsOfAnAccount) {
  fill("INSERT INTO elements SELECT 'elm_' || i, 'A', 'n' || i, 1, '', 0, 0 FROM n", kElementsPerAccountMax);
  Element element;
  element.id = "elm_x";
  element.account = "A";
  element.name = "fox";
  EXPECT_EQ(store_->library().add_element(element).error().code, ErrorCode::over_limit);
  ASSERT_TRUE(store_->library().remove_element("A", "elm_1"));
  EXPECT_TRUE(store_->library().add_element(element));
}

}  // namespace
}  // namespace troupe::jobs
