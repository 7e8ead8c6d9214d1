#include "engine/stage/shot_speech.h"

#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "base/utf8.h"

namespace troupe::stage {
namespace {

constexpr double kLeadSeconds = 0.35;   // before the first word
constexpr double kPauseSeconds = 0.25;  // between lines
constexpr double kTurnSeconds = 1.6;    // of a silent talker before the next one's turn
constexpr double kSecondsPerCharacter = 0.065;

// A voice without sound: bursts about four times a second, which only mouths follow.
std::vector<float> silent_syllables(double seconds, uint64_t seed) {
  Random random(seed);
  std::vector<float> mono(static_cast<size_t>(seconds * kAudioRate));
  double at = 0.02;
  while (at < seconds - 0.1) {
    const double length = random.uniform(0.1f, 0.2f), level = random.uniform(0.35f, 0.9f);
    const auto begin = static_cast<size_t>(at * kAudioRate);
    const auto count = std::min(static_cast<size_t>(length * kAudioRate), mono.size() - begin);
    for (size_t i = 0; i < count; ++i) {
      const double phase = static_cast<double>(i) / static_cast<double>(count);
      mono[begin + i] =
          static_cast<float>(level * std::sin(3.14159265 * phase) * std::sin(0.03 * static_cast<double>(i)));
    }
    at += length + random.uniform(0.03f, 0.12f);
  }
  return mono;
}

bool talks(const SubjectPlan& subject) {
  return std::any_of(subject.beats.begin(), subject.beats.end(),
                     [](const Beat& beat) { return beat.action == Action::talk; });
}

float pan_of(const ShotPlan& plan, int speaker) {
  const size_t count = plan.subjects.size();
  if (speaker < 0 || count < 2) return 0;
  return -0.4f + 0.8f * static_cast<float>(speaker) / static_cast<float>(count - 1);
}

void cut_at(std::vector<float>& mono, double seconds) {
  const auto room = static_cast<size_t>(std::max(0.0, seconds) * kAudioRate);
  if (mono.size() > room) mono.resize(room);
}

// Talkers without words take turns through the shot.
std::vector<ActorSpeech> silent_talk(const ShotPlan& plan, double seconds) {
  std::vector<int> talkers;
  for (size_t i = 0; i < plan.subjects.size(); ++i) {
    if (talks(plan.subjects[i])) talkers.push_back(static_cast<int>(i));
  }
  std::vector<ActorSpeech> speech;
  if (talkers.empty()) return speech;
  double at = kLeadSeconds;
  for (size_t turn = 0; at < seconds - 0.4; ++turn) {
    const int actor = talkers[turn % talkers.size()];
    SpokenLine line{silent_syllables(std::min(kTurnSeconds, seconds - at), derive_seed(turn, "talk")), at, 0};
    speech.push_back({actor, std::move(line), false});
    at += kTurnSeconds + kPauseSeconds;
  }
  return speech;
}

}  // namespace

Result<std::vector<ActorSpeech>> speech_of(const ShotPlan& plan, double seconds, const CancelToken& cancel,
                                           std::vector<engine::Note>& notes) {
  if (plan.speech.empty()) return silent_talk(plan, seconds);
  std::vector<ActorSpeech> speech;
  double at = kLeadSeconds;
  for (const Speech& said : plan.speech) {
    const auto speaker = static_cast<size_t>(std::max(0, said.speaker));
    const std::string noun = speaker < plan.subjects.size() ? plan.subjects[speaker].noun : "";
    Result<std::vector<float>> voice = speak(said.text, said.speaker, noun, cancel);
    if (!voice && voice.error().code == ErrorCode::cancelled) return voice.error();
    ActorSpeech entry;
    entry.actor = said.speaker;
    entry.audible = voice.has_value();
    const double length = kSecondsPerCharacter * static_cast<double>(utf8_length(said.text));
    entry.line.mono = voice ? std::move(*voice) : silent_syllables(std::clamp(length, 0.4, 20.0), 1);
    if (!voice) {
      notes.push_back({"speech_unavailable",
                       engine::Note::Severity::warning,
                       {},
                       "",
                       "The line could not be spoken: " + voice.error().message,
                       voice.error().code == ErrorCode::unavailable ? "Install espeak-ng." : ""});
    }
    cut_at(entry.line.mono, seconds - at);
    if (entry.line.mono.empty()) break;
    entry.line.seconds = at;
    entry.line.pan = pan_of(plan, said.speaker);
    at += static_cast<double>(entry.line.mono.size()) / kAudioRate + kPauseSeconds;
    speech.push_back(std::move(entry));
  }
  return speech;
}

}  // namespace troupe::stage
