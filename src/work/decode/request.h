// What a decode worker is asked, as its command line.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "media/probe.h"
#include "media/video_file.h"

namespace troupe::work {

/// The descriptors that a worker is started with, besides 0 to 2, which lead nowhere.
inline constexpr int kWorkerInput = 3;   ///< the file to decode, in sealed memory
inline constexpr int kWorkerAnswer = 4;  ///< a pipe back

enum class DecodeTask { check, picture, samples, clip, last_frame, play };

struct DecodeRequest {
  DecodeTask task = DecodeTask::check;
  uint64_t memory_bytes_max = 0;  ///< on top of the program's own
  int64_t cpu_seconds_max = 0;
  media::ImageLimits image;                 ///< of picture
  media::VideoLimits video;                 ///< of samples, clip, last_frame, play
  int count = 0;                            ///< of samples
  media::VideoClip::PlayOptions play = {};  ///< of play
};

std::vector<std::string> to_arguments(const DecodeRequest& request);
/// Errors: invalid_argument.
Result<DecodeRequest> parse_request(std::span<const std::string> arguments);

}  // namespace troupe::work
