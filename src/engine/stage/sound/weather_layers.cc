#include "engine/stage/sound/weather_layers.h"

#include <cmath>

namespace troupe::stage {
namespace {

// Slow movement is worked out once in so many frames and glides in between.
constexpr int kControlFrames = 64;
constexpr float kControlStep = 1.0f / kControlFrames;

Stereo next_value(std::span<const float> interleaved, size_t i) {
  return {interleaved[i], interleaved[i + 1]};
}

void put(std::span<float> interleaved, size_t i, Stereo value) {
  const Stereo sum = next_value(interleaved, i) + value;
  interleaved[i] = sum.left;
  interleaved[i + 1] = sum.right;
}

}  // namespace

NoiseLayer::NoiseLayer(const NoiseBand& band, uint64_t seed)
    : band_(band),
      noise_(derive_seed(seed, "noise")),
      low_cut_(high_pass(band.low_hertz)),
      high_cut_(low_pass(band.high_hertz)),
      left_sway_(derive_seed(seed, "left"), band.sway_seconds),
      right_sway_(derive_seed(seed, "right"), band.sway_seconds),
      gain_{band.gain, band.gain} {}

void NoiseLayer::add(std::span<float> interleaved) {
  const float own = (1 + band_.width) / 2, other = (1 - band_.width) / 2;
  for (size_t i = 0; i + 1 < interleaved.size(); i += 2) {
    if (until_control_-- == 0) {
      until_control_ = kControlFrames - 1;
      const float left = left_sway_.next(kControlFrames), right = right_sway_.next(kControlFrames);
      const Stereo wanted = {band_.gain * gain_of_db(band_.sway_db * (0.7f * left + 0.3f * right)),
                             band_.gain * gain_of_db(band_.sway_db * (0.3f * left + 0.7f * right))};
      gain_step_ = (wanted - gain_) * kControlStep;
    }
    gain_ = gain_ + gain_step_;
    const Stereo pink = pink_(noise_.next());
    const Stereo mixed = {own * pink.left + other * pink.right, other * pink.left + own * pink.right};
    put(interleaved, i, high_cut_(low_cut_(mixed)) * gain_);
  }
}

WindLayer::Side::Side(const WindSound& wind, uint64_t seed)
    : gust(derive_seed(seed, "gust"), wind.gust_seconds),
      tone(derive_seed(seed, "tone"), wind.gust_seconds * 0.7f) {}

WindLayer::WindLayer(const WindSound& wind, uint64_t seed)
    : wind_(wind),
      noise_(derive_seed(seed, "noise")),
      left_(wind, derive_seed(seed, "left")),
      right_(wind, derive_seed(seed, "right")) {}

void WindLayer::steer(Side& side) {
  const float blow = 0.5f + 0.5f * side.gust.next(kControlFrames);
  // The stronger it blows, the higher it sings.
  const float height =
      std::fmin(1.0f, std::fmax(0.0f, 0.75f * blow + 0.25f * side.tone.next(kControlFrames)));
  const float hertz = wind_.low_hertz * std::pow(wind_.high_hertz / wind_.low_hertz, height);
  side.body.set(band_pass(hertz, wind_.resonance));
  side.second.set(band_pass(hertz * 2.1f, wind_.resonance * 1.5f));
  const float wanted = wind_.gain * (wind_.calm + (1 - wind_.calm) * blow * blow);
  side.gain_step = (wanted - side.gain) * kControlStep;
}

void WindLayer::add(std::span<float> interleaved) {
  for (size_t i = 0; i + 1 < interleaved.size(); i += 2) {
    if (until_control_-- == 0) {
      until_control_ = kControlFrames - 1;
      steer(left_);
      steer(right_);
    }
    left_.gain += left_.gain_step;
    right_.gain += right_.gain_step;
    const Stereo pink = pink_(noise_.next());
    const float left = (left_.body(pink.left) + 0.35f * left_.second(pink.left)) * left_.gain;
    const float right = (right_.body(pink.right) + 0.35f * right_.second(pink.right)) * right_.gain;
    put(interleaved, i, {0.8f * left + 0.2f * right, 0.2f * left + 0.8f * right});
  }
}

SeaLayer::SeaLayer(float gain, float far, uint64_t seed)
    : gain_(gain),
      far_(far),
      random_(derive_seed(seed, "waves")),
      noise_(derive_seed(seed, "noise")),
      hiss_(high_pass(2200 - 900 * far)),
      deep_(low_pass(160)),
      rumble_cut_(high_pass(45)) {
  for (int i = 0; i < kWaves; ++i) {
    begin_wave(waves_[i]);
    // Spread out, with the first one about to break: a short take needs a wave too.
    waves_[i].phase =
        std::fmod(0.25f + static_cast<float>(i) / kWaves + random_.uniform(-0.06f, 0.06f), 1.0f);
    waves_[i].size = i == 0 ? 1 : waves_[i].size;
  }
}

void SeaLayer::begin_wave(Wave& wave) {
  wave.phase = 0;
  wave.step = 1 / (random_.uniform(7.0f, 10.0f) * kAudioRate);  // 0.10 … 0.14 Hz
  wave.size = random_.uniform(0.35f, 1.0f);
  wave.place = pan_gains(random_.uniform(-0.6f, 0.6f)) * 1.414f;
}

// A cycle: 0 … 0.45 building up, breaking until 0.5, then running out.
void SeaLayer::steer(Wave& wave) {
  constexpr float kBreak = 0.45f;
  wave.phase += wave.step * kControlFrames;
  if (wave.phase >= 1) begin_wave(wave);
  const float before = smooth_step(wave.phase / kBreak), after = std::fmax(0.0f, wave.phase - kBreak);
  const float sharp = 1 - 0.6f * far_;
  const float body =
      before * before * before * std::exp(-after * 9 * sharp) * smooth_step((1 - wave.phase) / 0.2f);
  const float hiss = smooth_step((wave.phase - kBreak + 0.08f) / 0.12f) * std::exp(-after * 6.5f) *
                     smooth_step((1 - wave.phase) / 0.2f);
  wave.body.set(low_pass(220 + (1500 - 800 * far_) * body, 0.6f));
  wave.body_step = (gain_ * wave.size * body - wave.body_gain) * kControlStep;
  wave.hiss_step = (gain_ * 0.5f * (1 - 0.7f * far_) * wave.size * hiss - wave.hiss_gain) * kControlStep;
}

void SeaLayer::add(std::span<float> interleaved) {
  for (size_t i = 0; i + 1 < interleaved.size(); i += 2) {
    if (until_control_-- == 0) {
      until_control_ = kControlFrames - 1;
      for (Wave& wave : waves_) steer(wave);
    }
    const Stereo pink = rumble_cut_(pink_(noise_.next()));
    const Stereo hiss = hiss_(pink);
    Stereo sum = deep_(pink) * ((0.12f + 0.12f * far_) * gain_) + hiss * (0.04f * gain_);
    for (Wave& wave : waves_) {
      wave.body_gain += wave.body_step;
      wave.hiss_gain += wave.hiss_step;
      sum = sum + (wave.body(pink) * wave.body_gain + hiss * wave.hiss_gain) * wave.place;
    }
    put(interleaved, i, sum);
  }
}

}  // namespace troupe::stage
