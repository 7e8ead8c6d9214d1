// The painters, one place each. paint_scene (scene.h) picks among them.
#pragma once

#include <memory>

#include "engine/stage/scene/scene.h"

namespace troupe::stage {

std::unique_ptr<Scene> paint_city(const SceneRequest& request);
std::unique_ptr<Scene> paint_park(const SceneRequest& request);
std::unique_ptr<Scene> paint_forest(const SceneRequest& request);
std::unique_ptr<Scene> paint_snow(const SceneRequest& request);
std::unique_ptr<Scene> paint_cliff(const SceneRequest& request);
std::unique_ptr<Scene> paint_beach(const SceneRequest& request);
std::unique_ptr<Scene> paint_studio(const SceneRequest& request);
std::unique_ptr<Scene> paint_ballroom(const SceneRequest& request);
std::unique_ptr<Scene> paint_cafe(const SceneRequest& request);

}  // namespace troupe::stage
