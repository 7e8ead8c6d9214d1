#include "engine/stage/subject/gait.h"

#include <cmath>
#include <numbers>

#include "engine/stage/raster/vec.h"

namespace troupe::stage {
namespace {

constexpr float kPi = std::numbers::pi_v<float>;
constexpr float kHeelRises = 0.5f, kFlatFrom = 0.14f;  // shares of the stance

float cycle(float phase) { return phase - std::floor(phase); }

/// Cubic from a to b with slopes at both ends.
float hermite(float a, float slope_a, float b, float slope_b, float t) {
  const float t2 = t * t, t3 = t2 * t;
  return (2 * t3 - 3 * t2 + 1) * a + (t3 - 2 * t2 + t) * slope_a + (3 * t2 - 2 * t3) * b +
         (t3 - t2) * slope_b;
}

/// The standing foot rolls from heel over the flat sole to the toes; the carrying point moves evenly.
FootPlace stance(const Gait& gait, const Sole& sole, float travel, float progress) {
  FootPlace foot;
  foot.down = true;
  const float ground = travel * (0.5f - progress);
  Vec2 pivot = {sole.toe, -sole.height};
  if (progress < kFlatFrom) {
    const float t = 1 - progress / kFlatFrom;
    foot.pitch = gait.heel_strike * t * t;
    pivot = {-sole.heel, -sole.height};
  } else if (progress > kHeelRises) {
    const float t = (progress - kHeelRises) / (1 - kHeelRises);
    foot.pitch = -gait.toe_off * t * t;
  }
  const Vec2 swung = pivot - rotated(pivot, foot.pitch);
  foot.ankle = {ground + swung.x, swung.y};
  return foot;
}

}  // namespace

FootPlace side_step(const Gait& gait, const Sole& sole, float leg, float phase) {
  const float at = cycle(phase), travel = gait.stride * leg * gait.duty;
  if (at < gait.duty) return stance(gait, sole, travel, at / gait.duty);
  const float q = (at - gait.duty) / (1 - gait.duty);
  const FootPlace from = stance(gait, sole, travel, 1), to = stance(gait, sole, travel, 0);
  const float slope = -travel * (1 - gait.duty) / gait.duty;
  FootPlace foot;
  foot.ankle.x = hermite(from.ankle.x, slope * 0.4f, to.ankle.x, slope, q);
  // Highest early, when the knee leads.
  const float arc = std::sin(kPi * std::pow(q, 0.75f));
  foot.ankle.y = mix(from.ankle.y, to.ankle.y, smoothstep(0, 1, q)) + gait.lift * leg * arc * arc;
  foot.pitch = mix(from.pitch, to.pitch, smoothstep(0.15f, 0.95f, q));
  return foot;
}

FootPlace front_step(const Gait& gait, float leg, float phase) {
  const float at = cycle(phase);
  FootPlace foot;
  foot.down = at < gait.duty;
  if (foot.down) return foot;
  const float q = (at - gait.duty) / (1 - gait.duty);
  const float arc = std::sin(kPi * q);
  foot.ankle.y = 1.28f * gait.lift * leg * arc * arc;
  return foot;
}

float flight_height(const Gait& gait, float leg, float phase) {
  const float air = 0.5f - gait.duty;
  if (air <= 0 || gait.flight <= 0) return 0;
  const float at = cycle(2 * phase) / 2;  // the two steps are alike
  if (at < gait.duty) return 0;
  return gait.flight * leg * std::sin(kPi * (at - gait.duty) / air);
}

}  // namespace troupe::stage
