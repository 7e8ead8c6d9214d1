// What makes the frames: the interface of stage, wan and upstream.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/cancel.h"
#include "base/result.h"
#include "core/generation_spec.h"
#include "core/image.h"
#include "core/output.h"
#include "core/progress.h"
#include "core/tag.h"

namespace troupe::engine {

/// The decoded pictures of one reference, in the order frontal, angles; or sample frames of its clip.
struct ReferencePictures {
  std::vector<Image> views;  ///< at least one; sides at most 4096
};

/// A spec that was checked, bound and resolved: nothing is optional any more, and no file is left to read.
struct RenderRequest {
  GenerationSpec spec;               ///< as the user gave it
  BoundPrompt prompt;                ///< its shots, mentions bound
  std::vector<int64_t> shot_frames;  ///< frames of each shot of `prompt`, each >= 1
  FrameSize size;                    ///< of every frame
  FrameRate rate;
  bool audio = false;
  uint64_t seed = 0;
  std::vector<ReferencePictures> pictures;  ///< one entry for each of spec.references
  std::optional<Image> first_frame, last_frame;
  /// Of a clip that is extended: its last frames, in order and of `size`, at most EngineInfo::frames_before.
  /// The last of them is the first frame to be made again.
  std::vector<Image> before;
};

/// One thing the user should know about what was made of the request.
struct Note {
  enum class Severity { info, warning };
  std::string code;  ///< stable: "camera_conflict", "matte_low_confidence" …
  Severity severity = Severity::info;
  std::optional<int> shot;  ///< index
  std::string subject;      ///< reference name, or empty
  std::string text;         ///< a sentence for people
  std::string suggestion;   ///< what to do about it, or empty
  bool operator==(const Note&) const = default;
};

/// What was understood and how it went. Part of every take.
struct RenderReport {
  std::vector<std::string> understood;      ///< "shot 1: walk", "camera: push in"
  std::vector<std::string> not_understood;  ///< words of the prompt that changed nothing
  std::vector<Note> notes;
  std::string plan_json;                  ///< the engine's plan as one JSON object, or empty
  std::map<std::string, double> timings;  ///< seconds by stage
};

struct EngineInfo {
  std::string name;     ///< "stage"
  std::string version;  ///< changes whenever the same request may give other frames
  bool draft = false;   ///< its takes are drafts
  /// How many frames of a clip that is extended it looks at; 0 = the first frame tells it enough.
  int frames_before = 0;
};

/// Shown what a video that is not made frame by frame looks like so far: a still from it, of any size.
using PreviewSink = std::function<void(const Image&)>;

struct RunContext {
  CancelToken cancel;        ///< looked at once a frame at least
  ProgressSink progress;     ///< may be empty
  int threads = 1;           ///< how many the engine may keep busy
  PreviewSink preview = {};  ///< may be empty; called from the engine's thread
  /// A file in an existing folder in which an engine that works for long may keep what it has, to go on from
  /// there after a crash; what it can't use it ignores. Empty = none. The caller deletes it.
  std::filesystem::path checkpoint = {};
};

/// Thread-safety: render() and plan() may run on several threads at once.
class Engine {
 public:
  virtual ~Engine() = default;

  virtual EngineInfo info() const = 0;

  /// Says what would be made, without making it: fast, no frames. Pictures may be empty.
  virtual Result<RenderReport> plan(const RenderRequest& request) const = 0;

  /// Makes exactly the sum of shot_frames frames (and, if asked, sound of exactly that length) into `output`.
  /// Blocks. Errors: cancelled, invalid_argument, out_of_memory, whatever `output` returned, internal.
  virtual Result<RenderReport> render(const RenderRequest& request, Output& output,
                                      const RunContext& run) = 0;
};

}  // namespace troupe::engine
