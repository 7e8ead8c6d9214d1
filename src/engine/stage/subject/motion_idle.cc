// Small motions: breathing, heads, laughter.

#include <algorithm>
#include <cmath>

#include "engine/stage/raster/vec.h"
#include "engine/stage/subject/motion.h"

namespace troupe::stage {

void add_idle(float t, const Performer& who, Motion& motion) {
  const float h = who.body.height;
  motion.breath += wave_at(0.28f * t);
  motion.lean += 0.006f * wave_at(0.11f * t + 0.1f);
  motion.pelvis.x += 0.003f * h * wave_at(0.11f * t + 0.35f);
  motion.head_turn += 0.009f * wave_at(0.17f * t + 0.15f);
  motion.hem += 0.003f * h * wave_at(0.23f * t);
}

void add_look(float t, const Performer& who, Motion& motion) {
  const float h = who.body.height, in = smoothstep(0, 0.7f, t);
  // Up and to one side, a rest, then the other: a gaze that wanders.
  const float side =
      in * (smoothstep(1.6f, 2.2f, std::fmod(t, 4.4f)) - smoothstep(3.8f, 4.4f, std::fmod(t, 4.4f)));
  const float aim = in - 2 * side;
  const float up = who.depicted_from_side ? who.forward : 0.55f * aim;
  motion.head_turn += 0.052f * up * (who.depicted_from_side ? in : 1.0f);
  motion.head.x += 0.008f * h * aim;
  motion.head.y += 0.004f * h * in;
}

void add_nod(float t, const Performer& who, Motion& motion) {
  const float h = who.body.height;
  const float dip = 0.5f - 0.5f * std::cos(6.2831853f * std::min(std::fmod(0.9f * t, 2.6f), 2.0f));
  if (who.depicted_from_side) {
    motion.head_turn -= 0.105f * who.forward * dip;
  } else {
    motion.head_turn += 0.105f * smoothstep(0, 0.5f, t) * wave_at(0.22f * t + 0.08f);
    motion.head.y -= 0.010f * h * dip;
  }
  motion.bow += 0.006f * dip;
}

void add_talk(float t, float mouth, const Performer& who, Motion& motion) {
  const float h = who.body.height, accent = clamp01(mouth);
  motion.head_turn += 0.022f * wave_at(0.43f * t) + 0.014f * accent * wave_at(0.9f * t + 0.2f);
  motion.head.y += 0.0035f * h * accent - 0.002f * h * wave_at(0.61f * t);
  motion.head.x += 0.003f * h * wave_at(0.37f * t + 0.4f);
  motion.lean += 0.010f * wave_at(0.21f * t);
  for (size_t side = 0; side < 2; ++side) {
    const float outward = side == 0 ? -1.0f : 1.0f;
    motion.arm[side] += outward * (0.05f + 0.07f * wave_at(0.31f * t + 0.3f * static_cast<float>(side)));
    motion.reach[side] -= 0.05f + 0.05f * wave_at(0.47f * t + 0.5f * static_cast<float>(side));
  }
}

void add_laugh(float t, const Performer& who, Motion& motion) {
  const float h = who.body.height;
  const float burst = smoothstep(0, 0.3f, t) * (0.65f + 0.35f * wave_at(0.4f * t));
  motion.shoulders += 0.007f * h * burst * wave_at(4 * t);
  motion.head.y += 0.004f * h * burst * wave_at(4 * t + 0.12f);
  motion.head_turn += 0.05f * burst * (who.depicted_from_side ? who.forward : wave_at(0.33f * t));
  motion.lean += 0.02f * burst * wave_at(0.5f * t);
}

}  // namespace troupe::stage
