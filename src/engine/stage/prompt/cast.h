// Who is in a shot, and what each does there.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/stage/prompt/reading.h"

namespace troupe::stage::prompt {

/// Something said of an actor, in the order of the prompt.
struct Doing {
  Action action = Action::stand;
  int token = 0;
  bool participle = false;  ///< "walks …, looking up": goes on beside the verb before it
};

/// A way of going, with the other actor it aims at.
struct Going {
  Travel travel = Travel::away;
  int target = -1;  ///< actor, or -1
};

struct Actor {
  int reference = 0;
  std::vector<Doing> doings;
  std::vector<Going> goings;
  std::optional<Heading> heading;
  std::optional<View> view;
  std::vector<Placement> placements;
};

struct Line {
  std::string text;
  int actor = -1;  ///< -1: a voice off
};

struct Cast {
  std::vector<Actor> actors;  ///< in the order of the prompt
  std::vector<Line> lines;
  std::vector<std::string> props;  ///< things and extras without a reference, once each
  std::vector<std::string> interactions, expressions, morphs, clothes;  ///< phrases, once each
  std::vector<std::string> signs;  ///< quoted text that is written, not said
};

/// What is known of the references from the shots before; a value that read_cast() brings up to date.
struct CastMemory {
  std::vector<std::string> nouns;                 ///< by reference, or ""
  std::vector<std::optional<NounClass>> classes;  ///< by reference
  std::vector<int> last;                          ///< references of the shot before, in order
};

/// Nouns from the references' own names: "@red_fox" is a fox.
CastMemory start_memory(std::span<const std::string> reference_names, const Vocabulary& vocabulary);

/// `everybody`: the references that are in the shot whatever it says (a prompt that mentions none), in order.
/// Time is linear in the tokens. Marks hits that could be attached to nobody as unused.
Cast read_cast(Reading& reading, std::span<const Role> roles, std::span<const int> everybody,
               CastMemory& memory, const Vocabulary& vocabulary);

}  // namespace troupe::stage::prompt
