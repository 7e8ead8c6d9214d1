// Whether the figures of one model agree with each other.
#include <algorithm>

#include "catalog/compare.h"
#include "catalog/model_reader.h"

namespace troupe::catalog {
namespace {

/// Collects "this must hold" statements, each with the pointer that it is about.
struct Figures {
  Reader& reader;
  const std::string& pointer;
  void expect(bool holds, const std::string& where, const std::string& message) const {
    if (!holds) reader.fail(pointer + where, message);
  }
};

template <class T>
bool among(const std::vector<T>& list, const T& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

template <class T>
bool all_different(const std::vector<T>& list) {
  for (auto it = list.begin(); it != list.end(); ++it)
    if (std::find(list.begin(), it, *it) != it) return false;
  return true;
}

void check_inputs(const Figures& figures, const Model& model) {
  const InputLimits& inputs = model.inputs;
  const bool takes_references = inputs.elements_max + inputs.scenes_max + inputs.images_max > 0;
  figures.expect(!model.modes.empty() && all_different(model.modes), "/modes",
                 "must name each mode once, and at least one");
  figures.expect(model.has(Mode::references) == takes_references, "/inputs",
                 "must allow references exactly when the modes do");
  figures.expect(model.has(Mode::first_frame) || inputs.last_frame == LastFrame::none, "/inputs/last_frame",
                 "must be \"none\" for a model without the mode first_frame");
  figures.expect(inputs.elements_with_frame_max <= inputs.elements_max, "/inputs/elements_with_frame_max",
                 "must not pass elements_max");
  figures.expect(inputs.visuals_with_clip_max <= inputs.visuals_max, "/inputs/visuals_with_clip_max",
                 "must not pass visuals_max");
  figures.expect(inputs.clips_max <= inputs.elements_max, "/inputs/clips_max", "must not pass elements_max");
  figures.expect(inputs.scenes_and_images_max <= inputs.scenes_max + inputs.images_max,
                 "/inputs/scenes_and_images_max", "must not pass scenes_max + images_max");
  const ImageRules& images = model.images;
  figures.expect(!images.side_max || images.side_min <= *images.side_max, "/images/side_max",
                 "must not be under side_min");
  figures.expect(!images.aspect_min || !images.aspect_max || !wider(*images.aspect_min, *images.aspect_max),
                 "/images/aspect_max", "must not be under aspect_min");
  figures.expect(model.prompt.characters_min <= model.prompt.characters_max, "/prompt/characters_max",
                 "must not be under characters_min");
}

void check_times(const Figures& figures, const Model& model) {
  const DurationRules& duration = model.duration;
  figures.expect(std::is_sorted(duration.choices.begin(), duration.choices.end()), "/duration/choices",
                 "must ascend");
  figures.expect(duration.min <= duration.max, "/duration/max", "must not be under min");
  figures.expect(allowed(duration, duration.fallback), "/duration/default", "must be an allowed duration");
  const ShotRules& shots = model.shots;
  figures.expect(shots.min <= shots.max_each, "/shots/max_each", "must not be under min");
  figures.expect(!shots.max_alone || shots.min <= *shots.max_alone, "/shots/max_alone",
                 "must not be under min");
  figures.expect(shots.max == 1 || duration.choices.empty(), "/shots/max",
                 "must be 1 for a model with a list of durations");
  figures.expect(!faster(model.fps.min, model.fps.max), "/fps/max", "must not be under min");
  figures.expect(!faster(model.fps.min, model.fps.fallback) && !faster(model.fps.fallback, model.fps.max),
                 "/fps/default", "must lie between min and max");
}

void check_pictures(const Figures& figures, const Model& model) {
  const AspectRules& aspect = model.aspect_ratio;
  figures.expect(!aspect.min || !wider(*aspect.min, *aspect.max), "/aspect_ratio/max",
                 "must not be under min");
  figures.expect(allowed(aspect, aspect.fallback), "/aspect_ratio/default", "must be an allowed ratio");
  const ResolutionRules& resolution = model.resolution;
  figures.expect(
      !resolution.tiers.empty() && std::is_sorted(resolution.tiers.begin(), resolution.tiers.end()),
      "/resolution/tiers", "must name at least one tier, ascending");
  figures.expect(among(resolution.tiers, resolution.fallback), "/resolution/default", "must be one of tiers");
  figures.expect(resolution.side_min.has_value() == resolution.side_max.has_value(), "/resolution/side_max",
                 "must stand beside side_min");
  figures.expect(!resolution.side_min || *resolution.side_min <= *resolution.side_max, "/resolution/side_max",
                 "must not be under side_min");
  for (const TierSize& entry : resolution.sizes)
    figures.expect(among(resolution.tiers, entry.tier) && allowed(aspect, entry.ratio), "/resolution/sizes",
                   "must name allowed tiers and ratios only");
  const AudioRules& audio = model.audio;
  figures.expect(
      audio.support == AudioSupport::optional || audio.fallback == (audio.support == AudioSupport::always),
      "/audio/default", "must agree with the support");
}

void check_price(const Figures& figures, const Model& model) {
  const PriceRule& price = model.price;
  figures.expect(price.published || price.rates.empty(), "/price/rates",
                 "must be empty where the price is not published");
  figures.expect(price.published || !price.note.empty(), "/price/note",
                 "must say what is known where the price is not published");
  if (!price.published) return;
  for (const int tier : model.resolution.tiers)
    for (const bool audio : {false, true}) {
      const bool possible = model.audio.support == AudioSupport::optional || audio == model.audio.fallback;
      figures.expect(
          !possible || rate_of(price, tier, audio) != nullptr, "/price/rates",
          "lacks a rate for " + std::to_string(tier) + "p " + (audio ? "with" : "without") + " audio");
    }
}

}  // namespace

void check_figures(Reader& reader, const std::string& pointer, const Model& model) {
  const Figures figures{reader, pointer};
  check_inputs(figures, model);
  check_times(figures, model);
  check_pictures(figures, model);
  check_price(figures, model);
}

}  // namespace troupe::catalog
