#include "engine/wan/dit/block.h"

namespace troupe::engine::wan {

TransformerBlock::Attention TransformerBlock::read_attention(Reader& reader, const std::string& at,
                                                             const TransformerConfig& config) {
  const int64_t dim = config.dim;
  Attention attention;
  attention.q = reader.small_linear(at + "q", dim, dim);
  attention.k = reader.small_linear(at + "k", dim, dim);
  attention.v = reader.small_linear(at + "v", dim, dim);
  attention.o = reader.small_linear(at + "o", dim, dim);
  if (!config.qk_norm) return attention;
  attention.norm_q = reader.precise(at + "norm_q.weight", {dim});
  attention.norm_k = reader.precise(at + "norm_k.weight", {dim});
  return attention;
}

TransformerBlock TransformerBlock::read(Reader& reader, const std::string& at,
                                        const TransformerConfig& config, const Compute& compute) {
  const int64_t dim = config.dim;
  TransformerBlock block;
  block.compute_ = compute;
  block.heads_ = config.heads;
  block.eps_ = config.eps;
  block.modulation_ = reader.precise(at + "modulation", {6, dim});
  block.self_ = read_attention(reader, at + "self_attn.", config);
  if (config.cross_attn_norm) {
    block.norm3_weight_ = reader.precise(at + "norm3.weight", {dim});
    block.norm3_bias_ = reader.precise(at + "norm3.bias", {dim});
  }
  block.cross_ = read_attention(reader, at + "cross_attn.", config);
  block.ffn_in_ = reader.small_linear(at + "ffn.0", config.ffn_dim, dim);
  block.ffn_out_ = reader.small_linear(at + "ffn.2", dim, config.ffn_dim);
  return block;
}

KeyValue TransformerBlock::keys_of(const at::Tensor& text) const {
  const int64_t tokens = text.size(0), head_dim = text.size(1) / heads_;
  const Operand in(text);
  return {normed_heads(cross_.k(in), cross_.norm_k, heads_, nullptr, eps_, compute_.type, compute_.plain),
          cross_.v(in).view({tokens, heads_, head_dim})};
}

at::Tensor TransformerBlock::self_attention(const at::Tensor& x, const BlockInput& input, const Tap& tap,
                                            const std::string& at) const {
  const Operand in(x);
  const auto heads_of = [&](const Linear& linear, const at::Tensor& norm, const char* name) {
    const at::Tensor projected = project(linear, in, compute_.plain);
    if (tap) tap(at + "norm_" + name, norm.defined() ? rms_norm(projected, norm, eps_) : projected);
    const at::Tensor heads =
        normed_heads(projected, norm, heads_, &input.rotary, eps_, compute_.type, compute_.plain);
    return heads;
  };
  const at::Tensor q = heads_of(self_.q, self_.norm_q, "q"), k = heads_of(self_.k, self_.norm_k, "k");
  show(tap, at + "rope_q", q);
  show(tap, at + "rope_k", k);
  const at::Tensor v = project(self_.v, in, compute_.plain).view({x.size(0), heads_, x.size(1) / heads_});
  const at::Tensor out = attention(q, k, v, {}, compute_);
  show(tap, at + "o_in", out);
  return out;
}

void TransformerBlock::cross_attention(at::Tensor& x, const BlockInput& input, const KeyValue& text,
                                       const Tap& tap, const std::string& at) const {
  at::Tensor looking = x.narrow(0, 0, input.text_tokens);
  const at::Tensor normed = norm3_weight_.defined() ? affine_norm(looking, norm3_weight_, norm3_bias_, eps_,
                                                                  compute_.type, compute_.plain)
                                                    : looking.to(compute_.type);
  const at::Tensor q = normed_heads(project(cross_.q, normed, compute_.plain), cross_.norm_q, heads_, nullptr,
                                    eps_, compute_.type, compute_.plain);
  const at::Tensor out = attention(q, text.key, text.value, {}, compute_);
  if (tap) tap(at + "cross_attn", cross_.o(out));
  add_projected(looking, cross_.o, out, {}, compute_.plain);
}

void TransformerBlock::run(at::Tensor& x, const BlockInput& input, const KeyValue& text, const Tap& tap,
                           const std::string& at) const {
  // shift, scale, gate of self-attention, then of the feed-forward.
  const auto m = (modulation_ + input.modulation).unbind(0);
  const at::Tensor in = modulated_norm(x, m[0], m[1], eps_, compute_.type, compute_.plain);
  show(tap, at + "self_attn.in", in);
  const at::Tensor attended = self_attention(in, input, tap, at + "self_attn.");
  if (tap) tap(at + "self_attn", self_.o(attended));
  add_projected(x, self_.o, attended, m[2], compute_.plain);
  cross_attention(x, input, text, tap, at);
  const at::Tensor normed = modulated_norm(x, m[3], m[4], eps_, compute_.type, compute_.plain);
  const at::Tensor hidden = project_gelu(ffn_in_, normed, compute_.plain);
  if (tap) tap(at + "ffn", ffn_out_(hidden));
  add_projected(x, ffn_out_, hidden, m[5], compute_.plain);
}

}  // namespace troupe::engine::wan
