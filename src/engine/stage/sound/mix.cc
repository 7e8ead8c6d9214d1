#include <algorithm>
#include <cmath>

#include "engine/stage/sound/beds.h"
#include "engine/stage/sound/ducking.h"
#include "engine/stage/sound/foley.h"
#include "engine/stage/sound/mastering.h"
#include "engine/stage/sound/music.h"
#include "engine/stage/sound/sound.h"
#include "engine/stage/sound/synth.h"

namespace troupe::stage {
namespace {

constexpr int64_t kFramesMax = 600LL * kAudioRate;
constexpr int64_t kCrossFrames = kAudioRate / 20;
constexpr int64_t kMusicCrossFrames = kAudioRate / 2;
constexpr int64_t kEdgeFrames = kAudioRate / 100;
constexpr float kBedGain = 0.6f, kMusicGain = 0.8f;  // leave room for steps and voices
constexpr int64_t kBlockFrames = kAudioRate;

Error cancelled() { return make_error(ErrorCode::cancelled, "Cancelled while the sound was mixed."); }

// A run of frames with one continuous sound.
struct Stretch {
  int64_t begin = 0, end = 0;
  const ShotSound* shot = nullptr;
};

int64_t frame_of(double seconds, int64_t frames) {
  if (std::isnan(seconds)) return 0;
  return static_cast<int64_t>(std::clamp(std::round(seconds * kAudioRate), 0.0, static_cast<double>(frames)));
}

// Shots in order, without overlaps; neighbours that sound alike are one stretch, so that a cut within a place
// is not heard.
template <class Alike>
std::vector<Stretch> stretches_of(const SoundRequest& request, Alike alike) {
  std::vector<Stretch> stretches;
  int64_t now = 0;
  for (const ShotSound& shot : request.shots) {
    const int64_t begin = std::max(now, frame_of(shot.begin, request.sample_count));
    const int64_t end = frame_of(shot.end, request.sample_count);
    if (end <= begin) continue;
    now = end;
    if (!stretches.empty() && stretches.back().end == begin && alike(*stretches.back().shot, shot)) {
      stretches.back().end = end;
    } else {
      stretches.push_back({begin, end, &shot});
    }
  }
  return stretches;
}

// Where a stretch is heard: half a cross-fade beyond its ends, but not beyond the take's.
class Fade {
 public:
  Fade(const Stretch& stretch, int64_t cross, int64_t frames) {
    const int64_t half = std::min(cross, stretch.end - stretch.begin) / 2;
    begin_ = stretch.begin == 0 ? 0 : stretch.begin - half;
    end_ = stretch.end >= frames ? frames : std::min(frames, stretch.end + half);
    fade_in_ = stretch.begin == 0 ? 0 : 2 * half;
    fade_out_ = stretch.end >= frames ? 0 : 2 * half;
  }
  int64_t begin() const { return begin_; }
  int64_t end() const { return end_; }
  // Equal power: two sounds that have nothing in common keep their sum.
  float gain_at(int64_t frame) const {
    const float in = share(frame - begin_, fade_in_), out = share(end_ - 1 - frame, fade_out_);
    return in >= 1 && out >= 1 ? 1 : std::sin(in * kTwoPi / 4) * std::sin(out * kTwoPi / 4);
  }

 private:
  static float share(int64_t frames, int64_t length) {
    if (frames >= length) return 1;
    return (static_cast<float>(std::max<int64_t>(0, frames)) + 0.5f) / static_cast<float>(length);
  }
  int64_t begin_ = 0, end_ = 0, fade_in_ = 0, fade_out_ = 0;
};

Result<void> add_layer(SoundLayer& layer, float level, const Fade& fade, std::vector<float>& mix,
                       const CancelToken& cancel) {
  std::vector<float> block;
  for (int64_t begin = fade.begin(); begin < fade.end(); begin += kBlockFrames) {
    if (cancel.cancelled()) return cancelled();
    const int64_t count = std::min(kBlockFrames, fade.end() - begin);
    block.assign(2 * static_cast<size_t>(count), 0);
    layer.add(block);
    for (int64_t i = 0; i < count; ++i) {
      const float gain = level * fade.gain_at(begin + i);
      const auto to = 2 * static_cast<size_t>(begin + i), from = 2 * static_cast<size_t>(i);
      mix[to] += gain * block[from];
      mix[to + 1] += gain * block[from + 1];
    }
  }
  return {};
}

Result<void> add_beds(const SoundRequest& request, std::vector<float>& mix, const CancelToken& cancel) {
  const auto alike = [](const ShotSound& a, const ShotSound& b) {
    return a.ambience == b.ambience && a.weather == b.weather;
  };
  for (const Stretch& stretch : stretches_of(request, alike)) {
    if (stretch.shot->ambience.empty()) continue;
    const auto bed = make_bed(stretch.shot->ambience, stretch.shot->weather, request.seed);
    TROUPE_CHECK_OK(
        add_layer(*bed, kBedGain, Fade(stretch, kCrossFrames, request.sample_count), mix, cancel));
  }
  return {};
}

Result<void> add_music(const SoundRequest& request, std::vector<float>& mix, const CancelToken& cancel) {
  const auto alike = [](const ShotSound& a, const ShotSound& b) { return a.music == b.music; };
  for (const Stretch& stretch : stretches_of(request, alike)) {
    if (!stretch.shot->music) continue;
    MusicLayer music(request.seed);
    TROUPE_CHECK_OK(
        add_layer(music, kMusicGain, Fade(stretch, kMusicCrossFrames, request.sample_count), mix, cancel));
  }
  return {};
}

void add_line(const SpokenLine& line, std::vector<float>& mix) {
  const auto frames = static_cast<int64_t>(mix.size() / 2);
  const double place = std::round(line.seconds * kAudioRate);
  if (!std::isfinite(place) || std::fabs(place) > static_cast<double>(kFramesMax)) return;
  const auto begin = static_cast<int64_t>(place);
  const Stereo gain = pan_gains(line.pan);
  const int64_t first = std::max<int64_t>(0, -begin);
  const int64_t last = std::min(static_cast<int64_t>(line.mono.size()), frames - begin);
  for (int64_t i = first; i < last; ++i) {
    const float sample = line.mono[static_cast<size_t>(i)];
    if (!std::isfinite(sample)) continue;
    const auto to = 2 * static_cast<size_t>(begin + i);
    mix[to] += gain.left * std::clamp(sample, -1.0f, 1.0f);
    mix[to + 1] += gain.right * std::clamp(sample, -1.0f, 1.0f);
  }
}

// The answer dies with its place: the next shot's walls know nothing of it.
Result<void> add_echo(const Echo& echo, const Stretch& stretch, const std::vector<float>& dry,
                      std::vector<float>& mix, const CancelToken& cancel) {
  Reverb reverb(echo);
  for (int64_t begin = stretch.begin; begin < stretch.end; begin += kBlockFrames) {
    if (cancel.cancelled()) return cancelled();
    const auto at = 2 * static_cast<size_t>(begin);
    const auto count = 2 * static_cast<size_t>(std::min(kBlockFrames, stretch.end - begin));
    reverb.add(std::span(dry).subspan(at, count), std::span(mix).subspan(at, count));
  }
  return {};
}

// Steps and voices, and what the places answer.
Result<void> add_foreground(const SoundRequest& request, std::vector<float>& mix, const CancelToken& cancel) {
  if (request.footsteps.empty() && request.lines.empty()) return {};
  std::vector<float> dry(mix.size());
  Foley foley(derive_seed(request.seed, "foley"));
  for (const Footstep& step : request.footsteps) foley.add(step, dry);
  for (const SpokenLine& line : request.lines) add_line(line, dry);
  const auto alike = [](const ShotSound& a, const ShotSound& b) { return a.ambience == b.ambience; };
  for (const Stretch& stretch : stretches_of(request, alike)) {
    const Echo echo = echo_of(stretch.shot->ambience);
    if (echo.seconds > 0) TROUPE_CHECK_OK(add_echo(echo, stretch, dry, mix, cancel));
  }
  for (size_t i = 0; i < mix.size(); ++i) mix[i] += dry[i];
  return {};
}

void fade_edges(std::vector<float>& mix) {
  const auto frames = static_cast<int64_t>(mix.size() / 2);
  const int64_t length = std::min(kEdgeFrames, frames / 2);
  for (int64_t i = 0; i < length; ++i) {
    const float gain = smooth_step(static_cast<float>(i) / static_cast<float>(length));
    for (const int64_t frame : {i, frames - 1 - i}) {
      mix[2 * static_cast<size_t>(frame)] *= gain;
      mix[2 * static_cast<size_t>(frame) + 1] *= gain;
    }
  }
}

}  // namespace

Result<std::vector<float>> mix_sound(const SoundRequest& request, const CancelToken& cancel) {
  if (request.sample_count < 0 || request.sample_count > kFramesMax) {
    return make_error(ErrorCode::over_limit, "The sound is longer than ten minutes: make a shorter take.");
  }
  if (cancel.cancelled()) return cancelled();
  std::vector<float> mix(2 * static_cast<size_t>(request.sample_count));
  TROUPE_CHECK_OK(add_beds(request, mix, cancel));
  TROUPE_CHECK_OK(add_music(request, mix, cancel));
  if (!request.lines.empty()) apply_duck(duck_gains(request.sample_count, request.lines), mix);
  TROUPE_CHECK_OK(add_foreground(request, mix, cancel));
  fade_edges(mix);
  TROUPE_CHECK_OK(master(mix, cancel));
  for (float& sample : mix) sample = std::clamp(sample, -1.0f, 1.0f);
  return mix;
}

}  // namespace troupe::stage
