#include "catalog/model_reader.h"

#include <array>

namespace troupe::catalog {
namespace {

constexpr std::array kEngines{EngineKind::stage, EngineKind::wan, EngineKind::upstream};
constexpr std::array kModes{Mode::text, Mode::first_frame, Mode::references, Mode::extend};
constexpr std::array kGroups{InputGroup::frames, InputGroup::references, InputGroup::extend};
constexpr std::array kLastFrames{LastFrame::none, LastFrame::with_first, LastFrame::alone};
constexpr std::array kAudio{AudioSupport::none, AudioSupport::optional, AudioSupport::always};

constexpr int kPixelsMax = 100'000;
constexpr int kCharactersMax = 20'000;
constexpr int kCountMax = 64;

template <class Enum, size_t N>
std::span<const Enum> all(const std::array<Enum, N>& values) {
  return values;
}

int read_tier(Reader& reader, const Item& item) {
  const Resolution resolution = reader.parsed(item, parse_resolution);
  if (item && resolution.tier == 0) reader.fail(item.pointer, "must be a tier such as \"720p\"");
  return resolution.tier;
}

FrameSize read_size(Reader& reader, const Item& item) {
  const Resolution resolution = reader.parsed(item, parse_resolution);
  if (item && resolution.tier != 0) reader.fail(item.pointer, "must be a size such as \"1280x720\"");
  return resolution.exact;
}

std::optional<int> read_bound(Reader& reader, const Item& item, int max) {
  if (!item) return std::nullopt;
  return static_cast<int>(reader.integer(item, 1, max));
}

InputLimits read_inputs(Reader& reader, const Item& item) {
  Object object(reader, item);
  InputLimits inputs;
  const auto count = [&](const char* key) { return reader.count(object.need(key), kReferencesMax); };
  inputs.visuals_max = count("visuals_max");
  inputs.visuals_with_clip_max = count("visuals_with_clip_max");
  inputs.elements_max = count("elements_max");
  inputs.elements_with_frame_max = count("elements_with_frame_max");
  inputs.angles_max = reader.count(object.need("angles_max"), kAnglesMax);
  inputs.clips_max = count("clips_max");
  inputs.scenes_max = count("scenes_max");
  inputs.images_max = count("images_max");
  inputs.scenes_and_images_max = count("scenes_and_images_max");
  inputs.last_frame = reader.choice(object.need("last_frame"), all(kLastFrames));
  for (const Item& groups : reader.list(object.need("exclusive"))) {
    auto& list = inputs.exclusive.emplace_back();
    for (const Item& group : reader.list(groups)) list.push_back(reader.choice(group, all(kGroups)));
    if (list.size() < 2) reader.fail(groups.pointer, "must name at least two groups of inputs");
  }
  object.finish();
  return inputs;
}

ImageRules read_images(Reader& reader, const Item& item) {
  Object object(reader, item);
  ImageRules rules;
  for (const Item& format : reader.list(object.need("formats"))) rules.formats.push_back(reader.text(format));
  rules.side_min = read_bound(reader, object.maybe("side_min"), kPixelsMax).value_or(0);
  rules.side_max = read_bound(reader, object.maybe("side_max"), kPixelsMax);
  if (const Item bytes = object.maybe("bytes_max")) rules.bytes_max = reader.integer(bytes, 1, 1LL << 40);
  if (const Item ratio = object.maybe("aspect_min"))
    rules.aspect_min = reader.parsed(ratio, parse_aspect_ratio);
  if (const Item ratio = object.maybe("aspect_max"))
    rules.aspect_max = reader.parsed(ratio, parse_aspect_ratio);
  object.finish();
  return rules;
}

PromptRules read_prompt(Reader& reader, const Item& item) {
  Object object(reader, item);
  PromptRules rules;
  rules.characters_min = static_cast<int>(reader.integer(object.need("characters_min"), 1, kCharactersMax));
  rules.characters_max = static_cast<int>(reader.integer(object.need("characters_max"), 1, kCharactersMax));
  rules.negative_characters_max = reader.count(object.need("negative_characters_max"), kCharactersMax);
  object.finish();
  return rules;
}

DurationRules read_duration(Reader& reader, const Item& item) {
  Object object(reader, item);
  DurationRules rules;
  if (const Item choices = object.maybe("choices")) {
    for (const Item& choice : reader.list(choices)) rules.choices.push_back(reader.seconds(choice));
    if (rules.choices.empty()) reader.fail(choices.pointer, "must name at least one duration");
  } else {
    rules.min = reader.seconds(object.need("min"));
    rules.max = reader.seconds(object.need("max"));
    rules.step = reader.seconds(object.need("step"));
  }
  rules.fallback = reader.seconds(object.need("default"));
  object.finish();
  return rules;
}

ShotRules read_shots(Reader& reader, const Item& item) {
  Object object(reader, item);
  ShotRules rules;
  rules.max = static_cast<int>(reader.integer(object.need("max"), 1, kShotsMax));
  if (rules.max > 1) {
    rules.min = reader.seconds(object.need("min"));
    rules.max_each = reader.seconds(object.need("max_each"));
    rules.step = reader.seconds(object.need("step"));
    if (const Item alone = object.maybe("max_alone")) rules.max_alone = reader.seconds(alone);
  }
  object.finish();
  return rules;
}

AspectRules read_aspect(Reader& reader, const Item& item) {
  Object object(reader, item);
  AspectRules rules;
  if (const Item choices = object.maybe("choices")) {
    for (const Item& choice : reader.list(choices))
      rules.choices.push_back(reader.parsed(choice, parse_aspect_ratio));
    if (rules.choices.empty()) reader.fail(choices.pointer, "must name at least one aspect ratio");
  } else {
    rules.min = reader.parsed(object.need("min"), parse_aspect_ratio);
    rules.max = reader.parsed(object.need("max"), parse_aspect_ratio);
  }
  rules.fallback = reader.parsed(object.need("default"), parse_aspect_ratio);
  object.finish();
  return rules;
}

TierSize read_tier_size(Reader& reader, const Item& item) {
  Object object(reader, item);
  TierSize entry;
  entry.tier = read_tier(reader, object.need("tier"));
  entry.ratio = reader.parsed(object.need("ratio"), parse_aspect_ratio);
  entry.size = read_size(reader, object.need("size"));
  object.finish();
  return entry;
}

ResolutionRules read_resolution(Reader& reader, const Item& item) {
  Object object(reader, item);
  ResolutionRules rules;
  for (const Item& tier : reader.list(object.need("tiers"))) rules.tiers.push_back(read_tier(reader, tier));
  rules.fallback = read_tier(reader, object.need("default"));
  rules.selectable = reader.flag(object.need("selectable"));
  for (const Item& size : reader.list(object.maybe("sizes")))
    rules.sizes.push_back(read_tier_size(reader, size));
  rules.side_min = read_bound(reader, object.maybe("side_min"), kPixelsMax);
  rules.side_max = read_bound(reader, object.maybe("side_max"), kPixelsMax);
  object.finish();
  return rules;
}

FpsRules read_fps(Reader& reader, const Item& item) {
  Object object(reader, item);
  FpsRules rules;
  rules.min = reader.parsed(object.need("min"), parse_frame_rate);
  rules.max = reader.parsed(object.need("max"), parse_frame_rate);
  rules.fallback = reader.parsed(object.need("default"), parse_frame_rate);
  object.finish();
  return rules;
}

AudioRules read_audio(Reader& reader, const Item& item) {
  Object object(reader, item);
  AudioRules rules;
  rules.support = reader.choice(object.need("support"), all(kAudio));
  rules.fallback = reader.flag(object.need("default"));
  object.finish();
  return rules;
}

Rate read_rate(Reader& reader, const Item& item) {
  Object object(reader, item);
  Rate rate;
  if (const Item tier = object.maybe("resolution")) rate.tier = read_tier(reader, tier);
  if (const Item audio = object.maybe("audio")) rate.audio = reader.flag(audio);
  rate.micros_per_second = reader.parsed(object.need("per_second"), parse_micros);
  object.finish();
  return rate;
}

Fee read_fee(Reader& reader, const Item& item) {
  Object object(reader, item);
  Fee fee;
  fee.name = reader.text(object.need("name"));
  fee.micros = reader.parsed(object.need("amount"), parse_micros);
  fee.kept_on_rejection = reader.flag(object.need("kept_on_rejection"));
  if (const Item note = object.maybe("note")) fee.note = reader.text(note);
  object.finish();
  return fee;
}

PriceRule read_price(Reader& reader, const Item& item) {
  Object object(reader, item);
  PriceRule rule;
  const Item currency = object.need("currency");
  const std::string word = reader.text(currency);
  rule.currency = word == "credits" ? Currency::credits : Currency::usd;
  if (currency && word != "usd" && word != "credits")
    reader.fail(currency.pointer, "is none of: usd, credits");
  rule.published = reader.flag(object.need("published"));
  for (const Item& rate : reader.list(object.need("rates"))) rule.rates.push_back(read_rate(reader, rate));
  for (const Item& fee : reader.list(object.need("fees"))) rule.fees.push_back(read_fee(reader, fee));
  if (const Item note = object.maybe("note")) rule.note = reader.text(note);
  object.finish();
  return rule;
}

std::map<std::string, std::vector<std::string>> read_aliases(Reader& reader, const Item& item) {
  std::map<std::string, std::vector<std::string>> aliases;
  if (!item) return aliases;
  if (!item.value->is_object()) {
    reader.fail(item.pointer, "must be an object of dialects");
    return aliases;
  }
  for (const auto& [dialect, names] : item.value->items()) {
    const Item list{&names, item.pointer + "/" + dialect};
    for (const Item& alias : reader.list(list)) aliases[dialect].push_back(reader.text(alias));
    if (aliases[dialect].empty()) reader.fail(list.pointer, "must name at least one alias");
  }
  return aliases;
}

void read_identity(Reader& reader, Object& object, Model& model) {
  model.id = reader.text(object.need("id"));
  model.name = reader.text(object.need("name"));
  model.vendor = reader.text(object.need("vendor"));
  model.family = reader.text(object.need("family"));
  model.summary = reader.text(object.need("summary"));
  model.engine = reader.choice(object.need("engine"), all(kEngines));
  model.aliases = read_aliases(reader, object.need("aliases"));
  for (const Item& note : reader.list(object.need("notes"))) model.notes.push_back(reader.text(note));
}

}  // namespace

Model read_model(Reader& reader, const Item& own, const Item& shared) {
  Object object(reader, own, shared);
  Model model;
  read_identity(reader, object, model);
  for (const Item& mode : reader.list(object.need("modes")))
    model.modes.push_back(reader.choice(mode, all(kModes)));
  model.inputs = read_inputs(reader, object.need("inputs"));
  model.images = read_images(reader, object.need("images"));
  model.prompt = read_prompt(reader, object.need("prompt"));
  model.duration = read_duration(reader, object.need("duration"));
  model.shots = read_shots(reader, object.need("shots"));
  model.shot_type = reader.flag(object.need("shot_type"));
  model.aspect_ratio = read_aspect(reader, object.need("aspect_ratio"));
  model.resolution = read_resolution(reader, object.need("resolution"));
  model.fps = read_fps(reader, object.need("fps"));
  model.audio = read_audio(reader, object.need("audio"));
  model.count_max = static_cast<int>(reader.integer(object.need("count_max"), 1, kCountMax));
  if (const Item seed = object.maybe("seed_max"))
    model.seed_max = static_cast<uint64_t>(reader.integer(seed, 1, INT64_MAX));
  model.price = read_price(reader, object.need("price"));
  object.finish();
  return model;
}

}  // namespace troupe::catalog
