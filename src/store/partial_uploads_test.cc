#include "store/partial_uploads.h"

#include <gtest/gtest.h>

#include <thread>

#include "store/test_disk.h"

namespace troupe::store {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

using test::now;

class PartialUploadsTest : public testing::Test {
 protected:
  void SetUp() override {
    uploads_ = PartialUploads::open(root()).value();
    store_ = open_folder_store(folder_.path() / "data").value();
  }
  fs::path root() const { return folder_.path() / "uploads"; }
  // Appends `text` at `offset`; the code of what went wrong.
  std::optional<ErrorCode> send(const std::string& id, uint64_t offset, const std::string& text) {
    auto appender = uploads_->append(id, offset);
    if (!appender) return appender.error().code;
    const auto written = (*appender)->write(as_bytes(text));
    return written ? std::nullopt : std::optional(written.error().code);
  }

  test::TempFolder folder_;
  std::unique_ptr<PartialUploads> uploads_;
  std::unique_ptr<ObjectStore> store_;
};

TEST_F(PartialUploadsTest, GoesIntoTheStoreWhenAllPiecesAreThere) {
  ASSERT_TRUE(uploads_->begin("upl_1", 6));
  EXPECT_EQ(uploads_->offset("upl_1").value(), 0u);
  EXPECT_EQ(send("upl_1", 0, "abc"), std::nullopt);
  EXPECT_EQ(uploads_->offset("upl_1").value(), 3u);
  EXPECT_EQ(uploads_->finish("upl_1", *store_).error().code, ErrorCode::conflict);
  EXPECT_EQ(send("upl_1", 3, "def"), std::nullopt);
  const auto info = uploads_->finish("upl_1", *store_);
  ASSERT_TRUE(info) << to_string(info.error());
  EXPECT_EQ(*info, (ObjectInfo{sha256_hex(as_bytes("abcdef")), 6}));
  EXPECT_EQ(uploads_->offset("upl_1").value(), 6u) << "until somebody has written down what it is";
  EXPECT_EQ(uploads_->finish("upl_1", *store_).value(), *info);
  ASSERT_TRUE(uploads_->drop("upl_1"));
  EXPECT_EQ(uploads_->finish("upl_1", *store_).error().code, ErrorCode::not_found);
  EXPECT_EQ(test::count_files(root()), 0u);
}

TEST_F(PartialUploadsTest, AnEmptyUploadIsFinishedAtOnce) {
  ASSERT_TRUE(uploads_->begin("upl_0", 0));
  EXPECT_EQ(uploads_->finish("upl_0", *store_).value().size_bytes, 0u);
}

TEST_F(PartialUploadsTest, RefusesAnotherOffset) {
  ASSERT_TRUE(uploads_->begin("upl_1", 6));
  EXPECT_EQ(send("upl_1", 0, "abc"), std::nullopt);
  for (const uint64_t offset : {uint64_t{0}, uint64_t{2}, uint64_t{4}, uint64_t{UINT64_MAX}}) {
    const auto appender = uploads_->append("upl_1", offset);
    ASSERT_FALSE(appender);
    EXPECT_EQ(appender.error().code, ErrorCode::conflict);
    EXPECT_NE(appender.error().message.find("stands at byte 3"), std::string::npos)
        << appender.error().message;
  }
}

TEST_F(PartialUploadsTest, TakesNoMoreThanAnnounced) {
  ASSERT_TRUE(uploads_->begin("upl_1", 4));
  EXPECT_EQ(send("upl_1", 0, "abcde"), ErrorCode::over_limit);
  EXPECT_EQ(uploads_->offset("upl_1").value(), 0u);
  EXPECT_EQ(send("upl_1", 0, "abcd"), std::nullopt);
  EXPECT_EQ(send("upl_1", 4, "e"), ErrorCode::over_limit);
  EXPECT_EQ(send("upl_1", 4, ""), std::nullopt);
}

TEST_F(PartialUploadsTest, OneAtATimeWritesToAnUpload) {
  ASSERT_TRUE(uploads_->begin("upl_1", 6));
  ASSERT_TRUE(uploads_->begin("upl_2", 6));
  {
    const auto first = uploads_->append("upl_1", 0);
    ASSERT_TRUE(first);
    EXPECT_EQ(uploads_->append("upl_1", 0).error().code, ErrorCode::conflict);
    EXPECT_EQ(uploads_->finish("upl_1", *store_).error().code, ErrorCode::conflict);
    EXPECT_EQ(uploads_->drop("upl_1").error().code, ErrorCode::conflict);
    EXPECT_TRUE(uploads_->append("upl_2", 0)) << "another upload is free";
    // Another process, as far as the lock goes.
    const auto other = PartialUploads::open(root()).value();
    EXPECT_EQ(other->append("upl_1", 0).error().code, ErrorCode::conflict);
  }
  EXPECT_TRUE(uploads_->append("upl_1", 0));
}

TEST_F(PartialUploadsTest, OfManyAppendersOneWins) {
  ASSERT_TRUE(uploads_->begin("upl_1", 1));
  std::atomic<int> won = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] { won += send("upl_1", 0, "x") == std::nullopt; });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(won, 1);
  EXPECT_EQ(uploads_->offset("upl_1").value(), 1u);
}

TEST_F(PartialUploadsTest, AnIdIsBegunOnce) {
  ASSERT_TRUE(uploads_->begin("upl_1", 6));
  EXPECT_EQ(send("upl_1", 0, "abc"), std::nullopt);
  EXPECT_EQ(uploads_->begin("upl_1", 9).error().code, ErrorCode::conflict);
  EXPECT_EQ(uploads_->offset("upl_1").value(), 3u);
}

TEST_F(PartialUploadsTest, IdsNeverLeadOut) {
  const std::vector<std::string> ids{
      "", ".", "..", "../x", "a/b", "a.size", std::string("a\0b", 3), "ä", "a-b", std::string(101, 'a')};
  for (const std::string& id : ids) {
    EXPECT_EQ(uploads_->begin(id, 1).error().code, ErrorCode::invalid_argument) << id;
    EXPECT_EQ(uploads_->offset(id).error().code, ErrorCode::not_found) << id;
    EXPECT_EQ(uploads_->append(id, 0).error().code, ErrorCode::not_found) << id;
    EXPECT_EQ(uploads_->finish(id, *store_).error().code, ErrorCode::not_found) << id;
    EXPECT_EQ(uploads_->drop(id).error().code, ErrorCode::not_found) << id;
  }
  EXPECT_EQ(test::count_files(root()), 0u);
  EXPECT_EQ(uploads_->begin("upl_1", UINT64_MAX).error().code, ErrorCode::over_limit);
}

TEST_F(PartialUploadsTest, DropLeavesNothing) {
  ASSERT_TRUE(uploads_->begin("upl_1", 6));
  EXPECT_TRUE(uploads_->drop("upl_1"));
  EXPECT_EQ(test::count_files(root()), 0u);
  EXPECT_EQ(uploads_->drop("upl_1").error().code, ErrorCode::not_found);
  EXPECT_EQ(uploads_->append("upl_1", 0).error().code, ErrorCode::not_found);
}

TEST_F(PartialUploadsTest, GoesOnAfterACrash) {
  const int status = test::in_child([&]() -> int {
    if (!uploads_->begin("upl_1", 6)) return 1;
    auto appender = uploads_->append("upl_1", 0);
    if (!appender || !(*appender)->write(as_bytes("abc"))) return 2;
    ::_exit((*appender)->flush() ? 0 : 3);  // with the upload open
  });
  ASSERT_EQ(status, 0);
  uploads_ = PartialUploads::open(root()).value();
  EXPECT_EQ(uploads_->offset("upl_1").value(), 3u);
  EXPECT_EQ(send("upl_1", 3, "def"), std::nullopt);
  EXPECT_EQ(uploads_->finish("upl_1", *store_).value().id, sha256_hex(as_bytes("abcdef")));
}

TEST_F(PartialUploadsTest, WhatACrashLeftOfBeginningOrEndIsNoUpload) {
  test::write_text(root() / "upl_1.bytes", "abc");  // died before its size was written
  test::write_text(root() / "upl_2.size", "6");     // died after its bytes were moved
  test::write_text(root() / "size-0123", "");       // died while the size was written
  for (const char* id : {"upl_1", "upl_2"}) {
    EXPECT_EQ(uploads_->offset(id).error().code, ErrorCode::not_found) << id;
    EXPECT_EQ(uploads_->append(id, 0).error().code, ErrorCode::not_found) << id;
    ASSERT_TRUE(uploads_->begin(id, 2)) << id;
    EXPECT_EQ(uploads_->offset(id).value(), 0u) << id;
    EXPECT_EQ(send(id, 0, "xyz"), ErrorCode::over_limit) << id;
    EXPECT_TRUE(uploads_->drop(id)) << id;
  }
  EXPECT_EQ(uploads_->sweep(now() + 1h).value(), 0);
  EXPECT_EQ(test::count_files(root()), 0u);
}

TEST_F(PartialUploadsTest, RefusesADamagedSize) {
  ASSERT_TRUE(uploads_->begin("upl_1", 6));
  for (const char* text : {"", "six", "-1", "6 ", "99999999999999999999"}) {
    test::write_text(root() / "upl_1.size", text);
    EXPECT_EQ(uploads_->append("upl_1", 0).error().code, ErrorCode::corrupt_input) << text;
  }
  test::write_text(root() / "upl_1.size", "2");
  test::write_text(root() / "upl_1.bytes", "abc");
  EXPECT_EQ(uploads_->append("upl_1", 3).error().code, ErrorCode::corrupt_input);
  EXPECT_TRUE(uploads_->drop("upl_1"));
}

TEST_F(PartialUploadsTest, SweepsWhatNobodyTouched) {
  for (const char* id : {"upl_old", "upl_open", "upl_young"}) ASSERT_TRUE(uploads_->begin(id, 6));
  for (const char* id : {"upl_old", "upl_open"}) test::make_old(root() / (std::string(id) + ".bytes"), 2h);
  test::write_text(root() / "notes.txt", "mine");
  const auto open = uploads_->append("upl_open", 0);
  ASSERT_TRUE(open);
  EXPECT_EQ(uploads_->sweep(now() - 1h).value(), 1);
  EXPECT_EQ(uploads_->offset("upl_old").error().code, ErrorCode::not_found);
  EXPECT_TRUE(uploads_->offset("upl_open"));
  EXPECT_TRUE(uploads_->offset("upl_young"));
  EXPECT_TRUE(fs::exists(root() / "notes.txt"));
}

// 0 if a write that does not fit is refused as unavailable and the upload goes on at what offset() says.
int overfill(PartialUploads& uploads) {
  constexpr size_t kSize = 1 << 20;
  if (!uploads.begin("upl_1", kSize)) return 1;
  {
    auto appender = uploads.append("upl_1", 0);
    if (!appender) return 2;
    const auto written = (*appender)->write(Bytes(kSize, 'x'));
    if (written || written.error().code != ErrorCode::unavailable) return 3;
    const auto more = (*appender)->write(Bytes(1, 'x'));
    if (more || more.error().code != ErrorCode::conflict) return 4;
  }
  const auto offset = uploads.offset("upl_1");
  if (!offset || *offset >= kSize) return 5;
  return uploads.append("upl_1", *offset) ? 0 : 6;
}

TEST_F(PartialUploadsTest, AFullDiskStopsItWhereItStands) {
  EXPECT_EQ(test::with_small_files(1 << 16, [&] { return overfill(*uploads_); }), 0);
  const int status = test::on_small_disk(root(), 1 << 19, [&] {
    const auto uploads = PartialUploads::open(root());
    return uploads ? overfill(**uploads) : 9;
  });
  if (status == test::kCannotMount) GTEST_SKIP() << "this process may not mount a small disk";
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace troupe::store
