#include "engine/wan/pipeline/memory_plan.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "base/places_for_test.h"
#include "engine/wan/pipeline/generate.h"
#include "engine/wan/vae/tiny_vae.h"
#include "engine/wan/weights/counted_memory_for_test.h"

namespace troupe::engine::wan {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kMiB = 1 << 20, kGiB = 1 << 30;

std::shared_ptr<Weights> plan_weights(const std::string& file) {
  std::vector<TensorFile> files;
  files.push_back(TensorFile::open(fs::path(places::in_tree("src/engine/wan/testdata")) / file).value());
  return std::make_shared<Weights>(Weights::open(std::move(files)).value());
}

Compute computing(at::ScalarType type) {
  Compute compute;
  compute.type = type;
  return compute;
}

// What f() holds at its highest is no more than was planned, and not much less.
template <class Function>
void expect_planned(int64_t planned, const Function& f) {
  CountedMemory memory;
  f();
  EXPECT_GE(planned, memory.top());
  EXPECT_LE(static_cast<double>(planned), 1.5 * static_cast<double>(memory.top()));
}

class NetworkWork : public testing::TestWithParam<at::ScalarType> {
 protected:
  const c10::InferenceMode inference_;
  const Compute compute_ = computing(GetParam());
};

void expect_pass_planned(const std::string& file, const Compute& compute) {
  const auto from = plan_weights(file);
  const TransformerConfig config = transformer_config(*from).value();
  const Transformer transformer = Transformer::load(from, config, compute).value();
  PreparedText text = transformer.prepare(at::ones({7, config.text_dim}));
  Segment video;
  video.latent = at::ones({16, 5, 64, 64});
  VaceContext vace;
  vace.latent = at::ones({96, 5, 64, 64});
  const int64_t tokens = 5 * 32 * 32;
  const TokenCounts counts{tokens, tokens, !config.vace_layers.empty()};
  expect_planned(forward_work(config, compute, counts),
                 [&] { transformer.forward({video}, 500, text, &vace); });
}

TEST_P(NetworkWork, OfATransformerIsMeasured) { expect_pass_planned("t2v_weights.safetensors", compute_); }

TEST_P(NetworkWork, OfAVaceBranchIsMeasured) { expect_pass_planned("vace_weights.safetensors", compute_); }

TEST_P(NetworkWork, OfATextIsMeasured) {
  const auto from = plan_weights("t5_weights.safetensors");
  const T5Encoder encoder = T5Encoder::load(*from, compute_).value();
  const std::vector<int32_t> ids(512, 9);
  expect_planned(text_work(text_sizes(*from, compute_).value(), compute_, 512),
                 [&] { encoder.encode(ids, 512); });
}

TEST_P(NetworkWork, OfAVaeIsMeasured) {
  const auto from = plan_weights("vae_weights.safetensors");
  const Vae vae = Vae::load(*from, compute_).value();
  const VaeSizes sizes = vae_sizes(*from, compute_).value();
  const at::Tensor latents = at::ones({16, 2, 10, 12}), video = at::ones({3, 5, 80, 96});
  expect_planned(decode_work(sizes, compute_, 2, 10, 12),
                 [&] { vae.decode(latents, [](const at::Tensor&) { return true; }); });
  expect_planned(encode_work(sizes, compute_, 2, 10, 12), [&] { vae.encode(video); });
  expect_planned(encode_work(sizes, compute_, 1, 10, 12), [&] { vae.encode(video.narrow(1, 0, 1)); });
}

TEST_P(NetworkWork, OfTaehvIsMeasured) {
  const auto from = plan_weights("taehv_weights.safetensors");
  const TinyVae vae = TinyVae::load(*from, compute_).value();
  const at::Tensor latents = at::ones({16, 3, 24, 24});
  expect_planned(decode_work(tiny_sizes(*from, compute_).value(), compute_, 24, 24),
                 [&] { vae.decode(latents, [](const at::Tensor&) { return true; }); });
}

TEST_P(NetworkWork, OfWeightsIsMeasured) {
  const auto from = plan_weights("vace_weights.safetensors");
  const TransformerConfig config = transformer_config(*from).value();
  const TransformerSizes sizes = transformer_sizes(*from, config, compute_);
  CountedMemory memory;
  const Transformer transformer = Transformer::load(from, config, compute_).value();
  // Small tensors take a little more than their bytes.
  EXPECT_NEAR(sizes.rest.copied + sizes.blocks.copied, memory.now(), 0.1 * memory.now());
  EXPECT_EQ(sizes.blocks.mapped > 0, compute_.type == at::kBFloat16) << "the file is in bf16";
}

INSTANTIATE_TEST_SUITE_P(Types, NetworkWork, testing::Values(at::kFloat, at::kBFloat16),
                         [](const auto& test) { return std::string(c10::toString(test.param)); });

// A whole video, made of tiny networks, against the plan of it.
TEST(MemoryPlan, HoldsForAVideo) {
  const c10::InferenceMode inference;
  const auto dit = plan_weights("vace_weights.safetensors"),
             vae_weights = plan_weights("vae_weights.safetensors");
  const TransformerConfig config = transformer_config(*dit).value();
  const ModelSizes sizes = model_sizes(Family::vace, {}, *dit, config, nullptr, *vae_weights).value();
  VideoRequest request;
  request.family = Family::vace;
  request.size = {80, 64};
  request.frames = 5;
  request.prompt = request.negative = at::ones({7, config.text_dim});
  request.references = {Rgb(40, 30)};
  request.sampling.steps = 1;
  const MemoryPlan plan = plan_memory(sizes, {request.size, request.frames, 1}, {kGiB, 0}).value();
  EXPECT_EQ(plan.transformer, Transformer::Residency::resident);
  EXPECT_FALSE(plan.tiling);
  CountedMemory memory;
  const Transformer transformer = Transformer::load(dit, config, {}).value();
  const Vae vae = Vae::load(*vae_weights, {}).value();
  ASSERT_TRUE(generate({&transformer, &vae}, request, [](const at::Tensor&) { return true; }));
  EXPECT_GE(plan.peak().device, memory.top());
  EXPECT_LE(static_cast<double>(plan.peak().device), 2.0 * static_cast<double>(memory.top()));
}

// The sizes of Wan2.1's 14B model, in bf16, as a file on a device of its own.
ModelSizes large() {
  ModelSizes model;
  model.family = Family::phantom;
  model.compute = computing(at::kBFloat16);
  model.compute.device = at::Device(at::kCUDA, 0);
  TransformerConfig& config = model.transformer.config;
  config.dim = 5120;
  config.ffn_dim = 13824;
  config.heads = config.layers = 40;
  model.transformer.rest = {600 * kMiB, 0};
  model.transformer.block = {670 * kMiB, 0};
  model.transformer.blocks = {40 * 670 * kMiB, 0};
  model.text = TextSizes{4096, 4096, 10240, 64, {2 * kGiB, 0}, {9 * kGiB, 0}, {384 * kMiB, 0}};
  using Kind = VaeSizes::Layer::Kind;
  model.vae.decoder = {384,
                       {{Kind::residual, 384, 384},
                        {Kind::resample, 384, 192, true},
                        {Kind::resample, 192, 192, true},
                        {Kind::resample, 192, 96},
                        {Kind::residual, 96, 96}},
                       3};
  model.vae.encoder = {96, {{Kind::residual, 96, 96}, {Kind::resample, 96, 96}}, 32};
  model.vae.weights = {500 * kMiB, 0};
  return model;
}

constexpr VideoSize kVideo = {{832, 480}, 81, 2};

TEST(MemoryPlan, RestrictsOnlyWhatItMust) {
  const auto plan = [](int64_t device) { return plan_memory(large(), kVideo, {device, 64 * kGiB}); };
  const MemoryPlan roomy = plan(80 * kGiB).value();
  EXPECT_EQ(roomy.transformer, Transformer::Residency::resident);
  EXPECT_TRUE(roomy.keep_text);
  EXPECT_FALSE(roomy.tiling);
  const MemoryPlan tight = plan(40 * kGiB).value();
  EXPECT_EQ(tight.transformer, Transformer::Residency::resident);
  EXPECT_FALSE(tight.keep_text);
  const MemoryPlan small = plan(12 * kGiB).value();
  EXPECT_EQ(small.transformer, Transformer::Residency::streamed);
  for (const int64_t there : {12, 16, 24, 40, 80}) {
    const auto made = plan(there * kGiB);
    ASSERT_TRUE(made) << there;
    EXPECT_LE(made->peak().device, there * kGiB) << made->describe();
  }
}

TEST(MemoryPlan, TakesTilesWhereWholeFramesAreTooLarge) {
  const MemoryPlan plan = plan_memory(large(), {{1920, 1088}, 17, 1}, {16 * kGiB, 64 * kGiB}).value();
  ASSERT_TRUE(plan.tiling) << plan.describe();
  EXPECT_LT(plan.tiling->stride_height, plan.tiling->height);
  EXPECT_GT(plan.decode_phase.host, 0);
  EXPECT_NE(plan.describe().find("tiles of"), std::string::npos) << plan.describe();
}

TEST(MemoryPlan, RefusesWithTheFigures) {
  const auto plan = plan_memory(large(), kVideo, {5 * kGiB, 64 * kGiB});
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().code, ErrorCode::out_of_memory);
  EXPECT_EQ(plan.error().field, "/resolution");
  const std::string& text = plan.error().message;
  EXPECT_NE(text.find("GiB at 832x480x81; 5.0 GiB are free. "), std::string::npos) << text;
  EXPECT_NE(text.find(" would need "), std::string::npos) << text;
  const auto never = plan_memory(large(), kVideo, {kGiB, 64 * kGiB});
  ASSERT_FALSE(never);
  EXPECT_NE(never.error().message.find("too little for this model at any size"), std::string::npos)
      << never.error().message;
}

TEST(MemoryPlan, RefusesWhereTheHostIsShort) {
  ModelSizes model = large();
  model.family = Family::vace;
  const auto plan = plan_memory(model, kVideo, {80 * kGiB, kGiB});
  ASSERT_FALSE(plan);
  EXPECT_NE(plan.error().message.find("1.0 GiB are free outside the device"), std::string::npos)
      << plan.error().message;
}

TEST(MemoryPlan, HasRoomForASecondExpert) {
  ModelSizes model = large();
  model.experts = 2;
  EXPECT_EQ(plan_memory(model, kVideo, {90 * kGiB, kGiB}).value().experts_loaded, 2);
  EXPECT_EQ(plan_memory(model, kVideo, {48 * kGiB, kGiB}).value().experts_loaded, 1);
  EXPECT_EQ(plan_memory(model, kVideo, {14 * kGiB, kGiB}).value().transformer,
            Transformer::Residency::streamed);
}

TEST(MemoryPlan, GrowsWithWhatIsAsked) {
  const auto peak = [](const VideoSize& video) {
    return plan_memory(large(), video, {200 * kGiB, 200 * kGiB}).value().denoise_phase.device;
  };
  EXPECT_LT(peak(kVideo), peak({{1280, 720}, 81, 2}));
  EXPECT_LT(peak(kVideo), peak({{832, 480}, 121, 2}));
  EXPECT_LT(peak(kVideo), peak({{832, 480}, 81, 4}));
}

TEST(MemoryPlan, WritesBytes) {
  EXPECT_EQ(bytes_text(310 * kMiB), "310 MiB");
  EXPECT_EQ(bytes_text(13 * kGiB - 600 * kMiB), "12.4 GiB");
}

// Folders with files as the system has them.
class FreeMemory : public testing::Test {
 protected:
  FreeMemory() : at_(fs::temp_directory_path() / ("troupe_free_" + std::to_string(::getpid()))) {
    write("proc/meminfo", "MemTotal:       8000 kB\nMemFree:        100 kB\nMemAvailable:   4000 kB\n");
  }
  ~FreeMemory() override { fs::remove_all(at_); }
  void write(const std::string& file, const std::string& text) {
    fs::create_directories((at_ / file).parent_path());
    std::ofstream(at_ / file) << text;
  }
  int64_t there() const { return free_on_host(at_ / "proc", at_ / "groups"); }
  fs::path at_;
};

TEST_F(FreeMemory, IsWhatIsAvailable) { EXPECT_EQ(there(), 4000 * 1024); }

TEST_F(FreeMemory, IsLimitedByGroupsOfVersion2) {
  write("proc/self/cgroup", "0::/outer/inner\n");
  write("groups/outer/memory.max", "3000000\n");
  write("groups/outer/memory.current", "1000000\n");
  write("groups/outer/memory.stat", "anon 5\ninactive_file 500000\n");
  write("groups/outer/inner/memory.max", "max\n");
  write("groups/outer/inner/memory.current", "900000\n");
  EXPECT_EQ(there(), 2500000);
  write("groups/outer/inner/memory.max", "1000000\n");
  EXPECT_EQ(there(), 100000);
  write("groups/outer/inner/memory.current", "1100000\n");
  EXPECT_EQ(there(), 0);
}

TEST_F(FreeMemory, IsLimitedByGroupsOfVersion1) {
  write("proc/self/cgroup", "5:cpu,cpuacct:/some\n4:memory:/not/seen/inside\n");
  write("groups/memory/memory.limit_in_bytes", "2000000\n");
  write("groups/memory/memory.usage_in_bytes", "500000\n");
  EXPECT_EQ(there(), 1500000);
  write("groups/memory/memory.limit_in_bytes", "9223372036854771712\n");
  EXPECT_EQ(there(), 4000 * 1024);
}

TEST_F(FreeMemory, IsVastWhereNothingIsSaid) {
  write("proc/meminfo", "nonsense");
  EXPECT_GT(there(), 1000 * kGiB);
}

TEST_F(FreeMemory, OfThisMachineIsSome) { EXPECT_GT(free_memory(at::kCPU), kMiB); }

}  // namespace
}  // namespace troupe::engine::wan
