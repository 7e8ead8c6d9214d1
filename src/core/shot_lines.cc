#include "core/shot_lines.h"

#include <algorithm>
#include <array>

#include "base/utf8.h"
#include "core/generation_spec.h"
#include "core/reference_name.h"
#include "core/short_text.h"
#include "core/tag.h"

namespace troupe {
namespace {

constexpr size_t kNumberDigitsMax = 3;
constexpr size_t kDetailBytesMax = 64;  // between number and colon
constexpr std::string_view kWideColon = "\uFF1A";
constexpr std::array<std::string_view, 5> kUnits = {"seconds", "second", "secs", "sec", "s"};
constexpr std::array<std::string_view, 3> kDashes = {"-", "\u2013", "\u2014"};

struct Head {
  size_t begin = 0;  ///< with the marks before it
  size_t end = 0;    ///< where the shot's own text begins
  std::optional<MediaTime> duration;
  std::optional<Error> error;
};

// Removes one of `affixes` from the beginning; true if one was there.
template <class Affixes>
bool drop_prefix(std::string_view& text, const Affixes& affixes) {
  for (const std::string_view affix : affixes) {
    if (!text.starts_with(affix)) continue;
    text.remove_prefix(affix.size());
    return true;
  }
  return false;
}

// Milliseconds of "5", "3.5 s", "0:05"; none if the text is something else. `unit` is set if one was written.
std::optional<int64_t> clock_milliseconds(std::string_view text, bool& unit) {
  text = trim(text);
  for (const std::string_view known : kUnits) {
    if (text.size() <= known.size() || !equal_ignoring_case(text.substr(text.size() - known.size()), known))
      continue;
    text = trim(text.substr(0, text.size() - known.size()));
    unit = true;
    break;
  }
  const size_t colon = text.find(':');
  const auto seconds = parse_decimal(colon == std::string_view::npos ? text : text.substr(colon + 1), 3);
  if (!seconds || colon == std::string_view::npos) return seconds;
  const auto minutes = parse_decimal(text.substr(0, colon), 0);
  if (!minutes) return std::nullopt;
  unit = true;
  return *minutes * 60'000 + *seconds;
}

// What a head says of its duration: "5s", or the distance of "0-5s".
std::optional<int64_t> detail_milliseconds(std::string_view text, bool& unit) {
  if (const auto single = clock_milliseconds(text, unit)) return single;
  for (const std::string_view dash : kDashes) {
    const size_t at = text.find(dash);
    if (at == std::string_view::npos) continue;
    const auto from = clock_milliseconds(text.substr(0, at), unit);
    const auto to = clock_milliseconds(text.substr(at + dash.size()), unit);
    if (from && to) return *to - *from;
  }
  return std::nullopt;
}

// Reads a head from the word "Shot" on.
class HeadReader {
 public:
  HeadReader(std::string_view prompt, size_t at) : prompt_(prompt), at_(at) {}

  std::optional<Head> read() {
    if (!word() || !number()) return std::nullopt;
    skip_blanks();
    const size_t detail_begin = at_;
    Head head;
    if (!colon() && !detail(head)) return std::nullopt;
    // Words that say more than a duration belong to the shot.
    head.end = keep_detail_ ? detail_begin : at_;
    return head;
  }

 private:
  std::string_view rest() const { return prompt_.substr(at_); }
  void skip_blanks() {
    while (at_ < prompt_.size() && (prompt_[at_] == ' ' || prompt_[at_] == '\t')) ++at_;
  }

  bool word() {
    for (const std::string_view known : {"shot", "scene"}) {
      if (!equal_ignoring_case(rest().substr(0, known.size()), known)) continue;
      at_ += known.size();
      skip_blanks();
      if (rest().starts_with('#')) ++at_;
      return true;
    }
    return false;
  }

  bool number() {
    const size_t begin = at_;
    while (at_ < prompt_.size() && ascii_digit(prompt_[at_])) ++at_;
    return at_ > begin && at_ - begin <= kNumberDigitsMax;
  }

  // A colon and the marks that close bold or underlined text, which may stand on both sides of it.
  bool colon() {
    const size_t before = at_;
    skip_marks();
    if (rest().starts_with(':')) {
      ++at_;
    } else if (rest().starts_with(kWideColon)) {
      at_ += kWideColon.size();
    } else {
      at_ = before;
      return false;
    }
    skip_marks();
    return true;
  }

  void skip_marks() {
    while (rest().starts_with("**") || rest().starts_with("__")) at_ += 2;
  }

  bool detail(Head& head) {
    const std::string_view text = rest().starts_with('(')   ? bracketed(')')
                                  : rest().starts_with('[') ? bracketed(']')
                                                            : unbracketed();
    if (text.empty()) return false;
    skip_blanks();
    if (!colon()) return false;
    for (size_t begin = 0; begin <= text.size();) {
      const size_t comma = std::min(text.find(',', begin), text.size());
      const std::string_view piece = text.substr(begin, comma - begin);
      bool unit = bracketed_ && piece.size() == text.size();
      const auto milliseconds = detail_milliseconds(piece, unit);
      if (milliseconds && unit) {
        set_duration(head, piece, *milliseconds);
      } else {
        keep_detail_ = true;
      }
      begin = comma + 1;
    }
    return bracketed_ || !keep_detail_;
  }

  static void set_duration(Head& head, std::string_view text, int64_t milliseconds) {
    if (milliseconds > 0 && milliseconds <= kDurationMax.milliseconds) {
      head.duration = MediaTime{milliseconds};
      return;
    }
    head.error =
        make_error(milliseconds > 0 ? ErrorCode::over_limit : ErrorCode::invalid_argument,
                   troupe::quoted(text) + " is not a shot's duration: write seconds above 0, at most " +
                       print_seconds(kDurationMax) + ", like \"Shot 1 (5s):\"");
  }

  std::string_view bracketed(char closing) {
    const std::string_view inside = rest().substr(1, kDetailBytesMax);
    const size_t end = inside.find(closing);
    if (end == std::string_view::npos || inside.substr(0, end).find('\n') != std::string_view::npos)
      return {};
    at_ += end + 2;
    bracketed_ = true;
    return inside.substr(0, end);
  }

  // ", 5 seconds" or "- 5s", up to the colon.
  std::string_view unbracketed() {
    std::string_view text = rest().substr(0, kDetailBytesMax);
    const size_t length = text.size();
    if (!text.starts_with(',') && !drop_prefix(text, kDashes)) return {};
    if (text.starts_with(',')) text.remove_prefix(1);
    const size_t end = std::min(text.find(':'), text.find(kWideColon));
    if (end == std::string_view::npos) return {};
    at_ += length - text.size() + end;
    return text.substr(0, end);
  }

  std::string_view prompt_;
  size_t at_;
  bool bracketed_ = false;
  bool keep_detail_ = false;
};

// Where the marks before a head at `at` begin, if only marks stand between it and the line's beginning.
std::optional<size_t> line_marks_begin(std::string_view prompt, size_t at) {
  size_t begin = at;
  while (begin > 0 && std::string_view(" \t*_#>-").find(prompt[begin - 1]) != std::string_view::npos) --begin;
  if (begin == 0 || prompt[begin - 1] == '\n' || prompt[begin - 1] == '\r') return begin;
  return std::nullopt;
}

std::optional<Head> head_at(std::string_view prompt, size_t at) {
  const char first = prompt[at];
  if (first != 'S' && first != 's') return std::nullopt;
  if (at > 0 && ascii_alnum(prompt[at - 1])) return std::nullopt;
  const auto marks = line_marks_begin(prompt, at);
  if (!marks && first == 's') return std::nullopt;
  auto head = HeadReader(prompt, at).read();
  if (head) head->begin = marks.value_or(at);
  return head;
}

void end_last(ShotLines& lines, std::string_view prompt, size_t end) {
  if (lines.shots.empty()) {
    lines.preface_end = trim(prompt.substr(0, end)).empty() ? 0 : end;
    while (lines.preface_end > 0 && ascii_space(prompt[lines.preface_end - 1])) --lines.preface_end;
    return;
  }
  ShotLine& last = lines.shots.back();
  last.end = std::max(end, last.begin);
  while (last.begin < last.end && ascii_space(prompt[last.begin])) ++last.begin;
  while (last.end > last.begin && ascii_space(prompt[last.end - 1])) --last.end;
}

}  // namespace

ShotLines find_shot_lines(std::string_view prompt) {
  ShotLines lines;
  for (size_t at = 0; at < prompt.size(); ++at) {
    auto head = head_at(prompt, at);
    if (!head) continue;
    if (lines.shots.size() == static_cast<size_t>(kShotsMax)) {
      lines.too_many = true;
      break;
    }
    end_last(lines, prompt, head->begin);
    lines.shots.push_back({head->begin, head->end, head->end, head->duration, std::move(head->error)});
    at = head->end - 1;
  }
  end_last(lines, prompt, prompt.size());
  if (lines.shots.empty()) lines.preface_end = 0;
  return lines;
}

std::string shot_prompt(std::string_view prompt, const ShotLines& lines, size_t index) {
  const ShotLine& shot = lines.shots[index];
  std::string text(prompt.substr(0, lines.preface_end));
  if (!text.empty()) text += ' ';
  return text.append(prompt.substr(shot.begin, shot.end - shot.begin));
}

size_t offset_in_prompt(const ShotLines& lines, size_t index, size_t offset) {
  if (offset < lines.preface_end) return offset;
  const size_t joint = lines.preface_end == 0 ? 0 : 1;
  return lines.shots[index].begin + std::max(offset, lines.preface_end + joint) - lines.preface_end - joint;
}

std::vector<Shot> split_shots(std::string_view prompt) {
  const ShotLines lines = find_shot_lines(prompt);
  if (lines.shots.empty()) return {Shot{std::string(prompt), std::nullopt}};
  std::vector<Shot> shots;
  for (size_t i = 0; i < lines.shots.size(); ++i) {
    shots.push_back({shot_prompt(prompt, lines, i), lines.shots[i].duration});
  }
  return shots;
}

}  // namespace troupe
