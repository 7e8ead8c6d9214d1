// Signs that shine: panels and tubes with strokes of no alphabet.
#pragma once

#include <cstdint>

#include "engine/stage/raster/texture.h"
#include "engine/stage/raster/vec.h"

namespace troupe::stage {

enum class SignKind {
  tubes,   ///< glowing strokes and a border on a dark board
  box,     ///< a lit panel with dark strokes
  screen,  ///< a wall of light: bands and shapes of colour
};

struct SignSpec {
  SignKind kind = SignKind::tubes;
  Rgb color = {1, 0.2f, 0.6f}, second = {0.2f, 0.9f, 1};
  int glyphs = 4;
  bool upright = true;  ///< glyphs stand above each other
  uint64_t seed = 0;
};

/// Glyph cells are square: an upright sign is glyphs times as high as wide (plus a border).
TexturePtr paint_sign(const SignSpec& spec, float detail);
/// Height over width of the sign that paint_sign makes.
float sign_aspect(const SignSpec& spec);

/// A round glow that falls off to nothing, white, for additive cards.
TexturePtr paint_halo();
/// A streak that is brightest at its head (v = 0), for light smeared over wet ground.
TexturePtr paint_streak();

}  // namespace troupe::stage
