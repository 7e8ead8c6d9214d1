#include "bench/wan/networks.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <numeric>

#include "base/random.h"
#include "engine/wan/files/tensor_file.h"
#include "engine/wan/kernels/bf16.h"

namespace troupe::bench {
namespace {

using Tensors = std::vector<NamedShape>;

void add_linear(Tensors& tensors, const std::string& name, int64_t out, int64_t in) {
  tensors.push_back({name + ".weight", {out, in}});
  tensors.push_back({name + ".bias", {out}});
}

void add_block(Tensors& tensors, const std::string& at, const TransformerShape& s) {
  for (const char* attention : {"self_attn.", "cross_attn."}) {
    for (const char* part : {"q", "k", "v", "o"}) add_linear(tensors, at + attention + part, s.dim, s.dim);
    for (const char* norm : {"norm_q.weight", "norm_k.weight"})
      tensors.push_back({at + attention + norm, {s.dim}});
  }
  tensors.push_back({at + "norm3.weight", {s.dim}});
  tensors.push_back({at + "norm3.bias", {s.dim}});
  tensors.push_back({at + "modulation", {1, 6, s.dim}});
  add_linear(tensors, at + "ffn.0", s.ffn_dim, s.dim);
  add_linear(tensors, at + "ffn.2", s.dim, s.ffn_dim);
}

void add_conv(Tensors& tensors, const std::string& name, std::vector<int64_t> shape, bool bias = true) {
  if (bias) tensors.push_back({name + ".bias", {shape[0]}});
  tensors.push_back({name + ".weight", std::move(shape)});
}

void add_residual(Tensors& tensors, const std::string& at, int64_t in, int64_t out) {
  tensors.push_back({at + ".residual.0.gamma", {in, 1, 1, 1}});
  add_conv(tensors, at + ".residual.2", {out, in, 3, 3, 3});
  tensors.push_back({at + ".residual.3.gamma", {out, 1, 1, 1}});
  add_conv(tensors, at + ".residual.6", {out, out, 3, 3, 3});
  if (in != out) add_conv(tensors, at + ".shortcut", {out, in, 1, 1, 1});
}

void add_middle(Tensors& tensors, const std::string& at, int64_t width) {
  add_residual(tensors, at + "middle.0", width, width);
  tensors.push_back({at + "middle.1.norm.gamma", {width, 1, 1}});
  add_conv(tensors, at + "middle.1.to_qkv", {3 * width, width, 1, 1});
  add_conv(tensors, at + "middle.1.proj", {width, width, 1, 1});
  add_residual(tensors, at + "middle.2", width, width);
}

void add_encoder(Tensors& tensors) {
  constexpr int64_t kWidths[] = {96, 96, 192, 384, 384};
  add_conv(tensors, "encoder.conv1", {96, 3, 3, 3, 3});
  int index = 0;
  const auto next = [&] { return "encoder.downsamples." + std::to_string(index++); };
  for (int stage = 0; stage < 4; ++stage) {
    const int64_t out = kWidths[stage + 1];
    add_residual(tensors, next(), kWidths[stage], out);
    add_residual(tensors, next(), out, out);
    if (stage == 3) break;
    const std::string at = next();
    add_conv(tensors, at + ".resample.1", {out, out, 3, 3});
    if (stage > 0) add_conv(tensors, at + ".time_conv", {out, out, 3, 1, 1});
  }
  add_middle(tensors, "encoder.", 384);
  tensors.push_back({"encoder.head.0.gamma", {384, 1, 1, 1}});
  add_conv(tensors, "encoder.head.2", {32, 384, 3, 3, 3});
}

void add_decoder(Tensors& tensors) {
  constexpr int64_t kIn[] = {384, 192, 192, 96}, kOut[] = {384, 384, 192, 96};
  add_conv(tensors, "decoder.conv1", {384, 16, 3, 3, 3});
  add_middle(tensors, "decoder.", 384);
  int index = 0;
  const auto next = [&] { return "decoder.upsamples." + std::to_string(index++); };
  for (int stage = 0; stage < 4; ++stage) {
    const int64_t out = kOut[stage];
    add_residual(tensors, next(), kIn[stage], out);
    add_residual(tensors, next(), out, out);
    add_residual(tensors, next(), out, out);
    if (stage == 3) break;
    const std::string at = next();
    add_conv(tensors, at + ".resample.1", {out / 2, out, 3, 3});
    if (stage < 2) add_conv(tensors, at + ".time_conv", {2 * out, out, 3, 1, 1});
  }
  tensors.push_back({"decoder.head.0.gamma", {96, 1, 1, 1}});
  add_conv(tensors, "decoder.head.2", {3, 96, 3, 3, 3});
}

int64_t values_of(const NamedShape& tensor) {
  return std::accumulate(tensor.shape.begin(), tensor.shape.end(), int64_t{1}, std::multiplies<>());
}

std::string header_of(const Tensors& tensors) {
  std::string header = "{";
  int64_t at = 0;
  for (const NamedShape& tensor : tensors) {
    std::string shape;
    for (const int64_t side : tensor.shape) shape += (shape.empty() ? "" : ",") + std::to_string(side);
    const int64_t end = at + 2 * values_of(tensor);
    header += (at ? ",\"" : "\"") + tensor.name + "\":{\"dtype\":\"BF16\",\"shape\":[" + shape +
              "],\"data_offsets\":[" + std::to_string(at) + "," + std::to_string(end) + "]}";
    at = end;
  }
  header += "}";
  header.resize((header.size() + 8 + 63) / 64 * 64 - 8, ' ');  // so that values lie on cache lines
  return header;
}

std::vector<engine::wan::Bf16> random_values() {
  constexpr size_t kCount = (1 << 20) + 7;  // drawn once; no two rows begin alike
  constexpr float kBound = 0.04f;
  std::vector<engine::wan::Bf16> values(kCount);
  Random random(1);
  for (auto& value : values) value = engine::wan::to_bf16(random.uniform(-kBound, kBound));
  return values;
}

}  // namespace

Tensors transformer_tensors(const TransformerShape& s) {
  Tensors tensors;
  tensors.push_back({"patch_embedding.weight", {s.dim, 16, 1, 2, 2}});
  tensors.push_back({"patch_embedding.bias", {s.dim}});
  add_linear(tensors, "text_embedding.0", s.dim, kTextWidth);
  add_linear(tensors, "text_embedding.2", s.dim, s.dim);
  add_linear(tensors, "time_embedding.0", s.dim, 256);
  add_linear(tensors, "time_embedding.2", s.dim, s.dim);
  add_linear(tensors, "time_projection.1", 6 * s.dim, s.dim);
  add_linear(tensors, "head.head", 64, s.dim);
  tensors.push_back({"head.modulation", {1, 2, s.dim}});
  for (int64_t i = 0; i < s.layers; ++i) add_block(tensors, "blocks." + std::to_string(i) + ".", s);
  if (s.vace_layers.empty()) return tensors;
  tensors.push_back({"vace_patch_embedding.weight", {s.dim, kVaceChannels, 1, 2, 2}});
  tensors.push_back({"vace_patch_embedding.bias", {s.dim}});
  add_linear(tensors, "vace_blocks.0.before_proj", s.dim, s.dim);
  for (size_t i = 0; i < s.vace_layers.size(); ++i) {
    const std::string at = "vace_blocks." + std::to_string(i) + ".";
    add_block(tensors, at, s);
    add_linear(tensors, at + "after_proj", s.dim, s.dim);
  }
  return tensors;
}

Tensors vae_tensors() {
  Tensors tensors;
  add_encoder(tensors);
  add_conv(tensors, "conv1", {32, 32, 1, 1, 1});
  add_conv(tensors, "conv2", {16, 16, 1, 1, 1});
  add_decoder(tensors);
  return tensors;
}

Tensors tiny_vae_tensors() {
  constexpr int64_t kWidths[] = {256, 128, 64};
  Tensors tensors;
  add_conv(tensors, "decoder.1", {256, 16, 3, 3});
  for (int stage = 0; stage < 3; ++stage) {
    const int64_t width = kWidths[stage];
    const int first = 3 + 6 * stage;
    for (int i = first; i < first + 3; ++i) {
      const std::string at = "decoder." + std::to_string(i) + ".conv.";
      add_conv(tensors, at + "0", {width, 2 * width, 3, 3});
      add_conv(tensors, at + "2", {width, width, 3, 3});
      add_conv(tensors, at + "4", {width, width, 3, 3});
    }
    const std::string grow = "decoder." + std::to_string(first + 4);
    add_conv(tensors, grow + ".conv", {stage == 0 ? width : 2 * width, width, 1, 1}, false);
    const int64_t narrower = std::max<int64_t>(64, width / 2);
    add_conv(tensors, "decoder." + std::to_string(first + 5), {narrower, width, 3, 3}, false);
  }
  add_conv(tensors, "decoder.22", {3, 64, 3, 3});
  return tensors;
}

Result<std::shared_ptr<engine::wan::Weights>> random_weights(const Tensors& tensors) {
  const std::string header = header_of(tensors);
  int64_t bytes = 8 + static_cast<int64_t>(header.size());
  for (const NamedShape& tensor : tensors) bytes += 2 * values_of(tensor);
  const int file = memfd_create("weights", 0);
  if (file < 0 || ftruncate(file, bytes) != 0) return make_error(ErrorCode::io, "no memory for weights");
  void* mapped = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (mapped == MAP_FAILED) return make_error(ErrorCode::io, "no memory for weights");
  auto* to = static_cast<char*>(mapped);
  const uint64_t header_bytes = header.size();
  std::memcpy(to, &header_bytes, 8);
  std::memcpy(to + 8, header.data(), header.size());
  const auto values = random_values();
  const int64_t piece = 2 * std::ssize(values);
  for (int64_t at = 8 + std::ssize(header); at < bytes; at += piece)
    std::memcpy(to + at, values.data(), std::min(piece, bytes - at));
  munmap(mapped, bytes);
  auto opened = engine::wan::TensorFile::open("/proc/self/fd/" + std::to_string(file));
  close(file);
  if (!opened) return opened.error();
  std::vector<engine::wan::TensorFile> files;
  files.push_back(*std::move(opened));
  TROUPE_TRY(engine::wan::Weights weights, engine::wan::Weights::open(std::move(files)));
  return std::make_shared<engine::wan::Weights>(std::move(weights));
}

Work transformer_work(const TransformerShape& s, int64_t tokens) {
  const auto n = static_cast<double>(tokens), d = static_cast<double>(s.dim);
  const double blocks = static_cast<double>(s.layers + std::ssize(s.vace_layers));
  Work work;
  work.linears = blocks * n * (6 * 2 * d * d + 2 * 2 * d * static_cast<double>(s.ffn_dim));
  work.linears += static_cast<double>(std::ssize(s.vace_layers)) * n * 2 * d * d;
  work.attention = blocks * 4 * n * d * (n + kTextTokens);
  return work;
}

double vae_work(int64_t frames, int64_t height, int64_t width) {
  const double pixels = static_cast<double>(frames * height * width);
  const auto conv = [](double in, double out, double taps) { return 2 * in * out * taps; };
  const auto residual = [&](double in, double out) {
    return conv(in, out, 27) + conv(out, out, 27) + (in == out ? 0 : conv(in, out, 1));
  };
  double work = conv(16, 384, 27) + 2 * residual(384, 384) + conv(384, 4 * 384, 1) +
                4.0 * 384 * static_cast<double>(height * width);
  work += 3 * residual(384, 384) + conv(384, 768, 3);
  work += 2 * 4 * conv(384, 192, 9) + 8 * (residual(192, 384) + 2 * residual(384, 384) + conv(384, 768, 3));
  work += 4 * 16 * conv(384, 192, 9) + 64 * 3 * residual(192, 192);
  work += 4 * 64 * (conv(192, 96, 9) + 3 * residual(96, 96) + conv(96, 3, 27));
  return pixels * work;
}

double tiny_vae_work(int64_t frames, int64_t height, int64_t width) {
  const double pixels = static_cast<double>(frames * height * width);
  const auto conv = [](double in, double out, double taps) { return 2 * in * out * taps; };
  const auto memory = [&](double n) { return conv(2 * n, n, 9) + 2 * conv(n, n, 9); };
  double work = conv(16, 256, 9) + 3 * memory(256);
  work += 4 * (conv(256, 256, 1) + conv(256, 128, 9) + 3 * memory(128));
  work += 16 * (conv(128, 256, 1) + 2 * (conv(128, 64, 9) + 3 * memory(64)));
  work += 64 * (2 * conv(64, 128, 1) + 4 * (conv(64, 64, 9) + conv(64, 3, 9)));
  return pixels * work;
}

}  // namespace troupe::bench
