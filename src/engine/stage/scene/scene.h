// A place to stand: what every painter and the photo stage give to the renderer.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/frame_size.h"
#include "core/image.h"
#include "engine/stage/plan.h"
#include "engine/stage/raster/camera.h"
#include "engine/stage/raster/mesh.h"

namespace troupe::stage {

/// How the scene lights a subject, and how far air hides things.
struct LightRig {
  Rgb gain = {1, 1, 1};  ///< colour of the light, multiplies the subject
  float exposure = 1;
  Vec3 key_direction = {-0.5f, 0.7f, -0.5f};  ///< from the subject towards the key light, world axes
  Rgb key_color = {1, 1, 1};
  float key = 0.6f;  ///< strength of shading by the key, 0 … 1
  Rgb rim_color = {1, 1, 1};
  float rim = 0.3f;                   ///< strength of the bright edge, 0 … 2
  std::optional<Vec3> rim_direction;  ///< towards the rim light; none = opposite to the key
  float saturation = 0.95f;
  float contrast = 1;
  float black_lift = 0.03f;   ///< towards the haze, 0 … 0.1
  float shadow = 0.5f;        ///< darkness of the cast shadow, 0 = none … 1
  float luminance_cap = 235;  ///< 95th percentile of the lit subject's luma never passes this
  Rgb haze_color = {0.7f, 0.75f, 0.8f};
  float haze_density = 0.004f;  ///< a metre: share hidden is 1 - exp(-density * depth)
};

/// The picture's finish, applied to the whole frame.
struct Grade {
  float bloom = 0.3f;           ///< strength, 0 … 1
  float bloom_threshold = 180;  ///< 0 … 255
  float contrast = 0.12f;       ///< S-curve, 0 … 0.4
  float saturation = 1;
  Rgb gain = {1, 1, 1};
  float lift = 0;         ///< raises blacks, 0 … 0.1
  float vignette = 0.3f;  ///< darkness of the corners, 0 … 0.6
  float grain = 5;        ///< peak, in 8-bit steps, 0 … 12
  float exposure = 1;
};

/// Screen-space weather.
struct Particles {
  enum class Kind { rain, snow, leaves, dust, embers, petals };
  Kind kind = Kind::rain;
  float amount = 1;   ///< 1 = as stage.md's counts, 0 … 2
  float wind = 0.2f;  ///< sideways speed over falling speed, -1 … 1
  Rgb color = {1, 1, 1};
};

/// What sound and feet need to know of the ground.
enum class Surface { asphalt, wet, gravel, grass, sand, snow, wood, stone };

struct SceneLook {
  LightRig light;
  Grade grade;
  std::vector<Particles> particles;
  std::string ambience = "room";  ///< bed of sound: rain_city city park forest wind sea snow room studio …
  Surface surface = Surface::grass;
  float reflection = 0;             ///< share of the mirrored world that shows in the ground, 0 … 1
  float reflection_blur = 2.3f;     ///< mip bias of the mirrored world
  float walk_half_width = 3;        ///< metres to each side of x = 0 where a subject may walk
  float near_z = 1.5f, far_z = 40;  ///< where a subject may stand
  float eye_height = 1.5f;          ///< natural camera height, metres
  float fov_focal = 1.2f;           ///< natural focal length, frame heights (photo stages fix it)
  float shift_y = 0;                ///< natural principal point, frame heights below the centre
  bool photograph = false;          ///< folded from a picture: the camera keeps to what the picture shows
};

/// One place, painted once. Immutable after it is made: emit() may run on several threads.
/// The world: subjects stand near x = 0 on y = 0 at z > 0; the natural camera is at (0, eye_height, 0).
/// Everything must be built so that a camera that moves up to 3 m sideways, 2 m up, 8 m forward and turns up
/// to 20 degrees sees no hole: sky and ground reach three frames beyond the frame.
class Scene {
 public:
  virtual ~Scene() = default;
  const SceneLook& look() const { return look_; }

  /// Appends what the scene shows at `seconds` of the shot's clock. The sky must cover whatever is behind.
  /// `camera` is given for cards that turn to it and for endless grounds that follow it.
  virtual void emit(const Camera& camera, double seconds, DrawList& list) const = 0;

 protected:
  SceneLook look_;
};

/// What a painter is asked for.
struct SceneRequest {
  Environment environment = Environment::studio;
  TimeOfDay time = TimeOfDay::day;
  std::vector<Weather> weather;
  std::vector<Light> light;
  std::optional<Season> season;
  std::vector<Style> style;
  uint64_t seed = 0;
  FrameSize frame;   ///< textures are sized for it
  float detail = 1;  ///< 0.25 … 1: scales texture sizes (tests use small ones)
};

/// Paints a place: 0.1 … 1 s of CPU. Never fails: an environment without a painter of its own gets its
/// nearest (see substitute_environment in plan.h). Deterministic in its request.
std::unique_ptr<Scene> paint_scene(const SceneRequest& request);

}  // namespace troupe::stage
