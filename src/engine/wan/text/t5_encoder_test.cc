#include "engine/wan/text/t5_encoder.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/places_for_test.h"
#include "engine/wan/pipeline/network_sizes.h"
#include "engine/wan/weights/counted_memory_for_test.h"
#include "engine/wan/weights/rewritten_for_test.h"

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

// A network whose blocks share the first one's table, against the one block of it that has its own anyway.
TEST(T5Encoder, OneTableOfPositionsMayServeAllBlocks) {
  const c10::InferenceMode inference;
  const std::string own = "pos_embedding.embedding.weight";
  const auto shared = rewritten(*weights(), [&](NamedTensor tensor) -> std::optional<NamedTensor> {
    if (tensor.first == "blocks.0." + own) return NamedTensor(own, tensor.second);
    return tensor.first.ends_with(own) ? std::nullopt : std::optional(tensor);
  });
  const auto later_block = [](const std::string& name) {
    return name.starts_with("blocks.") && !name.starts_with("blocks.0.");
  };
  const T5Encoder one_own = T5Encoder::load(*without(*weights(), later_block), {}).value();
  const T5Encoder one_shared = T5Encoder::load(*without(*shared, later_block), {}).value();
  EXPECT_TRUE(one_shared.encode(kIds, 5).equal(one_own.encode(kIds, 5)));
  const T5Encoder three = T5Encoder::load(*shared, {}).value();
  EXPECT_TRUE(three.position_bias(2, 6, 6).equal(one_own.position_bias(0, 6, 6)));
  const T5Encoder streamed = T5Encoder::load(shared, {}, T5Encoder::Residency::streamed).value();
  EXPECT_TRUE(streamed.encode(kIds, 5).equal(three.encode(kIds, 5)));
  EXPECT_EQ(text_sizes(*shared, {})->heads, text_sizes(*weights(), {})->heads);
}

TEST(T5Encoder, RefusesTablesThatCannotBe) {
  const std::string own = "blocks.0.pos_embedding.embedding.weight", shared = own.substr(9);
  for (const std::vector<int64_t>& shape :
       std::vector<std::vector<int64_t>>{{32, 0}, {0, 4}, {3, 4}, {32, 3}, {32}}) {
    const auto broken = [&](const std::string& name) {
      return rewritten(*weights(), [&](NamedTensor tensor) {
        return std::optional(tensor.first == own ? NamedTensor(name, at::zeros(shape)) : tensor);
      });
    };
    for (const std::string& name : {own, shared}) {
      const auto encoder = T5Encoder::load(*broken(name), {});
      ASSERT_FALSE(encoder) << name << " " << shape.size();
      EXPECT_EQ(encoder.error().code, ErrorCode::corrupt_input);
    }
  }
  for (const char* nearest : {"1", "7", "8"})
    EXPECT_FALSE(T5Encoder::load(*weights(), {}, std::string(R"({"max_dist": )") + nearest + "}")) << nearest;
  EXPECT_TRUE(T5Encoder::load(*weights(), {}, R"({"max_dist": 9})"));
}

TEST(T5Encoder, TheFarthestDistanceCounts) {
  const c10::InferenceMode inference;
  const T5Encoder usual = T5Encoder::load(*weights(), {}).value();
  const T5Encoder near = T5Encoder::load(*weights(), {}, R"({"max_dist": 16})").value();
  EXPECT_TRUE(near.position_bias(0, 8, 8).equal(usual.position_bias(0, 8, 8)));
  EXPECT_FALSE(near.position_bias(0, 40, 40).equal(usual.position_bias(0, 40, 40)));
}

TEST(T5Encoder, EpsCounts) {
  const c10::InferenceMode inference;
  const at::Tensor usual = T5Encoder::load(*weights(), {}).value().encode(kIds, 5);
  const at::Tensor other = T5Encoder::load(*weights(), {}, R"({"eps": 0.1})").value().encode(kIds, 5);
  EXPECT_GT((usual - other).abs().max().item<double>(), 1e-3);
}

}  // namespace
}  // namespace troupe::engine::wan
