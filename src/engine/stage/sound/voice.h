// Who speaks, and what may be said: choices made before the speech program runs.
#pragma once

#include <string>
#include <string_view>

namespace troupe::stage {

/// A voice of espeak-ng.
struct Voice {
  std::string variant;  ///< "m3", "f3" …
  int pitch = 50;       ///< 0 … 99
  int words_a_minute = 158;
  bool machine = false;  ///< to be made metallic afterwards
};

/// A voice that fits the noun ("woman", "little boy", "robot", "dog" …; "" or an unknown one: any). Speakers
/// of the same noun get different voices by their index, which may be any number (-1: a voice off).
Voice choose_voice(int voice_index, std::string_view noun);

/// What the speech program is given: malformed bytes, control characters and emoji become spaces, spaces are
/// joined, its own phoneme markup is disarmed, and the text ends at a space before `kSpokenBytesMax`.
/// Empty if nothing in it can be said (no letter or digit in any script).
inline constexpr size_t kSpokenBytesMax = 2000;
std::string speakable(std::string_view text);

/// The language that the script of `text` suggests, as espeak-ng names it; "en-us" for Latin letters.
std::string_view language_of(std::string_view text);

}  // namespace troupe::stage
