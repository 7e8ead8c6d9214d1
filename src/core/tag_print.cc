#include <algorithm>

#include "base/utf8.h"
#include "core/ordinal_phrase.h"
#include "core/reference_name.h"
#include "core/reference_table.h"
#include "core/short_text.h"
#include "core/tag.h"

namespace troupe {
namespace {

// Place of references[index], from 1, among those that `counts` accepts.
template <class Counts>
int place(const std::vector<Reference>& references, int index, Counts counts) {
  return static_cast<int>(std::count_if(references.begin(), references.begin() + index, counts)) + 1;
}

// Word and number for systems that keep elements apart from pictures and clips.
struct Numbered {
  TagWord word;
  int number;
};
Numbered by_kind(const std::vector<Reference>& references, int index) {
  const auto group = [](const Reference& r) {
    return r.kind == ReferenceKind::element ? TagWord::element : is_clip(r) ? TagWord::video : TagWord::image;
  };
  const TagWord own = group(references[static_cast<size_t>(index)]);
  return {own, place(references, index, [&](const Reference& r) { return group(r) == own; })};
}

// Word and number for systems that take one flat list of pictures and one of clips.
Numbered by_medium(const std::vector<Reference>& references, int index) {
  const bool clip = is_clip(references[static_cast<size_t>(index)]);
  const int number = place(references, index, [clip](const Reference& r) { return is_clip(r) == clip; });
  return {clip ? TagWord::video : TagWord::image, number};
}

std::string capital(TagWord word) {
  std::string text(name(word));
  text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

std::string upper(TagWord word) {
  std::string text(name(word));
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return static_cast<char>(c - 'a' + 'A'); });
  return text;
}

std::string written(const std::vector<Reference>& references, int index, TagSpelling spelling) {
  const Numbered kind = by_kind(references, index), medium = by_medium(references, index);
  const std::string kind_number = std::to_string(kind.number), medium_number = std::to_string(medium.number);
  switch (spelling) {
    case TagSpelling::canonical:
      return "@" + default_name(references, index);
    case TagSpelling::kling:
      return "@" + capital(kind.word) + kind_number;
    case TagSpelling::spaced:
      return "@" + capital(medium.word) + " " + medium_number;
    case TagSpelling::character:
      return "character" + std::to_string(index + 1);
    case TagSpelling::wan27:
      return capital(medium.word) + " " + medium_number;
    case TagSpelling::kling_native:
      return "<<<" + std::string(name(kind.word)) + "_" + kind_number + ">>>";
    case TagSpelling::xai:
      return "<" + upper(medium.word) + "_" + medium_number + ">";
    case TagSpelling::gemini:
      return "<" + upper(medium.word) + "_REF_" + std::to_string(medium.number - 1) + ">";
    case TagSpelling::prose:
      return "the " + ordinal(medium.number) + " " + std::string(name(medium.word));
  }
  return "";
}

bool begins_sentence(std::string_view before) {
  const std::string_view text = trim(before);
  return text.empty() || std::string_view(".!?:").find(text.back()) != std::string_view::npos;
}

// What to put between a tag and `next` so that the tag is not read as longer than it is.
std::string_view separator(std::string_view tag, std::string_view next, TagSpelling spelling) {
  if (next.empty()) return "";
  if (tag.back() == '>') return next.front() == '>' ? " " : "";
  const bool glues = is_name_char(code_point_at(next, 0).value);
  // "the first image 2" would be about image 2.
  const std::string_view word = trim(next);
  const bool number = spelling == TagSpelling::prose && !word.empty() && ascii_digit(word.front());
  if (number) return glues ? ", " : ",";
  return glues ? " " : "";
}

// True if `tag`, put straight after `before`, would be read as a part of it.
bool glued(std::string_view before, std::string_view tag) {
  if (before.empty()) return false;
  if (tag.front() == '<') return before.back() == '<';
  // The last byte of another script's letter counts as one: a space too many does no harm.
  const bool word = ascii_alnum(before.back()) || static_cast<unsigned char>(before.back()) >= 0x80;
  return word || std::string_view("@._%+-").find(before.back()) != std::string_view::npos;
}

}  // namespace

std::string print(const BoundShot& shot, const std::vector<Reference>& references, TagSpelling spelling) {
  std::string text;
  std::string_view open_tag;  // the rewritten tag that `text` ends with, if it does
  std::string form;
  bool after_mention = false;
  for (const PromptPart& part : shot.parts) {
    const bool mention = part.reference && static_cast<size_t>(*part.reference) < references.size();
    if (!mention) {
      if (!open_tag.empty()) text += separator(open_tag, part.text, spelling);
      text += part.text;
      open_tag = {};
      after_mention = false;
      continue;
    }
    form = written(references, *part.reference, spelling);
    if (spelling == TagSpelling::prose && begins_sentence(text)) form[0] = 'T';
    const bool as_it_stood = form == part.text;
    if ((!as_it_stood || after_mention) && glued(text, form)) text += ' ';
    text += form;
    open_tag = as_it_stood ? std::string_view() : std::string_view(form);
    after_mention = true;
  }
  return text;
}

}  // namespace troupe
