// Small vectors of the stage. World: x right, y up, z away from the viewer, in metres; the ground is y = 0.
#pragma once

#include <cmath>

namespace troupe::stage {

struct Vec3 {
  float x = 0, y = 0, z = 0;
};
constexpr Vec3 operator+(Vec3 a, Vec3 b) { return {a.x + b.x, a.y + b.y, a.z + b.z}; }
constexpr Vec3 operator-(Vec3 a, Vec3 b) { return {a.x - b.x, a.y - b.y, a.z - b.z}; }
constexpr Vec3 operator*(Vec3 a, float s) { return {a.x * s, a.y * s, a.z * s}; }
constexpr Vec3 operator*(Vec3 a, Vec3 b) { return {a.x * b.x, a.y * b.y, a.z * b.z}; }
constexpr float dot(Vec3 a, Vec3 b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
constexpr Vec3 cross(Vec3 a, Vec3 b) {
  return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}
inline float length(Vec3 a) { return std::sqrt(dot(a, a)); }
inline Vec3 normalized(Vec3 a) {
  const float n = length(a);
  return n > 1e-12f ? a * (1.0f / n) : Vec3{0, 0, 1};
}
constexpr Vec3 mix(Vec3 a, Vec3 b, float t) { return a + (b - a) * t; }
constexpr float mix(float a, float b, float t) { return a + (b - a) * t; }
constexpr float clamp01(float v) { return v < 0 ? 0 : v > 1 ? 1 : v; }
/// 0 below `low`, 1 above `high`, smooth between.
constexpr float smoothstep(float low, float high, float v) {
  const float t = clamp01((v - low) / (high - low));
  return t * t * (3 - 2 * t);
}

/// A colour in display-referred sRGB, 1 = white; may pass 1 where it multiplies.
using Rgb = Vec3;

}  // namespace troupe::stage
