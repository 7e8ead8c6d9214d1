#include "core/reference_table.h"

#include <algorithm>
#include <array>

#include "core/reference_name.h"
#include "core/short_text.h"
#include "core/tag.h"

namespace troupe {
namespace {

constexpr std::array<TagWord, 6> kWords = {TagWord::element,   TagWord::image,     TagWord::video,
                                           TagWord::character, TagWord::reference, TagWord::audio};
constexpr std::array<std::string_view, 4> kSeparators = {" ", "\u00A0", "_", "-"};
constexpr int kNumberMax = 1'000'000'000;

template <class Keep>
std::vector<int> indices(const std::vector<Reference>& references, Keep keep) {
  std::vector<int> kept;
  for (size_t i = 0; i < references.size(); ++i) {
    if (keep(references[i])) kept.push_back(static_cast<int>(i));
  }
  return kept;
}

// What "image" or "video" counts: elements only where nothing else of that medium is attached, so that a list
// of elements can be used like a flat list of pictures.
std::vector<int> medium_indices(const std::vector<Reference>& references, bool clips) {
  const auto flat = indices(references, [clips](const Reference& r) {
    return r.kind != ReferenceKind::element && is_clip(r) == clips;
  });
  if (!flat.empty()) return flat;
  return indices(references, [clips](const Reference& r) { return is_clip(r) == clips; });
}

std::vector<std::string> numbered(std::string_view word, size_t count) {
  std::vector<std::string> tags;
  for (size_t i = 1; i <= count; ++i) tags.push_back(std::string(word) + std::to_string(i));
  return tags;
}

}  // namespace

std::string_view name(TagWord word) {
  switch (word) {
    case TagWord::element:
      return "element";
    case TagWord::image:
      return "image";
    case TagWord::video:
      return "video";
    case TagWord::character:
      return "character";
    case TagWord::reference:
      return "reference";
    case TagWord::audio:
      return "audio";
  }
  return "reference";
}

ReferenceTable::ReferenceTable(const std::vector<Reference>& references)
    : references_(references),
      all_(indices(references, [](const Reference&) { return true; })),
      elements_(indices(references, [](const Reference& r) { return r.kind == ReferenceKind::element; })),
      images_(medium_indices(references, false)),
      videos_(medium_indices(references, true)) {
  for (const Reference& reference : references) {
    if (!reference.name.empty()) tags_.push_back(reference.name);
  }
  for (const auto& tags : {numbered("Element", elements_.size()), numbered("Image", images_.size()),
                           numbered("Video", videos_.size()), numbered("character", all_.size())}) {
    tags_.insert(tags_.end(), tags.begin(), tags.end());
  }
}

std::optional<int> ReferenceTable::by_name(std::string_view name) const {
  for (const int index : all_) {
    const std::string& own = references_[static_cast<size_t>(index)].name;
    if (!own.empty() && equal_ignoring_case(own, name)) return index;
  }
  return std::nullopt;
}

const std::vector<int>& ReferenceTable::group(TagWord word) const {
  switch (word) {
    case TagWord::element:
      return elements_;
    case TagWord::image:
      return images_;
    case TagWord::video:
      return videos_;
    case TagWord::character:
    case TagWord::reference:
      return all_;
    case TagWord::audio:
      return none_;
  }
  return none_;
}

std::optional<int> ReferenceTable::by_number(TagWord word, int number) const {
  const std::vector<int>& members = group(word);
  if (members.empty()) return std::nullopt;
  if (number == kLast) return members.back();
  if (number < 1 || static_cast<size_t>(number) > members.size()) return std::nullopt;
  return members[static_cast<size_t>(number) - 1];
}

std::vector<Error> ReferenceTable::check_names() const {
  std::vector<Error> errors;
  for (const int index : all_) {
    auto error = check_name_of(index);
    if (!error) continue;
    error->field = "/references/" + std::to_string(index) + "/name";
    errors.push_back(*std::move(error));
  }
  return errors;
}

std::optional<Error> ReferenceTable::check_name_of(int index) const {
  const std::string& own = references_[static_cast<size_t>(index)].name;
  if (own.empty()) return std::nullopt;
  if (const auto valid = check_name(own); !valid) return valid.error();
  const auto clash = [&](int other) {
    return make_error(ErrorCode::invalid_argument,
                      "\"@" + own + "\" would stand for two references, this one and /references/" +
                          std::to_string(other) + ": give one of them another name");
  };
  if (const auto first = by_name(own); *first != index) return clash(*first);
  // A name that reads as a numbered tag may only repeat what that tag says anyway.
  const auto number = numbered_word(own);
  if (!number || number->length != own.size()) return std::nullopt;
  const auto other = by_number(number->word, number->number);
  if (other && *other != index) return clash(*other);
  return std::nullopt;
}

std::optional<NumberedWord> numbered_word(std::string_view text) {
  for (const TagWord word : kWords) {
    const std::string_view spelled = name(word);
    if (text.size() <= spelled.size() || !equal_ignoring_case(text.substr(0, spelled.size()), spelled))
      continue;
    size_t at = spelled.size();
    for (const std::string_view separator : kSeparators) {
      if (!text.substr(at).starts_with(separator)) continue;
      at += separator.size();
      break;
    }
    const bool spaced = at != spelled.size();
    const size_t digits_begin = at;
    int number = 0;
    for (; at < text.size() && ascii_digit(text[at]); ++at) {
      number = static_cast<int>(std::min<int64_t>(kNumberMax, int64_t{number} * 10 + (text[at] - '0')));
    }
    if (at == digits_begin) return std::nullopt;
    return NumberedWord{word, number, at, spaced};
  }
  return std::nullopt;
}

std::string default_name(const std::vector<Reference>& references, int index) {
  const Reference& reference = references[static_cast<size_t>(index)];
  if (!reference.name.empty()) return reference.name;
  const bool element = reference.kind == ReferenceKind::element;
  const TagWord word = element ? TagWord::element : is_clip(reference) ? TagWord::video : TagWord::image;
  const ReferenceTable table(references);
  const std::vector<int>& members = table.group(word);
  const auto place = std::find(members.begin(), members.end(), index) - members.begin();
  return std::string(name(word)) + std::to_string(place + 1);
}

}  // namespace troupe
