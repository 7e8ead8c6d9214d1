#include <algorithm>

#include "api/native/carrying.h"
#include "core/short_text.h"
#include "core/tag.h"

namespace troupe::api::native {
namespace {

using catalog::DurationRules;
using catalog::ShotRules;
using catalog::Violation;

bool is_sane(MediaTime time) { return time.milliseconds > 0 && time <= kDurationMax; }

/// The allowed duration nearest to `asked` among those of at least `least` and at most `most`; of two as near
/// the longer; none if there is none.
std::optional<MediaTime> nearest(const DurationRules& rules, MediaTime asked, MediaTime least,
                                 MediaTime most) {
  std::optional<MediaTime> best;
  const auto look = [&](MediaTime candidate) {
    if (candidate < least || candidate > most) return;
    const auto distance = [&](MediaTime time) { return std::abs(time.milliseconds - asked.milliseconds); };
    if (!best || distance(candidate) <= distance(*best)) best = candidate;
  };
  for (const MediaTime choice : rules.choices) look(choice);
  if (!rules.choices.empty()) return best;
  const int64_t step = rules.step.milliseconds, start = rules.min.milliseconds;
  // Rounded inwards from each bound, then the two around what was asked.
  const int64_t low = std::max<int64_t>(0, (least.milliseconds - start + step - 1) / step);
  const int64_t high = (std::min(most, rules.max).milliseconds - start) / step;
  const int64_t below = std::clamp((asked.milliseconds - start) / step, low, std::max(low, high));
  for (const int64_t steps : {below, below + 1})
    if (steps <= high) look({start + steps * step});
  return best;
}

MediaTime sum_of(const std::vector<Shot>& shots) {
  MediaTime sum;
  for (const Shot& shot : shots) sum = sum + shot.duration.value_or(MediaTime{});
  return sum;
}

std::vector<Shot> shots_of(const GenerationSpec& spec) {
  return spec.shots.empty() ? split_shots(spec.prompt) : spec.shots;
}

/// Puts the words of the shots past the `count`-th into that one, with their time.
void join_last(std::vector<Shot>& shots, size_t count) {
  while (shots.size() > count) {
    const Shot last = std::move(shots.back());
    shots.pop_back();
    Shot& into = shots.back();
    const std::string_view words = trim(last.prompt);
    into.prompt = std::string(trim(into.prompt)) + (words.empty() ? "" : " ") + std::string(words);
    if (into.duration && last.duration)
      into.duration = *into.duration + *last.duration;
    else
      into.duration.reset();
  }
}

/// Cuts `total` into the shots' times: what they ask for as far as their bounds allow, in whole steps.
/// None where no such cut exists.
std::optional<std::vector<MediaTime>> cut(const ShotRules& rules, const std::vector<MediaTime>& wanted,
                                          MediaTime total) {
  const auto count = static_cast<int64_t>(wanted.size());
  const int64_t min = rules.min.milliseconds, step = rules.step.milliseconds;
  const int64_t free = total.milliseconds - count * min, steps = free / std::max<int64_t>(1, step);
  const int64_t room = (rules.max_each.milliseconds - min) / std::max<int64_t>(1, step);
  if (step < 1 || free < 0 || free % step != 0 || steps > count * room) return std::nullopt;
  int64_t weight = 0;
  for (const MediaTime time : wanted) weight += std::max<int64_t>(0, time.milliseconds - min);
  std::vector<int64_t> parts;
  int64_t left = steps;
  for (const MediaTime time : wanted) {
    const int64_t own = std::max<int64_t>(0, time.milliseconds - min);
    const int64_t part = weight > 0 ? steps * own / weight : steps / count;
    parts.push_back(std::min(part, room));
    left -= parts.back();
  }
  std::vector<MediaTime> times;
  for (int64_t& part : parts) {
    const int64_t more = std::min(left, room - part);
    left -= more;
    times.push_back({min + (part + more) * step});
  }
  return times;
}

/// What each shot would have: what it names, or an equal share of the rest of `total`.
std::vector<MediaTime> wanted_times(const std::vector<Shot>& shots, MediaTime total) {
  const auto open = std::count_if(shots.begin(), shots.end(), [](const Shot& s) { return !s.duration; });
  const int64_t rest = std::max<int64_t>(0, total.milliseconds - sum_of(shots).milliseconds);
  std::vector<MediaTime> times;
  for (const Shot& shot : shots)
    times.push_back(shot.duration.value_or(MediaTime{rest / std::max<int64_t>(1, open)}));
  return times;
}

std::string seconds_text(const std::vector<Shot>& shots) {
  std::vector<std::string> texts;
  for (const Shot& shot : shots) texts.push_back(shot.duration ? print_seconds(*shot.duration) : "?");
  return listed(texts) + " s";
}

/// One shot takes the whole time. A time that nobody named stays the model's choice.
bool fit_single(Carrying& carrying, std::vector<Shot>& shots, MediaTime asked) {
  const MediaTime most = carrying.model.shots.max_alone.value_or(kDurationMax);
  const auto time = nearest(carrying.model.duration, asked, {}, most);
  if (!time) return false;
  if (carrying.spec.duration) carrying.spec.duration = *time;
  if (shots.front().duration) shots.front().duration = *time;
  return true;
}

/// Several shots: a time for the whole that leaves each of them what the model asks, or fewer shots.
bool fit_several(Carrying& carrying, std::vector<Shot>& shots, MediaTime asked) {
  const ShotRules& rules = carrying.model.shots;
  for (; shots.size() > 1; join_last(shots, shots.size() - 1)) {
    const auto count = static_cast<int64_t>(shots.size());
    const auto total = nearest(carrying.model.duration, asked, {count * rules.min.milliseconds},
                               {count * rules.max_each.milliseconds});
    if (!total) continue;
    const auto times = cut(rules, wanted_times(shots, asked), *total);
    if (!times) continue;
    for (size_t i = 0; i < shots.size(); ++i) shots[i].duration = (*times)[i];
    if (carrying.spec.duration) carrying.spec.duration = *total;
    return true;
  }
  return fit_single(carrying, shots, asked);
}

std::string what_changed(const GenerationSpec& was, const std::vector<Shot>& before,
                         const std::vector<Shot>& after, MediaTime now) {
  if (after.size() < before.size())
    return after.size() == 1
               ? "The " + std::to_string(before.size()) + " shots are told as one, one after the other"
               : "The shots from the " + std::to_string(after.size()) + "th on are told as one";
  if (after.size() > 1) return "The shots take " + seconds_text(after);
  const MediaTime then = was.duration.value_or(before.front().duration.value_or(now));
  return "The video takes " + print_seconds(now) + " s instead of " + print_seconds(then) + " s";
}

/// Whether the shots' times can be reckoned with; they always can if parse_spec() made the spec.
bool can_be_fitted(const GenerationSpec& spec, const std::vector<Shot>& shots) {
  const auto sane = [](const Shot& shot) { return !shot.duration || is_sane(*shot.duration); };
  return !shots.empty() && shots.size() <= static_cast<size_t>(kShotsMax) &&
         std::all_of(shots.begin(), shots.end(), sane) && (!spec.duration || is_sane(*spec.duration));
}

/// The time that the whole is to take as the spec has it.
MediaTime asked_time(const Carrying& carrying, const std::vector<Shot>& shots) {
  if (carrying.spec.duration) return *carrying.spec.duration;
  const auto is_open = [](const Shot& shot) { return !shot.duration; };
  const bool open = std::any_of(shots.begin(), shots.end(), is_open);
  return open ? std::max(carrying.model.duration.fallback, sum_of(shots)) : sum_of(shots);
}

bool is_about_times(const std::string& code) {
  return code == "shots_not_supported" || code == "too_many_shots" || code == "duration_not_allowed" ||
         code == "shot_duration_not_allowed";
}

}  // namespace

bool mend_times(Carrying& carrying, const Violation& violation) {
  if (!is_about_times(violation.code)) return false;
  const GenerationSpec was = carrying.spec;
  const std::vector<Shot> before = shots_of(was);
  if (!can_be_fitted(was, before)) return false;
  const MediaTime asked = asked_time(carrying, before);
  std::vector<Shot> shots = before;
  join_last(shots, static_cast<size_t>(carrying.model.shots.max));
  const bool fits =
      shots.size() > 1 ? fit_several(carrying, shots, asked) : fit_single(carrying, shots, asked);
  if (!fits) return false;
  if (!was.shots.empty() || shots != before) {
    carrying.spec.shots = shots;
    carrying.spec.prompt.clear();
  }
  if (carrying.spec == was) return false;
  const MediaTime now = carrying.spec.duration.value_or(sum_of(shots));
  carrying.changed.push_back(what_changed(was, before, shots, now) + ": " + reason(violation));
  return true;
}

}  // namespace troupe::api::native
