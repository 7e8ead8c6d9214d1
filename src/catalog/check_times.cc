#include <algorithm>

#include "catalog/checking.h"
#include "catalog/compare.h"

namespace troupe::catalog {
namespace {

std::string shot_field(const GenerationSpec& spec, size_t index) {
  return spec.shots.empty() ? "/prompt" : "/shots/" + std::to_string(index) + "/duration";
}

bool is_sane(MediaTime duration) { return duration.milliseconds > 0 && duration <= kDurationMax; }

/// The allowed duration that is closest to what was asked, as a fix without its full stop.
std::string closest(const DurationRules& rules, MediaTime asked) {
  const MediaTime above = at_least(rules, asked).value_or(longest(rules));
  MediaTime below = above;
  for (const MediaTime choice : rules.choices)
    if (choice <= asked) below = choice;
  if (rules.choices.empty() && above > asked && above > rules.min)
    below = {above.milliseconds - rules.step.milliseconds};
  const bool down = asked.milliseconds - below.milliseconds < above.milliseconds - asked.milliseconds;
  return "Use " + print_seconds(down ? below : above);
}

/// Durations that no model could mean. After one of them nothing is summed up.
bool all_sane(Checking& checking) {
  bool sane = true;
  const auto look = [&](const std::optional<MediaTime>& duration, const std::string& field) {
    if (!duration || is_sane(*duration)) return;
    sane = false;
    checking.add(field, "duration_not_allowed",
                 "A duration must be more than 0 and at most " + print_seconds(kDurationMax) + " s.",
                 checking.model.name + " makes " + in_words(checking.model.duration) + ".");
  };
  look(checking.spec.duration, "/duration");
  for (size_t i = 0; i < checking.shots.size(); ++i)
    look(checking.shots[i].duration, shot_field(checking.spec, i));
  return sane;
}

void check_shot_count(Checking& checking) {
  const int max = checking.model.shots.max;
  const auto count = static_cast<int64_t>(checking.shots.size());
  if (count <= max) return;
  const std::string field = checking.spec.shots.empty() ? "/prompt" : "/shots";
  const auto fits = [&](const Model& other) { return other.shots.max >= count; };
  if (max == 1)
    checking.add(field, "shots_not_supported",
                 checking.model.name + " makes a single shot; the request has " + std::to_string(count) + ".",
                 checking.or_use("Describe one shot", "makes that many", fits));
  else
    checking.add(field, "too_many_shots",
                 checking.model.name + " makes at most " + counted(max, "shot") + "; the request has " +
                     std::to_string(count) + ".",
                 checking.or_use("Remove " + counted(count - max, "shot"), "makes that many", fits));
}

/// One shot of several against the bounds of a shot.
void check_shot(Checking& checking, size_t index, MediaTime duration, bool given) {
  const ShotRules& rules = checking.model.shots;
  const bool in_steps = (duration.milliseconds - rules.min.milliseconds) % rules.step.milliseconds == 0;
  if (duration >= rules.min && duration <= rules.max_each && (in_steps || !given)) return;
  const DurationRules bounds{{}, rules.min, rules.max_each, rules.step, rules.min};
  checking.add(
      shot_field(checking.spec, index), "shot_duration_not_allowed",
      "A shot of " + checking.model.name + " takes " + in_words(bounds) + "; shot " +
          std::to_string(index + 1) + (given ? " is to take " : " is left with ") + print_seconds(duration) +
          " s.",
      given ? closest(bounds, duration) + "." : "Give the video more time, or the other shots less.");
}

struct Asked {
  MediaTime given;  ///< sum of the durations that shots name
  int open = 0;     ///< shots that name none
};

Asked asked_by(const std::vector<Shot>& shots) {
  Asked asked;
  for (const Shot& shot : shots) {
    if (shot.duration) asked.given = asked.given + *shot.duration;
    asked.open += !shot.duration;
  }
  return asked;
}

/// The duration of the whole: as asked, or the sum of the shots, or the default, lengthened where the open
/// shots would otherwise get less than a shot's least.
MediaTime total_of(const Checking& checking, const Asked& asked) {
  if (checking.spec.duration) return *checking.spec.duration;
  if (asked.open == 0) return asked.given;
  const DurationRules& rules = checking.model.duration;
  const MediaTime least{asked.given.milliseconds + asked.open * checking.model.shots.min.milliseconds};
  return at_least(rules, std::max(rules.fallback, least)).value_or(least);
}

std::string total_field(const Checking& checking) {
  if (checking.spec.duration) return "/duration";
  if (checking.shots.size() == 1 || checking.spec.shots.empty()) return shot_field(checking.spec, 0);
  return "/shots";
}

void check_total(Checking& checking, const Asked& asked, MediaTime total) {
  if (asked.open == 0 && total != asked.given)
    checking.add("/duration", "durations_disagree",
                 "The shots take " + print_seconds(asked.given) + " s together, but the request asks for " +
                     print_seconds(total) + " s.",
                 "Ask for " + print_seconds(asked.given) + ", or leave the duration out.");
  const DurationRules& rules = checking.model.duration;
  if (allowed(rules, total)) return;
  const bool by_shots = checking.shots.size() > 1 && !checking.spec.duration;
  checking.add(total_field(checking), "duration_not_allowed",
               checking.model.name + " makes " + in_words(rules) + "; " +
                   (by_shots ? "the shots take " : "the request asks for ") + print_seconds(total) + " s" +
                   (by_shots ? " together." : "."),
               checking.or_use(closest(rules, total) + (by_shots ? " in all" : ""),
                               "makes " + print_seconds(total) + " s",
                               [&](const Model& other) { return allowed(other.duration, total); }));
}

/// The only shot of a take, where a model makes longer takes of several shots only.
void check_alone(Checking& checking, MediaTime total) {
  const std::optional<MediaTime>& most = checking.model.shots.max_alone;
  if (!most || total <= *most || checking.shots.size() != 1) return;
  checking.add(total_field(checking), "duration_not_allowed",
               "A single shot of " + checking.model.name + " takes at most " + print_seconds(*most) +
                   " s; the request asks for " + print_seconds(total) + " s.",
               "Use " + print_seconds(*most) + ", or describe shots of at most " +
                   print_seconds(checking.model.shots.max_each) + " s each.");
}

/// Divides what the named shots leave among the others: equally, in whole steps where the rest allows it.
std::vector<MediaTime> divide(const Checking& checking, const Asked& asked, MediaTime total) {
  const int64_t rest = std::max<int64_t>(0, total.milliseconds - asked.given.milliseconds);
  const int64_t step = std::max<int64_t>(1, checking.model.shots.step.milliseconds);
  const int64_t unit = rest % step == 0 ? step : 1;
  const auto cut = [&](int64_t part) {
    return (rest / unit * part * 2 + asked.open) / (2 * asked.open) * unit;
  };
  std::vector<MediaTime> durations;
  int64_t part = 0;
  for (const Shot& shot : checking.shots) {
    if (shot.duration) {
      durations.push_back(*shot.duration);
      continue;
    }
    durations.push_back({cut(part + 1) - cut(part)});
    ++part;
  }
  return durations;
}

}  // namespace

void check_times(Checking& checking) {
  if (checking.shots.empty() || checking.shots.size() > static_cast<size_t>(kShotsMax)) return;
  const size_t violations_before = checking.violations.size();
  check_shot_count(checking);
  if (!all_sane(checking)) return;
  const Asked asked = asked_by(checking.shots);
  const MediaTime total = total_of(checking, asked);
  check_total(checking, asked, total);
  check_alone(checking, total);
  const auto durations = divide(checking, asked, total);
  if (durations.size() > 1 && checking.model.shots.max > 1)
    for (size_t i = 0; i < durations.size(); ++i)
      check_shot(checking, i, durations[i], checking.shots[i].duration.has_value());
  if (checking.violations.size() == violations_before) checking.times = Times{total, durations};
}

std::vector<int64_t> shot_frames(const std::vector<MediaTime>& durations, FrameRate fps) {
  std::vector<int64_t> frames;
  MediaTime end;
  for (const MediaTime duration : durations) {
    const int64_t start_frame = frame_count(end, fps);
    end = end + duration;
    frames.push_back(frame_count(end, fps) - start_frame);
  }
  return frames;
}

}  // namespace troupe::catalog
