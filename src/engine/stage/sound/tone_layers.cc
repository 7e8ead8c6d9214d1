#include "engine/stage/sound/tone_layers.h"

namespace troupe::stage {
namespace {

constexpr int kControlFrames = 64;

}  // namespace

HumLayer::HumLayer(std::vector<Partial> partials, float drift, uint64_t seed) : drift_(drift) {
  Random random(derive_seed(seed, "hum"));
  for (const Partial& partial : partials) {
    voices_.push_back({partial.hertz, partial.gain, Phase(random.uniform()), Phase(random.uniform()),
                       Wander(random.next(), 4.0f)});
  }
}

void HumLayer::add(std::span<float> interleaved) {
  for (size_t i = 0; i + 1 < interleaved.size(); i += 2) {
    const bool control = until_control_-- == 0;
    if (control) until_control_ = kControlFrames - 1;
    for (Voice& voice : voices_) {
      if (control) {
        const float wanted = voice.gain * (1 - drift_ * (0.5f + 0.5f * voice.sway.next(kControlFrames)));
        voice.step = (wanted - voice.level) / kControlFrames;
      }
      voice.level += voice.step;
      // A hair apart, so that the two sides breathe.
      interleaved[i] += voice.level * sine_of(voice.left.next(voice.hertz));
      interleaved[i + 1] += voice.level * sine_of(voice.right.next(voice.hertz * 1.0011f));
    }
  }
}

MurmurLayer::Voice::Voice(uint64_t seed) : random(seed) {
  base_hertz = random.below(2) == 0 ? random.uniform(95, 140) : random.uniform(165, 235);
  hertz = base_hertz;
  place = pan_gains(random.uniform(-0.9f, 0.9f)) * random.uniform(0.4f, 1.0f);
  steer();
  level = target;
  frames_left = random.below(frames_left);
}

// The next syllable, or the breath between two sentences.
void MurmurLayer::Voice::steer() {
  const bool pause = random.below(9) == 0;
  target = pause ? 0 : random.uniform(0.4f, 1.0f);
  hertz = base_hertz * random.uniform(0.85f, 1.2f);
  frames_left =
      static_cast<int>((pause ? random.uniform(0.4f, 1.6f) : random.uniform(0.11f, 0.26f)) * kAudioRate);
  throat.set(band_pass(random.uniform(300, 750), 4));
  lips.set(band_pass(random.uniform(850, 1900), 6));
}

float MurmurLayer::Voice::next() {
  if (frames_left-- <= 0) steer();
  // Syllables swell and fade: the last third makes room for the next one.
  const float wanted = frames_left < kAudioRate / 20 ? 0.15f * target : target;
  level += (wanted - level) * 0.0012f;
  phase += hertz / kAudioRate;
  if (phase >= 1) phase -= 1;
  const float buzz = (phase - 0.5f) * level;
  return throat(buzz) + 0.6f * lips(buzz);
}

MurmurLayer::MurmurLayer(int voices, float gain, float dull_hertz, uint64_t seed)
    : gain_(gain), wall_(low_pass(dull_hertz)) {
  Random random(derive_seed(seed, "murmur"));
  for (int i = 0; i < voices; ++i) voices_.emplace_back(random.next());
}

void MurmurLayer::add(std::span<float> interleaved) {
  for (size_t i = 0; i + 1 < interleaved.size(); i += 2) {
    Stereo sum;
    for (Voice& voice : voices_) sum = sum + voice.place * voice.next();
    sum = wall_(sum) * gain_;
    interleaved[i] += sum.left;
    interleaved[i + 1] += sum.right;
  }
}

}  // namespace troupe::stage
