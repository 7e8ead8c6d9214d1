#include "engine/wan/pipeline/memory_plan.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <vector>

namespace troupe::engine::wan {
namespace {

constexpr int64_t kFloatBytes = 4;
constexpr int64_t kTokenSide = 16;                  // pixels of a token
constexpr int64_t kLatentsHeld = 12;                // copies of the latents that samplers and guidance hold
constexpr int64_t kEmptyReferenceTokens = 30 * 52;  // of refalign, see denoiser.cc
constexpr int64_t kKept = 16;                       // one part of so many is left free
constexpr int kTileSides[] = {64, 48, 32, 24, 16};  // in latents

using Residency = wan::Residency;

// What one video is in numbers.
struct Scope {
  int64_t rows = 0, columns = 0;  // latents
  int64_t latents = 0;            // latent frames
  int64_t pixels = 0;             // of all frames
  TokenCounts counts;
};

Scope scope_of(const ModelSizes& model, const VideoSize& video) {
  Scope scope;
  scope.rows = video.size.height / kLatentScale;
  scope.columns = video.size.width / kLatentScale;
  scope.latents = latent_frames(video.frames);
  scope.pixels = video.frames * video.size.width * video.size.height;
  const int64_t area = (video.size.height / kTokenSide) * (video.size.width / kTokenSide);
  const auto tokens = [&](int64_t frames) { return frames * area; };
  scope.counts.text_tokens = tokens(scope.latents + extra_frames(model.family, video.references));
  scope.counts.tokens = scope.counts.text_tokens;
  scope.counts.hints = model.family == Family::vace && !model.transformer.config.vace_layers.empty();
  if (model.family == Family::skyreels)
    scope.counts.tokens = scope.counts.text_tokens = tokens(scope.latents + kSkyReelsSlots);
  if (model.family == Family::refalign)
    scope.counts.tokens += video.references > 0 ? tokens(video.references) : kEmptyReferenceTokens;
  return scope;
}

// What is decided.
struct Choice {
  Residency transformer = Residency::resident, text = Residency::resident;
  int64_t experts_loaded = 1;
  bool keep_text = true;
  int tile = 0;  // latents of a side, or 0
};

std::optional<Tiling> tiling_of(int tile) {
  if (tile == 0) return std::nullopt;
  const int64_t stride = tile * 3 / 4;
  return Tiling{tile, tile, stride, stride};
}

int64_t transformer_bytes(const ModelSizes& model, const Choice& choice) {
  const TransformerSizes& t = model.transformer;
  return choice.transformer == Residency::streamed
             ? model.experts * t.rest.copied + 2 * t.block.copied + t.reading
             : choice.experts_loaded * (t.rest.copied + t.blocks.copied);
}

int64_t text_bytes(const ModelSizes& model, const Choice& choice) {
  if (!model.text) return 0;
  const TextSizes& t = *model.text;
  return t.rest.copied + (choice.text == Residency::streamed ? 2 * t.block.copied : t.blocks.copied);
}

Compute in_float(Compute compute) {
  compute.type = at::kFloat;
  compute.float8 = false;
  return compute;
}

// Pixels on the host: those of VACE (video, mask, which are kept, and their two halves) or of tiles.
int64_t reference_pixels(const ModelSizes& model, const VideoSize& video, const Scope& scope) {
  const int64_t pictures = 2 * video.references * 3 * video.size.width * int64_t{video.size.height};
  return kFloatBytes * (pictures + (model.family == Family::vace ? 13 * scope.pixels : 0));
}

int64_t reference_work(const ModelSizes& model, const VideoSize& video, const Scope& scope, int tile) {
  if (model.family != Family::vace && video.references == 0) return 0;
  const int64_t rows = tile ? std::min<int64_t>(tile, scope.rows) : scope.rows;
  const int64_t columns = tile ? std::min<int64_t>(tile, scope.columns) : scope.columns;
  return encode_work(model.vae, in_float(model.compute), model.family == Family::vace ? scope.latents : 1,
                     rows, columns);
}

int64_t decoding_work(const ModelSizes& model, const VideoSize& video, const Scope& scope, int tile) {
  const Compute compute = in_float(model.compute);
  if (video.tiny_decoder && model.tiny) return decode_work(*model.tiny, compute, scope.rows, scope.columns);
  const int64_t rows = tile ? std::min<int64_t>(tile, scope.rows) : scope.rows;
  const int64_t columns = tile ? std::min<int64_t>(tile, scope.columns) : scope.columns;
  return decode_work(model.vae, compute, scope.latents, rows, columns);
}

MemoryPlan plan_of(const ModelSizes& model, const VideoSize& video, const Choice& choice) {
  const Scope scope = scope_of(model, video);
  MemoryPlan plan;
  plan.transformer = choice.transformer;
  plan.experts_loaded = choice.experts_loaded;
  plan.text = choice.text;
  plan.keep_text = choice.keep_text;
  plan.tiling = tiling_of(choice.tile);
  const int64_t always = model.vae.weights.copied + (model.tiny ? model.tiny->weights.copied : 0);
  const int64_t text = text_bytes(model, choice), transformer = transformer_bytes(model, choice);
  const int64_t kept = always + (choice.keep_text ? text : 0);
  const int64_t latents = (scope.latents + video.references + kSkyReelsSlots) * scope.rows * scope.columns;
  // Prompt and negative prompt, and VACE's context.
  const int64_t conditions =
      2 * prepared_bytes(model.transformer.config, model.compute) +
      kFloatBytes * latents * (kLatentChannels + 3 * model.transformer.config.vace_channels);
  if (model.text)
    plan.text_phase.device = kept + (choice.keep_text ? transformer : text) +
                             text_work(*model.text, model.compute, video.text_tokens);
  plan.reference_phase.device =
      kept + transformer + conditions + reference_work(model, video, scope, choice.tile);
  plan.reference_phase.host = reference_pixels(model, video, scope);
  plan.denoise_phase.device = kept + transformer + conditions +
                              kFloatBytes * latents * kLatentChannels * kLatentsHeld +
                              forward_work(model.transformer.config, model.compute, scope.counts);
  plan.decode_phase.device =
      kept + transformer + conditions + decoding_work(model, video, scope, choice.tile);
  plan.decode_phase.host = choice.tile ? kFloatBytes * 4 * scope.pixels : 0;
  if (model.compute.device.is_cpu())
    for (PhaseBytes* phase :
         {&plan.text_phase, &plan.reference_phase, &plan.denoise_phase, &plan.decode_phase})
      phase->device += std::exchange(phase->host, 0);
  return plan;
}

// From the quickest to the most frugal.
std::vector<Choice> choices(const ModelSizes& model) {
  std::vector<Choice> all;
  const auto add = [&](Residency transformer, int64_t experts, Residency text, bool keep_text) {
    all.push_back({transformer, text, experts, keep_text, 0});
    for (const int tile : kTileSides) all.push_back({transformer, text, experts, keep_text, tile});
  };
  const auto add_texts = [&](Residency transformer, int64_t experts) {
    add(transformer, experts, Residency::resident, true);
    add(transformer, experts, Residency::resident, false);
    add(transformer, experts, Residency::streamed, false);
  };
  for (int64_t experts = model.experts; experts >= 1; --experts) add_texts(Residency::resident, experts);
  add_texts(Residency::streamed, 1);
  return all;
}

bool fits(const MemoryPlan& plan, const ModelSizes& model, const MemoryThere& there) {
  const auto usable = [](int64_t bytes) { return bytes - bytes / kKept; };
  const PhaseBytes peak = plan.peak();
  return peak.device <= usable(there.device) &&
         (model.compute.device.is_cpu() || peak.host <= usable(there.host));
}

std::optional<MemoryPlan> best(const ModelSizes& model, const VideoSize& video, const MemoryThere& there) {
  for (const Choice& choice : choices(model)) {
    MemoryPlan plan = plan_of(model, video, choice);
    if (fits(plan, model, there)) return plan;
  }
  return std::nullopt;
}

// The one that takes least, of device memory first.
MemoryPlan smallest(const ModelSizes& model, const VideoSize& video) {
  std::optional<MemoryPlan> least;
  for (const Choice& choice : choices(model)) {
    MemoryPlan plan = plan_of(model, video, choice);
    if (!least || plan.peak().device < least->peak().device) least = std::move(plan);
  }
  return *std::move(least);
}

std::string size_text(const VideoSize& video) {
  return std::to_string(video.size.width) + "x" + std::to_string(video.size.height) + "x" +
         std::to_string(video.frames);
}

// A smaller video that fits: smaller pictures first, then fewer frames.
std::optional<VideoSize> smaller(const ModelSizes& model, const VideoSize& video, const MemoryThere& there) {
  constexpr int kShares = 20;
  for (int64_t latents = latent_frames(video.frames);; latents = latents * 3 / 4) {
    for (int share = kShares; share >= kShares / 4; --share) {
      VideoSize less = video;
      less.frames = video_frames(latents);
      const auto side = [&](int pixels) {
        return static_cast<int>(std::max(kTokenSide, pixels * share / kShares / kTokenSide * kTokenSide));
      };
      less.size = {side(video.size.width), side(video.size.height)};
      if (best(model, less, there)) return less;
    }
    if (latents <= 1) return std::nullopt;
  }
}

Error refusal(const ModelSizes& model, const VideoSize& video, const MemoryThere& there) {
  const PhaseBytes needed = smallest(model, video).peak();
  const bool host = !model.compute.device.is_cpu() && needed.device <= there.device - there.device / kKept;
  std::string text = "this needs " + bytes_text(host ? needed.host : needed.device) + " at " +
                     size_text(video) + "; " + bytes_text(host ? there.host : there.device) + " are free" +
                     (host ? " outside the device" : "");
  if (const auto less = smaller(model, video, there)) {
    const PhaseBytes then = smallest(model, *less).peak();
    text += ". " + size_text(*less) + " would need " + bytes_text(host ? then.host : then.device);
  } else {
    text += ", which is too little for this model at any size";
  }
  return make_error(ErrorCode::out_of_memory, std::move(text), "/resolution");
}

}  // namespace

Result<ModelSizes> model_sizes(Family family, const Compute& compute, const Weights& transformer,
                               const TransformerConfig& config, const Weights* text, const Weights& vae,
                               const Weights* tiny) {
  ModelSizes sizes;
  sizes.family = family;
  sizes.compute = compute;
  sizes.transformer = transformer_sizes(transformer, config, compute);
  if (text) {
    TROUPE_TRY(sizes.text, text_sizes(*text, compute));
  }
  TROUPE_TRY(sizes.vae, vae_sizes(vae, in_float(compute)));
  if (tiny) {
    TROUPE_TRY(sizes.tiny, tiny_sizes(*tiny, in_float(compute)));
  }
  return sizes;
}

PhaseBytes MemoryPlan::peak() const {
  PhaseBytes highest;
  for (const PhaseBytes& phase : {text_phase, reference_phase, denoise_phase, decode_phase}) {
    highest.device = std::max(highest.device, phase.device);
    highest.host = std::max(highest.host, phase.host);
  }
  return highest;
}

std::string MemoryPlan::describe() const {
  std::string line;
  const auto add = [&](std::string_view name, const PhaseBytes& phase) {
    line.append(name).append(bytes_text(phase.device));
    if (phase.host > 0) line.append(" + ").append(bytes_text(phase.host)).append(" outside");
  };
  const auto word = [](Residency residency) {
    return residency == Residency::streamed ? "streamed" : "resident";
  };
  line.append("transformer ").append(word(transformer));
  if (experts_loaded > 1) line.append(", both experts at once");
  line.append(", text encoder ").append(word(text)).append(keep_text ? " and kept, " : " and dropped, ");
  if (tiling)
    line.append("tiles of ")
        .append(std::to_string(tiling->height))
        .append(" x ")
        .append(std::to_string(tiling->width));
  else
    line.append("whole frames");
  add("; text ", text_phase);
  add(", references ", reference_phase);
  add(", denoising ", denoise_phase);
  add(", decoding ", decode_phase);
  return line;
}

Result<MemoryPlan> plan_memory(const ModelSizes& model, const VideoSize& video, const MemoryThere& there) {
  if (auto plan = best(model, video, there)) return *std::move(plan);
  return refusal(model, video, there);
}

std::string bytes_text(int64_t bytes) {
  constexpr double kMiB = 1 << 20, kGiB = 1 << 30;
  std::array<char, 32> text;
  const double value = static_cast<double>(bytes);
  if (value < kGiB)
    std::snprintf(text.data(), text.size(), "%.0f MiB", value / kMiB);
  else
    std::snprintf(text.data(), text.size(), "%.1f GiB", value / kGiB);
  return text.data();
}

}  // namespace troupe::engine::wan
