#include "engine/tokenizer/tokenizer.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <thread>

#include "base/ids.h"
#include "base/places_for_test.h"
#include "engine/tokenizer/model_proto.h"

namespace troupe::tokenizer {
namespace {

namespace fs = std::filesystem;
using Ids = std::vector<int32_t>;

const fs::path kModel = places::in_tree("src/engine/tokenizer/testdata/tiny.model");

// A file with `content` that goes when this does.
class Written {
 public:
  explicit Written(std::string_view content)
      : path_(fs::path(testing::TempDir()) / ("tokenizer_" + to_hex(random_bytes(8)))) {
    std::ofstream(path_, std::ios::binary) << content;
  }
  ~Written() { fs::remove(path_); }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

std::string model_bytes() {
  const Bytes bytes = read_file(kModel, 1 << 20).value();
  return {bytes.begin(), bytes.end()};
}

ErrorCode load_error(std::string_view content) {
  const Written file(content);
  const auto loaded = Tokenizer::load(file.path());
  return loaded ? ErrorCode::internal : loaded.error().code;
}

nlohmann::json expected_ids() {
  std::ifstream file(places::in_tree("src/engine/tokenizer/testdata/encoded.json"));
  return nlohmann::json::parse(file);
}

TEST(Tokenizer, GivesTheIdsOfSpmEncode) {
  const Tokenizer tokenizer = Tokenizer::load(kModel).value();
  const auto cases = expected_ids();
  ASSERT_GT(cases.size(), 10u);
  for (const auto& pair : cases) {
    auto ids = pair[1].get<Ids>();
    ids.push_back(1);
    EXPECT_EQ(tokenizer.encode(pair[0].get<std::string>()).value(), ids) << pair[0];
  }
}

TEST(Tokenizer, TellsItsIdsAndWhatIsNotUmt5s) {
  const Tokenizer tokenizer = Tokenizer::load(kModel).value();
  EXPECT_EQ(tokenizer.pad_id(), 0);
  EXPECT_EQ(tokenizer.eos_id(), 1);
  EXPECT_EQ(tokenizer.unknown_id(), 2);
  ASSERT_EQ(tokenizer.warnings().size(), 1u);
  EXPECT_NE(tokenizer.warnings()[0].find("256300"), std::string::npos);
}

TEST(Tokenizer, EndsEveryText) {
  const Tokenizer tokenizer = Tokenizer::load(kModel).value();
  EXPECT_EQ(tokenizer.encode("").value(), Ids{1});
  EXPECT_EQ(tokenizer.encode(" \n\xE3\x80\x80 ").value(), Ids{1});
  EXPECT_EQ(tokenizer.encode("fox", 1).value(), Ids{1});
  std::string words;
  for (int i = 0; i < 10000; ++i) words += "fox ";
  const Ids cut = tokenizer.encode(words).value();
  ASSERT_EQ(cut.size(), 512u);
  EXPECT_EQ(cut.back(), 1);
  const Ids whole = tokenizer.encode(words, 1000000).value();
  EXPECT_TRUE(std::equal(cut.begin(), cut.end() - 1, whole.begin()));
}

TEST(Tokenizer, CutsOnlyWhatIsTooLong) {
  const Tokenizer tokenizer = Tokenizer::load(kModel).value();
  const Ids whole = tokenizer.encode("a fox walks").value();
  const auto size = static_cast<int>(whole.size());
  EXPECT_EQ(tokenizer.encode("a fox walks", size).value(), whole);
  Ids shorter(whole.begin(), whole.end() - 2);
  shorter.push_back(1);
  EXPECT_EQ(tokenizer.encode("a fox walks", size - 1).value(), shorter);
}

TEST(Tokenizer, TakesAnyBytes) {
  const Tokenizer tokenizer = Tokenizer::load(kModel).value();
  EXPECT_EQ(tokenizer.encode("“fox”\t &amp; ｆox").value(), tokenizer.encode("\"fox\" & fox").value());
  EXPECT_EQ(tokenizer.encode(std::string_view("fo\0x", 4)).value(), tokenizer.encode("fox").value());
  EXPECT_EQ(tokenizer.encode("\xFF\xFE").value(), tokenizer.encode("\xEF\xBF\xBD\xEF\xBF\xBD").value());
  EXPECT_EQ(tokenizer.encode(std::string(1 << 20, 'x')).value().size(), 512u);
  std::mt19937 random(1);
  for (int i = 0; i < 200; ++i) {
    std::string bytes(random() % 200, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    const Ids ids = tokenizer.encode(bytes).value();
    for (const int32_t id : ids) EXPECT_TRUE(id >= 0 && id < tokenizer.vocabulary_size());
  }
}

TEST(Tokenizer, RefusesWrongArguments) {
  const Tokenizer tokenizer = Tokenizer::load(kModel).value();
  EXPECT_EQ(tokenizer.encode("fox", 0).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(tokenizer.encode(std::string((1 << 20) + 1, 'x')).error().code, ErrorCode::over_limit);
}

TEST(Tokenizer, MayBeUsedByManyThreads) {
  const Tokenizer tokenizer = Tokenizer::load(kModel).value();
  const auto cases = expected_ids();
  std::vector<Ids> expected;
  for (const auto& pair : cases) expected.push_back(tokenizer.encode(pair[0].get<std::string>()).value());
  std::vector<std::vector<Ids>> found(4);
  std::vector<std::thread> threads;
  for (auto& own : found) {
    threads.emplace_back([&] {
      for (const auto& pair : cases) own.push_back(tokenizer.encode(pair[0].get<std::string>()).value());
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const auto& own : found) EXPECT_EQ(own, expected);
}

TEST(Tokenizer, RefusesOtherFiles) {
  EXPECT_EQ(Tokenizer::load("/nonexistent/spiece.model").error().code, ErrorCode::not_found);
  EXPECT_EQ(load_error(""), ErrorCode::corrupt_input);
  EXPECT_EQ(load_error("version https://git-lfs.github.com/spec/v1\noid sha256:00\n"),
            ErrorCode::corrupt_input);
  EXPECT_EQ(load_error(std::string(100000, '\0')), ErrorCode::corrupt_input);
  EXPECT_EQ(load_error("{\"model\": {"), ErrorCode::corrupt_input);
  EXPECT_EQ(load_error("{\"model\": {\"type\": \"BPE\"}}"), ErrorCode::unsupported);
}

TEST(Tokenizer, RefusesWhatIsCutOff) {
  const std::string model = model_bytes();
  for (size_t size = 0; size < model.size(); size += 997)
    EXPECT_EQ(load_error(std::string_view(model).substr(0, size)), ErrorCode::corrupt_input) << size;
  // Among the pieces, which come first, nothing but the end of the file shows it.
  for (size_t size = 0; size < 10000; ++size)
    EXPECT_FALSE(read_model_proto(std::string_view(model).substr(0, size))) << size;
}

TEST(Tokenizer, OutlivesChangedBytes) {
  const std::string model = model_bytes();
  std::mt19937 random(5);
  for (int i = 0; i < 150; ++i) {
    std::string changed = model;
    for (int n = 0; n < 3; ++n)
      changed[random() % (n == 0 ? 10000 : changed.size())] = static_cast<char>(random());
    const Written file(changed);
    if (const auto tokenizer = Tokenizer::load(file.path())) {
      EXPECT_TRUE(tokenizer.value().encode("Une fille élégante 🦊 ＡＢＣ ㍿ ½"));
    }
  }
}

// The model as tokenizer.json.
nlohmann::json json_of(const ModelParts& parts) {
  nlohmann::json vocabulary = nlohmann::json::array(), tokens = nlohmann::json::array();
  for (const Piece& piece : parts.pieces) vocabulary.push_back({std::string(piece.text), piece.score});
  for (const char* special : {"<pad>", "</s>", "<unk>"})
    tokens.push_back({{"content", special}, {"special", true}});
  const nlohmann::json rules{{"type", "Precompiled"},
                             {"precompiled_charsmap", to_base64(as_bytes(parts.charsmap))}};
  return {{"added_tokens", tokens},
          {"normalizer", {{"type", "Sequence"}, {"normalizers", {{{"type", "Strip"}}, rules}}}},
          {"model", {{"type", "Unigram"}, {"unk_id", 2}, {"vocab", vocabulary}, {"byte_fallback", true}}}};
}

TEST(Tokenizer, ReadsTokenizerJson) {
  const std::string model = model_bytes();
  auto json = json_of(read_model_proto(model).value());
  const Written file(json.dump());
  const Tokenizer tokenizer = Tokenizer::load(file.path()).value();
  for (const auto& pair : expected_ids()) {
    auto ids = pair[1].get<Ids>();
    ids.push_back(1);
    EXPECT_EQ(tokenizer.encode(pair[0].get<std::string>()).value(), ids) << pair[0];
  }
  json["model"].erase("byte_fallback");
  const Written without(json.dump());
  const Ids unknown = Tokenizer::load(without.path()).value().encode("龘龘").value();
  EXPECT_EQ(unknown, (Ids{259, 2, 1})) << "unknown characters in a row are one";
  json["model"]["vocab"][0] = 5;
  EXPECT_EQ(load_error(json.dump()), ErrorCode::corrupt_input);
}

}  // namespace
}  // namespace troupe::tokenizer
