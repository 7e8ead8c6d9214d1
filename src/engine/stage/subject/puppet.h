// A subject that can stand, walk and turn: a cut-out on a deforming mesh.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/stage/plan.h"
#include "engine/stage/raster/mesh.h"
#include "engine/stage/scene/scene.h"
#include "engine/stage/subject/rig.h"
#include "image/cut_out.h"

namespace troupe::stage {

/// What a puppet does at one moment. Phases are given, not clocks, so a pose is a pure function.
struct PoseInput {
  Action action = Action::stand;
  float seconds = 0;  ///< since the start of the beat: idle breathing, hops and waves run on it
  float stride = 0;   ///< walked distance in strides (two steps), from the ground covered: feet do not skate
  Facing facing = Facing::front;
  bool mirrored = false;
  float turn = 1;  ///< progress of a turn into `facing`, 0 … 1 (squash and view swap)
  Facing turn_from = Facing::front;
  float mouth = 0;   ///< opening by speech, 0 … 1
  float tempo = 1;   ///< happy 1.15, sad 0.8, slow motion 0.45
  float amount = 1;  ///< 0 = standing … 1 = the whole action: ramp it over 0.3 s where actions change
};

/// The meshes of a moment, in the puppet's own space: origin at the feet, x right, y up in metres, z = 0,
/// drawn in the order given (far limbs first). Put into the world by translating every vertex.
struct PosedMesh {
  MeshPtr mesh;
  TexturePtr texture;
};
struct Posed {
  std::vector<PosedMesh> layers;
  float lift = 0;  ///< metres the feet are off the ground (jump, run, float); the vertices have it already
  bool left_foot_down = false, right_foot_down = false;  ///< edges of these are footsteps
  float half_width = 0.3f;                               ///< metres, for shadow and framing
};

/// One subject of a request: its views and rigs. Immutable; safe to share between threads.
class Puppet {
 public:
  /// `views`: cut-outs in the order frontal, angles; at least one. `noun` ("dog", "robot", "") decides the
  /// real height (rig.h).
  static std::shared_ptr<const Puppet> make(std::vector<image::CutOut> views, std::string_view noun);
  ~Puppet();

  const Rig& rig() const;                ///< of the frontal view
  float height() const;                  ///< metres, of the whole subject as it stands
  float aspect() const;                  ///< width over height of the frontal view
  bool half_figure() const;              ///< cut by the picture's lower edge: never show the cut
  bool has_view(Facing facing) const;    ///< a real picture of that side exists (a mirrored side counts)
  const image::CutOut& cut_out() const;  ///< frontal

  /// Real speed over the ground of an action, metres a second (0 for most), and metres a stride.
  float speed(Action action) const;
  float stride_length(Action action) const;

  /// The puppet lit for a scene: each side's textures are relit once, then posed at any time.
  /// `on_screen_height`: its largest height in frame pixels (textures are not made larger than useful, and
  /// the rim's width follows it).
  class Dressed {
   public:
    virtual ~Dressed() = default;
    /// 0.1 ms; the first pose that shows a side also lights it (0.05 … 0.2 s). Thread-safe.
    virtual Posed pose(const PoseInput& input) const = 0;
  };
  std::unique_ptr<Dressed> dress(const LightRig& light, float on_screen_height) const;

 private:
  struct State;
  explicit Puppet(std::shared_ptr<const State> state);
  std::shared_ptr<const State> state_;
};

}  // namespace troupe::stage
