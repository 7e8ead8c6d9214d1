#include "engine/wan/sampling/schedule.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace troupe::engine::wan {
namespace {

constexpr int kTrainSteps = 1000;

enum class Timesteps { whole, fractional };

template <class Number>
Number shifted(Number sigma, Number shift) {
  return shift * sigma / (1 + (shift - 1) * sigma);
}

// numpy.linspace, to the last bit: some whole timesteps lie a hair above or below.
std::vector<double> linspace(double start, double stop, int count) {
  const double step = count > 1 ? (stop - start) / (count - 1) : 0;
  std::vector<double> values;
  for (int i = 0; i < count; ++i) values.push_back(i * step + start);
  if (count > 1) values.back() = stop;
  return values;
}

Result<void> check(int steps, double shift) {
  if (steps < 1 || steps > kStepsMax)
    return make_error(
        ErrorCode::invalid_argument,
        "the number of steps is " + std::to_string(steps) + "; give 1 to " + std::to_string(kStepsMax),
        "/steps");
  if (!std::isfinite(shift) || shift <= 0)
    return make_error(ErrorCode::invalid_argument, "the shift of the noise levels must be a number above 0",
                      "/shift");
  return {};
}

// A schedule of these levels above 0, which are not rounded yet.
Result<Schedule> finished(const std::vector<double>& levels, Timesteps kind) {
  Schedule schedule;
  for (const double level : levels) {
    schedule.sigmas.push_back(static_cast<float>(level));
    const double timestep = level * kTrainSteps;
    schedule.timesteps.push_back(kind == Timesteps::whole ? std::trunc(timestep)
                                                          : static_cast<float>(timestep));
  }
  schedule.sigmas.push_back(0);
  const auto not_falling = [](double a, double b) { return !(a > b); };  // also where one is no number
  if (std::ranges::adjacent_find(schedule.sigmas, not_falling) != schedule.sigmas.end() ||
      schedule.sigmas.front() > 1)
    return make_error(
        ErrorCode::invalid_argument,
        "with this shift, two of the noise levels are the same number; take one nearer to 1, or fewer "
        "steps",
        "/shift");
  return schedule;
}

// `steps` levels from `first` down to the last one above 0, shifted.
Result<Schedule> from_grid(double first, int steps, double shift, Timesteps kind) {
  TROUPE_CHECK_OK(check(steps, shift));
  std::vector<double> levels = linspace(first, 0, steps + 1);
  levels.pop_back();
  for (double& level : levels) level = shifted(level, shift);
  return finished(levels, kind);
}

}  // namespace

Result<Schedule> unipc_schedule(int steps, double shift) {
  return from_grid(0.999F, steps, shift, Timesteps::whole);  // the float, as the official class keeps it
}

Result<Schedule> dpmpp_schedule(int steps, double shift) {
  return from_grid(1, steps, shift, Timesteps::whole);
}

Result<Schedule> euler_schedule(int steps, double shift) {
  return from_grid(1, steps, shift, Timesteps::fractional);
}

Result<Schedule> euler_diffusers_schedule(int steps, double shift) {
  TROUPE_CHECK_OK(check(steps, shift));
  const auto rate = static_cast<float>(shift);
  const float largest = shifted(1.0F, rate), smallest = shifted(1.0F / kTrainSteps, rate);
  std::vector<double> levels = linspace(double{largest} * kTrainSteps, double{smallest} * kTrainSteps, steps);
  for (double& level : levels) level = shifted(level / kTrainSteps, shift);
  return finished(levels, Timesteps::fractional);
}

Result<Schedule> flow_match_schedule(int steps, double shift) {
  TROUPE_CHECK_OK(check(steps, shift));
  std::vector<double> levels;
  for (int i = 0; i < steps; ++i) {
    const float level = 1.0F - static_cast<float>(i) / static_cast<float>(steps);
    levels.push_back(shifted(level, static_cast<float>(shift)));
  }
  return finished(levels, Timesteps::fractional);
}

Result<Schedule> unipc_diffusers_schedule(int steps, double shift) {
  TROUPE_CHECK_OK(check(steps, shift));
  std::vector<double> levels;
  for (const double alpha : linspace(1, 1.0 / kTrainSteps, steps + 1))
    levels.push_back(shifted(1 - alpha, shift));
  std::ranges::reverse(levels);
  levels.pop_back();
  return finished(levels, Timesteps::whole);
}

Result<Schedule> distilled_schedule(std::span<const int> timesteps, double shift) {
  TROUPE_CHECK_OK(check(static_cast<int>(std::min<size_t>(timesteps.size(), kStepsMax + 1)), shift));
  std::vector<double> levels;
  int before = kTrainSteps + 1;
  for (const int timestep : timesteps) {
    if (timestep < 1 || timestep >= before)
      return make_error(ErrorCode::invalid_argument,
                        "the timesteps must fall, from 1000 at most to 1 at least", "/timesteps");
    levels.push_back(shifted(static_cast<double>(timestep) / kTrainSteps, shift));
    before = timestep;
  }
  return finished(levels, Timesteps::fractional);
}

}  // namespace troupe::engine::wan
