// House fronts: a wall that repeats over bays and floors, and the lit rooms behind its windows.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/stage/raster/texture.h"
#include "engine/stage/scene/paint/noise.h"
#include "engine/stage/scene/paint/solid.h"

namespace troupe::stage {

enum class WallMaterial { brick, stone, panel, stucco, tile, glass };

inline constexpr float kBayWidth = 2.6f, kFloorHeight = 3.3f;  ///< metres, the same for all houses

/// Where a bay's window lies: widths are shares of a bay, heights of a floor, measured from its top.
struct WindowShape {
  float width = 0.5f, top = 0.24f, height = 0.5f;
  int panes_x = 2, panes_y = 1;
};

struct Ornament {
  bool pier = false;  ///< between bays
  bool band = false;  ///< between floors
  bool sill = false;  ///< under windows, and a lintel over them
  bool arch = false;  ///< windows end in a round
};

/// One kind of house.
struct FacadeStyle {
  WallMaterial material = WallMaterial::brick;
  Rgb wall, trim;
  WindowShape window;
  Ornament ornament;
};

const std::vector<FacadeStyle>& facade_styles();

/// Dirt that all walls share: soft patches and what rain washes down.
struct Weathering {
  paint::Field patches, streaks;
};
Weathering paint_weathering(float detail, uint64_t seed);

/// A seamless wall of kFacadeBays x kFacadeFloors whose unlit windows mirror `glass`.
inline constexpr int kFacadeBays = 4, kFacadeFloors = 4;
TexturePtr paint_facade(const FacadeStyle& style, const Weathering& weathering, Rgb glass, uint64_t seed);

/// Rooms seen through lit windows, in a grid of kRoomColumns x kRoomRows pictures.
inline constexpr int kRoomColumns = 4, kRoomRows = 4;
TexturePtr paint_rooms(float detail, uint64_t seed);
/// The place of a room in the picture, inside its margin.
paint::UvRect room_uv(int room);

}  // namespace troupe::stage
