// What each place sounds like when nobody moves.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "engine/stage/plan.h"
#include "engine/stage/sound/reverb.h"
#include "engine/stage/sound/sound_layer.h"

namespace troupe::stage {

/// The bed of an ambience ("rain_city", "city", "park", "forest", "wind", "snow", "sea", "beach", "cliff",
/// "ocean", "studio", "room", "cafe", "ballroom" …; another word: a quiet room), with the weather laid over
/// it. Indoors weather is heard through the walls. "" is silence, whatever the weather. The same seed gives
/// the same sound. Natural loudness: -30 … -22 LUFS outdoors, about -46 for the air of a room.
std::unique_ptr<SoundLayer> make_bed(std::string_view ambience, std::span<const Weather> weather,
                                     uint64_t seed);

/// How the place answers steps and voices; silence ("") does not.
Echo echo_of(std::string_view ambience);

}  // namespace troupe::stage
