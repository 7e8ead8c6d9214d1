// Files of weights with one tensor of another shape, or without it: as far as a take would use them. Nothing
// may crash; what cannot be used is an error or throws as the headers say.
#include <gtest/gtest.h>

#include "base/places_for_test.h"
#include "engine/wan/pipeline/memory_plan.h"
#include "engine/wan/vae/tiny_vae.h"
#include "engine/wan/weights/rewritten_for_test.h"

namespace troupe::engine::wan {
namespace {

std::shared_ptr<Weights> opened(const std::string& file) {
  std::vector<TensorFile> files;
  files.push_back(TensorFile::open(places::in_tree("src/engine/wan/testdata") + ("/" + file)).value());
  return std::make_shared<Weights>(Weights::open(std::move(files)).value());
}

// What is told by an error is an error of the file.
void expect_of_the_file(const Error& error, const std::string& what) {
  EXPECT_TRUE(error.code == ErrorCode::corrupt_input || error.code == ErrorCode::unsupported ||
              error.code == ErrorCode::not_found)
      << what << ": " << to_string(error);
}

// A complete model, of which one network is exchanged.
struct Parts {
  Family family = Family::vace;
  std::shared_ptr<const Weights> transformer = opened("vace_weights.safetensors"),
                                 text = opened("t5_weights.safetensors"),
                                 vae = opened("vae_weights.safetensors"),
                                 tiny = opened("taehv_weights.safetensors");

  std::shared_ptr<const Weights>& of(Part part) {
    return part == Part::transformer    ? transformer
           : part == Part::text_encoder ? text
           : part == Part::vae          ? vae
                                        : tiny;
  }
};

Result<void> use_transformer(const Parts& parts, const TransformerConfig& config) {
  TROUPE_TRY(const Transformer transformer, Transformer::load(parts.transformer, config, {}));
  const PreparedText text = transformer.prepare(at::ones({3, config.text_dim}));
  Segment video;
  video.latent = at::ones({config.in_channels, 2, 4, 4});
  const VaceContext context{at::ones({config.vace_channels, 2, 4, 4}), 1};
  transformer.forward({video}, 500, text, config.vace_layers.empty() ? nullptr : &context);
  return {};
}

// Everything that a take does with the files, the large before the small.
Result<void> use(const Parts& parts, Part changed) {
  TROUPE_TRY(const TransformerConfig config, transformer_config(*parts.transformer));
  TROUPE_TRY(const ModelSizes sizes, model_sizes(parts.family, {}, *parts.transformer, config,
                                                 parts.text.get(), *parts.vae, parts.tiny.get()));
  if (const auto plan =
          plan_memory(sizes, {{64, 32}, 5, 1, 20, changed == Part::tiny_vae}, {1 << 30, 1 << 30});
      !plan && plan.error().code != ErrorCode::out_of_memory)
    return plan.error();
  if (changed == Part::transformer) return use_transformer(parts, config);
  if (changed == Part::text_encoder) {
    TROUPE_TRY(const T5Encoder encoder, T5Encoder::load(*parts.text, {}));
    encoder.encode(std::vector<int32_t>{1, 5, 9}, 2);
  } else if (changed == Part::vae) {
    TROUPE_TRY(const Vae vae, Vae::load(*parts.vae, {}));
    vae.decode(at::ones({kLatentChannels, 2, 2, 2}));
    vae.encode(at::ones({3, 5, 16, 16}));
  } else {
    TROUPE_TRY(const TinyVae tiny, TinyVae::load(*parts.tiny, {}));
    tiny.decode(at::ones({kLatentChannels, 2, 2, 2}), [](const at::Tensor&) { return true; });
    tiny.encode(at::ones({3, 4, 16, 16}));
  }
  return {};
}

using Change = std::function<std::optional<at::Tensor>(const at::Tensor&)>;

std::vector<int64_t> with_side(const at::Tensor& tensor, int64_t dim, int64_t side) {
  std::vector<int64_t> shape = tensor.sizes().vec();
  shape[static_cast<size_t>(dim)] = side;
  return shape;
}

const std::vector<std::pair<const char*, Change>>& changes() {
  static const std::vector<std::pair<const char*, Change>> all = {
      {"left out", [](const at::Tensor&) { return std::nullopt; }},
      {"empty", [](const at::Tensor& t) { return at::zeros(with_side(t, 0, 0)); }},
      {"empty at the end", [](const at::Tensor& t) { return at::zeros(with_side(t, t.dim() - 1, 0)); }},
      {"of nothing, wide",
       [](const at::Tensor&) {
         return at::zeros({0, int64_t{1} << 40});
       }},
      {"of wide nothings",
       [](const at::Tensor&) {
         return at::zeros({int64_t{1} << 40, 0});
       }},
      {"one number", [](const at::Tensor&) { return at::ones({1}); }},
      {"of one row", [](const at::Tensor& t) { return at::ones(with_side(t, 0, 1)); }},
      {"with a row more", [](const at::Tensor& t) { return at::ones(with_side(t, 0, t.size(0) + 1)); }},
  };
  return all;
}

class HostileWeights : public testing::TestWithParam<const char*> {
 protected:
  // True where the changed file could be used all the same.
  bool survives(const Weights& weights, const std::string& name, const Change& change,
                const std::string& what) {
    const auto changed = try_rewritten(weights, [&](NamedTensor tensor) -> std::optional<NamedTensor> {
      if (tensor.first != name) return tensor;
      const auto values = change(tensor.second);
      return values ? std::optional(NamedTensor(name, *values)) : std::nullopt;
    });
    if (!changed) {
      expect_of_the_file(changed.error(), what);
      return false;
    }
    Parts parts = parts_;
    if ((*changed)->part() != weights.part()) return false;  // refused by whoever opens a model
    parts.of(weights.part()) = *changed;
    try {
      const auto used = use(parts, weights.part());
      if (!used) expect_of_the_file(used.error(), what);
      return used.has_value();
    } catch (const std::exception&) {
      return false;  // c10::Error, as the headers say
    }
  }

  const c10::InferenceMode inference_;
  const Parts parts_;
};

// Blocks behind the first are as the first.
bool is_repeated(std::string_view name) {
  const size_t list = name.find("blocks.");
  return list != std::string_view::npos && name.compare(list + 7, 2, "0.") != 0;
}

// Each change meets every eighth tensor.
TEST_P(HostileWeights, ATensorMayHaveAnyShape) {
  const auto weights = opened(GetParam());
  ASSERT_TRUE(survives(*weights, "none", {}, "as it is"));
  size_t tried = 0, refused = 0;
  for (const std::string_view name : weights->names()) {
    if (is_repeated(name)) continue;
    const auto& [how, change] = changes()[tried++ % changes().size()];
    if (!survives(*weights, std::string(name), change, std::string(name) + " " + how)) ++refused;
  }
  EXPECT_GT(tried, changes().size());
  EXPECT_GT(refused, tried / 3);
}

INSTANTIATE_TEST_SUITE_P(Networks, HostileWeights,
                         testing::Values("vace_weights.safetensors", "t5_weights.safetensors",
                                         "vae_diffusers_weights.safetensors", "taehv_weights.safetensors"),
                         [](const auto& test) {
                           const std::string name = test.param;
                           return name.substr(0, name.find('.'));
                         });

}  // namespace
}  // namespace troupe::engine::wan
