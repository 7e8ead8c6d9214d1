// How far a job is.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace troupe {

struct Progress {
  std::string stage;        ///< "cut out", "paint", "render", "encode": a word or two for people
  double fraction = 0;      ///< of the whole job, 0 … 1, never falling
  int64_t frames_done = 0;  ///< frames handed to the Output so far
  int64_t frames_total = 0;
};

/// Called from the engine's thread, at most once a frame; must return quickly.
using ProgressSink = std::function<void(const Progress&)>;

}  // namespace troupe
