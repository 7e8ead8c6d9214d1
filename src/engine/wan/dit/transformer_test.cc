#include "engine/wan/dit/transformer.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <map>

#include "base/places_for_test.h"
#include "engine/wan/weights/counted_memory_for_test.h"
#include "engine/wan/weights/lora.h"
#include "engine/wan/weights/rewritten_for_test.h"

namespace troupe::engine::wan {
namespace {

namespace fs = std::filesystem;

std::shared_ptr<Weights> weights(const fs::path& file) {
  std::vector<TensorFile> files;
  files.push_back(TensorFile::open(file).value());
  return std::make_shared<Weights>(Weights::open(std::move(files)).value());
}

fs::path data(const std::string& file) { return fs::path(places::in_tree("src/engine/wan/testdata")) / file; }

Compute bf16() {
  Compute compute;
  compute.type = at::kBFloat16;
  return compute;
}

// A transformer with a VACE branch, and what it is asked.
class Streamed : public testing::Test {
 protected:
  Streamed() {
    latents_ = at::linspace(-1, 1, 16 * 2 * 8 * 8).view({16, 2, 8, 8});
    vace_.latent = at::linspace(1, -1, 96 * 2 * 8 * 8).view({96, 2, 8, 8});
  }

  Transformer load(std::shared_ptr<const Weights> from, Transformer::Residency residency,
                   const Compute& compute = {}) const {
    const TransformerConfig config = transformer_config(*from).value();
    return Transformer::load(std::move(from), config, compute, residency).value();
  }

  at::Tensor run(const Transformer& transformer, const CancelToken& cancel = {}, const Tap& tap = {}) const {
    const int64_t width = transformer.config().text_dim;
    const PreparedText text = transformer.prepare(at::linspace(-1, 1, 7 * width).view({7, width}));
    Segment video;
    video.latent = latents_;
    return transformer.forward({video}, 500, text, &vace_, cancel, tap);
  }

  void expect_same(const std::shared_ptr<const Weights>& from, const Compute& compute) const {
    const at::Tensor resident = run(load(from, Transformer::Residency::resident, compute));
    const at::Tensor streamed = run(load(from, Transformer::Residency::streamed, compute));
    EXPECT_TRUE(resident.isfinite().all().item<bool>());
    EXPECT_TRUE(streamed.equal(resident));
  }

  const c10::InferenceMode inference_;
  at::Tensor latents_;
  VaceContext vace_;
};

TEST_F(Streamed, MakesTheSameBits) {
  expect_same(weights(data("vace_weights.safetensors")), {});
  expect_same(weights(data("vace_weights.safetensors")), bf16());
}

TEST_F(Streamed, MakesTheSameBitsWithLoras) {
  const auto base = weights(data("t2v_weights.safetensors"));
  const at::Tensor plain = run(load(base, Transformer::Residency::streamed));
  base->set_deltas(Loras::make(*base, {{"peft", weights(data("lora_peft.safetensors")), 0.7}}).value());
  expect_same(base, {});
  EXPECT_FALSE(run(load(base, Transformer::Residency::streamed)).equal(plain));
}

// A transformer as its file says, but for this.
class Described : public Streamed {
 protected:
  static Transformer load_as(const std::shared_ptr<Weights>& from, const std::string& described,
                             bool plain = false) {
    Compute compute;
    compute.plain = plain;
    return Transformer::load(from, transformer_config(*from, described).value(), compute).value();
  }

  void expect_other(const std::shared_ptr<Weights>& from, const std::string& described) const {
    const at::Tensor made = run(load_as(from, described)), plain = run(load_as(from, described, true));
    EXPECT_TRUE(made.isfinite().all().item<bool>()) << described;
    EXPECT_GT((made - run(load_as(all_, "{}"))).abs().max().item<double>(), 1e-3) << described;
    EXPECT_LT((made - plain).abs().max().item<double>(), 1e-4) << described;
  }

  const std::shared_ptr<Weights> all_ = weights(data("vace_weights.safetensors"));
};

TEST_F(Described, WhatIsLeftOutOrRoundedOtherwiseMakesOtherVideos) {
  const auto without_any = [&](const char* part) {
    return without(*all_, [&](const std::string& name) { return name.find(part) != std::string::npos; });
  };
  expect_other(all_, R"({"eps": 0.1})");
  expect_other(without_any(".norm_"), R"({"qk_norm": false})");
  expect_other(without_any(".norm3."), R"({"cross_attn_norm": false})");
}

TEST_F(Described, HintsAreAddedWhereTheirOrderSays) {
  std::map<std::string, at::Tensor> seen;
  const Tap tap = [&](const std::string& name, const at::Tensor& value) { seen[name] = value.clone(); };
  const Transformer turned = load_as(all_, R"({"vace_layers": [2, 0]})");
  run(turned, {}, tap);
  const at::Tensor hinted = seen.at("block0.out"), hint = seen.at("vace_block1.c_skip");
  vace_.scale = 0;
  run(turned, {}, tap);
  EXPECT_LT((hinted - seen.at("block0.out") - hint).abs().max().item<double>(), 1e-4);
  EXPECT_GT(hint.abs().max().item<double>(), 1e-2);
}

// Weights in bf16, computed in float, are copied.
TEST_F(Streamed, HoldsTwoBlocks) {
  const auto from = weights(data("vace_weights.safetensors"));
  const OneThread one_thread;
  CountedMemory memory;
  const Transformer resident = load(from, Transformer::Residency::resident);
  const int64_t all = memory.now();
  run(resident);
  const int64_t resident_top = memory.top();
  memory.reset();
  const Transformer streamed = load(from, Transformer::Residency::streamed);
  const int64_t rest = memory.now(), block = (all - rest) / 6;  // 4 and 2 of VACE
  run(streamed);
  EXPECT_LT(memory.top(), resident_top - 3 * block);
  EXPECT_EQ(memory.now(), rest) << "nothing stays behind a pass";
}

TEST_F(Streamed, ReadsNoBlockTwiceInAPass) {
  const auto from = weights(data("vace_weights.safetensors"));
  struct Counter final : WeightDeltas {
    bool changes(std::string_view name) const override { return name.ends_with("ffn.0.weight"); }
    at::Tensor apply(std::string_view, const at::Tensor& weight) const override {
      ++reads;
      return weight;
    }
    mutable std::atomic<int> reads = 0;
  };
  const auto counter = std::make_shared<Counter>();
  from->set_deltas(counter);
  const Transformer streamed = load(from, Transformer::Residency::streamed);
  EXPECT_EQ(counter->reads, 0);
  run(streamed);
  EXPECT_EQ(counter->reads, 2 * 6) << "once for the text, once for the pass";
}

TEST_F(Streamed, StopsWhenCancelled) {
  const auto from = weights(data("vace_weights.safetensors"));
  const Transformer streamed = load(from, Transformer::Residency::streamed);
  CancelSource source;
  const Tap cancel_in_the_first = [&](const std::string& name, const at::Tensor&) {
    EXPECT_NE(name, "block1.out");
    if (name == "block0.out") source.cancel();
  };
  EXPECT_THROW(run(streamed, source.token(), cancel_in_the_first), Cancelled);
  const Tap cancel_in_the_branch = [&](const std::string& name, const at::Tensor&) {
    EXPECT_NE(name, "vace_block1.c");
    if (name == "vace_block0.c") source.cancel();
  };
  source = CancelSource();
  EXPECT_THROW(run(streamed, source.token(), cancel_in_the_branch), Cancelled);
}

class Failing final : public WeightDeltas {
 public:
  bool changes(std::string_view name) const override { return name == "blocks.1.ffn.0.weight"; }
  at::Tensor apply(std::string_view, const at::Tensor&) const override { TORCH_CHECK(false, "bad sector"); }
};

TEST_F(Streamed, ThrowsWhereABlockCannotBeRead) {
  const auto from = weights(data("t2v_weights.safetensors"));
  const Transformer streamed = load(from, Transformer::Residency::streamed);
  from->set_deltas(std::make_shared<Failing>());
  EXPECT_THROW(run(streamed), c10::Error);
  from->set_deltas(nullptr);
  EXPECT_TRUE(run(streamed).isfinite().all().item<bool>()) << "and works again";
}

// A copy of a file of weights that goes away.
class LostFile : public Streamed {
 protected:
  LostFile() : file_(fs::temp_directory_path() / ("troupe_lost_" + std::to_string(::getpid()))) {
    fs::copy_file(data("t2v_weights.safetensors"), file_, fs::copy_options::overwrite_existing);
  }
  ~LostFile() override { fs::remove(file_); }
  fs::path file_;
};

TEST_F(LostFile, IsReadOnWhenItIsRemovedOrReplaced) {
  const Transformer streamed = load(weights(file_), Transformer::Residency::streamed);
  const at::Tensor before = run(streamed);
  fs::remove(file_);
  std::ofstream(file_) << "something else";
  EXPECT_TRUE(run(streamed).equal(before));
}

TEST_F(LostFile, IsAnErrorWhenItIsCut) {
  const Transformer streamed = load(weights(file_), Transformer::Residency::streamed);
  fs::resize_file(file_, 4096);
  EXPECT_THROW(run(streamed), c10::Error);
}

}  // namespace
}  // namespace troupe::engine::wan
