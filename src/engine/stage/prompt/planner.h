// Makes the plan with a vocabulary that is loaded already.
#pragma once

#include <string>
#include <vector>

#include "engine/stage/plan.h"
#include "engine/stage/prompt/camera_words.h"
#include "engine/stage/prompt/cast.h"
#include "engine/stage/prompt/roles.h"
#include "engine/stage/prompt/setting.h"
#include "engine/stage/prompt/staging.h"
#include "engine/stage/prompt/vocabulary.h"

namespace troupe::stage::prompt {

/// What was read for one shot of the plan, beside the shot itself: what the report tells of.
struct ShotNotes {
  Setting setting;
  CameraChoice camera;
  Cast cast;
  std::vector<std::vector<Action>> dropped;  ///< by subject
  size_t reading = 0;                        ///< index of the reading it was made from
};

/// Everything the planner knows when the shots are made.
struct PlanContext {
  const engine::RenderRequest& request;
  const Vocabulary& vocabulary;
  std::vector<std::string> names;  ///< of the references, without '@'
  std::vector<Reading> readings;   ///< one a segment
  RoleChoice roles;
  CastMemory memory;
  std::vector<ShotNotes> shots;  ///< one a shot of the plan
};

/// As make_plan() of plan.h.
Plan make_plan(const Vocabulary& vocabulary, const engine::RenderRequest& request,
               const std::vector<PictureHints>& hints);

/// Fills plan.understood and plan.not_understood.
void report_words(const PlanContext& context, Plan& plan);

/// Fills plan.notes.
void report_notes(const PlanContext& context, Plan& plan);

}  // namespace troupe::stage::prompt
