// Solvers of the flow's equation: from one noise level to the next.
#pragma once

#include <ATen/ATen.h>

#include <memory>
#include <vector>

#include "base/result.h"
#include "engine/wan/sampling/schedule.h"

namespace troupe::engine::wan {

enum class Solver {
  euler,
  dpmpp,  ///< DPM-Solver++ 2M, midpoint, the last step of first order
  unipc,  ///< UniPC of order 2, B(h) = e^h - 1, predicting clean samples, with the corrector from the second
          ///< step on
};

/// Where a sampler is: what goes on after a crash. Tensors are float, of the sample's shape, and are never
/// written to.
struct SamplerState {
  int64_t step = 0;               ///< steps that are done
  std::vector<at::Tensor> clean;  ///< clean samples predicted in earlier steps, the newest last
  at::Tensor before;              ///< UniPC: the sample that the last step started from
};

/// Goes through a schedule one step() after the other, by a counter: two steps may have the same timestep.
/// Coefficients are double, samples float. Thread-safety: none; one sampler for each video.
class Sampler {
 public:
  explicit Sampler(Schedule schedule) : schedule_(std::move(schedule)) {}
  virtual ~Sampler() = default;
  Sampler(const Sampler&) = delete;
  Sampler& operator=(const Sampler&) = delete;

  const Schedule& schedule() const { return schedule_; }
  int64_t index() const { return state_.step; }
  bool done() const { return index() == steps(); }
  /// Of the step that comes. REQUIRES !done().
  double sigma() const { return schedule_.sigmas[static_cast<size_t>(index())]; }
  double timestep() const { return schedule_.timesteps[static_cast<size_t>(index())]; }

  /// The clean sample that the model's velocity (noise - clean) points at: sample - sigma() * velocity, in
  /// float.
  at::Tensor clean(const at::Tensor& velocity, const at::Tensor& sample) const;

  /// The sample at the next noise level, float, of the sample's shape and device; neither argument is
  /// changed. REQUIRES !done(). Throws c10::Error where the shapes differ or memory runs out; nothing has
  /// changed then.
  at::Tensor step(const at::Tensor& velocity, const at::Tensor& sample);

  /// Shares the tensors.
  SamplerState save() const { return state_; }
  /// Goes on from there. Errors: corrupt_input (a state that this schedule and solver cannot be in).
  Result<void> restore(SamplerState state);

 protected:
  int64_t steps() const { return static_cast<int64_t>(schedule_.steps()); }
  const SamplerState& state() const { return state_; }
  double sigma_at(int64_t i) const { return schedule_.sigmas[static_cast<size_t>(i)]; }
  /// Half the logarithm of the signal-to-noise ratio, up to a constant: infinite at both ends.
  double lambda_at(int64_t i) const;

  /// The next sample, from the clean one predicted now. `started` is to be set to the sample that the step
  /// started from, if it is needed later.
  virtual at::Tensor advance(const at::Tensor& clean, const at::Tensor& sample,
                             at::Tensor& started) const = 0;
  /// How many clean samples of earlier steps the next advance() reads, and whether it reads `before`.
  virtual int64_t remembers() const = 0;
  virtual bool corrects() const { return false; }

 private:
  Schedule schedule_;
  SamplerState state_;
};

/// REQUIRES a schedule made by schedule.h.
std::unique_ptr<Sampler> make_sampler(Solver solver, Schedule schedule);

}  // namespace troupe::engine::wan
