// Seeded pseudo-random numbers that are the same on every machine and library (std's distributions are not).
#pragma once

#include <cmath>
#include <cstdint>
#include <string_view>

namespace troupe {

/// SplitMix64 (Steele, Lea, Flood 2014). A value: copy it to fork a stream. Thread-safety: unsafe.
class Random {
 public:
  explicit constexpr Random(uint64_t seed) : state_(seed) {}

  constexpr uint64_t next() {
    uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }
  /// Uniform in [0, 1).
  constexpr float uniform() { return static_cast<float>(next() >> 40) * (1.0f / 16777216.0f); }
  /// Uniform in [low, high).
  constexpr float uniform(float low, float high) { return low + (high - low) * uniform(); }
  /// Uniform integer in [0, n); n >= 1.
  constexpr int below(int n) { return static_cast<int>((next() >> 33) % static_cast<uint64_t>(n)); }
  /// Standard normal, by the sum of twelve uniforms: bounded to ±6 and free of libm differences.
  constexpr float normal() {
    float sum = -6.0f;
    for (int i = 0; i < 12; ++i) sum += uniform();
    return sum;
  }

 private:
  uint64_t state_;
};

/// A seed that depends on `seed` and on `purpose` ("trees", "rain"), so that streams do not repeat each
/// other.
constexpr uint64_t derive_seed(uint64_t seed, std::string_view purpose) {
  uint64_t hash = 0xcbf29ce484222325ULL ^ seed;
  for (const char c : purpose) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return Random(hash).next();
}

}  // namespace troupe
