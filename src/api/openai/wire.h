// The dialect of OpenAI's videos API, below /v1/videos: bytes to values and values to bytes. Pure functions;
// errors and thread-safety as api/native/wire.h. Bodies are JSON; forms become that before (form_json.h).
// Source: openai-node 7.55.0, src/resources/videos.ts; the further fields of vLLM-Omni's server.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/problem.h"
#include "api/submission.h"
#include "base/result.h"
#include "catalog/catalog.h"
#include "core/generation_spec.h"
#include "core/job.h"
#include "core/library.h"

namespace troupe::api::openai {

inline constexpr std::string_view kDialect = "openai";

/// POST /videos. `input_reference` is the first frame. Beside OpenAI's own fields: `elements`,
/// `scene_images`, `reference_images` and `last_frame` in the shapes that docs/dialects.md shows, as JSON or,
/// in a form, as JSON texts; `aspect_ratio`, `fps`, `seed`, `negative_prompt`, `audio`, `shots`.
Result<Submission> parse_create(std::string_view json, std::vector<Error>* all = nullptr);

/// POST /videos/{id}/remix, /videos/edits, /videos/extensions.
struct Change {
  std::string prompt;
  std::string model;                 ///< "" = that of the video, or the usual one
  std::optional<MediaTime> seconds;  ///< of extensions
  std::string video_id;              ///< of edits and extensions: the video that is changed, or
  std::optional<MediaSource> video;  ///< a clip that was sent
};
Result<Change> parse_change(std::string_view json, std::vector<Error>* all = nullptr);

/// POST /videos/characters: a name and a clip.
struct NewCharacter {
  std::string name;
  MediaSource video;
};
Result<NewCharacter> parse_character(std::string_view json, std::vector<Error>* all = nullptr);
std::string print_character(const Element& element);

/// A video: size and seconds are those of the take, or else what the request comes to.
struct Video {
  const Job& job;
  std::string model;  ///< what it is called there
  FrameSize size;
  MediaTime duration;
  std::string prompt;
};
std::string print_video(const Video& video);
std::string print_videos(const std::vector<Video>& videos, bool has_more);
std::string print_deleted(const Job& job);

/// {"error": {"message", "type", "param", "code"}}
Answer print_problem(const Problem& problem);

/// The message of a job's own webhook: "video.completed" or "video.failed".
std::string print_event(const Job& job);

}  // namespace troupe::api::openai
