#include "engine/wan/text/t5_encoder.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/places_for_test.h"
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

}  // namespace
}  // namespace troupe::engine::wan
