// The CPU renderer: drafts without weights, network or GPU.
#pragma once

#include "engine/engine.h"

namespace troupe::stage {

/// See engine::Engine. Deterministic: one request and seed gives the same frames and sound on one kind of
/// CPU, whatever the number of threads. Speech needs the program espeak-ng; without it mouths move in
/// silence. Memory: under 350 MiB at 1080p, flat in the length of the video.
class StageEngine final : public engine::Engine {
 public:
  engine::EngineInfo info() const override;
  Result<engine::RenderReport> plan(const engine::RenderRequest& request) const override;
  Result<engine::RenderReport> render(const engine::RenderRequest& request, Output& output,
                                      const engine::RunContext& run) override;
};

}  // namespace troupe::stage
