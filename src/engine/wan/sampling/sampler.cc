#include "engine/wan/sampling/sampler.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

namespace troupe::engine::wan {
namespace {

class Euler final : public Sampler {
 public:
  using Sampler::Sampler;

 private:
  at::Tensor advance(const at::Tensor& clean, const at::Tensor& sample, at::Tensor&) const override {
    const double ratio = sigma_at(index() + 1) / sigma();
    return sample * ratio + clean * (1 - ratio);
  }
  int64_t remembers() const override { return 0; }
};

// x at sigma_at(to) of first order, from x at sigma_at(from): Lu et al., DPM-Solver++, eq. 8, for
// alpha = 1 - sigma. `decay` is e^-h - 1.
at::Tensor first_order(const at::Tensor& clean, const at::Tensor& sample, double ratio, double alpha,
                       double decay) {
  return sample * ratio - clean * (alpha * decay);
}

// Wan-Video/Wan2.1 @9737cba wan/utils/fm_solvers.py, multistep_dpm_solver_second_order_update.
class DpmSolver final : public Sampler {
 public:
  using Sampler::Sampler;

 private:
  at::Tensor advance(const at::Tensor& clean, const at::Tensor& sample, at::Tensor&) const override {
    const int64_t i = index();
    const double alpha = 1 - sigma_at(i + 1), h = lambda_at(i + 1) - lambda_at(i), decay = std::expm1(-h);
    at::Tensor next = first_order(clean, sample, sigma_at(i + 1) / sigma_at(i), alpha, decay);
    if (i == 0 || i + 1 == steps()) return next;
    // Infinite where the step before started at pure noise: the second order is 0 then.
    const double r = (lambda_at(i) - lambda_at(i - 1)) / h;
    return next - (clean - state().clean.back()) * (0.5 * alpha * decay / r);
  }
  int64_t remembers() const override { return 1; }
};

// Wan-Video/Wan2.1 @9737cba wan/utils/fm_solvers_unipc.py: multistep_uni_p_bh_update,
// multistep_uni_c_bh_update. Zhao et al., UniPC, with B(h) = e^h - 1 and clean samples predicted, so that h
// is negated.
class UniPc final : public Sampler {
 public:
  using Sampler::Sampler;

 private:
  at::Tensor advance(const at::Tensor& clean, const at::Tensor& sample, at::Tensor& started) const override {
    started = index() > 0 ? corrected(clean) : sample.clone();  // the caller may write to its own
    return predicted(clean, started);
  }
  int64_t remembers() const override { return 2; }
  bool corrects() const override { return true; }

  // Of the step from level i on: lower at the start and, for it comes to sigma 0, in the last one.
  int64_t order(int64_t i) const { return i == 0 || i + 1 == steps() ? 1 : 2; }

  at::Tensor predicted(const at::Tensor& clean, const at::Tensor& sample) const {
    const int64_t i = index();
    const double alpha = 1 - sigma_at(i + 1), h = lambda_at(i + 1) - lambda_at(i), decay = std::expm1(-h);
    at::Tensor next = first_order(clean, sample, sigma_at(i + 1) / sigma_at(i), alpha, decay);
    if (order(i) == 1) return next;
    const double r = (lambda_at(i - 1) - lambda_at(i)) / h;
    return next - (state().clean.back() - clean) * (0.5 * alpha * decay / r);
  }

  // The sample of this level once more, now that the clean sample predicted here is known.
  at::Tensor corrected(const at::Tensor& clean) const {
    const int64_t i = index();
    const double alpha = 1 - sigma_at(i), h = lambda_at(i) - lambda_at(i - 1), decay = std::expm1(-h);
    const at::Tensor& last = state().clean.back();
    at::Tensor next = first_order(last, state().before, sigma_at(i) / sigma_at(i - 1), alpha, decay);
    double weight_here = 0.5;
    if (order(i - 1) == 2) {
      const double r = (lambda_at(i - 2) - lambda_at(i - 1)) / h;
      const double phi2 = decay / -h - 1, phi3 = phi2 / -h - 0.5;
      const double b1 = phi2 / decay, b2 = 2 * phi3 / decay;
      // The weights solve w0 + w1 = b1, r w0 + w1 = b2.
      const double weight_before = (b1 - b2) / (1 - r);
      weight_here = b1 - weight_before;
      next = next - (state().clean.front() - last) * (alpha * decay * weight_before / r);
    }
    return next - (clean - last) * (alpha * decay * weight_here);
  }
};

}  // namespace

double Sampler::lambda_at(int64_t i) const { return std::log(1 - sigma_at(i)) - std::log(sigma_at(i)); }

at::Tensor Sampler::clean(const at::Tensor& velocity, const at::Tensor& sample) const {
  return sample.to(at::kFloat) - velocity.to(at::kFloat) * sigma();
}

at::Tensor Sampler::step(const at::Tensor& velocity, const at::Tensor& sample) {
  TORCH_CHECK(!done(), "the sampler has done all of its ", steps(), " steps");
  TORCH_CHECK(velocity.sizes() == sample.sizes(), "a velocity ", velocity.sizes(), " for a sample ",
              sample.sizes());
  const at::Tensor now = clean(velocity, sample);
  at::Tensor started;
  at::Tensor next = advance(now, sample.to(at::kFloat), started);
  ++state_.step;
  state_.before = std::move(started);
  state_.clean.push_back(now);
  if (static_cast<int64_t>(state_.clean.size()) > remembers()) state_.clean.erase(state_.clean.begin());
  return next;
}

Result<void> Sampler::restore(SamplerState state) {
  const auto bad = [](const std::string& what) {
    return make_error(ErrorCode::corrupt_input, "the saved state of the sampler " + what);
  };
  if (state.step < 0 || state.step > steps())
    return bad("is at step " + std::to_string(state.step) + " of " + std::to_string(steps()));
  if (static_cast<int64_t>(state.clean.size()) != std::min(state.step, remembers()))
    return bad("lacks samples of earlier steps, or has too many");
  if (state.before.defined() != (corrects() && state.step > 0)) return bad("belongs to another solver");
  std::vector<at::Tensor> all = state.clean;
  if (state.before.defined()) all.push_back(state.before);
  for (const at::Tensor& tensor : all)
    if (!tensor.defined() || tensor.scalar_type() != at::kFloat || tensor.sizes() != all.front().sizes())
      return bad("has samples of another type or of several shapes");
  state_ = std::move(state);
  return {};
}

std::unique_ptr<Sampler> make_sampler(Solver solver, Schedule schedule) {
  switch (solver) {
    case Solver::euler:
      return std::make_unique<Euler>(std::move(schedule));
    case Solver::dpmpp:
      return std::make_unique<DpmSolver>(std::move(schedule));
    case Solver::unipc:
      return std::make_unique<UniPc>(std::move(schedule));
  }
  return nullptr;
}

}  // namespace troupe::engine::wan
