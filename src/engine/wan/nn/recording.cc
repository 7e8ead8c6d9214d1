#include "engine/wan/nn/recording.h"

#ifdef TROUPE_CUDA_GRAPHS
#include <ATen/cuda/CUDAGraph.h>
#include <c10/core/StreamGuard.h>
#include <c10/core/impl/VirtualGuardImpl.h>
#endif

namespace troupe::engine::wan {

#ifdef TROUPE_CUDA_GRAPHS

struct Recording::Graph {
  at::cuda::CUDAGraph graph;
};

bool can_record(at::Device device) { return device.is_cuda(); }

void Recording::run(at::Device device, const std::function<void()>& work) {
  if (graph_) return graph_->graph.replay();
  if (!std::exchange(begun_, true)) return work();
  auto made = std::make_unique<Graph>();
  const c10::impl::VirtualGuardImpl gpu(device.type());
  gpu.getStream(device).synchronize();
  {
    // Recording is not for the stream that everything runs in by default. c10's own guards would want the
    // toolkit's library when we are linked.
    const c10::StreamGuard guard(gpu.getStreamFromGlobalPool(device));
    made->graph.capture_begin();
    work();
    made->graph.capture_end();
  }
  graph_ = std::move(made);
  graph_->graph.replay();
}

#else

struct Recording::Graph {};

bool can_record(at::Device) { return false; }

void Recording::run(at::Device, const std::function<void()>& work) { work(); }

#endif

Recording::Recording() = default;
Recording::~Recording() = default;
Recording::Recording(Recording&&) noexcept = default;
Recording& Recording::operator=(Recording&&) noexcept = default;

}  // namespace troupe::engine::wan
