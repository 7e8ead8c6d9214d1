#include "engine/wan/dit/transformer.h"

#include "engine/wan/weights/block_stream.h"

namespace troupe::engine::wan {

struct Transformer::Tokens {
  at::Tensor x;             // [tokens, dim] float
  std::vector<Grid> grids;  // one for each segment
  int64_t text_tokens = 0;
};

// The blocks of one pass in their order: VACE's, if it has them, then the others.
class Transformer::Turns {
 public:
  Turns(const Transformer& transformer, bool vace)
      : transformer_(transformer),
        vace_(vace ? static_cast<int64_t>(transformer.config_.vace_layers.size()) : 0) {
    if (transformer.residency_ == Residency::streamed)
      stream_.emplace(vace_ + transformer.config_.layers, transformer.compute_.device,
                      [this](int64_t index) { return read(index); });
  }

  // Stays until the next call.
  const TransformerBlock& next() {
    if (stream_) return stream_->next();
    const int64_t index = next_++;
    return index < vace_ ? transformer_.vace_blocks_[static_cast<size_t>(index)]
                         : transformer_.blocks_[static_cast<size_t>(index - vace_)];
  }

 private:
  TransformerBlock read(int64_t index) const {
    auto block = index < vace_ ? transformer_.read_block("vace_blocks.", index)
                               : transformer_.read_block("blocks.", index - vace_);
    TORCH_CHECK(block.has_value(), block.has_value() ? std::string() : block.error().message);
    return *std::move(block);
  }

  const Transformer& transformer_;
  int64_t vace_, next_ = 0;
  std::optional<BlockStream<TransformerBlock>> stream_;
};

Result<Transformer> Transformer::load(std::shared_ptr<const Weights> weights, const TransformerConfig& config,
                                      const Compute& compute, Residency residency) {
  Transformer transformer;
  transformer.weights_ = std::move(weights);
  transformer.config_ = config;
  transformer.compute_ = compute;
  transformer.residency_ = residency;
  TROUPE_CHECK_OK(transformer.read_rest());
  const int64_t vace = static_cast<int64_t>(config.vace_layers.size());
  for (int64_t i = 0; residency == Residency::resident && i < config.layers; ++i) {
    TROUPE_TRY(TransformerBlock block, transformer.read_block("blocks.", i));
    transformer.blocks_.push_back(std::move(block));
  }
  for (int64_t i = 0; residency == Residency::resident && i < vace; ++i) {
    TROUPE_TRY(TransformerBlock block, transformer.read_block("vace_blocks.", i));
    transformer.vace_blocks_.push_back(std::move(block));
  }
  return transformer;
}

Result<void> Transformer::read_rest() {
  const TransformerConfig& c = config_;
  Reader read(*weights_, compute_);
  const std::vector<int64_t> patch = {c.dim, c.in_channels, 1, c.patch_height, c.patch_width};
  patch_weight_ = read.weight("patch_embedding.weight", patch);
  patch_bias_ = read.weight("patch_embedding.bias", {c.dim});
  text_in_ = read.linear("text_embedding.0", c.dim, c.text_dim);
  text_out_ = read.linear("text_embedding.2", c.dim, c.dim);
  time_in_ = read.precise_linear("time_embedding.0", c.dim, c.freq_dim);
  time_out_ = read.precise_linear("time_embedding.2", c.dim, c.dim);
  time_projection_ = read.precise_linear("time_projection.1", 6 * c.dim, c.dim);
  head_ = read.precise_linear("head.head", c.patch_height * c.patch_width * c.out_channels, c.dim);
  head_modulation_ = read.precise("head.modulation", {2, c.dim});
  if (!c.vace_layers.empty()) {
    vace_patch_weight_ = read.weight("vace_patch_embedding.weight",
                                     {c.dim, c.vace_channels, 1, c.patch_height, c.patch_width});
    vace_patch_bias_ = read.weight("vace_patch_embedding.bias", {c.dim});
    before_ = read.linear("vace_blocks.0.before_proj", c.dim, c.dim);
    for (size_t i = 0; i < c.vace_layers.size(); ++i)
      after_.push_back(read.linear("vace_blocks." + std::to_string(i) + ".after_proj", c.dim, c.dim));
  }
  return read.status();
}

Result<TransformerBlock> Transformer::read_block(const std::string& list, int64_t index) const {
  Reader read(*weights_, compute_);
  TransformerBlock block =
      TransformerBlock::read(read, list + std::to_string(index) + ".", config_, compute_);
  TROUPE_CHECK_OK(read.status());
  return block;
}

PreparedText Transformer::prepare(const at::Tensor& context, const Tap& tap) const {
  TORCH_CHECK(
      context.dim() == 2 && context.size(1) == config_.text_dim && context.size(0) <= config_.text_len,
      "a text of ", context.sizes(), " does not fit a transformer for ", config_.text_len, " x ",
      config_.text_dim);
  at::Tensor padded = at::zeros({config_.text_len, config_.text_dim}, at::kFloat).to(compute_.device);
  padded.narrow(0, 0, context.size(0)).copy_(context);
  PreparedText text;
  text.embedding = text_out_(gelu_tanh(text_in_(padded)));
  show(tap, "text_embedding", text.embedding);
  Turns turns(*this, true);
  for (size_t i = 0; i < config_.vace_layers.size(); ++i)
    text.vace_keys.push_back(turns.next().keys_of(text.embedding));
  for (int64_t i = 0; i < config_.layers; ++i) text.keys.push_back(turns.next().keys_of(text.embedding));
  return text;
}

// A convolution whose patches do not overlap: [channels, f, h, w] -> [dim, f, h / 2, w / 2].
at::Tensor Transformer::patches(const at::Tensor& latent, const at::Tensor& weight,
                                const at::Tensor& bias) const {
  const at::Tensor in = latent.to(compute_.device, weight.scalar_type()).unsqueeze(0);
  const std::vector<int64_t> stride = {1, config_.patch_height, config_.patch_width};
  return at::conv3d(in, weight, bias, stride).squeeze(0).to(at::kFloat);
}

Transformer::Tokens Transformer::tokens_of(const std::vector<Segment>& segments, const Tap& tap) const {
  Tokens tokens;
  std::vector<at::Tensor> parts;
  bool looking = true;
  for (const Segment& segment : segments) {
    const at::Tensor patched = patches(segment.latent, patch_weight_, patch_bias_);
    show(tap,
         segments.size() == 1 ? "patch_embedding"
         : parts.empty()      ? "patch_embedding.video"
                              : "patch_embedding.refs",
         patched);
    parts.push_back(patched.flatten(1).t());
    tokens.grids.push_back(
        {patched.size(1), patched.size(2), patched.size(3), segment.first_frame, segment.source});
    TORCH_CHECK(looking || !segment.cross_attention, "segments that look at the text come first");
    looking = segment.cross_attention;
    if (looking) tokens.text_tokens += parts.back().size(0);
  }
  tokens.x = at::cat(parts, 0).contiguous();
  return tokens;
}

BlockInput Transformer::block_input(double timestep, const Tap& tap, at::Tensor& time) const {
  const at::Tensor wave = sinusoid(timestep, config_.freq_dim, config_.float_sinusoid).to(compute_.device);
  show(tap, "sinusoid", wave);
  time = time_out_(at::silu(time_in_(wave)));
  show(tap, "time_embedding", time);
  const at::Tensor modulation = time_projection_(at::silu(time));
  show(tap, "time_projection", modulation);
  BlockInput input;
  input.modulation = modulation.view({6, config_.dim});
  return input;
}

std::vector<at::Tensor> Transformer::hints(const Tokens& tokens, const BlockInput& input,
                                           const PreparedText& text, const VaceContext& vace, Turns& turns,
                                           const CancelToken& cancel, const Tap& tap) const {
  at::Tensor stream = patches(vace.latent, vace_patch_weight_, vace_patch_bias_);
  show(tap, "vace_patch_embedding", stream);
  stream = before_(stream.flatten(1).t()).to(at::kFloat);
  TORCH_CHECK(stream.size(0) == tokens.x.size(0), "the VACE context has ", stream.size(0),
              " tokens, the video ", tokens.x.size(0));
  show(tap, "vace_block0.before_proj", stream);
  stream += tokens.x;
  std::vector<at::Tensor> hints;
  for (size_t i = 0; i < config_.vace_layers.size(); ++i) {
    if (cancel.cancelled()) throw Cancelled{};
    const std::string at = "vace_block" + std::to_string(i) + ".";
    turns.next().run(stream, input, text.vace_keys[i]);
    show(tap, at + "c", stream);
    hints.push_back(after_[i](stream));
    show(tap, at + "c_skip", hints.back());
  }
  return hints;
}

at::Tensor Transformer::head(const at::Tensor& x, const at::Tensor& time, bool plain) const {
  const auto m = (head_modulation_ + time).unbind(0);
  return head_(modulated_norm(x, m[0], m[1], config_.eps, at::kFloat, plain));
}

// [tokens, patch_height * patch_width * channels], channels fastest, to [channels, f, h, w].
at::Tensor Transformer::unpatched(const at::Tensor& patches, const Grid& grid) const {
  const int64_t rows = config_.patch_height, columns = config_.patch_width, channels = config_.out_channels;
  return patches.view({grid.frames, grid.height, grid.width, rows, columns, channels})
      .permute({5, 0, 1, 3, 2, 4})
      .reshape({channels, grid.frames, grid.height * rows, grid.width * columns});
}

void Transformer::run_recorded(at::Tensor& x, const BlockInput& input, const PreparedText& text,
                               PassMemory& memory) const {
  if (!memory.stream.defined()) {
    memory.stream = x.clone();
    memory.modulation = input.modulation.clone();
    memory.rotary = input.rotary;
  }
  memory.stream.copy_(x);
  memory.modulation.copy_(input.modulation);
  const BlockInput kept{memory.modulation, memory.rotary, input.text_tokens};
  memory.recording.run(compute_.device, [&] {
    for (size_t i = 0; i < blocks_.size(); ++i) blocks_[i].run(memory.stream, kept, text.keys[i]);
  });
  x = memory.stream;
}

at::Tensor Transformer::forward(const std::vector<Segment>& segments, double timestep,
                                const PreparedText& text, const VaceContext* vace, const CancelToken& cancel,
                                const Tap& tap, PassMemory* memory) const {
  Tokens tokens = tokens_of(segments, tap);
  at::Tensor time;
  BlockInput input = block_input(timestep, tap, time);
  const at::Tensor angles = rotary_angles(tokens.grids, config_.head_dim());
  input.rotary = rotary_of(angles, compute_.device);
  input.text_tokens = tokens.text_tokens;
  if (tap) {
    tap("rope_cos_f64", angles.cos());
    tap("rope_sin_f64", angles.sin());
  }
  const bool hinting = vace && vace->scale != 0 && !config_.vace_layers.empty();
  const bool recorded = memory && compute_.recorded && can_record(compute_.device) && !hinting && !tap &&
                        residency_ == Residency::resident;
  if (cancel.cancelled()) throw Cancelled{};
  if (recorded) run_recorded(tokens.x, input, text, *memory);
  Turns turns(*this, hinting);
  std::vector<at::Tensor> added;
  if (hinting) added = hints(tokens, input, text, *vace, turns, cancel, tap);
  for (int64_t i = 0; !recorded && i < config_.layers; ++i) {
    if (cancel.cancelled()) throw Cancelled{};
    const std::string at = "block" + std::to_string(i) + ".";
    turns.next().run(tokens.x, input, text.keys[static_cast<size_t>(i)], tap, at);
    for (size_t hint = 0; hint < added.size(); ++hint)
      if (config_.vace_layers[hint] == i) tokens.x.add_(std::exchange(added[hint], {}), vace->scale);
    show(tap, at + "out", tokens.x);
  }
  // Blocks may have been views of a file that is gone.
  const auto intact = weights_->intact();
  TORCH_CHECK(intact.has_value(), intact ? std::string() : intact.error().message);
  const at::Tensor out = head(tokens.x, time, compute_.plain);
  show(tap, "head", out);
  const Grid& first = tokens.grids.front();
  return unpatched(out.narrow(0, 0, first.frames * first.height * first.width), first);
}

}  // namespace troupe::engine::wan
