#include "engine/wan/vae/vae.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/places_for_test.h"
#include "engine/wan/vae/tiny_vae.h"
#include "engine/wan/weights/counted_memory_for_test.h"

namespace troupe::engine::wan {
namespace {

Weights open_weights(const std::string& file) {
  std::vector<TensorFile> files;
  files.push_back(
      TensorFile::open(std::filesystem::path(places::in_tree("src/engine/wan/testdata")) / file).value());
  return Weights::open(std::move(files)).value();
}

at::Tensor waves(at::IntArrayRef shape) {
  int64_t count = 1;
  for (const int64_t side : shape) count *= side;
  return (at::arange(count).to(at::kFloat) * 0.37).sin().view(shape);
}

// A picture without edges: what tiles are to agree on.
at::Tensor gentle(at::IntArrayRef shape) {
  const auto along = [&](size_t side) {
    std::vector<int64_t> view(shape.size(), 1);
    view[side] = shape[side];
    return (at::arange(shape[side]).to(at::kFloat) * (4.0 / static_cast<double>(shape[side]))).view(view);
  };
  return (along(0) * 1.3 + along(1) + along(2) + along(3) * 0.7).sin();
}

double largest(const at::Tensor& a, const at::Tensor& b) { return (a - b).abs().max().item<double>(); }

// Frames are dropped as they come.
bool drop(const at::Tensor&) { return true; }

class VaeTest : public testing::Test {
 protected:
  const c10::InferenceMode inference_;
  const Vae vae_ = Vae::load(open_weights("vae_weights.safetensors"), {}).value();
};

TEST_F(VaeTest, HoldsAsMuchForManyFramesAsForFew) {
  const at::Tensor latents = waves({16, 9, 6, 6}), video = waves({3, 33, 48, 48});
  const auto top_of = [&](int64_t groups, bool decode) {
    CountedMemory memory;
    if (decode)
      vae_.decode(latents.narrow(1, 0, groups), drop);
    else
      vae_.encode(video.narrow(1, 0, video_frames(groups)));
    return static_cast<double>(memory.top());
  };
  EXPECT_LT(top_of(9, true), 1.1 * top_of(3, true));
  EXPECT_LT(top_of(9, false), 1.1 * top_of(3, false));
}

TEST_F(VaeTest, StopsWhenCancelledOrTold) {
  CancelSource source;
  int calls = 0;
  const FrameSink cancel_in_the_first = [&](const at::Tensor&) {
    ++calls;
    source.cancel();
    return true;
  };
  EXPECT_FALSE(vae_.decode(waves({16, 3, 2, 2}), cancel_in_the_first, {}, source.token()));
  EXPECT_EQ(calls, 1);
  EXPECT_FALSE(vae_.decode(waves({16, 3, 2, 2}), [&](const at::Tensor&) { return ++calls == 0; }));
  EXPECT_EQ(calls, 2);
  EXPECT_THROW(vae_.encode(waves({3, 5, 16, 16}), {}, source.token()), Cancelled);
}

// bf16 has 8 bits of mantissa: errors of a hundredth of what there is.
TEST_F(VaeTest, DecodesInBf16) {
  Compute compute;
  compute.type = at::kBFloat16;
  const Vae half = Vae::load(open_weights("vae_weights.safetensors"), compute).value();
  const at::Tensor latents = waves({16, 2, 4, 4});
  const at::Tensor precise = vae_.decode(latents), rough = half.decode(latents);
  EXPECT_EQ(rough.scalar_type(), at::kFloat);
  EXPECT_LT(largest(precise, rough), 0.05 * precise.abs().max().item<double>());
  const at::Tensor video = waves({3, 5, 32, 32});
  EXPECT_LT(largest(vae_.encode(video), half.encode(video)), 0.1);
}

class Tiles : public VaeTest {
 protected:
  static constexpr Tiling kTiling = {8, 8, 6, 6};
  const Vae tiled_ = vae_.with_tiling(kTiling);
};

// How much neighbouring rows (of dimension 2) or columns (3) differ at most.
double largest_step(const at::Tensor& t, int64_t dim) {
  const at::Tensor steps = (t.narrow(dim, 1, t.size(dim) - 1) - t.narrow(dim, 0, t.size(dim) - 1)).abs();
  return steps.mean(std::vector<int64_t>{0, 1, 5 - dim}).max().item<double>();
}

// The networks of the tests are random and look at all of a tile, so tiles are not what whole frames are; but
// where they meet nothing shows.
void expect_no_seams(const at::Tensor& tiles, const at::Tensor& whole) {
  ASSERT_EQ(tiles.sizes(), whole.sizes());
  EXPECT_TRUE(tiles.isfinite().all().item<bool>());
  EXPECT_LT(largest_step(tiles, 2), 1.2 * largest_step(whole, 2));
  EXPECT_LT(largest_step(tiles, 3), 1.2 * largest_step(whole, 3));
  EXPECT_LT((tiles - whole).abs().mean().item<double>(), 0.5 * whole.abs().mean().item<double>());
}

TEST_F(Tiles, DecodeWithoutSeams) {
  const at::Tensor latents = gentle({16, 2, 14, 12});
  expect_no_seams(tiled_.decode(latents), vae_.decode(latents).clamp(-1, 1));
}

TEST_F(Tiles, EncodeWithoutSeams) {
  const at::Tensor video = gentle({3, 5, 112, 96});
  expect_no_seams(tiled_.encode(video), vae_.encode(video));
}

TEST_F(Tiles, AreNotUsedWhereOneIsEnough) {
  const at::Tensor latents = waves({16, 2, 8, 7});
  EXPECT_TRUE(tiled_.decode(latents).equal(vae_.decode(latents)));
  EXPECT_FALSE(tiled_.decode(waves({16, 2, 9, 7})).equal(vae_.decode(waves({16, 2, 9, 7}))));
  EXPECT_TRUE(tiled_.with_tiling(std::nullopt).decode(latents).equal(vae_.decode(latents)));
}

TEST_F(Tiles, ComeInTheSameParts) {
  std::vector<int64_t> counts;
  tiled_.decode(waves({16, 3, 9, 9}), [&](const at::Tensor& frames) {
    counts.push_back(frames.size(1));
    return true;
  });
  EXPECT_EQ(counts, (std::vector<int64_t>{1, 4, 4}));
}

TEST_F(Tiles, HoldLess) {
  const at::Tensor latents = waves({16, 2, 16, 16});
  const auto top_of = [&](const Vae& vae) {
    CountedMemory memory;
    vae.decode(latents, drop);
    return memory.top();
  };
  EXPECT_LT(top_of(tiled_), top_of(vae_) / 2);
}

TEST_F(Tiles, StopWhenCancelled) {
  CancelSource source;
  source.cancel();
  EXPECT_FALSE(tiled_.decode(waves({16, 2, 9, 9}), drop, {}, source.token()));
  EXPECT_THROW(tiled_.encode(waves({3, 1, 72, 72}), {}, source.token()), Cancelled);
}

TEST(TinyVae, HoldsAsMuchForManyFramesAsForFew) {
  const c10::InferenceMode inference;
  const TinyVae vae = TinyVae::load(open_weights("taehv_weights.safetensors"), {}).value();
  const at::Tensor latents = waves({16, 9, 6, 6});
  const auto top_of = [&](int64_t groups) {
    CountedMemory memory;
    vae.decode(latents.narrow(1, 0, groups), drop);
    return static_cast<double>(memory.top());
  };
  EXPECT_LT(top_of(9), 1.1 * top_of(3));
}

}  // namespace
}  // namespace troupe::engine::wan
