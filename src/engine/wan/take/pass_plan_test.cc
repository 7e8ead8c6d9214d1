#include "engine/wan/take/pass_plan.h"

#include <gtest/gtest.h>

#include <numeric>
#include <set>

namespace troupe::engine::wan {
namespace {

RenderRequest request_of(std::vector<int64_t> shots) {
  RenderRequest request;
  request.prompt.shots.resize(shots.size());
  request.spec.shots.resize(shots.size());
  request.shot_frames = std::move(shots);
  request.rate = {16, 1};
  request.seed = 7;
  return request;
}

TEST(PassPlan, RoundsUpToWhatTheModelMakes) {
  for (const auto& [wanted, made] : std::vector<std::pair<int64_t, int64_t>>{
           {1, 1}, {2, 5}, {5, 5}, {6, 9}, {16, 17}, {17, 17}, {80, 81}, {81, 81}}) {
    const auto passes = plan_passes(Family::phantom, request_of({wanted}), 81);
    ASSERT_TRUE(passes) << wanted;
    ASSERT_EQ(passes->size(), 1u);
    EXPECT_EQ(passes->front().frames, made) << wanted;
    EXPECT_EQ(passes->front().shown, wanted);
    EXPECT_EQ(passes->front().seed, 7u);
  }
}

TEST(PassPlan, GivesEachShotAPassAndASeed) {
  const auto passes = plan_passes(Family::refalign, request_of({80, 16, 33}), 81);
  ASSERT_TRUE(passes);
  ASSERT_EQ(passes->size(), 3u);
  std::set<uint64_t> seeds;
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ((*passes)[i].shot, i);
    EXPECT_FALSE((*passes)[i].goes_on);
    EXPECT_EQ((*passes)[i].given, 0);
    seeds.insert((*passes)[i].seed);
  }
  EXPECT_EQ(seeds.size(), 3u);
}

TEST(PassPlan, RefusesLongShotsWhereNothingCanGoOn) {
  const auto alone = plan_passes(Family::text_to_video, request_of({82}), 81);
  ASSERT_FALSE(alone);
  EXPECT_EQ(alone.error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(alone.error().field, "/duration");
  EXPECT_NE(alone.error().message.find("5 s"), std::string::npos) << alone.error().message;
  const auto second = plan_passes(Family::text_to_video, request_of({16, 200}), 81);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().field, "/shots/1/duration");
}

TEST(PassPlan, GoesOnFromItsOwnLastFrames) {
  for (const int64_t most : {5, 9, 17, 33, 81}) {
    const auto passes = plan_passes(Family::vace, request_of({200, 3}), most);
    ASSERT_TRUE(passes) << most;
    int64_t shown = 0;
    for (const Pass& pass : *passes) {
      EXPECT_LE(pass.frames, most);
      EXPECT_EQ(pass.frames % 4, 1);
      EXPECT_LE(pass.given + pass.shown, pass.frames);
      EXPECT_GT(pass.shown, 0);
      if (pass.goes_on) {
        EXPECT_EQ(pass.given, frames_before(most));
        EXPECT_GE(shown, pass.given) << "there must be as many to go on from";
      }
      shown += pass.shown;
    }
    EXPECT_EQ(shown, 203);
    EXPECT_FALSE(passes->back().goes_on) << "the second shot is a cut";
  }
}

TEST(PassPlan, MakesTheLastFrameOfAClipAgain) {
  RenderRequest request = request_of({33});
  request.before.resize(17);
  const auto passes = plan_passes(Family::vace, request, 81);
  ASSERT_TRUE(passes);
  EXPECT_EQ(passes->front().given, 16) << "all but the last, which is counted among the frames to make";
  EXPECT_EQ(passes->front().shown, 33);
  EXPECT_EQ(passes->front().frames, 49);
  const auto other = plan_passes(Family::phantom, request, 81);
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().field, "/extend");
}

TEST(PassPlan, EndsOnTheLastFrameOfTheLastShot) {
  RenderRequest request = request_of({16, 16});
  request.last_frame = Image(2, 2);
  const auto passes = plan_passes(Family::vace, request, 81);
  ASSERT_TRUE(passes);
  EXPECT_FALSE(passes->front().last_frame);
  EXPECT_TRUE(passes->back().last_frame);
}

TEST(PassPlan, LooksAtAQuarterOfWhatItMakes) {
  EXPECT_EQ(frames_before(81), 17);
  EXPECT_EQ(frames_before(121), 17);
  EXPECT_EQ(frames_before(33), 9);
  EXPECT_EQ(frames_before(17), 5);
  EXPECT_EQ(frames_before(5), 1);
  EXPECT_EQ(frames_before(1), 1);
}

}  // namespace
}  // namespace troupe::engine::wan
