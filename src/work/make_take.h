// Rendering and encoding side by side: one prepared request into one video file.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>

#include "base/cancel.h"
#include "core/frame.h"
#include "core/progress.h"
#include "engine/engine.h"
#include "media/encoder.h"
#include "work/prepare.h"

namespace troupe::work {

struct TakeOptions {
  std::filesystem::path output;  ///< its folder must exist; an old file is replaced on success only
  int index = 0;                 ///< which of the request's takes: each has its own seed
  int threads = 1;               ///< for the engine; the encoder uses as many
  std::string preset = "veryfast";
  CancelToken cancel;
  ProgressSink progress;  ///< may be empty; called from the calling thread
  /// Sees every frame before it is encoded, with its place in the file, an extended clip's frames too; may be
  /// empty; called from the calling thread.
  std::function<void(const Frame&, int64_t index)> on_frame;
  engine::PreviewSink on_preview;    ///< RunContext::preview; may be empty
  std::filesystem::path checkpoint;  ///< RunContext::checkpoint; may be empty
};

struct TakeReport {
  std::filesystem::path output;
  FrameSize size;
  FrameRate rate;
  int64_t frames = 0;  ///< of the whole file, an extended clip's own frames included
  uint64_t size_bytes = 0;
  uint64_t seed = 0;
  bool audio = false;
  engine::EngineInfo engine;
  engine::RenderReport render;  ///< timings also hold "encode wait" and "total"
};

/// Makes the take. An extended clip is copied in front of the new frames (re-encoded to the take's size and
/// rate); its last frame is not shown twice. Until everything succeeded no file of that name appears or
/// changes. Blocks. Errors: cancelled, and what the engine or the encoder says.
Result<TakeReport> make_take(PreparedTake& take, engine::Engine& engine, const TakeOptions& options);

/// What the engine would make of it: no frames, no file.
Result<engine::RenderReport> plan_take(const PreparedTake& take, const engine::Engine& engine);

}  // namespace troupe::work
