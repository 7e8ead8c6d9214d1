#include <algorithm>
#include <charconv>

#include "api/native/carrying.h"
#include "api/native/printing.h"
#include "core/spec_json.h"
#include "core/tag.h"

namespace troupe::api::native {
namespace {

constexpr int kRoundsMax = 512;  // more than a request of the largest size has things to change

constexpr std::string_view kFallbackModels = "/fallback_models";

/// Mends the first violation that can be. False: none can.
bool mend_one(Carrying& carrying, const std::vector<catalog::Violation>& violations) {
  return std::any_of(violations.begin(), violations.end(), [&](const catalog::Violation& violation) {
    // Theirs have the codes of the model's own.
    if (violation.field.starts_with(kFallbackModels)) return mend_fallbacks(carrying, violation);
    return mend_inputs(carrying, violation) || mend_times(carrying, violation) ||
           mend_settings(carrying, violation);
  });
}

/// The references that are in `now` as they were.
std::vector<std::string> kept_references(const GenerationSpec& was, const GenerationSpec& now) {
  std::vector<std::string> tags;
  size_t next = 0;
  for (size_t i = 0; i < was.references.size() && next < now.references.size(); ++i) {
    if (was.references[i] != now.references[next]) continue;
    tags.push_back("@" + default_name(was.references, static_cast<int>(i)));
    ++next;
  }
  return tags;
}

std::vector<std::string> kept_settings(const GenerationSpec& was, const GenerationSpec& now) {
  std::vector<std::string> words;
  const auto keep = [&](const auto& before, const auto& after, const auto& print_it) {
    if (before && before == after) words.push_back(print_it(*before));
  };
  keep(was.duration, now.duration, [](MediaTime time) { return print_seconds(time) + " s"; });
  keep(was.aspect_ratio, now.aspect_ratio, [](AspectRatio ratio) { return print(ratio); });
  keep(was.resolution, now.resolution, [](const Resolution& resolution) { return print(resolution); });
  keep(was.fps, now.fps, [](FrameRate rate) { return print_frame_rate(rate) + " frames a second"; });
  keep(was.audio, now.audio, [](bool on) { return std::string(on ? "sound" : "no sound"); });
  keep(was.seed, now.seed, [](uint64_t seed) { return "seed " + std::to_string(seed); });
  if (was.count > 1 && was.count == now.count) words.push_back(std::to_string(was.count) + " takes");
  if (!was.negative_prompt.empty() && was.negative_prompt == now.negative_prompt)
    words.push_back("the negative prompt");
  return words;
}

std::vector<std::string> kept_things(const GenerationSpec& was, const GenerationSpec& now) {
  std::vector<std::string> kept;
  const auto say = [&](bool same, const std::string& what) {
    if (same) kept.push_back(what + ".");
  };
  say(!was.prompt.empty() && was.prompt == now.prompt, "The prompt");
  say(!was.shots.empty() && was.shots == now.shots, "The shots with their durations");
  const auto tags = kept_references(was, now);
  say(!tags.empty(), "The references " + listed(tags));
  say(was.first_frame && was.first_frame == now.first_frame, "The first frame");
  say(was.last_frame && was.last_frame == now.last_frame, "The last frame");
  say(was.extend && was.extend == now.extend, "The clip to extend");
  say(!now.fallback_models.empty() && was.fallback_models == now.fallback_models, "The fallback models");
  const auto settings = kept_settings(was, now);
  say(!settings.empty(), "Settings: " + listed(settings));
  return kept;
}

}  // namespace

bool mend_fallbacks(Carrying& carrying, const catalog::Violation& violation) {
  std::vector<std::string>& names = carrying.spec.fallback_models;
  if (names.empty()) return false;
  size_t index = names.size();
  const size_t begin = kFallbackModels.size() + 1;
  if (violation.field.size() > begin)
    std::from_chars(violation.field.data() + begin, violation.field.data() + violation.field.size(), index);
  const bool one = index < names.size();
  carrying.dropped.push_back("The fallback " + (one ? names[index] : listed(names)) +
                             " is left out: " + reason(violation));
  if (one)
    names.erase(names.begin() + static_cast<std::ptrdiff_t>(index));
  else
    names.clear();
  return true;
}

std::string reason(const catalog::Violation& violation) {
  const size_t semicolon = violation.rule.find(';');
  return semicolon == std::string::npos ? violation.rule : violation.rule.substr(0, semicolon) + ".";
}

std::string listed(const std::vector<std::string>& words) {
  std::string text;
  for (size_t i = 0; i < words.size(); ++i)
    text += (i == 0 ? "" : i + 1 == words.size() ? " and " : ", ") + words[i];
  return text;
}

CarryOver carry_over(const catalog::Catalog& catalog, const GenerationSpec& spec,
                     const catalog::Model& model) {
  Carrying carrying{model, spec};
  carrying.spec.model = model.id;
  auto violations = catalog.check(carrying.spec, model);
  for (int round = 0; round < kRoundsMax && mend_one(carrying, violations); ++round)
    violations = catalog.check(carrying.spec, model);
  CarryOver carried{std::move(carrying.spec),
                    {},
                    std::move(carrying.changed),
                    std::move(carrying.dropped),
                    std::move(violations)};
  carried.kept = kept_things(spec, carried.spec);
  return carried;
}

Json carry_over_json(const CarryOver& carried) {
  return {{"model", carried.spec.model},
          {"kept", carried.kept},
          {"changed", carried.changed},
          {"dropped", carried.dropped},
          {"violations", all_of(std::span(carried.violations), violation_json)},
          {"spec", object_or_null(print_spec(carried.spec))}};
}

std::string print_carry_over(const CarryOver& carried) { return print_answer(carry_over_json(carried)); }

}  // namespace troupe::api::native
