#include "store/object_store.h"

#include <gtest/gtest.h>

#include "store/test_disk.h"

namespace troupe::store {
namespace {

namespace fs = std::filesystem;

using test::store_text;

constexpr char kAbc[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
constexpr char kNothing[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

class ObjectStoreTest : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = open_folder_store(root());
    ASSERT_TRUE(opened) << to_string(opened.error());
    store_ = std::move(*opened);
  }
  fs::path root() const { return folder_.path() / "data"; }
  std::string text_of(const std::string& id) {
    const auto bytes = store_->read(id, 1 << 20);
    return bytes ? std::string(bytes->begin(), bytes->end()) : to_string(bytes.error());
  }

  test::TempFolder folder_;
  std::unique_ptr<ObjectStore> store_;
};

TEST_F(ObjectStoreTest, NamesBytesByTheirDigest) {
  EXPECT_EQ(store_text(*store_, "abc"), kAbc);
  EXPECT_EQ(store_text(*store_, ""), kNothing);
  EXPECT_EQ(text_of(kAbc), "abc");
  EXPECT_EQ(text_of(kNothing), "");
  EXPECT_EQ(store_->local_file(kAbc), fs::canonical(root()) / "objects" / "ba" / "78" / kAbc);
}

TEST_F(ObjectStoreTest, TakesBytesInPieces) {
  auto writer = store_->create(3);
  ASSERT_TRUE(writer);
  for (const char* piece : {"a", "", "bc"}) EXPECT_TRUE((*writer)->write(as_bytes(piece)));
  EXPECT_EQ((*writer)->commit().value(), (ObjectInfo{kAbc, 3}));
}

TEST_F(ObjectStoreTest, StoresTheSameBytesOnce) {
  store_text(*store_, "abc");
  const size_t files = test::count_files(root());
  EXPECT_EQ(store_text(*store_, "abc"), kAbc);
  EXPECT_EQ(test::count_files(root()), files);
}

TEST_F(ObjectStoreTest, KeepsNothingThatIsNotCommitted) {
  const size_t files = test::count_files(root());
  {
    auto writer = store_->create(100);
    ASSERT_TRUE(writer);
    EXPECT_TRUE((*writer)->write(as_bytes("abc")));
    EXPECT_EQ(test::count_files(root()), files + 1);
  }
  EXPECT_EQ(test::count_files(root()), files);
}

TEST_F(ObjectStoreTest, RefusesMoreBytesThanTheBound) {
  auto writer = store_->create(3);
  ASSERT_TRUE(writer);
  EXPECT_TRUE((*writer)->write(as_bytes("abc")));
  const auto more = (*writer)->write(as_bytes("d"));
  ASSERT_FALSE(more);
  EXPECT_EQ(more.error().code, ErrorCode::over_limit);
  const auto committed = (*writer)->commit();
  ASSERT_FALSE(committed);
  EXPECT_EQ(committed.error().code, ErrorCode::conflict);
  EXPECT_FALSE(store_->local_file(kAbc));
}

TEST_F(ObjectStoreTest, TakesNothingAfterCommit) {
  auto writer = store_->create(100);
  ASSERT_TRUE(writer);
  ASSERT_TRUE((*writer)->write(as_bytes("abc")));
  ASSERT_TRUE((*writer)->commit());
  EXPECT_EQ((*writer)->write(as_bytes("d")).error().code, ErrorCode::conflict);
  EXPECT_EQ((*writer)->commit().error().code, ErrorCode::conflict);
  writer->reset();
  EXPECT_EQ(text_of(kAbc), "abc");
}

TEST_F(ObjectStoreTest, ReadsAnyPart) {
  store_text(*store_, "abc");
  auto reader = store_->open(kAbc);
  ASSERT_TRUE(reader);
  EXPECT_EQ((*reader)->size_bytes(), 3u);
  Bytes out(2);
  EXPECT_EQ((*reader)->read_at(1, out).value(), 2u);
  EXPECT_EQ(out, (Bytes{'b', 'c'}));
  EXPECT_EQ((*reader)->read_at(2, out).value(), 1u);
  EXPECT_EQ((*reader)->read_at(3, out).value(), 0u);
  EXPECT_EQ((*reader)->read_at(UINT64_MAX, out).value(), 0u);
}

TEST_F(ObjectStoreTest, ReadsWholeObjectsWithinABound) {
  store_text(*store_, "abc");
  EXPECT_TRUE(store_->read(kAbc, 3));
  EXPECT_EQ(store_->read(kAbc, 2).error().code, ErrorCode::over_limit);
  EXPECT_EQ(store_->read(kNothing, 2).error().code, ErrorCode::not_found);
}

TEST_F(ObjectStoreTest, NoticesDamage) {
  store_text(*store_, "abc");
  test::write_text(*store_->local_file(kAbc), "abd");
  EXPECT_EQ(store_->read(kAbc, 100).error().code, ErrorCode::corrupt_input);
}

TEST_F(ObjectStoreTest, StoringAgainMendsAShortenedObject) {
  store_text(*store_, "abc");
  test::write_text(*store_->local_file(kAbc), "a");
  EXPECT_EQ(store_text(*store_, "abc"), kAbc);
  EXPECT_EQ(text_of(kAbc), "abc");
}

TEST_F(ObjectStoreTest, ReadersKeepWhatIsRemoved) {
  store_text(*store_, "abc");
  auto reader = store_->open(kAbc);
  ASSERT_TRUE(reader);
  EXPECT_TRUE(store_->remove(kAbc).value());
  EXPECT_FALSE(store_->remove(kAbc).value());
  EXPECT_FALSE(store_->local_file(kAbc));
  Bytes out(3);
  EXPECT_EQ((*reader)->read_at(0, out).value(), 3u);
}

TEST_F(ObjectStoreTest, IdsNeverLeadOut) {
  test::write_text(folder_.path() / "secret", "secret");
  const std::string digits(60, '0');
  const std::vector<std::string> ids{"",
                                     ".",
                                     "..",
                                     "../../secret",
                                     "/etc/passwd",
                                     digits + "/../",
                                     "BA7816BF" + std::string(56, 'A'),
                                     std::string(kAbc).substr(1),
                                     std::string(kAbc) + "0",
                                     std::string(kAbc, 63) + '\0',
                                     digits + "\xc3\xa9/.",
                                     "../../../../../../../../../../../../../../../../../../../secret"};
  for (const std::string& id : ids) {
    EXPECT_FALSE(is_object_id(id)) << id;
    const auto opened = store_->open(id);
    ASSERT_FALSE(opened) << id;
    EXPECT_EQ(opened.error().code, ErrorCode::not_found) << id;
    EXPECT_FALSE(store_->local_file(id)) << id;
    EXPECT_FALSE(store_->remove(id).value()) << id;
  }
  EXPECT_EQ(test::read_text(folder_.path() / "secret"), "secret");
}

TEST_F(ObjectStoreTest, DoesNotFollowLinks) {
  store_text(*store_, "abc");
  const fs::path file = *store_->local_file(kAbc);
  test::write_text(folder_.path() / "secret", "secret");
  fs::remove(file);
  fs::create_symlink(folder_.path() / "secret", file);
  EXPECT_FALSE(store_->open(kAbc));
  EXPECT_FALSE(store_->local_file(kAbc));
}

TEST_F(ObjectStoreTest, ListsIdsInOrderPageByPage) {
  std::vector<std::string> all;
  for (int i = 0; i < 25; ++i) all.push_back(store_text(*store_, std::to_string(i)));
  std::sort(all.begin(), all.end());
  EXPECT_EQ(store_->list("", 10'000).value(), all);
  std::vector<std::string> paged;
  for (std::vector<std::string> page{""}; !page.empty() && paged.size() < 100;) {
    page = store_->list(paged.empty() ? "" : paged.back(), 7).value();
    paged.insert(paged.end(), page.begin(), page.end());
  }
  EXPECT_EQ(paged, all);
  EXPECT_EQ(store_->list(std::string(64, 'f'), 10).value(), std::vector<std::string>{});
}

TEST_F(ObjectStoreTest, RefusesSenselessPages) {
  for (const int limit : {0, -1, 10'001}) {
    EXPECT_EQ(store_->list("", limit).error().code, ErrorCode::invalid_argument) << limit;
  }
  EXPECT_EQ(store_->list("../..", 10).error().code, ErrorCode::invalid_argument);
}

TEST_F(ObjectStoreTest, AdoptsAFileByMovingIt) {
  const fs::path file = folder_.path() / "take.mp4";
  test::write_text(file, "abc");
  const auto before = fs::hard_link_count(file);
  EXPECT_EQ(store_->adopt(file).value(), (ObjectInfo{kAbc, 3}));
  EXPECT_FALSE(fs::exists(file));
  EXPECT_EQ(fs::hard_link_count(*store_->local_file(kAbc)), before);
  EXPECT_EQ(text_of(kAbc), "abc");
  test::write_text(file, "abc");
  EXPECT_EQ(store_->adopt(file).value().id, kAbc);
  EXPECT_FALSE(fs::exists(file));
}

TEST_F(ObjectStoreTest, CopiesAFileThatHasAnotherName) {
  const fs::path file = folder_.path() / "take.mp4", other = folder_.path() / "other.mp4";
  test::write_text(file, "abc");
  fs::create_hard_link(file, other);
  EXPECT_EQ(store_->adopt(file).value().id, kAbc);
  EXPECT_FALSE(fs::exists(file));
  test::write_text(other, "changed");
  EXPECT_EQ(text_of(kAbc), "abc");
}

TEST_F(ObjectStoreTest, CopiesAFileFromAnotherFileSystem) {
  const test::TempFolder elsewhere("/dev/shm");
  struct stat here {
  }, there{};
  if (elsewhere.path().empty() || ::stat(elsewhere.path().c_str(), &there) != 0 ||
      ::stat(root().c_str(), &here) != 0 || here.st_dev == there.st_dev) {
    GTEST_SKIP() << "there is no second file system to write to";
  }
  const std::string text(1'000'000, 'x');
  test::write_text(elsewhere.path() / "take.mp4", text);
  const auto info = store_->adopt(elsewhere.path() / "take.mp4");
  ASSERT_TRUE(info) << to_string(info.error());
  EXPECT_EQ(info->size_bytes, text.size());
  EXPECT_EQ(text_of(info->id), text);
  EXPECT_FALSE(fs::exists(elsewhere.path() / "take.mp4"));
}

TEST_F(ObjectStoreTest, AdoptsOnlyRegularFiles) {
  const fs::path link = folder_.path() / "link", pipe = folder_.path() / "pipe";
  test::write_text(folder_.path() / "secret", "secret");
  fs::create_symlink(folder_.path() / "secret", link);
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_FALSE(store_->adopt(link));
  EXPECT_EQ(store_->adopt(pipe).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(store_->adopt(folder_.path()).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(store_->adopt(folder_.path() / "none").error().code, ErrorCode::not_found);
  EXPECT_TRUE(fs::is_symlink(link));
  EXPECT_EQ(store_->list("", 10).value().size(), 0u);
}

TEST_F(ObjectStoreTest, OpensWhatAnEarlierRunStored) {
  store_text(*store_, "abc");
  store_ = open_folder_store(root()).value();
  EXPECT_EQ(text_of(kAbc), "abc");
}

TEST_F(ObjectStoreTest, SaysWhyAFolderCannotBeUsed) {
  test::write_text(folder_.path() / "file", "");
  const auto opened = open_folder_store(folder_.path() / "file");
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::io);
  EXPECT_NE(opened.error().message.find("not a folder"), std::string::npos) << opened.error().message;
  EXPECT_FALSE(open_folder_store(folder_.path() / "file" / "below"));
}

TEST_F(ObjectStoreTest, ProbeTellsWhetherItCanBeWritten) {
  const size_t files = test::count_files(root());
  EXPECT_TRUE(store_->probe());
  EXPECT_EQ(test::count_files(root()), files);
  fs::remove_all(root());
  EXPECT_FALSE(store_->probe());
}

}  // namespace
}  // namespace troupe::store
