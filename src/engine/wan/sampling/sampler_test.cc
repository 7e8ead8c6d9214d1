#include "engine/wan/sampling/sampler.h"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/wan/parity/vectors_for_test.h"

namespace troupe::engine::wan {
namespace {

using Build = Result<Schedule> (*)(int, double);

// The stand-in for a model that the vectors were made with.
at::Tensor velocity(const std::vector<double>& abcw, const at::Tensor& x, double timestep) {
  return x * abcw[0] + abcw[1] * (timestep / 1000) + at::sin(x * abcw[3]) * abcw[2];
}

struct Case {
  std::string name;  // "unipc/steps4/shift5.0"
  int steps = 0;
  double shift = 0;
};

std::vector<Case> cases_of(const Vectors& vectors, const std::string& kind) {
  std::vector<Case> cases;
  for (const std::string& name : vectors.names(kind + "/steps")) {
    if (!name.ends_with("/sigmas")) continue;
    const size_t steps = kind.size() + 6, shift = name.find("/shift") + 6;
    cases.push_back(
        {name.substr(0, name.size() - 7), std::stoi(name.substr(steps)), std::stod(name.substr(shift))});
  }
  return cases;
}

void compare_schedule(const Vectors& vectors, const std::string& name, const Schedule& schedule) {
  const at::Tensor sigmas = vectors.real(name + "/sigmas");
  ASSERT_GE(schedule.sigmas.size(), static_cast<size_t>(sigmas.numel()));
  for (int64_t i = 0; i < sigmas.numel(); ++i)
    EXPECT_NEAR(schedule.sigmas[static_cast<size_t>(i)], sigmas[i].item<float>(), 1e-6) << i;
  EXPECT_EQ(schedule.sigmas.back(), 0);

  const bool whole = vectors.at(name + "/timesteps").scalar_type() == at::kLong;
  const at::Tensor timesteps = vectors.real(name + "/timesteps");
  ASSERT_EQ(schedule.steps(), static_cast<size_t>(timesteps.numel()));
  for (int64_t i = 0; i < timesteps.numel(); ++i)
    EXPECT_NEAR(schedule.timesteps[static_cast<size_t>(i)], timesteps[i].item<float>(), whole ? 0 : 1e-3)
        << i;
}

void compare_samples(const Vectors& vectors, const std::string& name, Sampler& sampler) {
  const auto abcw = numbers<double>(vectors, "fake_model_abcw");
  const bool has_steps = vectors.has(name + "/trajectory");
  const at::Tensor trajectory = has_steps ? vectors.real(name + "/trajectory") : at::Tensor();
  at::Tensor x = vectors.real("x_init");
  while (!sampler.done()) {
    const int64_t i = sampler.index();
    x = sampler.step(velocity(abcw, x, sampler.timestep()), x);
    if (has_steps) {
      EXPECT_LE(difference(x, trajectory[i].view(x.sizes())), 2e-5) << i;
    }
  }
  EXPECT_LE(difference(x, vectors.real(name + "/final").view(x.sizes())), 2e-5);
}

void compare(const std::string& file, const std::string& kind, Build build, Solver solver, size_t count) {
  const Vectors vectors = official(file);
  const auto cases = cases_of(vectors, kind);
  EXPECT_EQ(cases.size(), count);
  for (const Case& one : cases) {
    SCOPED_TRACE(one.name);
    const auto schedule = build(one.steps, one.shift);
    ASSERT_TRUE(schedule) << schedule.error().message;
    compare_schedule(vectors, one.name, *schedule);
    const auto sampler = make_sampler(solver, *schedule);
    compare_samples(vectors, one.name, *sampler);
  }
}

TEST(SamplerTest, UniPcIsWans) { compare("sched_vectors", "unipc", unipc_schedule, Solver::unipc, 25); }
TEST(SamplerTest, DpmSolverIsWans) { compare("sched_vectors", "dpmpp", dpmpp_schedule, Solver::dpmpp, 25); }
TEST(SamplerTest, EulerOnWansLevels) { compare("sched_vectors", "euler", euler_schedule, Solver::euler, 25); }
TEST(SamplerTest, EulerIsDiffusers) {
  compare("sched_vectors", "euler_diffusers", euler_diffusers_schedule, Solver::euler, 25);
}
TEST(SamplerTest, FlowMatchIsRefAligns) {
  compare("refalign_sched", "flow_match", flow_match_schedule, Solver::euler, 15);
}
TEST(SamplerTest, UniPcOfDiffusersIsSkyReels) {
  compare("skyreels_sched", "unipc_diffusers", unipc_diffusers_schedule, Solver::unipc, 12);
}

// Every solver takes every schedule: pure noise at the start makes lambda infinite.
TEST(SamplerTest, StartsAtPureNoise) {
  for (const Solver solver : {Solver::euler, Solver::dpmpp, Solver::unipc}) {
    const auto sampler = make_sampler(solver, euler_schedule(6, 3).value());
    at::Tensor x = at::full({2, 3}, 0.5F);
    while (!sampler->done()) x = sampler->step(x * 0.3, x);
    EXPECT_TRUE(at::isfinite(x).all().item<bool>()) << static_cast<int>(solver);
  }
}

// A constant velocity is a straight line, which every solver follows exactly.
TEST(SamplerTest, StraightLineEndsAtTheCleanSample) {
  const at::Tensor clean = at::arange(6, at::kFloat), noise = at::full({6}, 2.0F);
  for (const Solver solver : {Solver::euler, Solver::dpmpp, Solver::unipc}) {
    const auto sampler = make_sampler(solver, unipc_schedule(7, 5).value());
    at::Tensor x = noise * sampler->sigma() + clean * (1 - sampler->sigma());
    while (!sampler->done()) x = sampler->step(noise - clean, x);
    EXPECT_LE(difference(x, clean), 1e-5) << static_cast<int>(solver);
  }
}

TEST(SamplerTest, GoesOnFromASavedState) {
  const std::vector<double> abcw = {-0.4, 0.2, 0.3, 1.5};
  for (const Solver solver : {Solver::euler, Solver::dpmpp, Solver::unipc}) {
    const Schedule schedule = unipc_schedule(6, 5).value();
    const auto whole = make_sampler(solver, schedule);
    at::Tensor x = at::linspace(-1, 1, 10, at::kFloat);
    while (!whole->done()) {
      const auto resumed = make_sampler(solver, schedule);
      ASSERT_TRUE(resumed->restore(whole->save()));
      const at::Tensor v = velocity(abcw, x, whole->timestep()), other = resumed->step(v, x);
      x = whole->step(v, x);
      EXPECT_TRUE(at::equal(other, x));
    }
  }
}

TEST(SamplerTest, ASampleMayBeOverwrittenAfterItsStep) {
  const Schedule schedule = unipc_schedule(3, 5).value();
  const auto kept = make_sampler(Solver::unipc, schedule),
             overwritten = make_sampler(Solver::unipc, schedule);
  at::Tensor x = at::linspace(-1, 1, 10, at::kFloat), y = x.clone();
  for (int i = 0; i < 3; ++i) {
    const at::Tensor v = at::sin(x);
    x = kept->step(v, x);
    const at::Tensor next = overwritten->step(v, y);
    y.fill_(99);
    y = next;
    EXPECT_TRUE(at::equal(x, y)) << i;
  }
}

TEST(SamplerTest, RefusesStatesOfOthers) {
  const Schedule schedule = unipc_schedule(3, 5).value();
  const auto unipc = make_sampler(Solver::unipc, schedule), euler = make_sampler(Solver::euler, schedule);
  const at::Tensor x = at::ones({4});
  unipc->step(x, x);
  EXPECT_EQ(euler->restore(unipc->save()).error().code, ErrorCode::corrupt_input);
  SamplerState state = unipc->save();
  state.step = 4;
  EXPECT_EQ(unipc->restore(state).error().code, ErrorCode::corrupt_input);
  state.step = 1;
  state.before = at::ones({5});
  EXPECT_EQ(unipc->restore(state).error().code, ErrorCode::corrupt_input);
  state.before = at::Tensor();
  EXPECT_EQ(unipc->restore(state).error().code, ErrorCode::corrupt_input);
  EXPECT_EQ(unipc->index(), 1);
}

TEST(SamplerTest, DoesNoMoreStepsThanThereAre) {
  const auto sampler = make_sampler(Solver::euler, euler_schedule(1, 1).value());
  const at::Tensor x = at::ones({4});
  EXPECT_THROW((void)sampler->step(at::ones({3}), x), c10::Error);
  EXPECT_EQ(sampler->index(), 0);
  (void)sampler->step(x, x);
  EXPECT_THROW((void)sampler->step(x, x), c10::Error);
}

}  // namespace
}  // namespace troupe::engine::wan
