// Standing things: cards planted in a world that repeats, so that a walk never comes to its end.
#pragma once

#include <vector>

#include "engine/stage/raster/camera.h"
#include "engine/stage/raster/mesh.h"
#include "engine/stage/scene/paint/light_table.h"

namespace troupe::stage::paint {

/// A picture that stands upright and turns to the viewer.
struct CardKind {
  TexturePtr texture;
  float width = 6, height = 6;  ///< metres, the whole picture
  float sway = 0;               ///< metres that the top moves in a breeze
  float shadow = 0.5f;          ///< darkness of the cast shadow, 0 = none
  float contact = 0.8f;         ///< metres, radius of the dark patch under the foot; 0 = none
  float foot = 0.025f;          ///< share of the picture's height that lies under the ground
};

struct Planted {
  int kind = 0;
  float x = 0, z = 0;  ///< metres
  float lift = 0;      ///< metres over the ground (canopies); such a card has no shadow
  float scale = 1;
  bool mirrored = false;
  Rgb light = {1, 1, 1};
};

/// How a set of cards repeats and where it fades.
struct Repeat {
  float period_x = 0;  ///< metres; 0 = does not repeat
  float period_z = 0;
  float fade_from = 1e6f, fade_to = 2e6f;  ///< metres from the viewer: opacity 1 … 0
  float nearest = 0.8f;                    ///< metres before the viewer at which a card is gone
};

/// Many cards. Immutable.
class Cards {
 public:
  Cards(std::vector<CardKind> kinds, std::vector<Planted> planted, Repeat repeat, const Atmosphere& air);
  /// Layer::world cards, each with its shadow on Layer::shadow. What lies well outside the view is left out.
  void emit(const Camera& camera, double seconds, DrawList& list) const;

 private:
  void emit_one(const Camera& camera, double seconds, const Planted& card, float x, float z,
                DrawList& list) const;
  void emit_shadow(const CardKind& kind, const Planted& card, Vec3 foot, float opacity, DrawList& list) const;
  std::vector<CardKind> kinds_;
  std::vector<Planted> planted_;
  Repeat repeat_;
  TexturePtr blob_;
  Vec3 shadow_axis_;  ///< metres of ground that a metre of height throws its shadow over
  float shadow_, wind_;
};

/// Low plants (tufts, flowers, stones) by the hundred, drawn in rows of one mesh each.
struct Sprite {
  float x = 0, z = 0, width = 1, height = 0.4f;
  int cell = 0;  ///< which picture of the atlas
  Rgb light = {1, 1, 1};
};

/// An atlas of `cells` pictures side by side in one texture.
class Tufts {
 public:
  Tufts(TexturePtr atlas, int cells, std::vector<Sprite> sprites, float period, float fade_to, float sway);
  void emit(const Camera& camera, double seconds, float wind, DrawList& list) const;

 private:
  TexturePtr atlas_;
  int cells_;
  std::vector<std::vector<Sprite>> rows_;  ///< by z, kRow metres each
  float period_, fade_to_, sway_;
};

}  // namespace troupe::stage::paint
