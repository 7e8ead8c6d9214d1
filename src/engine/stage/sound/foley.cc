#include "engine/stage/sound/foley.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "engine/stage/sound/synth.h"

namespace troupe::stage {
namespace {

constexpr int kVariants = 5;
constexpr float kNaturalGain = 0.6f;
constexpr float kNaturalDistance = 4;  // metres at which a step has its own loudness

// What a sole meeting a ground sounds like: a click of the heel, a thud of the body, the ground's own
// texture.
struct Ground {
  float click_hertz, click_q, click, click_seconds;
  float thud_hertz, thud;
  float low_hertz, high_hertz, texture, texture_attack, texture_seconds;
  float grains_a_second;  // 0: the texture is smooth; else it is made of that many crunches
  float ring_hertz, ring, ring_seconds;
};

Ground ground_of(Surface surface) {
  switch (surface) {
    case Surface::asphalt:
      return {2300, 1.2f, 0.9f, 0.006f, 95, 0.55f, 700, 4500, 0.22f, 0.002f, 0.022f, 0, 0, 0, 0};
    case Surface::wet:
      return {2600, 1.2f, 0.7f, 0.006f, 95, 0.45f, 1600, 9000, 0.55f, 0.004f, 0.045f, 700, 0, 0, 0};
    case Surface::gravel:
      return {1800, 1, 0.3f, 0.004f, 80, 0.35f, 1300, 7000, 1.9f, 0.003f, 0.045f, 420, 0, 0, 0};
    case Surface::grass:
      return {900, 0.7f, 0.2f, 0.008f, 75, 0.5f, 900, 4200, 0.85f, 0.004f, 0.038f, 0, 0, 0, 0};
    case Surface::sand:
      return {500, 0.7f, 0.2f, 0.008f, 65, 0.6f, 350, 2400, 1.5f, 0.004f, 0.048f, 1600, 0, 0, 0};
    case Surface::snow:
      return {700, 0.8f, 0.2f, 0.006f, 70, 0.4f, 450, 3200, 2.5f, 0.004f, 0.05f, 260, 0, 0, 0};
    case Surface::wood:
      return {1500, 1.5f, 0.7f, 0.004f, 115, 0.8f, 300, 2500, 0.12f, 0.002f, 0.018f, 0, 260, 0.5f, 0.03f};
    case Surface::stone:
      return {3300, 1.8f, 1.2f, 0.004f, 105, 0.35f, 1200, 8000, 0.3f, 0.001f, 0.014f, 0, 1450, 0.14f, 0.02f};
  }
  return {};
}

// One touch of the ground, added from `begin` on.
struct Touch {
  size_t begin;
  float gain, pitch, thud;
};

class TextureNoise {
 public:
  TextureNoise(const Ground& ground, uint64_t seed)
      : noise_(derive_seed(seed, "noise")),
        random_(derive_seed(seed, "grains")),
        chance_(ground.grains_a_second / kAudioRate) {}
  // Noise, or bursts of noise: stones and crystals that give way one by one.
  float next() {
    const float white = noise_.next().left;
    if (chance_ <= 0) return white;
    if (random_.uniform() < chance_) level_ = random_.uniform(0.3f, 1);
    level_ *= 0.986f;
    return white * level_;
  }

 private:
  WhiteNoise noise_;
  Random random_;
  float chance_, level_ = 1;
};

void add_touch(std::vector<float>& out, const Ground& ground, const Touch& touch, uint64_t seed) {
  TextureNoise noise(ground, seed);
  WhiteNoise heel(derive_seed(seed, "heel"));
  Filter<float> click(band_pass(ground.click_hertz * touch.pitch, ground.click_q));
  Filter<float> low(high_pass(ground.low_hertz * touch.pitch)),
      high(low_pass(ground.high_hertz * touch.pitch));
  Phase thud, ring;
  for (size_t i = touch.begin; i < out.size(); ++i) {
    const float t = static_cast<float>(i - touch.begin) / kAudioRate;
    const float attack = std::fmin(1.0f, t / ground.texture_attack);
    float sound = 2.2f * ground.click * std::exp(-t / ground.click_seconds) * click(heel.next().left);
    sound += ground.texture * attack * std::exp(-t / ground.texture_seconds) * high(low(noise.next()));
    const float fall = ground.thud_hertz * touch.pitch * (1 + 0.7f * std::exp(-t / 0.012f));
    sound += 0.45f * touch.thud * ground.thud * std::exp(-t / 0.022f) * sine_of(thud.next(fall));
    if (ground.ring > 0) {
      sound += ground.ring * std::exp(-t / ground.ring_seconds) *
               sine_of(ring.next(ground.ring_hertz * touch.pitch));
    }
    out[i] += touch.gain * sound;
  }
}

// Heel, then toe; 60 … 120 ms until it has died away.
std::vector<float> make_step(Surface surface, float weight, uint64_t seed) {
  Random random(seed);
  const Ground ground = ground_of(surface);
  const float heft = std::clamp(weight, 0.2f, 2.0f);
  std::vector<float> out(static_cast<size_t>((0.19f + 0.03f * heft) * kAudioRate));
  const float pitch = random.uniform(0.9f, 1.1f) * std::pow(heft, -0.25f);
  add_touch(out, ground, {0, 1, pitch, heft}, random.next());
  const float toe_seconds = random.uniform(0.045f, 0.075f) * std::sqrt(heft);
  const float toe_gain = random.uniform(0.3f, 0.5f);
  add_touch(out, ground,
            {static_cast<size_t>(toe_seconds * kAudioRate), toe_gain, pitch * 1.15f, heft * 0.4f},
            random.next());
  constexpr size_t kTail = kAudioRate / 33;
  for (size_t i = 0; i < kTail; ++i) {
    out[out.size() - 1 - i] *= static_cast<float>(i) / kTail;
  }
  return out;
}

int weight_class(float weight) { return weight < 0.55f ? 0 : weight < 1.35f ? 1 : 2; }
constexpr float kClassWeights[] = {0.3f, 1, 1.9f};

float finite_or(float value, float otherwise) { return std::isfinite(value) ? value : otherwise; }

}  // namespace

const std::vector<float>& Foley::variant(Surface surface, float weight) {
  const int kind = weight_class(weight);
  // Odd steps of the cycle so that two walkers who alternate do not get the same variant each time.
  const int which = (turn_ = (turn_ + 3) % kVariants);
  std::vector<float>& sound = variants_[{surface, kind, which}];
  if (sound.empty()) {
    const auto purpose = std::to_string(static_cast<int>(surface) * 100 + kind * 10 + which);
    sound = make_step(surface, kClassWeights[kind], derive_seed(seed_, purpose));
  }
  return sound;
}

void Foley::add(const Footstep& step, std::span<float> mix) {
  const auto frames = static_cast<double>(mix.size() / 2);
  if (!(step.seconds >= 0) || step.seconds * kAudioRate >= frames) return;
  const float weight = std::clamp(finite_or(step.weight, 1), 0.2f, 2.0f);
  const float distance = std::clamp(finite_or(step.distance, kNaturalDistance), 0.5f, 200.0f);
  const float near = std::min(2.0f, 2 * kNaturalDistance / (kNaturalDistance + distance));
  const Stereo gain = pan_gains(step.pan) * (kNaturalGain * near * std::pow(weight, 0.7f));
  Filter<float> air(low_pass(std::min(20000.0f, 60000.0f / distance)));  // far away the highs are gone
  const std::vector<float>& sound = variant(step.surface, weight);
  const auto begin = static_cast<size_t>(step.seconds * kAudioRate);
  const size_t count = std::min(sound.size(), mix.size() / 2 - begin);
  for (size_t i = 0; i < count; ++i) {
    const float sample = air(sound[i]);
    mix[2 * (begin + i)] += gain.left * sample;
    mix[2 * (begin + i) + 1] += gain.right * sample;
  }
}

}  // namespace troupe::stage
