#include <algorithm>
#include <cmath>

#include "engine/stage/sound/events.h"

namespace troupe::stage {
namespace {

std::vector<float> silence(float seconds) {
  return std::vector<float>(static_cast<size_t>(std::max(0.0f, seconds) * kAudioRate));
}

float time_of(size_t frame) { return static_cast<float>(frame) / kAudioRate; }

// Rises in `attack` seconds, then falls to 1/e in `decay`.
float pluck(float seconds, float attack, float decay) {
  return seconds < attack ? seconds / attack : std::exp(-(seconds - attack) / decay);
}

// A note that glides, with some of its octave, added to `out`.
struct Note {
  float begin = 0, seconds = 0.1f;
  float from_hertz = 1000, to_hertz = 1000;
  float gain = 1;
  float overtone = 0.1f;
  float trill_hertz = 0, trill_depth = 0;  // depth: a share of the pitch
};

void add_note(std::vector<float>& out, const Note& note) {
  const auto first = static_cast<size_t>(note.begin * kAudioRate);
  const auto count = static_cast<size_t>(note.seconds * kAudioRate);
  Phase phase, octave, trill;
  for (size_t i = 0; i < count && first + i < out.size(); ++i) {
    const float x = static_cast<float>(i) / static_cast<float>(count);
    const float glide = note.from_hertz * std::pow(note.to_hertz / note.from_hertz, x);
    const float hertz = glide * (1 + note.trill_depth * sine_of(trill.next(note.trill_hertz)));
    const float swell = smooth_step(x / 0.2f) * smooth_step((1 - x) / 0.45f);
    out[first + i] +=
        note.gain * swell * (sine_of(phase.next(hertz)) + note.overtone * sine_of(octave.next(2 * hertz)));
  }
}

// Noise between two frequencies.
class Band {
 public:
  Band(float low_hertz, float high_hertz, uint64_t seed)
      : noise_(seed), low_(high_pass(low_hertz)), high_(low_pass(high_hertz)) {}
  float next() { return high_(low_(noise_.next().left)); }
  void move_top(float hertz) { high_.set(low_pass(hertz)); }

 private:
  WhiteNoise noise_;
  Filter<float> low_, high_;
};

void normalise(std::vector<float>& sound) {
  float peak = 1e-6f;
  for (const float sample : sound) peak = std::max(peak, std::fabs(sample));
  for (float& sample : sound) sample /= peak;
}

std::vector<float> swoosh(Random& random, float low_hertz, float far_hertz, float near_hertz) {
  const float seconds = random.uniform(3.2f, 5.5f);
  std::vector<float> out = silence(seconds);
  Band tyres(low_hertz, far_hertz, random.next()), motor(40, 170, random.next());
  for (size_t i = 0; i < out.size(); ++i) {
    const float x = time_of(i) / seconds * 2 - 1;
    const float near = std::exp(-9 * x * x) * (1 - x * x);
    if (i % 64 == 0) tyres.move_top(far_hertz + (near_hertz - far_hertz) * near);
    out[i] = near * (tyres.next() + 1.6f * motor.next());
  }
  normalise(out);
  return out;
}

}  // namespace

std::vector<float> rain_drop(Random& random) {
  std::vector<float> out = silence(random.uniform(0.004f, 0.014f));
  const float hertz = random.uniform(1800, 7500), decay = random.uniform(0.0008f, 0.003f);
  Band splash(1500, 11000, random.next());
  Phase ring;
  for (size_t i = 0; i < out.size(); ++i) {
    const float seconds = time_of(i);
    out[i] = pluck(seconds, 0.0003f, decay) * (0.6f * sine_of(ring.next(hertz)) + 0.9f * splash.next());
  }
  return out;
}

std::vector<float> puddle_drop(Random& random) {
  std::vector<float> out = silence(0.09f);
  const float from = random.uniform(700, 1500);
  add_note(out, {0.004f, random.uniform(0.03f, 0.07f), from, from * random.uniform(1.5f, 2.3f), 0.9f, 0.05f});
  Band splash(2500, 9000, random.next());
  for (size_t i = 0; i < out.size(); ++i) out[i] += 0.5f * pluck(time_of(i), 0.001f, 0.005f) * splash.next();
  return out;
}

std::vector<float> bubbles(Random& random) {
  std::vector<float> out = silence(1.4f);
  const int count = 3 + random.below(8);
  for (int i = 0; i < count; ++i) {
    const float from = random.uniform(220, 620);
    add_note(out, {random.uniform(0, 1.2f), random.uniform(0.03f, 0.09f), from,
                   from * random.uniform(1.4f, 2.0f), random.uniform(0.3f, 1), 0.02f});
  }
  return out;
}

std::vector<float> bird_song(Random& random) {
  std::vector<float> out = silence(1.8f);
  const int notes = 2 + random.below(6);
  const float base = random.uniform(3000, 4600), length = random.uniform(0.05f, 0.13f);
  const float slope = random.uniform(0.72f, 1.38f);
  const bool trills = random.below(3) == 0;
  float at = 0;
  for (int i = 0; i < notes; ++i) {
    const float hertz = base * random.uniform(0.92f, 1.25f);
    add_note(out,
             {at, length * random.uniform(0.8f, 1.3f), hertz, std::min(6500.0f, hertz * slope),
              random.uniform(0.6f, 1), 0.08f, trills ? random.uniform(25, 45) : 0.0f, trills ? 0.06f : 0.0f});
    at += length * random.uniform(1.3f, 2.2f);
  }
  return out;
}

std::vector<float> bird_call(Random& random) {
  std::vector<float> out = silence(1.0f);
  const float high = random.uniform(1500, 2300);
  add_note(out, {0, 0.2f, high, high * 0.97f, 0.9f, 0.12f});
  add_note(out, {0.3f, 0.32f, high * 0.8f, high * 0.77f, 1, 0.12f});
  return out;
}

std::vector<float> gull_cry(Random& random) {
  std::vector<float> out = silence(2.2f);
  const int cries = 1 + random.below(4);
  const float base = random.uniform(950, 1250);
  for (int i = 0; i < cries; ++i) {
    const float at = 0.48f * static_cast<float>(i), rise = base * random.uniform(0.95f, 1.1f);
    add_note(out, {at, 0.14f, rise * 0.75f, rise * 1.25f, 0.8f, 0.6f, 60, 0.03f});
    add_note(out, {at + 0.1f, 0.28f, rise * 1.25f, rise * 0.85f, 1, 0.7f, 60, 0.03f});
  }
  return out;
}

std::vector<float> owl_call(Random& random) {
  std::vector<float> out = silence(2.0f);
  const float base = random.uniform(330, 420);
  add_note(out, {0, 0.4f, base, base * 0.97f, 0.9f, 0.05f});
  add_note(out, {0.75f, 0.25f, base * 1.03f, base, 0.7f, 0.05f});
  add_note(out, {1.05f, 0.75f, base * 1.02f, base * 0.92f, 1, 0.05f, 7, 0.02f});
  return out;
}

std::vector<float> cricket(Random& random) {
  std::vector<float> out = silence(0.9f);
  const float hertz = random.uniform(4200, 4900);
  const int chirps = 2 + random.below(3);
  for (int i = 0; i < chirps * 3; ++i) {
    const float at = 0.27f * static_cast<float>(i / 3) + 0.033f * static_cast<float>(i % 3);
    add_note(out, {at, 0.026f, hertz, hertz, 1, 0.02f});
  }
  return out;
}

std::vector<float> car_pass(Random& random) { return swoosh(random, 180, 500, 1500); }

std::vector<float> wet_car_pass(Random& random) { return swoosh(random, 500, 1500, 6500); }

std::vector<float> horn(Random& random) {
  std::vector<float> out = silence(1.6f);
  const float hertz = random.uniform(310, 400), length = random.uniform(0.25f, 0.7f);
  const int times = 1 + random.below(2);
  for (int i = 0; i < times; ++i) {
    const float at = static_cast<float>(i) * (length + 0.12f);
    add_note(out, {at, length, hertz, hertz, 0.6f, 0.4f});
    add_note(out, {at, length, hertz * 1.26f, hertz * 1.26f, 0.5f, 0.3f});
  }
  // Houses swallow the edge of it and send some back.
  Filter<float> air(low_pass(900));
  constexpr size_t kEcho = kAudioRate * 23 / 100;
  for (size_t i = 0; i < out.size(); ++i) out[i] = air(out[i]) + (i >= kEcho ? 0.35f * out[i - kEcho] : 0);
  return out;
}

std::vector<float> thunder(Random& random) {
  const float seconds = random.uniform(5, 8);
  std::vector<float> out = silence(seconds);
  Band roll(28, 130, random.next()), body(60, 420, random.next()), crack(300, 4500, random.next());
  Wander grumble(random.next(), 0.16f), slow(random.next(), 0.7f);
  const float near = random.uniform(0.1f, 0.7f);
  float rumble = 0;
  for (size_t i = 0; i < out.size(); ++i) {
    const float t = time_of(i);
    if (i % 32 == 0) {
      rumble = (0.55f + 0.45f * grumble.next(32)) * (0.6f + 0.4f * slow.next(32));
      crack.move_top(500 + 4000 * std::exp(-t * 5));
    }
    const float fade = pluck(t, 0.05f, seconds / 3.2f) * smooth_step((seconds - t) / 1.0f);
    out[i] = fade * rumble * (2.6f * roll.next() + body.next()) +
             near * pluck(t, 0.004f, 0.22f) * (0.3f + rumble) * crack.next();
  }
  normalise(out);
  return out;
}

std::vector<float> cup_clink(Random& random) {
  std::vector<float> out = silence(0.5f);
  const float base = random.uniform(2300, 4200), decay = random.uniform(0.02f, 0.09f);
  Phase first, second, third;
  Band touch(2000, 9000, random.next());
  for (size_t i = 0; i < out.size(); ++i) {
    const float t = time_of(i);
    out[i] = 0.5f * pluck(t, 0.0006f, decay) * sine_of(first.next(base)) +
             0.3f * pluck(t, 0.0006f, decay * 0.6f) * sine_of(second.next(base * 1.83f)) +
             0.2f * pluck(t, 0.0006f, decay * 0.4f) * sine_of(third.next(base * 2.71f)) +
             0.3f * pluck(t, 0.0005f, 0.003f) * touch.next();
  }
  return out;
}

std::vector<float> leaf_rustle(Random& random) {
  const float seconds = random.uniform(0.3f, 0.9f);
  std::vector<float> out = silence(seconds);
  Band leaves(1800, 7500, random.next());
  Wander shake(random.next(), 0.035f);
  float level = 0;
  for (size_t i = 0; i < out.size(); ++i) {
    const float x = time_of(i) / seconds;
    if (i % 32 == 0) level = 0.5f + 0.5f * shake.next(32);
    out[i] = smooth_step(x / 0.3f) * smooth_step((1 - x) / 0.6f) * level * level * leaves.next();
  }
  return out;
}

}  // namespace troupe::stage
