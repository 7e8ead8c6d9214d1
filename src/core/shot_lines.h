// Shot lists written inside one prompt: "Shot 1 (5s): … Shot 2 (3s): …".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/media_time.h"

namespace troupe {

/// One shot of a prompt: bytes [begin, end) of it, without white space at both ends.
struct ShotLine {
  size_t head = 0;  ///< where its head ("Shot 1") begins
  size_t begin = 0, end = 0;
  std::optional<MediaTime> duration;
  std::optional<Error> duration_error;  ///< the head names a duration that cannot be
};

struct ShotLines {
  size_t preface_end = 0;       ///< bytes [0, preface_end) go in front of every shot, joined by a space
  std::vector<ShotLine> shots;  ///< empty if the prompt has no shot line; at most kShotsMax
  bool too_many = false;        ///< there were more; the last shot holds the rest
};

/// Finds the shot lines. A head is "Shot" or "Scene", a number, maybe a duration ("(5s)", "[5 sec]",
/// ", 5 seconds", "- 3.5s", "(0:05-0:08)") or words in brackets, and a colon; bold and heading marks around
/// it go with it. It begins a line, or stands anywhere with a capital S. Any bytes may be given.
ShotLines find_shot_lines(std::string_view prompt);

/// The prompt of shots[index], preface included.
std::string shot_prompt(std::string_view prompt, const ShotLines& lines, size_t index);

/// Where byte `offset` of shot_prompt(prompt, lines, index) stands in `prompt`.
size_t offset_in_prompt(const ShotLines& lines, size_t index, size_t offset);

}  // namespace troupe
