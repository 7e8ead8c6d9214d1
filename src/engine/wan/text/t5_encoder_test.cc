#include "engine/wan/text/t5_encoder.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/places_for_test.h"
#include "engine/wan/files/writers_for_test.h"
#include "engine/wan/weights/counted_memory_for_test.h"

namespace troupe::engine::wan {
namespace {

std::shared_ptr<const Weights> weights() {
  std::vector<TensorFile> files;
  files.push_back(TensorFile::open(std::filesystem::path(places::in_tree("src/engine/wan/testdata")) /
                                   "t5_weights.safetensors")
                      .value());
  return std::make_shared<const Weights>(Weights::open(std::move(files)).value());
}

const std::vector<int32_t> kIds = {5, 9, 200, 31, 7, 1};

// Weights in bf16, computed in float, are copied.
TEST(T5Encoder, StreamedMakesTheSameBitsOfLess) {
  const c10::InferenceMode inference;
  const OneThread one_thread;
  CountedMemory memory;
  const T5Encoder resident = T5Encoder::load(*weights(), {}).value();
  const int64_t all = memory.now();
  const at::Tensor states = resident.encode(kIds, 5);
  const int64_t resident_top = memory.top();
  memory.reset();
  const T5Encoder streamed = T5Encoder::load(weights(), {}, T5Encoder::Residency::streamed).value();
  const int64_t block = (all - memory.now()) / 3;
  EXPECT_GT(block, 0);
  EXPECT_TRUE(streamed.encode(kIds, 5).equal(states));
  // Two of the three blocks at most; what is worked in comes on top of both.
  EXPECT_LE(memory.top(), resident_top - block);
  EXPECT_EQ(streamed.vocabulary(), resident.vocabulary());
  EXPECT_EQ(streamed.buckets(), resident.buckets());
}

TEST(T5Encoder, ConstantsAreReadFromWordsOrAreUmt5s) {
  EXPECT_EQ(t5_constants(*weights()).eps, 1e-6);
  EXPECT_EQ(t5_constants(*weights()).farthest, 128);
  const T5Constants told = t5_constants(*weights(), R"({"eps": 1e-3, "max_dist": 64})");
  EXPECT_EQ(told.eps, 1e-3);
  EXPECT_EQ(told.farthest, 64);
  for (const char* nonsense :
       {"", "{", "[1]", R"({"eps": 0, "max_dist": -1})", R"({"eps": "x", "max_dist": 1e300})"}) {
    EXPECT_EQ(t5_constants(*weights(), nonsense).eps, 1e-6) << nonsense;
    EXPECT_EQ(t5_constants(*weights(), nonsense).farthest, 128) << nonsense;
  }
  EXPECT_EQ(relative_bucket(-64, 32, 64), 15);
  EXPECT_LT(relative_bucket(-40, 32, 64), 15);
  EXPECT_LT(relative_bucket(-64, 32), 15);
  EXPECT_EQ(relative_bucket(500, 32), 31);
}

// The weights as safetensors of float; `name_of` gives each its new name, or an empty one to leave it out.
std::shared_ptr<const Weights> renamed(const std::function<std::string(const std::string&)>& name_of) {
  const auto from = weights();
  nlohmann::json header;
  std::string bytes;
  for (const std::string_view name : from->names()) {
    const std::string to = name_of(std::string(name));
    if (to.empty()) continue;
    const at::Tensor tensor = from->read(name, *from->shape(name), at::kFloat, at::kCPU).value().contiguous();
    const size_t begin = bytes.size();
    bytes.append(static_cast<const char*>(tensor.data_ptr()), tensor.nbytes());
    header[to] = {{"dtype", "F32"}, {"shape", tensor.sizes().vec()}, {"data_offsets", {begin, bytes.size()}}};
  }
  const auto path =
      std::filesystem::temp_directory_path() / ("troupe_positions_" + std::to_string(::getpid()));
  std::ofstream(path, std::ios::binary) << safetensors(header.dump(), bytes);
  std::vector<TensorFile> files;
  files.push_back(TensorFile::open(path).value());
  std::filesystem::remove(path);
  return std::make_shared<const Weights>(Weights::open(std::move(files)).value());
}

// A network whose blocks share the first one's table, against the one block of it that has its own anyway.
TEST(T5Encoder, OneTableOfPositionsMayServeAllBlocks) {
  const c10::InferenceMode inference;
  const std::string own = "pos_embedding.embedding.weight";
  const auto only_first = [](const std::string& name) {
    return !name.starts_with("blocks.") || name.starts_with("blocks.0.") ? name : std::string();
  };
  const auto shared =
      renamed([&](const std::string& name) { return name == "blocks.0." + own ? own : only_first(name); });
  const T5Encoder with_own = T5Encoder::load(*renamed(only_first), {}).value();
  const T5Encoder with_shared = T5Encoder::load(*shared, {}).value();
  EXPECT_TRUE(with_shared.encode(kIds, 5).equal(with_own.encode(kIds, 5)));
  const auto all = renamed([&](const std::string& name) {
    if (name == "blocks.0." + own) return own;
    return name.ends_with(own) ? std::string() : name;
  });
  const T5Encoder three = T5Encoder::load(*all, {}).value();
  EXPECT_TRUE(three.position_bias(2, 6, 6).equal(three.position_bias(0, 6, 6)));
  EXPECT_TRUE(T5Encoder::load(all, {}, T5Encoder::Residency::streamed)
                  .value()
                  .encode(kIds, 5)
                  .equal(three.encode(kIds, 5)));
}

TEST(T5Encoder, EpsCounts) {
  const c10::InferenceMode inference;
  const at::Tensor usual = T5Encoder::load(*weights(), {}).value().encode(kIds, 5);
  const at::Tensor other = T5Encoder::load(*weights(), {}, R"({"eps": 0.1})").value().encode(kIds, 5);
  EXPECT_GT((usual - other).abs().max().item<double>(), 1e-3);
}

}  // namespace
}  // namespace troupe::engine::wan
