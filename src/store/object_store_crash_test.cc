// What must hold while others write, sweep, die and fill the disk.
#include <gtest/gtest.h>

#include <thread>

#include "base/ids.h"
#include "store/folder_layout.h"
#include "store/object_store.h"
#include "store/test_disk.h"

namespace troupe::store {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

using test::now;
using test::store_text;

class CrashTest : public testing::Test {
 protected:
  void SetUp() override { store_ = open_folder_store(root()).value(); }
  fs::path root() const { return folder_.path() / "data"; }
  size_t unfinished() const { return test::count_files(root() / "partial"); }

  test::TempFolder folder_;
  std::unique_ptr<ObjectStore> store_;
};

TEST_F(CrashTest, SweepKeepsWhatIsNamedOrYoung) {
  const std::string kept = store_text(*store_, "kept"), old = store_text(*store_, "old"),
                    young = store_text(*store_, "young");
  for (const std::string& id : {kept, old}) test::make_old(*store_->local_file(id), 2h);
  EXPECT_EQ(store_->sweep({kept}, now() - 1h).value(), 1);
  EXPECT_TRUE(store_->local_file(kept));
  EXPECT_TRUE(store_->local_file(young));
  EXPECT_FALSE(store_->local_file(old));
  EXPECT_EQ(store_->sweep({kept}, now() - 1h).value(), 0);
}

TEST_F(CrashTest, SweepWantsASortedList) {
  const auto swept = store_->sweep({"b", "a"}, now());
  ASSERT_FALSE(swept);
  EXPECT_EQ(swept.error().code, ErrorCode::invalid_argument);
}

TEST_F(CrashTest, SweepLeavesFilesThatAreNoObjects) {
  test::write_text(root() / "objects" / "notes.txt", "mine");
  fs::create_directory(root() / "objects" / "ab");
  test::write_text(root() / "objects" / "ab" / "notes.txt", "mine");
  EXPECT_EQ(store_->sweep({}, now() + 1h).value(), 0);
  EXPECT_TRUE(fs::exists(root() / "objects" / "notes.txt"));
  EXPECT_TRUE(fs::exists(root() / "objects" / "ab" / "notes.txt"));
}

TEST_F(CrashTest, StoringAgainMakesAnObjectYoung) {
  const std::string id = store_text(*store_, "abc");
  test::make_old(*store_->local_file(id), 2h);
  EXPECT_EQ(store_text(*store_, "abc"), id);
  EXPECT_EQ(store_->sweep({}, now() - 1h).value(), 0);
}

TEST_F(CrashTest, AnAdoptedFileIsYoungHoweverOldItWas) {
  test::write_text(folder_.path() / "take.mp4", "abc");
  test::make_old(folder_.path() / "take.mp4", 2h);
  ASSERT_TRUE(store_->adopt(folder_.path() / "take.mp4"));
  EXPECT_EQ(store_->sweep({}, now() - 1h).value(), 0);
}

// How many descriptors of this process `file` is open by.
int times_open(const fs::path& file) {
  int times = 0;
  for (const auto& entry : fs::directory_iterator("/proc/self/fd")) {
    std::error_code ignored;
    times += fs::read_symlink(entry.path(), ignored) == file;
  }
  return times;
}

TEST_F(CrashTest, SweepLooksAgainOnceItHasTheLock) {
  const std::string id = store_text(*store_, "abc");
  test::make_old(*store_->local_file(id), 2h);
  const FolderLayout layout = FolderLayout::make(root()).value();
  auto lock = std::make_unique<FileHandle>(layout.lock(LockKind::shared).value());
  int removed = -1;
  std::thread sweeper([&] { removed = store_->sweep({}, now() - 1h).value(); });
  // It opens the lock only once it took the object for old.
  while (times_open(fs::canonical(root()) / "lock") < 2) std::this_thread::yield();
  EXPECT_EQ(store_text(*store_, "abc"), id);
  lock.reset();
  sweeper.join();
  EXPECT_EQ(removed, 0);
  EXPECT_TRUE(store_->local_file(id));
}

TEST_F(CrashTest, NothingStoredIsLostToASweepAtTheSameTime) {
  const std::string id = store_text(*store_, "abc");
  for (int round = 0; round < 100; ++round) {
    if (const auto file = store_->local_file(id)) test::make_old(*file, 2h);
    std::thread sweeper([&] { EXPECT_TRUE(store_->sweep({}, now() - 1h)); });
    EXPECT_EQ(store_text(*store_, "abc"), id);
    sweeper.join();
    ASSERT_TRUE(store_->local_file(id)) << round;
  }
}

TEST_F(CrashTest, ManyWritersOfTheSameBytesStoreThemOnce) {
  const std::string text(100'000, 'x');
  std::vector<std::thread> writers;
  std::vector<std::string> ids(8);
  for (std::string& id : ids) writers.emplace_back([&] { id = store_text(*store_, text); });
  for (std::thread& writer : writers) writer.join();
  for (const std::string& id : ids) EXPECT_EQ(id, sha256_hex(as_bytes(text)));
  EXPECT_EQ(store_->list("", 10).value().size(), 1u);
  EXPECT_EQ(unfinished(), 0u);
}

TEST_F(CrashTest, SweepRemovesWhatADeadProcessLeft) {
  const int status = test::in_child([&]() -> int {
    auto writer = store_->create(100);
    if (!writer || !(*writer)->write(as_bytes("abc"))) return 1;
    ::_exit(0);  // before the writer could clean up
  });
  ASSERT_EQ(status, 0);
  EXPECT_EQ(unfinished(), 1u);
  EXPECT_EQ(store_->list("", 10).value().size(), 0u);
  EXPECT_TRUE(store_->sweep({}, now() - 1h));
  EXPECT_EQ(unfinished(), 1u) << "not old yet";
  EXPECT_TRUE(store_->sweep({}, now() + 1h));
  EXPECT_EQ(unfinished(), 0u);
}

TEST_F(CrashTest, SweepLeavesLivingWritersAlone) {
  auto writer = store_->create(100);
  ASSERT_TRUE(writer);
  ASSERT_TRUE((*writer)->write(as_bytes("abc")));
  EXPECT_TRUE(store_->sweep({}, now() + 1h));
  const auto info = (*writer)->commit();
  ASSERT_TRUE(info) << to_string(info.error());
  EXPECT_TRUE(store_->read(info->id, 100));
}

// A child that says each id once it is committed, until it is killed in the middle.
TEST_F(CrashTest, WhatWasCommittedSurvivesAKill) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    for (int i = 0;; ++i) {
      const std::string id = store_text(*store_, std::string(5000, 'x') + std::to_string(i));
      if (::write(ends[1], id.data(), id.size()) != 64) ::_exit(1);
    }
  }
  ::close(ends[1]);
  std::vector<std::string> ids;
  for (char id[64]; ids.size() < 20 && ::read(ends[0], id, sizeof id) == sizeof id;) ids.emplace_back(id, 64);
  ::kill(child, SIGKILL);
  for (char id[64]; ::read(ends[0], id, sizeof id) == sizeof id;) ids.emplace_back(id, 64);
  ::close(ends[0]);
  ::waitpid(child, nullptr, 0);

  store_ = open_folder_store(root()).value();
  EXPECT_GE(ids.size(), 20u);
  for (const std::string& id : ids) EXPECT_TRUE(store_->read(id, 10'000)) << id;
  EXPECT_TRUE(store_->sweep(store_->list("", 10'000).value(), now() + 1h));
  EXPECT_EQ(unfinished(), 0u);
}

// 0 if an object of `size_bytes` is refused as unavailable in words with `word`, and a small one still fits.
int store_too_much(const fs::path& root, size_t size_bytes, const std::string& word) {
  const auto store = open_folder_store(root);
  if (!store) return 1;
  const std::string small = store_text(**store, "small");
  auto writer = (*store)->create(size_bytes);
  if (!writer) return 2;
  const auto written = (*writer)->write(random_bytes(size_bytes));
  if (written || written.error().code != ErrorCode::unavailable) return 3;
  if (written.error().message.find(word) == std::string::npos) return 4;
  if ((*writer)->commit()) return 5;
  writer->reset();
  if (test::count_files(root / "partial") != 0) return 6;
  if (store_text(**store, "another") != sha256_hex(as_bytes("another"))) return 7;
  return (*store)->read(small, 100) ? 0 : 8;
}

TEST_F(CrashTest, AFullDiskIsSaidAndHarmsNothing) {
  const fs::path disk = folder_.path() / "disk";
  fs::create_directory(disk);
  const int status =
      test::on_small_disk(disk, 1 << 20, [&] { return store_too_much(disk, 2 << 20, "disk is full"); });
  if (status == test::kCannotMount) GTEST_SKIP() << "this process may not mount a small disk";
  EXPECT_EQ(status, 0);
}

TEST_F(CrashTest, AFileSizeLimitIsSaidAndHarmsNothing) {
  EXPECT_EQ(test::with_small_files(1 << 16, [&] { return store_too_much(root(), 1 << 20, "ulimit -f"); }), 0);
}

TEST_F(CrashTest, ProbeFailsOnAFullDisk) {
  const fs::path disk = folder_.path() / "disk";
  fs::create_directory(disk);
  const int status = test::on_small_disk(disk, 1 << 20, [&] {
    const auto store = open_folder_store(disk);
    if (!store || !(*store)->probe()) return 1;
    auto writer = (*store)->create(2 << 20);
    if (!writer || (*writer)->write(random_bytes(2 << 20))) return 2;
    const auto probed = (*store)->probe();
    return !probed && probed.error().code == ErrorCode::unavailable ? 0 : 3;
  });
  if (status == test::kCannotMount) GTEST_SKIP() << "this process may not mount a small disk";
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace troupe::store
