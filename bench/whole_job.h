// The whole job, from files to an mp4, against its peer: encoding the same finished frames and nothing else.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "base/result.h"
#include "core/frame_size.h"

namespace troupe::bench {

struct JobCase {
  std::filesystem::path picture;  ///< of the element in the request
  std::filesystem::path folder;   ///< where the videos go
  FrameSize size;
  int clip_seconds = 5;  ///< at 24 frames a second
  int threads = 1;       ///< for the engine
};

struct Measured {
  int64_t frames = 0;
  double wall_seconds = 0;
  double processor_seconds = 0;           ///< of all threads
  std::map<std::string, double> timings;  ///< of the engine, by stage
};

/// Decode, cut out, paint, render, encode. Errors: what the request, the engine or the encoder says.
Result<Measured> measure_job(const JobCase& job);

/// Renders the same frames into memory (3 MB each at 1080p), then measures encoding them with the settings of
/// the job. Errors: as measure_job().
Result<Measured> measure_encoding(const JobCase& job);

}  // namespace troupe::bench
