// The camera of one shot: one move, how fast, how steady, how near, from where, through which lens.
#pragma once

#include <optional>
#include <vector>

#include "engine/stage/prompt/reading.h"

namespace troupe::stage::prompt {

struct CameraChoice {
  CameraMove move = CameraMove::push_in;
  bool asked = false;
  float speed = 1;
  bool smooth = false;
  CameraShake shake = CameraShake::none;
  std::optional<ShotSize> size;
  CameraAngle angle = CameraAngle::eye;
  std::vector<Lens> lens;
  std::optional<Framing> framing;
  std::vector<CameraMove> ignored;  ///< moves that were asked for too
  std::vector<ShotSize> ignored_sizes;
};

/// The first move said wins, but a weak phrase never beats another; a general "tracking" is made exact by
/// "from behind" and the like. A move that is only denied ("no zoom") leaves the camera still. Marks speed
/// phrases that are about something else as unused. Leaves out whatever `banned` says.
CameraChoice choose_camera(Reading& reading, const std::vector<Sense>& banned);

/// True if `banned` has that sense.
bool is_banned(const std::vector<Sense>& banned, Group group, int value);

}  // namespace troupe::stage::prompt
