#include "engine/wan/sampling/guidance.h"

#include <array>

namespace troupe::engine::wan {
namespace {

constexpr std::array<int64_t, 3> kAllButFrames = {0, 2, 3};

// The length of each frame, [1, frames, 1, 1].
at::Tensor lengths(const at::Tensor& x) { return (x * x).sum(kAllButFrames, true).sqrt(); }

// As torch.nn.functional.normalize.
constexpr double kLengthMin = 1e-12;

at::Tensor shortened(const at::Tensor& x, double length_max) {
  if (length_max <= 0) return x;
  return x * (length_max / lengths(x)).clamp_max(1);
}

// `difference` with what of it is parallel to `reference` scaled by eta, frame by frame, the projection in
// double.
at::Tensor projected(const at::Tensor& difference, const at::Tensor& reference, double eta) {
  const at::Tensor all = difference.to(at::kDouble), along = reference.to(at::kDouble);
  const at::Tensor unit = along / lengths(along).clamp_min(kLengthMin);
  const at::Tensor parallel = (all * unit).sum(kAllButFrames, true) * unit;
  // Rounded before they are added, as the official code does.
  return (all - parallel).to(at::kFloat) + parallel.to(at::kFloat) * eta;
}

}  // namespace

at::Tensor guided(const at::Tensor& base, std::span<const Branch> branches) {
  at::Tensor sum = base.to(at::kFloat), before = sum;
  for (const Branch& branch : branches) {
    const at::Tensor here = branch.prediction.to(at::kFloat);
    sum = sum + (here - before) * branch.scale;
    before = here;
  }
  return sum;
}

at::Tensor ProjectedGuidance::operator()(const at::Tensor& base, std::span<const Branch> branches) {
  TORCH_CHECK(averages_.empty() || averages_.size() == branches.size(), "guidance of ", branches.size(),
              " branches after ", averages_.size());
  at::Tensor sum = base.to(at::kFloat), before = sum;
  std::vector<at::Tensor> averages;
  for (size_t i = 0; i < branches.size(); ++i) {
    const at::Tensor here = branches[i].prediction.to(at::kFloat);
    at::Tensor average = here - before;
    if (!averages_.empty()) average = average + averages_[i] * settings_.momentum;
    const double length_max = i < settings_.lengths_max.size() ? settings_.lengths_max[i] : 0;
    sum = sum + projected(shortened(average, length_max), here, settings_.eta) * branches[i].scale;
    averages.push_back(std::move(average));
    before = here;
  }
  averages_ = std::move(averages);
  return sum;
}

}  // namespace troupe::engine::wan
