#include "engine/stage/sound/events.h"

#include <algorithm>

namespace troupe::stage {

EventLayer::EventLayer(Grain grain, const EventTimes& times, uint64_t seed)
    : grain_(grain), times_(times), random_(derive_seed(seed, "events")) {
  const float within = times.first_seconds > 0 ? times.first_seconds : times.gap_seconds;
  next_ = static_cast<int64_t>(random_.uniform(0.02f, 1.0f) * within * kAudioRate);
}

void EventLayer::start_event() {
  Event event;
  event.mono = grain_(random_);
  event.begin = next_;
  const float level = random_.uniform(times_.gain_low, times_.gain_high);
  const float place = random_.uniform(-times_.pan_width, times_.pan_width);
  const Stereo from = pan_gains(times_.crosses ? (place < 0 ? -0.85f : 0.85f) : place) * level;
  const Stereo to = pan_gains(times_.crosses ? (place < 0 ? 0.85f : -0.85f) : place) * level;
  event.gain = from;
  if (!event.mono.empty()) event.gain_step = (to - from) * (1.0f / static_cast<float>(event.mono.size()));
  playing_.push_back(std::move(event));
  next_ += 1 + static_cast<int64_t>(random_.uniform(0.1f, 1.9f) * times_.gap_seconds * kAudioRate);
}

void EventLayer::add_event(Event& event, std::span<float> interleaved) const {
  auto at = static_cast<size_t>(std::max<int64_t>(0, event.begin - now_));
  for (; at < interleaved.size() / 2 && event.done < event.mono.size(); ++at, ++event.done) {
    const float sample = event.mono[event.done];
    interleaved[2 * at] += sample * event.gain.left;
    interleaved[2 * at + 1] += sample * event.gain.right;
    event.gain = event.gain + event.gain_step;
  }
}

void EventLayer::add(std::span<float> interleaved) {
  const auto frames = static_cast<int64_t>(interleaved.size() / 2);
  while (next_ < now_ + frames) start_event();
  for (Event& event : playing_) add_event(event, interleaved);
  std::erase_if(playing_, [](const Event& event) { return event.done >= event.mono.size(); });
  now_ += frames;
}

}  // namespace troupe::stage
