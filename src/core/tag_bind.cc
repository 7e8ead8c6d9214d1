#include <algorithm>

#include "base/utf8.h"
#include "core/look_alike.h"
#include "core/reference_table.h"
#include "core/short_text.h"
#include "core/shot_lines.h"
#include "core/tag.h"
#include "core/tag_scan.h"

namespace troupe {
namespace {

constexpr size_t kKnownTagsShown = 8;

// A prompt as the user wrote it: where errors in it are reported.
struct Source {
  std::string_view text;
  std::string field;
};

class Binder {
 public:
  explicit Binder(const GenerationSpec& spec) : spec_(spec), table_(spec.references) {}

  BindResult run() && {
    if (spec_.references.size() > static_cast<size_t>(kReferencesMax)) {
      report({ErrorCode::over_limit, "more than " + std::to_string(kReferencesMax) + " references",
              "/references"});
      return std::move(result_);
    }
    for (Error& error : table_.check_names()) report(std::move(error));
    if (spec_.shots.empty()) {
      bind_prompt();
    } else {
      bind_shots();
    }
    result_.prompt.binds_all = !mentioned_;
    return std::move(result_);
  }

 private:
  void report(Error error) {
    if (result_.errors.size() < kBindErrorsMax) result_.errors.push_back(std::move(error));
  }

  void bind_shots() {
    if (!trim(spec_.prompt).empty()) {
      report({ErrorCode::invalid_argument,
              "give a prompt or shots, not both: put the text into the shots' prompts", "/prompt"});
    }
    if (spec_.shots.size() > static_cast<size_t>(kShotsMax)) return report(too_many_shots("/shots"));
    for (size_t i = 0; i < spec_.shots.size(); ++i) {
      const Source source{spec_.shots[i].prompt, "/shots/" + std::to_string(i) + "/prompt"};
      BoundShot shot{{}, spec_.shots[i].duration};
      if (readable(source)) {
        shot.parts = bind_text(source.text, source, [](size_t offset) { return offset; });
      }
      result_.prompt.shots.push_back(std::move(shot));
    }
  }

  void bind_prompt() {
    const Source source{spec_.prompt, "/prompt"};
    if (!readable(source)) return result_.prompt.shots.push_back({});
    const ShotLines lines = find_shot_lines(source.text);
    if (lines.too_many) report(too_many_shots(source.field));
    if (lines.shots.empty()) {
      result_.prompt.shots.push_back(
          {bind_text(source.text, source, [](size_t offset) { return offset; }), {}});
    }
    for (size_t i = 0; i < lines.shots.size(); ++i) {
      if (lines.shots[i].duration_error)
        report(located(*lines.shots[i].duration_error, source, lines.shots[i].head));
      const std::string text = shot_prompt(source.text, lines, i);
      auto parts = bind_text(text, source, [&](size_t offset) { return offset_in_prompt(lines, i, offset); });
      result_.prompt.shots.push_back({std::move(parts), lines.shots[i].duration});
    }
  }

  // False, with the reason reported, if the prompt cannot be scanned at all.
  bool readable(const Source& source) {
    if (source.text.size() > kPromptBytesMax) {
      report({ErrorCode::over_limit,
              "the prompt has " + std::to_string(source.text.size()) + " bytes; at most " +
                  std::to_string(kPromptBytesMax) + " are allowed",
              source.field});
      return false;
    }
    if (!is_utf8(source.text)) {
      report({ErrorCode::invalid_argument, "the prompt is not valid UTF-8: send it as UTF-8", source.field});
      return false;
    }
    return true;
  }

  static Error too_many_shots(std::string field) {
    return {ErrorCode::over_limit, "more than " + std::to_string(kShotsMax) + " shots", std::move(field)};
  }

  static Error located(const Error& error, const Source& source, size_t offset) {
    return {error.code, "at character " + position(source, offset) + ": " + error.message, source.field};
  }

  static std::string position(const Source& source, size_t offset) {
    return std::to_string(utf8_length(source.text.substr(0, offset)) + 1);
  }

  // Splits `text` at its tags. `in_source` maps an offset in it to the user's own prompt.
  template <class InSource>
  std::vector<PromptPart> bind_text(std::string_view text, const Source& source, InSource in_source) {
    std::vector<PromptPart> parts;
    size_t done = 0;
    for (const TagToken& token : scan_tags(text, table_)) {
      const std::string_view words = text.substr(token.offset, token.length);
      const std::optional<int> reference = resolve(token, words);
      if (!reference) {
        const bool full = result_.errors.size() >= kBindErrorsMax;
        if (!token.doubtful && !full) report_once(unbound(token, words, source, in_source(token.offset)));
        continue;
      }
      if (token.offset > done)
        parts.push_back({std::string(text.substr(done, token.offset - done)), {}, done});
      parts.push_back({std::string(words), reference, token.offset});
      done = token.offset + token.length;
      mentioned_ = true;
    }
    if (done < text.size()) parts.push_back({std::string(text.substr(done)), {}, done});
    return parts;
  }

  std::optional<int> resolve(const TagToken& token, std::string_view words) const {
    if (token.word) return table_.by_number(*token.word, token.number);
    return words.starts_with('@') ? table_.by_name(words.substr(1)) : std::nullopt;
  }

  // A preface is scanned once for every shot that it stands in front of.
  void report_once(Error error) {
    if (std::find(result_.errors.begin(), result_.errors.end(), error) == result_.errors.end())
      report(std::move(error));
  }

  Error unbound(const TagToken& token, std::string_view words, const Source& source, size_t offset) const {
    std::string message = troupe::quoted(words) + " at character " + position(source, offset);
    message += token.word ? past_group(token) : nameless(words);
    return {ErrorCode::invalid_argument, std::move(message), source.field};
  }

  // Why a numbered tag binds nothing.
  std::string past_group(const TagToken& token) const {
    const std::string word(name(*token.word));
    const size_t size = table_.group(*token.word).size();
    if (*token.word == TagWord::audio)
      return " stands for a sound, and requests have no audio references: remove it.";
    if (size == 0) return " binds nothing: the request has no " + word + ". " + known_tags();
    if (token.number < 1 && token.number != kLast)
      return " binds nothing: numbers begin at 1. " + known_tags();
    return " is past the last " + word + ": the request has " + std::to_string(size) + ". " + known_tags();
  }

  // Why a named tag binds nothing: misspelt, or unknown.
  std::string nameless(std::string_view words) const {
    const std::string bare(
        words.substr(0, words.find_last_not_of('>') + 1).substr(words.find_first_not_of("@<")));
    if (const auto near = look_alike(bare, table_.tags()))
      return " is no reference's tag. Did you mean \"@" + *near + "\"?";
    const std::string text = " is no reference's tag. " + known_tags();
    return words.starts_with('@') ? text + " To write it as plain text, leave out the '@'." : text;
  }

  std::string known_tags() const {
    const size_t count = spec_.references.size();
    if (count == 0) return "Attach a reference for it, or remove it.";
    std::string text = "Known tags:";
    for (size_t i = 0; i < std::min(count, kKnownTagsShown); ++i) {
      text += (i == 0 ? " @" : ", @") + default_name(spec_.references, static_cast<int>(i));
    }
    return text + (count > kKnownTagsShown ? ", …" : ".");
  }

  const GenerationSpec& spec_;
  ReferenceTable table_;
  BindResult result_;
  bool mentioned_ = false;
};

}  // namespace

BindResult bind(const GenerationSpec& spec) { return Binder(spec).run(); }

}  // namespace troupe
