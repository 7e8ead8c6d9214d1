#include "engine/stage/sound/music.h"

#include <cmath>

namespace troupe::stage {
namespace {

constexpr int kChordFrames = 4 * kAudioRate;
constexpr int kBeatFrames = kAudioRate / 2;
constexpr int kChordCount = 4;

// Semitones above the root, low to high: I vi IV V and i VI III VII with close voices.
using Chords = std::array<std::array<int, 4>, kChordCount>;
constexpr Chords kMajor = {{{0, 7, 16, 19}, {-3, 9, 16, 24}, {-7, 9, 17, 21}, {-5, 11, 14, 19}}};
constexpr Chords kMinor = {{{0, 7, 15, 19}, {-4, 8, 15, 24}, {-9, 10, 15, 19}, {-2, 10, 14, 17}}};

float semitones(float hertz, float count) { return hertz * std::pow(2.0f, count / 12); }

}  // namespace

MusicLayer::MusicLayer(uint64_t seed)
    : random_(derive_seed(seed, "music")),
      root_(semitones(110, static_cast<float>(random_.below(8)) - 4)),
      minor_(random_.below(2) == 0),
      soft_(low_pass(1500, 0.6f)) {}

void MusicLayer::begin_chord() {
  ++chord_;
  const auto which = static_cast<size_t>(chord_ % kChordCount);
  const auto& steps = (minor_ ? kMinor : kMajor)[which];
  Chord& chord = chords_[static_cast<size_t>(chord_ % 2)];
  chords_[static_cast<size_t>((chord_ + 1) % 2)].held = false;
  for (size_t i = 0; i < kNotes; ++i) chord.hertz[i] = semitones(root_, static_cast<float>(steps[i]));
  chord.held = true;
}

void MusicLayer::begin_bell() {
  if (random_.uniform() > 0.45f) return;
  const Chord& chord = chords_[static_cast<size_t>(chord_ % 2)];
  Bell& bell = bells_[static_cast<size_t>(next_bell_++ % 4)];
  bell.hertz = chord.hertz[static_cast<size_t>(1 + random_.below(3))] * (random_.below(3) == 0 ? 4.0f : 2.0f);
  bell.level = random_.uniform(0.05f, 0.1f);
  bell.rise = 0;
  bell.phase = bell.overtone = Phase();
  bell.place = pan_gains(random_.uniform(-0.6f, 0.6f));
}

Stereo MusicLayer::next_pad() {
  // A parabola instead of a sine: the soft odd overtones of a flute stop.
  const auto wave = [](float phase) {
    const float x = 2 * phase - 1;
    return 4 * x * (1 - std::fabs(x));
  };
  Stereo sum;
  for (Chord& chord : chords_) {
    chord.level += ((chord.held ? 1.0f : 0.0f) - chord.level) * (chord.held ? 0.00004f : 0.000025f);
    if (chord.level < 1e-4f) continue;
    for (size_t i = 0; i < kNotes; ++i) {
      const float share = chord.level * (i == 0 ? 0.055f : 0.035f);
      sum.left += share * wave(chord.left[i].next(chord.hertz[i] * 1.0013f));
      sum.right += share * wave(chord.right[i].next(chord.hertz[i] * 0.9987f));
    }
  }
  return soft_(sum);
}

Stereo MusicLayer::next_bells() {
  Stereo sum;
  for (Bell& bell : bells_) {
    if (bell.level < 1e-5f) continue;
    bell.level *= 0.99994f;
    bell.rise += (1 - bell.rise) * 0.008f;
    const float tone = sine_of(bell.phase.next(bell.hertz)) +
                       8 * bell.level * sine_of(bell.overtone.next(std::fmin(20000.0f, 3 * bell.hertz)));
    sum = sum + bell.place * (tone * bell.level * bell.rise);
  }
  return sum;
}

void MusicLayer::add(std::span<float> interleaved) {
  for (size_t i = 0; i + 1 < interleaved.size(); i += 2) {
    if (frame_ % kChordFrames == 0) begin_chord();
    if (frame_ % kBeatFrames == 0) begin_bell();
    frame_ = (frame_ + 1) % kChordFrames;
    const Stereo sum = next_pad() + next_bells();
    interleaved[i] += sum.left;
    interleaved[i + 1] += sum.right;
  }
}

}  // namespace troupe::stage
