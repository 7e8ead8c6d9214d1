#include "engine/stage/prompt/camera_words.h"

#include <algorithm>
#include <cstdlib>

namespace troupe::stage::prompt {
namespace {

constexpr float kSlow = 0.6f, kFast = 1.7f;

struct Candidate {
  CameraMove move;
  bool weak;
  int token;
};

bool tracks(CameraMove move) {
  return move == CameraMove::track || move == CameraMove::track_behind || move == CameraMove::track_side ||
         move == CameraMove::track_lead;
}

std::vector<Candidate> find_moves(const Reading& reading, const std::vector<Sense>& banned, bool& denied) {
  std::vector<Candidate> found;
  for (const Hit& hit : reading.hits) {
    for (const Sense& sense : hit.senses) {
      if (sense.group != Group::move) continue;
      if (hit.negated || is_banned(banned, sense.group, sense.value)) {
        denied |= sense.value != static_cast<int>(CameraMove::still);
        continue;
      }
      found.push_back({static_cast<CameraMove>(sense.value), sense.weak, hit.first});
    }
  }
  return found;
}

/// The candidate that wins, or null.
const Candidate* primary(const std::vector<Candidate>& found) {
  const auto strong = std::find_if(found.begin(), found.end(), [](const Candidate& c) { return !c.weak; });
  const auto winner = strong != found.end() ? strong : found.begin();
  if (winner == found.end()) return nullptr;
  if (!tracks(winner->move)) return &*winner;
  // "Tracking shot … from behind": the exact way of tracking, wherever it stands.
  const auto exact = std::find_if(found.begin(), found.end(), [](const Candidate& c) {
    return tracks(c.move) && c.move != CameraMove::track;
  });
  return winner->move == CameraMove::track && exact != found.end() ? &*exact : &*winner;
}

bool goes_with(CameraMove chosen, const Candidate& other) {
  if (other.weak || other.move == chosen) return true;
  if (tracks(chosen) && other.move == CameraMove::track) return true;
  const bool vertical = other.move == CameraMove::pedestal_up || other.move == CameraMove::tilt_down;
  return chosen == CameraMove::crane && vertical;
}

/// The token that a speed phrase belongs to: the move, or "camera" near it.
bool speeds_camera(const Reading& reading, const Hit& speed, const std::optional<int>& move_token) {
  const auto clause = [&](int token) { return reading.clause[static_cast<size_t>(token)]; };
  const bool camera = reading.governor[static_cast<size_t>(speed.first)] == Governor::camera;
  if (!move_token) return false;
  if (clause(*move_token) != clause(speed.first)) return camera && std::abs(*move_token - speed.first) <= 4;
  // "slowly walks past the tracking camera" is about the walk.
  for (int token = speed.last() + 1; token <= speed.last() + 2; ++token) {
    const Hit* next = reading.hit(token);
    if (next && next->has(Group::action) && !next->has(Group::move)) return false;
  }
  return camera || std::abs(*move_token - speed.first) <= 4;
}

void choose_speed(Reading& reading, const std::optional<int>& move_token, CameraChoice& camera) {
  for (Hit& hit : reading.hits) {
    const int value = hit.value(Group::speed);
    if (value < 0 || hit.negated) continue;
    if (hit.senses.size() == 1 && !speeds_camera(reading, hit, move_token)) {
      hit.used = false;
      continue;
    }
    if (value == static_cast<int>(Speed::slow)) camera.speed = kSlow;
    if (value == static_cast<int>(Speed::fast)) camera.speed = kFast;
    if (value == static_cast<int>(Speed::smooth)) camera.smooth = true;
  }
}

/// "slow zoom in", "crash zoom": phrases of a move that hold its speed.
void speed_of_phrase(const Reading& reading, int token, CameraChoice& camera) {
  const Hit* hit = reading.hit(token);
  if (!hit) return;
  for (int i = hit->first; i <= hit->last(); ++i) {
    const std::string& word = reading.word(i);
    if (word == "slow" || word == "slowly") camera.speed = kSlow;
    if (word == "crash" || word == "snap" || word == "fast" || word == "quick") camera.speed = kFast;
  }
}

void choose_move(Reading& reading, const std::vector<Sense>& banned, CameraChoice& camera) {
  bool denied = false;
  const auto found = find_moves(reading, banned, denied);
  const Candidate* winner = primary(found);
  std::optional<int> token;
  if (winner) {
    camera.move = winner->move;
    camera.asked = true;
    token = winner->token;
    speed_of_phrase(reading, *token, camera);
  } else if (denied) {
    camera.move = CameraMove::still;
    camera.asked = true;
  }
  for (const Candidate& other : found) {
    const bool listed = std::count(camera.ignored.begin(), camera.ignored.end(), other.move) > 0;
    if (!goes_with(camera.move, other) && !listed) camera.ignored.push_back(other.move);
  }
  choose_speed(reading, token, camera);
}

void choose_size(const Reading& reading, const std::vector<Sense>& banned, CameraChoice& camera) {
  for (const Hit& hit : reading.hits) {
    const int value = hit.value(Group::size);
    if (value < 0 || hit.negated || is_banned(banned, Group::size, value)) continue;
    const auto size = static_cast<ShotSize>(value);
    if (!camera.size) {
      camera.size = size;
    } else if (*camera.size != size) {
      camera.ignored_sizes.push_back(size);
    }
  }
}

}  // namespace

bool is_banned(const std::vector<Sense>& banned, Group group, int value) {
  return std::any_of(banned.begin(), banned.end(),
                     [&](const Sense& sense) { return sense.group == group && sense.value == value; });
}

CameraChoice choose_camera(Reading& reading, const std::vector<Sense>& banned) {
  CameraChoice camera;
  choose_move(reading, banned, camera);
  choose_size(reading, banned, camera);
  for (const Hit& hit : reading.hits) {
    if (!hit.live()) continue;
    for (const Sense& sense : hit.senses) {
      if (is_banned(banned, sense.group, sense.value)) continue;
      if (sense.group == Group::angle && camera.angle == CameraAngle::eye) {
        camera.angle = static_cast<CameraAngle>(sense.value);
      }
      if (sense.group == Group::shake)
        camera.shake = std::max(camera.shake, static_cast<CameraShake>(sense.value));
      if (sense.group == Group::framing && !camera.framing)
        camera.framing = static_cast<Framing>(sense.value);
      const auto lens = static_cast<Lens>(sense.value);
      const bool new_lens =
          sense.group == Group::lens && std::count(camera.lens.begin(), camera.lens.end(), lens) == 0;
      if (new_lens) camera.lens.push_back(lens);
    }
  }
  return camera;
}

}  // namespace troupe::stage::prompt
