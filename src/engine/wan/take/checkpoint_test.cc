#include "engine/wan/take/checkpoint.h"

#include <gtest/gtest.h>

#include <fstream>

namespace troupe::engine::wan {
namespace {

class Checkpoints : public testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove(file_); }

  static at::Tensor numbers(at::IntArrayRef shape, float first) {
    return at::arange(at::prod(at::tensor(shape.vec())).item<int64_t>(), at::kFloat).view(shape) + first;
  }

  const std::filesystem::path file_ =
      std::filesystem::path(testing::TempDir()) /
      (std::string("checkpoint_") + testing::UnitTest::GetInstance()->current_test_info()->name());
};

TEST_F(Checkpoints, ComeBackAsTheyWere) {
  Checkpoint kept;
  kept.done = {numbers({16, 2, 3, 4}, 0), numbers({16, 1, 3, 4}, 5)};
  kept.next =
      Sampled{numbers({16, 3, 3, 4}, 1), {2, {numbers({2, 2}, 3), numbers({2, 2}, 4)}, numbers({3}, 9)}};
  ASSERT_TRUE(save(kept, "key \"1\"\nü", file_));
  const auto back = load_checkpoint(file_, "key \"1\"\nü");
  ASSERT_TRUE(back);
  ASSERT_EQ(back->done.size(), 2u);
  EXPECT_TRUE(back->done[1].equal(kept.done[1]));
  ASSERT_TRUE(back->next);
  EXPECT_TRUE(back->next->latents.equal(kept.next->latents));
  EXPECT_EQ(back->next->sampler.step, 2);
  ASSERT_EQ(back->next->sampler.clean.size(), 2u);
  EXPECT_TRUE(back->next->sampler.clean[1].equal(kept.next->sampler.clean[1]));
  EXPECT_TRUE(back->next->sampler.before.equal(kept.next->sampler.before));
}

TEST_F(Checkpoints, MayHaveNothingBegun) {
  Checkpoint kept;
  kept.done = {numbers({1, 2}, 0).transpose(0, 1)};
  ASSERT_TRUE(save(kept, "k", file_));
  const auto back = load_checkpoint(file_, "k");
  ASSERT_TRUE(back);
  EXPECT_TRUE(back->done[0].equal(kept.done[0]));
  EXPECT_FALSE(back->next);
}

TEST_F(Checkpoints, AreForOneRequestOnly) {
  ASSERT_TRUE(save({}, "one", file_));
  EXPECT_TRUE(load_checkpoint(file_, "one"));
  EXPECT_FALSE(load_checkpoint(file_, "another"));
}

TEST_F(Checkpoints, ThatAreDamagedAreNone) {
  EXPECT_FALSE(load_checkpoint(file_, "k"));
  Checkpoint kept;
  kept.done = {numbers({4, 4}, 0)};
  ASSERT_TRUE(save(kept, "k", file_));
  const auto size = std::filesystem::file_size(file_);
  for (const uintmax_t left : {size - 1, size / 2, uintmax_t{7}, uintmax_t{0}}) {
    std::filesystem::resize_file(file_, left);
    EXPECT_FALSE(load_checkpoint(file_, "k")) << left;
  }
  std::ofstream(file_) << "no tensors";
  EXPECT_FALSE(load_checkpoint(file_, "k"));
}

TEST_F(Checkpoints, ThatCantBeWrittenAreAnError) {
  const auto saved = save({}, "k", file_ / "missing");
  ASSERT_FALSE(saved);
  EXPECT_EQ(saved.error().code, ErrorCode::io);
}

}  // namespace
}  // namespace troupe::engine::wan
