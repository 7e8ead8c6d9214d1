#include "engine/stage/scene/painters/painters.h"

namespace troupe::stage {

std::unique_ptr<Scene> paint_scene(const SceneRequest& request) {
  switch (substitute_environment(request.environment)) {
    case Environment::city_street:
      return paint_city(request);
    case Environment::forest:
      return paint_forest(request);
    case Environment::cliff:
    case Environment::ocean:
      return paint_cliff(request);
    case Environment::snow:
      return paint_snow(request);
    case Environment::beach:
      return paint_beach(request);
    case Environment::studio:
      return paint_studio(request);
    case Environment::ballroom:
      return paint_ballroom(request);
    case Environment::cafe:
      return paint_cafe(request);
    default:
      return paint_park(request);
  }
}

}  // namespace troupe::stage
