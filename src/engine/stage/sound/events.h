// Sounds that come and go by themselves: drops, birds, cars, thunder.
#pragma once

#include <vector>

#include "engine/stage/sound/sound_layer.h"
#include "engine/stage/sound/synth.h"

namespace troupe::stage {

/// Makes one such sound, mono, with a peak near 1. Its length is its own choice, up to 12 s.
using Grain = std::vector<float> (*)(Random& random);

std::vector<float> rain_drop(Random& random);    ///< a tick on leaves or asphalt
std::vector<float> puddle_drop(Random& random);  ///< a near drop into water: a rising blip
std::vector<float> bubbles(Random& random);
std::vector<float> bird_song(Random& random);  ///< two to seven notes, 3 … 6 kHz
std::vector<float> bird_call(Random& random);  ///< a lower double note from afar
std::vector<float> gull_cry(Random& random);
std::vector<float> owl_call(Random& random);
std::vector<float> cricket(Random& random);
std::vector<float> car_pass(Random& random);  ///< a swoosh of five seconds
std::vector<float> wet_car_pass(Random& random);
std::vector<float> horn(Random& random);  ///< far off, between houses
std::vector<float> thunder(Random& random);
std::vector<float> cup_clink(Random& random);
std::vector<float> leaf_rustle(Random& random);

/// When and how loud a layer's sounds come.
struct EventTimes {
  float gap_seconds = 1;    ///< mean time from one to the next
  float first_seconds = 0;  ///< the first comes within this time; 0: within gap_seconds
  float gain_low = 0.05f, gain_high = 0.1f;
  float pan_width = 1;   ///< places lie within ± this
  bool crosses = false;  ///< moves from one side to the other while it sounds
};

class EventLayer : public SoundLayer {
 public:
  EventLayer(Grain grain, const EventTimes& times, uint64_t seed);
  void add(std::span<float> interleaved) override;

 private:
  struct Event {
    std::vector<float> mono;
    size_t done = 0;
    int64_t begin = 0;  ///< frames since the layer's start
    Stereo gain, gain_step;
  };
  void start_event();
  void add_event(Event& event, std::span<float> interleaved) const;

  Grain grain_;
  EventTimes times_;
  Random random_;
  std::vector<Event> playing_;
  int64_t now_ = 0, next_ = 0;
};

}  // namespace troupe::stage
