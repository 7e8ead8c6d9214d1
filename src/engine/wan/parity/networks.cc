#include "engine/wan/parity/kinds.h"

namespace troupe::engine::wan::parity {
namespace {

constexpr Tolerance kDecoded{1.5e-4, 2e-5};

std::vector<int32_t> ids_of(const at::Tensor& row) {
  const at::Tensor ids = row.to(at::kInt).contiguous();
  return {ids.data_ptr<int32_t>(), ids.data_ptr<int32_t>() + ids.numel()};
}

// A case of [batch, length] ids: every row by itself, put together again.
void encode_case(const Vectors& vectors, const T5Encoder& encoder, const std::string& at, Report& report) {
  const at::Tensor& ids = vectors.at(at + "ids");
  const at::Tensor lengths = vectors.at(at + "mask").sum(1);
  std::vector<at::Tensor> hidden;
  std::map<std::string, std::vector<at::Tensor>> inside;
  for (int64_t row = 0; row < ids.size(0); ++row) {
    const Tap tap = [&](const std::string& name, const at::Tensor& value) {
      inside[name].push_back(value.clone());
    };
    hidden.push_back(encoder.encode(ids_of(ids[row]), lengths[row].item<int64_t>(), tap));
  }
  for (const auto& [name, rows] : inside)
    if (vectors.has(at + name)) report.check(at + name, at::stack(rows, 0));
  report.check(at + "hidden", at::stack(hidden, 0));
}

void check_buckets(const Vectors& vectors, const T5Encoder& encoder, Report& report) {
  const at::Tensor distances = vectors.at("rel_pos");
  at::Tensor buckets = at::empty_like(distances);
  for (int64_t i = 0; i < distances.numel(); ++i)
    buckets[i] =
        relative_bucket(distances[i].item<int64_t>(), encoder.buckets(), encoder.constants().farthest);
  report.check("rel_bucket", buckets, kExact);
  for (const std::string& name : vectors.names("pos_bias_block0_L")) {
    const int64_t length = vectors.at(name).size(-1);
    report.check(name, encoder.position_bias(0, length, length), kExact);
  }
}

std::pair<int64_t, int64_t> range_of(const Vectors& vectors, const std::string& name) {
  const at::Tensor range = vectors.at(name).to(at::kLong);
  return {range[0].item<int64_t>(), range[1].item<int64_t>()};
}

}  // namespace

Result<void> compare_text_encoder(const Vectors& vectors, const Models& models, Report& report) {
  TROUPE_TRY(const T5Encoder encoder, models.text_encoder(vectors.config("t5")));
  for (const std::string& group : vectors.groups())
    if (vectors.has(group + "/ids")) encode_case(vectors, encoder, group + "/", report);
  if (vectors.has("rel_pos")) check_buckets(vectors, encoder, report);
  for (const char* side : {"encoder_call/pos_", "encoder_call/neg_"}) {
    const std::string at = side;
    if (!vectors.has(at + "ids")) continue;
    const int64_t length = vectors.at(at + "mask").sum().item<int64_t>();
    // Only the real tokens: what follows them is not attended to.
    const auto ids = ids_of(vectors.at(at + "ids")[0].narrow(0, 0, length));
    report.check(at + "context", encoder.encode(ids, length));
  }
  return {};
}

Result<void> compare_vae(const Vectors& vectors, const Models& models, Report& report) {
  TROUPE_TRY(const Vae vae, models.vae());
  if (vectors.has("latent_mean")) report.check("latent_mean", latent_mean(), kSigmas);
  if (vectors.has("latent_std")) report.check("latent_std", latent_std(), kSigmas);
  for (const std::string& group : vectors.groups()) {
    const std::string at = group + "/";
    if (vectors.has(at + "frame_range")) {
      const auto [begin, end] = range_of(vectors, at + "frame_range");
      const at::Tensor clip = vectors.real("video").narrow(1, begin, end - begin);
      report.check(at + "latent", vae.encode(clip, report.tap(at)));
    } else if (vectors.has(at + "latent_range")) {
      const auto [begin, end] = range_of(vectors, at + "latent_range");
      const at::Tensor latents = vectors.real("z").narrow(1, begin, end - begin);
      report.check(at + "video_unclamped", vae.decode(latents, report.tap(at)), kDecoded);
    }
  }
  return {};
}

Result<void> compare_tiny_vae(const Vectors& vectors, const Models& models, Report& report) {
  TROUPE_TRY(const TinyVae vae, models.tiny_vae());
  const at::Tensor video = vectors.real("video_u8").permute({3, 0, 1, 2}) / 255 * 2 - 1;
  for (const std::string& group : vectors.groups()) {
    const std::string at = group + "/";
    const auto frames_first = [](const at::Tensor& x) { return x.transpose(0, 1).contiguous(); };
    if (vectors.has(at + "frame_range")) {
      const auto [begin, end] = range_of(vectors, at + "frame_range");
      report.check(at + "latent", frames_first(vae.encode(video.narrow(1, begin, end - begin))));
      continue;
    }
    const at::Tensor z = frames_first(vectors.real("z"));
    const auto shown = [&](const at::Tensor& frames) { return frames_first((frames + 1) / 2); };
    if (vectors.has(at + "latent_range")) {
      const auto [begin, end] = range_of(vectors, at + "latent_range");
      report.check(at + "video", shown(vae.decode(z.narrow(1, begin, end - begin))));
    } else {
      // One frame a latent.
      const int64_t count = vectors.at(at + "video").size(0);
      report.check(at + "video", shown(vae.preview(z.narrow(1, 0, count))));
    }
  }
  return {};
}

}  // namespace troupe::engine::wan::parity
