#include "catalog/phrases.h"

namespace troupe::catalog {
namespace {

std::string step_in_words(MediaTime step) {
  if (step == seconds(1)) return " in whole seconds";
  if (step.milliseconds <= 1) return "";
  return " in steps of " + print_seconds(step) + " s";
}

}  // namespace

std::string any_of_words(const std::vector<std::string>& words, std::string_view conjunction) {
  std::string text;
  for (size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " " + std::string(conjunction) + " " : ", ";
    text += words[i];
  }
  return text;
}

std::string counted(int64_t count, std::string_view thing) {
  return std::to_string(count) + " " + std::string(thing) + (count == 1 ? "" : "s");
}

std::string in_words(const DurationRules& rules) {
  if (rules.choices.empty())
    return print_seconds(rules.min) + " to " + print_seconds(rules.max) + " s" + step_in_words(rules.step);
  std::vector<std::string> words;
  for (const MediaTime choice : rules.choices) words.push_back(print_seconds(choice));
  return any_of_words(words) + " s";
}

std::string in_words(const AspectRules& rules) {
  if (rules.choices.empty()) return "anything from " + print(*rules.min) + " to " + print(*rules.max);
  std::vector<std::string> words;
  for (const AspectRatio choice : rules.choices) words.push_back(print(choice));
  return any_of_words(words);
}

std::string in_words(const ResolutionRules& rules) {
  if (!rules.selectable) return std::to_string(rules.fallback) + "p only";
  std::vector<std::string> words;
  for (const int tier : rules.tiers) words.push_back(std::to_string(tier) + "p");
  if (rules.side_min)
    words.push_back("an even size with sides of " + std::to_string(*rules.side_min) + " to " +
                    std::to_string(*rules.side_max));
  return any_of_words(words);
}

std::string in_words(const FpsRules& rules) {
  if (rules.min == rules.max) return print_frame_rate(rules.min);
  return print_frame_rate(rules.min) + " to " + print_frame_rate(rules.max);
}

std::string in_words(InputGroup group) {
  switch (group) {
    case InputGroup::frames:
      return "a first or last frame";
    case InputGroup::references:
      return "references";
    case InputGroup::extend:
      return "a clip to extend";
  }
  return "references";
}

std::string in_words(Mode mode) {
  switch (mode) {
    case Mode::text:
      return "text alone";
    case Mode::first_frame:
      return "a first frame";
    case Mode::references:
      return "references";
    case Mode::extend:
      return "a clip to extend";
  }
  return "text alone";
}

}  // namespace troupe::catalog
