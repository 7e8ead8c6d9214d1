#include <algorithm>

#include "catalog/phrases.h"

namespace troupe::catalog {
namespace {

std::string line(std::string_view label, const std::string& text) {
  constexpr size_t kLabelWidth = 14;
  std::string padded(label);
  padded.resize(std::max(kLabelWidth, label.size() + 1), ' ');
  return text.empty() ? "" : "  " + padded + text + "\n";
}

std::string modes_in_words(const Model& model) {
  std::vector<std::string> words;
  for (const Mode mode : model.modes) words.push_back(in_words(mode));
  return any_of_words(words);
}

std::string inputs_in_words(const InputLimits& inputs) {
  std::vector<std::string> words;
  const auto add = [&](int max, std::string_view thing) {
    if (max > 0) words.push_back(counted(max, thing));
  };
  add(inputs.elements_max, "element");
  add(inputs.scenes_max, "scene image");
  add(inputs.images_max, "flat image");
  if (words.empty()) return "";
  std::string text =
      "up to " + any_of_words(words, "and") + ", " + std::to_string(inputs.visuals_max) + " in all";
  if (inputs.elements_with_frame_max < inputs.elements_max)
    text += "; beside a first or last frame " + counted(inputs.elements_with_frame_max, "element");
  return text;
}

std::string exclusive_in_words(const InputLimits& inputs) {
  std::string text;
  for (const auto& groups : inputs.exclusive) {
    std::vector<std::string> words;
    for (const InputGroup group : groups) words.push_back(in_words(group));
    text += (text.empty() ? "one of " : "; one of ") + any_of_words(words, "and");
  }
  return text;
}

std::string pictures_in_words(const ImageRules& rules) {
  std::string text = any_of_words(rules.formats);
  if (rules.side_min > 0) text += ", smaller side at least " + std::to_string(rules.side_min) + " pixels";
  if (rules.side_max) text += ", larger side at most " + std::to_string(*rules.side_max) + " pixels";
  if (rules.bytes_max) text += ", at most " + std::to_string(*rules.bytes_max >> 20) + " MiB";
  if (rules.aspect_min && rules.aspect_max)
    text += ", " + print(*rules.aspect_min) + " to " + print(*rules.aspect_max);
  return text;
}

std::string shots_in_words(const ShotRules& rules) {
  if (rules.max == 1) return "one";
  return "up to " + std::to_string(rules.max) + ", " +
         in_words(DurationRules{{}, rules.min, rules.max_each, rules.step, rules.min}) + " each" +
         (rules.max_alone ? "; a single one at most " + print_seconds(*rules.max_alone) + " s" : "");
}

std::string audio_in_words(const AudioRules& rules) {
  if (rules.support != AudioSupport::optional) return std::string(name(rules.support));
  return rules.fallback ? "optional, on unless turned off" : "optional, off unless asked for";
}

std::string price_in_words(const PriceRule& price) {
  if (!price.published) return "not published. " + price.note;
  const bool free = std::all_of(price.rates.begin(), price.rates.end(),
                                [](const Rate& rate) { return rate.micros_per_second == 0; });
  if (free && price.fees.empty()) return "free";
  std::string text;
  for (const Rate& rate : price.rates) {
    text += (text.empty() ? "" : "; ") + print(Money{rate.micros_per_second, price.currency}) + " a second";
    if (rate.tier) text += " at " + std::to_string(*rate.tier) + "p";
    if (rate.audio) text += *rate.audio ? " with audio" : " without audio";
  }
  for (const Fee& fee : price.fees) {
    const std::string amount =
        fee.micros > 0 ? print(Money{fee.micros, price.currency}) + " a take" : "a fee";
    text += "; " + amount + " for " + fee.name;
    if (!fee.note.empty()) text += ". " + fee.note;
  }
  if (!price.note.empty()) text += " " + price.note;
  return text;
}

}  // namespace

std::string describe(const Model& model) {
  std::string text = model.id + ": " + model.name + " (" + model.vendor + ")\n  " + model.summary + "\n";
  text += line("works from", modes_in_words(model));
  text += line("references", inputs_in_words(model.inputs));
  text += line("not together", exclusive_in_words(model.inputs));
  text += line("pictures", pictures_in_words(model.images));
  text += line("prompt", std::to_string(model.prompt.characters_min) + " to " +
                             std::to_string(model.prompt.characters_max) + " characters");
  text += line("duration", in_words(model.duration) + ", default " + print_seconds(model.duration.fallback));
  text += line("shots", shots_in_words(model.shots));
  text +=
      line("aspect ratio", in_words(model.aspect_ratio) + ", default " + print(model.aspect_ratio.fallback));
  text += line("resolution", in_words(model.resolution) +
                                 (model.resolution.selectable
                                      ? ", default " + std::to_string(model.resolution.fallback) + "p"
                                      : ""));
  text += line("frames/s", in_words(model.fps) + (model.fps.min == model.fps.max
                                                      ? ""
                                                      : ", default " + print_frame_rate(model.fps.fallback)));
  text += line("audio", audio_in_words(model.audio));
  text += line("price", price_in_words(model.price));
  for (const auto& [dialect, aliases] : model.aliases) text += line(dialect, any_of_words(aliases, "and"));
  for (const std::string& note : model.notes) text += line("note", note);
  return text;
}

}  // namespace troupe::catalog
