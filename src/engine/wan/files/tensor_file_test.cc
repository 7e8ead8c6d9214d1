#include "engine/wan/files/tensor_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "engine/wan/files/checks_for_test.h"

namespace troupe::engine::wan {
namespace {

namespace fs = std::filesystem;
using enum ErrorCode;

class TensorFiles : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "troupe-weights-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { fs::remove_all(folder_); }

  fs::path write(const std::string& name, const std::string& bytes) const {
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
    return folder_ / name;
  }
  /// A file with tensor `tensor` of one byte.
  fs::path write_one(const std::string& name, const std::string& tensor) const {
    return write(name,
                 safetensors("{\"" + tensor + R"(":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})", "7"));
  }
  fs::path write_index(const std::string& map) const {
    return write("model.safetensors.index.json",
                 R"({"metadata":{"total_size":2,"x":[1,null]},"weight_map":)" + map + "}");
  }

  fs::path folder_;
};

template <class T>
void expect_refused(const Result<T>& result, ErrorCode code, std::string_view part) {
  ASSERT_FALSE(result.has_value()) << part;
  EXPECT_EQ(result.error().code, code) << result.error().message;
  EXPECT_NE(result.error().message.find(part), std::string::npos) << result.error().message;
}

TEST_F(TensorFiles, AreMappedFromDisk) {
  const auto file = TensorFile::open(write_one("a.safetensors", "a"));
  EXPECT_EQ(floats_of(file, "a"), std::vector<float>{'7'});
  EXPECT_EQ(file->label(), (folder_ / "a.safetensors").string());
}

TEST_F(TensorFiles, OnlyRegularFilesAreOpened) {
  ASSERT_EQ(::mkfifo((folder_ / "pipe").c_str(), 0600), 0);
  expect_refused(TensorFile::open(folder_ / "pipe"), not_found, "not a regular file");
  expect_refused(TensorFile::open("/dev/zero"), not_found, "not a regular file");
  expect_refused(TensorFile::open(folder_), not_found, "not a regular file");
  expect_refused(TensorFile::open(folder_ / "none"), not_found, "there is no file");
  expect_refused(TensorFile::open(write("empty", "")), corrupt_input, "empty");
}

TEST_F(TensorFiles, WhatIsNoWeightsIsNamed) {
  expect_error("", unsupported, "no weight file");
  expect_error("hello, world", unsupported, "safetensors, torch.save (.pth, .pt) or GGUF");
  expect_error("version https://git-lfs.github.com/spec/v1\noid sha256:12\nsize 1\n", unsupported,
               "git lfs pull");
  expect_error("<!DOCTYPE html>", unsupported, "web page");
  expect_error("\x80\x02\x8a\x0al\xfc\x9c\x46\xf9\x20j\xa8\x50\x19.", unsupported, "torch.save(torch.load(");
}

TEST_F(TensorFiles, AnIndexLeadsToItsFiles) {
  write_one("1.safetensors", "a");
  write_one("2.safetensors", "b");
  const fs::path index = write_index(R"({"a":"1.safetensors","b":"2.safetensors"})");
  for (const fs::path& path : {index, folder_}) {
    const auto files = open_sharded(path);
    ASSERT_TRUE(files.has_value()) << files.error().message;
    ASSERT_EQ(files->size(), 2u);
    EXPECT_NE((*files)[0].find("a"), nullptr);
    EXPECT_NE((*files)[1].find("b"), nullptr);
  }
}

TEST_F(TensorFiles, AnIndexMustBeTrue) {
  write_one("1.safetensors", "a");
  const auto indexed = [&](const std::string& map) { return open_sharded(write_index(map)); };
  expect_refused(indexed(R"({"a":"1.safetensors","b":"2.safetensors"})"), not_found, "2.safetensors");
  expect_refused(indexed(R"({"a":"1.safetensors","b":"1.safetensors"})"), corrupt_input,
                 "tensor \"b\" is missing");
  expect_refused(indexed(R"({"a":"../1.safetensors"})"), corrupt_input, "not a file beside it");
  expect_refused(indexed(R"({"a":"/etc/passwd"})"), corrupt_input, "not a file beside it");
  expect_refused(indexed(R"({"a":".."})"), corrupt_input, "not a file beside it");
  expect_refused(indexed(R"({"a":""})"), corrupt_input, "not a file beside it");
  expect_refused(indexed(R"({"a":"1.safetensors","a":"1.safetensors"})"), corrupt_input, "twice");
  expect_refused(indexed(R"({"a":1})"), corrupt_input, "weight_map");
  expect_refused(indexed(R"({"a":{"b":"c"}})"), corrupt_input, "weight_map");
  expect_refused(indexed("{}"), corrupt_input, "no weight_map");
  expect_refused(indexed("{"), corrupt_input, "no JSON");
  expect_refused(open_sharded(write("x.json", "[{\"weight_map\":{\"a\":\"1.safetensors\"}}]")), corrupt_input,
                 "no weight_map");
}

TEST_F(TensorFiles, AFolderWithoutIndexIsAllItsFiles) {
  expect_refused(open_sharded(folder_), not_found, "no *.safetensors");
  write_one("2.safetensors", "b");
  write_one("1.safetensors", "a");
  write("notes.txt", "");
  const auto files = open_sharded(folder_);
  ASSERT_TRUE(files.has_value()) << files.error().message;
  ASSERT_EQ(files->size(), 2u);
  EXPECT_NE((*files)[0].find("a"), nullptr);
  write("1.safetensors.index.json", "");
  write("2.safetensors.index.json", "");
  expect_refused(open_sharded(folder_), invalid_argument, "several indices");
}

TEST_F(TensorFiles, AListIsTakenInItsOrder) {
  const std::vector<fs::path> paths = {write_one("2", "b"), write_one("1", "a")};
  const auto files = open_sharded(paths);
  ASSERT_TRUE(files.has_value()) << files.error().message;
  EXPECT_NE((*files)[0].find("b"), nullptr);
  EXPECT_EQ(open_sharded(paths[0])->size(), 1u);
  const std::vector<fs::path> twice = {paths[0], paths[0]};
  expect_refused(open_sharded(twice), invalid_argument, "tensor \"b\" is also in another");
  expect_refused(open_sharded(std::span<const fs::path>()), invalid_argument, "no file");
}

}  // namespace
}  // namespace troupe::engine::wan
