#include "base/utf8.h"
#include "catalog/checking.h"
#include "core/short_text.h"
#include "core/tag.h"

namespace troupe::catalog {
namespace {

std::string shot_field(size_t index) { return "/shots/" + std::to_string(index) + "/prompt"; }

/// What later steps may not be given: text that is no text, or too much of it.
bool is_readable(Checking& checking, const std::string& field, const std::string& text) {
  if (text.size() > kPromptBytesMax) {
    checking.add(field, "too_long_prompt",
                 "A prompt may take " + std::to_string(kPromptBytesMax) + " bytes; this one takes " +
                     std::to_string(text.size()) + ".",
                 "Shorten it.");
    return false;
  }
  if (is_utf8(text)) return true;
  checking.add(field, "prompt_not_utf8", "The text is not well-formed UTF-8.", "Send it encoded as UTF-8.");
  return false;
}

bool all_readable(Checking& checking) {
  const GenerationSpec& spec = checking.spec;
  bool readable = is_readable(checking, "/prompt", spec.prompt);
  if (spec.shots.size() > static_cast<size_t>(kShotsMax)) {
    checking.add("/shots", "too_many_shots",
                 "A request may have " + counted(kShotsMax, "shot") + "; this one has " +
                     std::to_string(spec.shots.size()) + ".",
                 "Split it into several requests.");
    return false;
  }
  for (size_t i = 0; i < spec.shots.size(); ++i)
    readable = is_readable(checking, shot_field(i), spec.shots[i].prompt) && readable;
  return is_readable(checking, "/negative_prompt", spec.negative_prompt) && readable;
}

void check_presence(Checking& checking) {
  const GenerationSpec& spec = checking.spec;
  if (!spec.prompt.empty() && !spec.shots.empty())
    checking.add("/prompt", "prompt_and_shots", "A request has either a prompt or shots, not both.",
                 "Move the prompt into the shots, or remove the shots.");
  if (spec.shots.empty() && trim(spec.prompt).empty()) {
    checking.add("/prompt", "prompt_missing", "The request has no prompt.",
                 "Describe what should happen in the video.");
    return;
  }
  for (size_t i = 0; i < checking.shots.size(); ++i)
    if (trim(checking.shots[i].prompt).empty())
      checking.add(spec.shots.empty() ? "/prompt" : shot_field(i), "prompt_missing",
                   "Shot " + std::to_string(i + 1) + " has no prompt.", "Describe what happens in it.");
}

void check_length(Checking& checking) {
  const GenerationSpec& spec = checking.spec;
  const PromptRules& rules = checking.model.prompt;
  size_t length = utf8_length(spec.prompt);
  for (const Shot& shot : spec.shots) length += utf8_length(shot.prompt);
  const std::string field = spec.shots.empty() ? "/prompt" : "/shots";
  const std::string rule = checking.model.name + " takes prompts of " + std::to_string(rules.characters_min) +
                           " to " + std::to_string(rules.characters_max) + " characters; this one has " +
                           std::to_string(length) + ".";
  if (length > 0 && length < static_cast<size_t>(rules.characters_min))
    checking.add(
        field, "too_short_prompt", rule,
        "Add at least " + counted(rules.characters_min - static_cast<int64_t>(length), "character") + ".");
  if (length > static_cast<size_t>(rules.characters_max))
    checking.add(
        field, "too_long_prompt", rule,
        "Remove at least " + counted(static_cast<int64_t>(length) - rules.characters_max, "character") + ".");
}

void check_negative(Checking& checking) {
  const int max = checking.model.prompt.negative_characters_max;
  const size_t length = utf8_length(checking.spec.negative_prompt);
  if (length <= static_cast<size_t>(max)) return;
  if (max == 0) {
    checking.add("/negative_prompt", "negative_prompt_not_supported",
                 checking.model.name + " takes no negative prompt.",
                 checking.or_use("Leave it out", "takes one", [](const Model& other) {
                   return other.prompt.negative_characters_max > 0;
                 }));
    return;
  }
  checking.add("/negative_prompt", "too_long_prompt",
               checking.model.name + " takes negative prompts of at most " + counted(max, "character") +
                   "; this one has " + std::to_string(length) + ".",
               "Shorten it.");
}

void check_tags(Checking& checking) {
  BindResult bound = bind(checking.spec);
  for (const Error& error : bound.errors) {
    const bool of_reference = error.field.rfind("/references", 0) == 0;
    checking.add(error.field, of_reference ? "reference_name" : "tag", error.message, "");
  }
  checking.prompt = std::move(bound.prompt);
}

}  // namespace

void check_prompt(Checking& checking) {
  const GenerationSpec& spec = checking.spec;
  if (!all_readable(checking)) return;
  checking.shots = spec.shots.empty() ? split_shots(spec.prompt) : spec.shots;
  check_presence(checking);
  check_length(checking);
  check_negative(checking);
  const bool one_prompt = spec.prompt.empty() || spec.shots.empty();
  if (one_prompt && spec.references.size() <= static_cast<size_t>(kReferencesMax)) check_tags(checking);
}

}  // namespace troupe::catalog
