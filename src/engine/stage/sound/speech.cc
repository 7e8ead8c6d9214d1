#include <algorithm>
#include <cmath>

#include "engine/stage/sound/child_process.h"
#include "engine/stage/sound/loudness.h"
#include "engine/stage/sound/resample.h"
#include "engine/stage/sound/sound.h"
#include "engine/stage/sound/synth.h"
#include "engine/stage/sound/voice.h"
#include "engine/stage/sound/wav.h"

namespace troupe::stage {
namespace {

constexpr std::chrono::milliseconds kTimeMax{10000};
constexpr size_t kWavBytesMax = 6 << 20;  // over two minutes at espeak-ng's 22050 Hz
constexpr double kLineLufs = -18;
constexpr float kLinePeak = 0.9f;
constexpr float kQuiet = 0.003f;  // below it, sound at either end of a line is cut off
constexpr int64_t kFadeFrames = kAudioRate / 200;

std::vector<std::string> command(const Voice& voice, std::string_view language) {
  return {"espeak-ng",
          "-b",
          "1",
          "-v",
          std::string(language) + "+" + voice.variant,
          "-p",
          std::to_string(voice.pitch),
          "-s",
          std::to_string(voice.words_a_minute),
          "--stdin",
          "--stdout"};
}

// The silence before and after a line would put mouths and pauses in the wrong place.
void trim(std::vector<float>& mono) {
  const auto loud = [](float sample) { return std::fabs(sample) > kQuiet; };
  const auto last = std::find_if(mono.rbegin(), mono.rend(), loud).base();
  const auto first = std::find_if(mono.begin(), last, loud);
  const auto keep = std::min<std::ptrdiff_t>(kFadeFrames, mono.end() - last);
  const std::ptrdiff_t lead = std::min<std::ptrdiff_t>(kFadeFrames, first - mono.begin());
  mono = std::vector<float>(first - lead, last + keep);
}

// A ring modulator and a short comb: the voice of a machine.
void make_metallic(std::vector<float>& mono) {
  constexpr size_t kDelay = kAudioRate * 7 / 1000;
  Phase ring;
  for (size_t i = 0; i < mono.size(); ++i) {
    const float echo = i >= kDelay ? 0.45f * mono[i - kDelay] : 0;
    mono[i] = mono[i] * (0.6f + 0.4f * sine_of(ring.next(52))) + echo;
  }
}

double loudness_of(std::span<const float> mono) {
  LoudnessMeter meter;
  std::vector<float> block(2 * static_cast<size_t>(kAudioRate));
  for (size_t at = 0; at < mono.size(); at += kAudioRate) {
    const size_t count = std::min<size_t>(kAudioRate, mono.size() - at);
    for (size_t i = 0; i < count; ++i) block[2 * i] = block[2 * i + 1] = mono[at + i];
    meter.add(std::span<const float>(block).first(2 * count));
  }
  return meter.integrated_lufs();
}

void level(std::vector<float>& mono) {
  float peak = 0;
  for (const float sample : mono) peak = std::max(peak, std::fabs(sample));
  const float wanted = gain_of_db(static_cast<float>(kLineLufs - loudness_of(mono)));
  const float gain = std::min(wanted, kLinePeak / peak);
  const auto size = static_cast<int64_t>(mono.size());
  for (int64_t i = 0; i < size; ++i) {
    const float edge = static_cast<float>(std::min({i, size - 1 - i, kFadeFrames})) / kFadeFrames;
    mono[static_cast<size_t>(i)] *= gain * edge;
  }
}

}  // namespace

Result<std::vector<float>> speak(const std::string& text, int voice_index, std::string_view noun,
                                 const CancelToken& cancel) {
  const std::string spoken = speakable(text);
  if (spoken.empty()) {
    return make_error(ErrorCode::invalid_argument,
                      "The line has no letter or digit to say: put words between the quotation marks.");
  }
  const Voice voice = choose_voice(voice_index, noun);
  Result<ChildOutput> run =
      run_child(command(voice, language_of(spoken)), spoken + "\n", {kTimeMax, kWavBytesMax}, cancel);
  if (!run) {
    if (run.error().code == ErrorCode::cancelled) return run.error();
    return make_error(ErrorCode::unavailable, run.error().message);
  }
  if (run->exit_code != 0) {
    return make_error(ErrorCode::unavailable,
                      "espeak-ng failed with exit code " + std::to_string(run->exit_code) + ".");
  }
  const Result<WavSound> wav = parse_wav(run->bytes);
  if (!wav) return make_error(ErrorCode::unavailable, "espeak-ng gave no sound: " + wav.error().message);
  std::vector<float> mono = resampled(wav->mono, wav->rate);
  trim(mono);
  if (mono.empty())
    return make_error(ErrorCode::invalid_argument, "The line has no words that can be heard.");
  if (voice.machine) make_metallic(mono);
  level(mono);
  return mono;
}

}  // namespace troupe::stage
