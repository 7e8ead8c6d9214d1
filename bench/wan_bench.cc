// A forward pass of the transformer of a true size with random weights, against libtorch's own matrix product
// in bf16 (oneDNN's on a CPU) at the same sizes, just before and after. wan_bench --help
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>

#include "bench/wan/clock.h"
#include "bench/wan/networks.h"
#include "engine/wan/dit/transformer.h"
#include "engine/wan/nn/float8.h"
#include "engine/wan/nn/process.h"
#include "engine/wan/vae/tiny_vae.h"
#include "engine/wan/vae/vae.h"

namespace {

using namespace troupe;
using namespace troupe::bench;
using namespace troupe::engine::wan;

constexpr const char* kUsage =
    "usage: wan_bench [--model 1.3b|14b] [--layers N] [--family t2v|phantom|vace] [--references N]\n"
    "                 [--size WxHxFRAMES] [--device cpu|cuda] [--type bf16|f32|fp8] [--plain] [--recorded] "
    "[--against-plain]\n"
    "                 [--streamed] [--runs N] [--vae] [--taehv]\n"
    "On a CPU seconds are processor seconds over the number of threads, so that what else runs counts "
    "little.\n";

struct Options {
  TransformerShape shape;
  std::string model = "1.3b", family = "phantom";
  int64_t width = 416, height = 240, frames = 33, references = 1;
  int64_t layers = 0;  // 0: as many as the model has
  int runs = 3;
  bool against_plain = false, streamed = false, vae = false, tiny_vae = false;
  Compute compute;

  int64_t latents() const { return latent_frames(frames); }
  // Latent frames that run through the transformer.
  int64_t all_latents() const { return latents() + (family == "t2v" ? 0 : references); }
  int64_t tokens() const { return all_latents() * (height / 16) * (width / 16); }
};

bool read_model(const std::string& word, Options& options) {
  options.model = word;
  if (word == "14b") options.shape = {5120, 13824, 40, 40, {}};
  return word == "1.3b" || word == "14b";
}

bool read_word(const std::string& word, const std::string& value, Options& o) {
  if (word == "--model") return read_model(value, o);
  if (word == "--layers") return (o.layers = std::atoll(value.c_str())) > 0;
  if (word == "--references") return (o.references = std::atoll(value.c_str())) >= 0;
  if (word == "--runs") return (o.runs = std::atoi(value.c_str())) > 0;
  if (word == "--family") {
    o.family = value;
    return value == "t2v" || value == "phantom" || value == "vace";
  }
  if (word == "--size")
    return std::sscanf(value.c_str(), "%ldx%ldx%ld", &o.width, &o.height, &o.frames) == 3 && o.width >= 16 &&
           o.height >= 16 && o.frames >= 1;
  if (word == "--device") {
    o.compute.device = value == "cuda" ? at::Device(at::kCUDA, 0) : at::Device(at::kCPU);
    return value == "cuda" || value == "cpu";
  }
  if (word == "--type") {
    o.compute.type = value == "f32" ? at::kFloat : at::kBFloat16;
    o.compute.float8 = value == "fp8";
    return value == "f32" || value == "bf16" || value == "fp8";
  }
  return false;
}

std::optional<Options> read_options(int count, char** words) {
  Options o;
  o.compute.type = at::kBFloat16;
  for (int i = 1; i < count; ++i) {
    const std::string word = words[i];
    if (word == "--plain")
      o.compute.plain = true;
    else if (word == "--recorded")
      o.compute.recorded = true;
    else if (word == "--against-plain")
      o.against_plain = true;
    else if (word == "--streamed")
      o.streamed = true;
    else if (word == "--vae")
      o.vae = true;
    else if (word == "--taehv")
      o.tiny_vae = true;
    else if (i + 1 >= count || !read_word(word, words[++i], o))
      return std::nullopt;
  }
  if (o.layers > 0) o.shape.layers = o.layers;
  // The VACE branch of the published models: every second block, or every fifth.
  if (o.family == "vace")
    for (int64_t i = 0; i < o.shape.layers; i += o.model == "14b" ? 5 : 2) o.shape.vace_layers.push_back(i);
  return o;
}

const char* type_name(const Compute& compute) {
  return compute.float8 ? "fp8" : compute.type == at::kFloat ? "f32" : "bf16";
}

double middle(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + std::ssize(values) / 2, values.end());
  return values[values.size() / 2];
}

at::Tensor random(at::IntArrayRef shape, const Compute& compute) {
  return at::randn(shape, at::TensorOptions().dtype(at::kFloat)).to(compute.device, compute.type);
}

// libtorch's own matrix products, of the sizes of a block.
class Peer {
 public:
  Peer(const Options& o, at::ScalarType type) : device_(o.compute.device) {
    Compute compute = o.compute;
    compute.type = type;
    const int64_t d = o.shape.dim, f = o.shape.ffn_dim;
    const auto add = [&](int64_t in, int64_t out, int times) {
      products_.push_back({random({o.tokens(), in}, compute), random({out, in}, compute),
                           random({out}, compute), times,
                           2.0 * static_cast<double>(o.tokens()) * static_cast<double>(in * out)});
    };
    add(d, d, 6), add(d, f, 1), add(f, d, 1);
    rates(false);
  }

  // Operations a second over all, weighted as a block has them.
  double rate() { return rates(false); }
  void print() { rates(true); }

 private:
  struct Product {
    at::Tensor x, w, b;
    int times;
    double work;
  };

  double rates(bool print) {
    double work = 0, seconds = 0;
    for (const Product& p : products_) {
      const double once = time_of(device_, [&] { at::linear(p.x, p.w, p.b); }).seconds;
      work += p.times * p.work;
      seconds += p.times * once;
      if (print)
        std::printf("  libtorch [%ld x %ld] x [%ld x %ld]: %.3f TFLOP/s\n", p.x.size(0), p.x.size(1),
                    p.w.size(1), p.w.size(0), p.work / once / 1e12);
    }
    return work / seconds;
  }

  at::Device device_;
  std::vector<Product> products_;
};

struct Network {
  Transformer transformer;
  PreparedText text;
  std::vector<Segment> segments;
  std::optional<VaceContext> vace;
  PassMemory memory = {};

  void run() { transformer.forward(segments, 500.0, text, vace ? &*vace : nullptr, {}, {}, &memory); }
};

Result<Network> network_of(const Options& o, const std::shared_ptr<Weights>& weights,
                           const Compute& compute) {
  TROUPE_TRY(const TransformerConfig config, transformer_config(*weights));
  using Residency = Transformer::Residency;
  TROUPE_TRY(
      Transformer transformer,
      Transformer::load(weights, config, compute, o.streamed ? Residency::streamed : Residency::resident));
  const int64_t height = o.height / kLatentScale, width = o.width / kLatentScale;
  Segment all;
  all.latent = at::randn({16, o.all_latents(), height, width});
  Network network{std::move(transformer), {}, {all}, {}};
  network.text = network.transformer.prepare(at::randn({kTextTokens, kTextWidth}));
  if (o.family == "vace")
    network.vace = VaceContext{at::randn({kVaceChannels, o.all_latents(), height, width}), 1.0};
  return network;
}

// What the operators of one block take by themselves.
struct Parts {
  Time linears, attention;
};

Parts parts_of(const Options& o) {
  const int64_t n = o.tokens(), d = o.shape.dim, heads = o.shape.heads;
  const Compute& c = o.compute;
  const auto layer = [&](int64_t out, int64_t in) {
    const Linear made{random({out, in}, c), random({out}, c)};
    return c.float8 ? to_float8(made) : made;
  };
  const Linear square = layer(d, d), wide = layer(o.shape.ffn_dim, d), back = layer(d, o.shape.ffn_dim);
  const at::Tensor x = random({n, d}, c), gate = at::ones({d}, at::TensorOptions().device(c.device));
  const at::Tensor q = x.view({n, heads, d / heads}),
                   text = random({kTextTokens, d}, c).view({kTextTokens, heads, d / heads});
  at::Tensor stream = at::zeros({n, d}, at::TensorOptions().dtype(at::kFloat).device(c.device));
  const auto linears = [&] {
    const Operand in(x);
    for (int i = 0; i < 3; ++i) project(square, in, c.plain);
    project(square, x, c.plain);
    for (int i = 0; i < 2; ++i) add_projected(stream, square, x, gate, c.plain);
    add_projected(stream, back, project_gelu(wide, x, c.plain), gate, c.plain);
  };
  const auto attentions = [&] {
    attention(q, q, q, {}, c);
    attention(q, text, text, {}, c);
  };
  Parts parts;
  linears(), attentions();
  parts.linears = time_of(c.device, linears);
  parts.attention = time_of(c.device, attentions);
  return parts;
}

void print_forward(const Options& o, const std::vector<double>& seconds, const std::vector<double>& walls,
                   const std::vector<double>& peers, const Parts& parts) {
  const Work work = transformer_work(o.shape, o.tokens());
  const double forward = middle(seconds), peer = middle(peers);
  const double blocks = static_cast<double>(o.shape.layers + std::ssize(o.shape.vace_layers));
  const double linears = blocks * parts.linears.seconds, attention = blocks * parts.attention.seconds;
  const auto rate = [&](double operations, double time) { return operations / time / 1e12; };
  std::printf("  forward: %.2f s (%.2f - %.2f; wall %.2f), %.3f TFLOP/s, %.2f of libtorch's bf16 (%.3f)\n",
              forward, *std::min_element(seconds.begin(), seconds.end()),
              *std::max_element(seconds.begin(), seconds.end()), middle(walls), rate(work.all(), forward),
              work.all() / forward / peer, peer / 1e12);
  std::printf("    linears %2.0f %%, %.3f TFLOP/s, %.2f of it\n", 100 * linears / forward,
              rate(work.linears, linears), work.linears / linears / peer);
  std::printf("    attention %2.0f %%, %.3f TFLOP/s, %.2f of it\n", 100 * attention / forward,
              rate(work.attention, attention), work.attention / attention / peer);
  std::printf("    the rest %2.0f %%; at most %.0f MiB in use\n", 100 * (1 - (linears + attention) / forward),
              peak_mib());
}

Result<void> run_transformer(const Options& o) {
  if (o.compute.float8 && !multiplies_float8(o.compute.device))
    return make_error(ErrorCode::unavailable, "this device and this libtorch do not multiply 8-bit floats");
  std::printf(
      "%s %s, %ldx%ldx%ld, %ld references: %ld tokens, %ld blocks, %s%s%s, %s\n", o.model.c_str(),
      o.family.c_str(), o.width, o.height, o.frames, o.family == "t2v" ? 0 : o.references, o.tokens(),
      o.shape.layers + std::ssize(o.shape.vace_layers), type_name(o.compute),
      o.compute.plain ? ", plain" : "", o.compute.recorded ? ", recorded" : "",
      o.compute.device.is_cpu() ? (std::to_string(at::get_num_threads()) + " threads").c_str() : "cuda");
  std::fflush(stdout);
  TROUPE_TRY(const auto weights, random_weights(transformer_tensors(o.shape)));
  TROUPE_TRY(Network network, network_of(o, weights, o.compute));
  std::optional<Network> plain;
  if (o.against_plain) {
    Compute compute;
    compute.device = o.compute.device;
    compute.plain = true;
    TROUPE_TRY(plain, network_of(o, weights, compute));
  }
  Peer peer(o, at::kBFloat16);
  std::vector<double> seconds, walls, peers, ratios;
  // Twice where it is recorded.
  for (int i = 0; i < (o.compute.recorded ? 2 : 1) && o.runs > 1; ++i) network.run();
  for (int i = 0; i < o.runs; ++i) {
    const double before = peer.rate();
    const Time time = time_of(o.compute.device, [&] { network.run(); });
    seconds.push_back(time.seconds);
    walls.push_back(time.wall);
    peers.push_back((before + peer.rate()) / 2);
    if (plain) ratios.push_back(time_of(o.compute.device, [&] { plain->run(); }).seconds / time.seconds);
  }
  peer.print();
  print_forward(o, seconds, walls, peers, parts_of(o));
  if (plain) std::printf("  the plain path in f32 takes %.1f times as long\n", middle(ratios));
  return {};
}

// The convolution in which most of the decoders' work is, by libtorch alone.
double convolution_rate(const Options& o) {
  const at::Tensor x = random({1, 96, 6, o.height, o.width}, o.compute),
                   w = random({96, 96, 3, 3, 3}, o.compute), b = random({96}, o.compute);
  const auto run = [&] { at::conv3d(x, w, b, 1, at::IntArrayRef{0, 1, 1}); };
  run();
  return 2.0 * 96 * 96 * 27 * 4 * static_cast<double>(o.height * o.width) /
         time_of(o.compute.device, run).seconds;
}

void run_decoder(const Options& o, const char* name, double work,
                 const std::function<void(const at::Tensor&)>& decode) {
  const at::Tensor latents =
      at::randn({16, o.latents(), o.height / kLatentScale, o.width / kLatentScale}).to(o.compute.device);
  Peer peer(o, at::kBFloat16);
  decode(latents.narrow(1, 0, 1));
  std::vector<double> seconds, peers, convolutions;
  for (int i = 0; i < o.runs; ++i) {
    const double before = peer.rate();
    convolutions.push_back(convolution_rate(o));
    seconds.push_back(time_of(o.compute.device, [&] { decode(latents); }).seconds);
    peers.push_back((before + peer.rate()) / 2);
  }
  const double rate = work / middle(seconds);
  std::printf(
      "%s, %ldx%ldx%ld, %s: %.2f s, %.3f TFLOP/s, %.2f of libtorch's bf16 matrix product, %.2f of its\n"
      "  convolution of 96 channels in the same type; at most %.0f MiB in use\n",
      name, o.width, o.height, o.frames, type_name(o.compute), middle(seconds), rate / 1e12,
      rate / middle(peers), rate / middle(convolutions), peak_mib());
}

Result<void> run_decoders(const Options& o) {
  const int64_t height = o.height / kLatentScale, width = o.width / kLatentScale;
  const auto go_on = [](const at::Tensor&) { return true; };
  if (o.vae) {
    TROUPE_TRY(const auto weights, random_weights(vae_tensors()));
    TROUPE_TRY(const Vae vae, Vae::load(*weights, o.compute));
    run_decoder(o, "VAE decode", vae_work(o.latents(), height, width),
                [&](const at::Tensor& latents) { vae.decode(latents, go_on); });
  }
  if (o.tiny_vae) {
    TROUPE_TRY(const auto weights, random_weights(tiny_vae_tensors()));
    TROUPE_TRY(const TinyVae vae, TinyVae::load(*weights, o.compute));
    run_decoder(o, "TAEHV decode", tiny_vae_work(o.latents(), height, width),
                [&](const at::Tensor& latents) { vae.decode(latents, go_on); });
  }
  return {};
}

// OpenMP's threads shall sleep while they wait for each other: where others use the processors they wait
// long, and turning round meanwhile would be counted as work. Read when a program starts, so it starts again.
void wait_asleep(char** words) {
  if (std::getenv("OMP_WAIT_POLICY")) return;
  setenv("OMP_WAIT_POLICY", "passive", 1);
  execv("/proc/self/exe", words);
}

}  // namespace

int main(int count, char** words) {
  const auto options = read_options(count, words);
  if (!options) {
    std::fputs(kUsage, count == 2 && std::string(words[1]) == "--help" ? stdout : stderr);
    return 2;
  }
  wait_asleep(words);
  set_up_process();
  const c10::InferenceMode inference;
  try {
    const auto status =
        options->vae || options->tiny_vae ? run_decoders(*options) : run_transformer(*options);
    if (status) return 0;
    std::fprintf(stderr, "wan_bench: %s\n", to_string(status.error()).c_str());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "wan_bench: %s\n", error.what());
  }
  return 1;
}
