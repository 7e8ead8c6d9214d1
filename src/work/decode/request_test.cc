#include "work/decode/request.h"

#include <gtest/gtest.h>

namespace troupe::work {
namespace {

DecodeRequest odd_request() {
  DecodeRequest request;
  request.task = DecodeTask::play;
  request.memory_bytes_max = 12345678901;
  request.cpu_seconds_max = 7;
  request.image = {1, 2, 3, 4};
  request.video = {5, {6}, 7, 8, 9};
  request.count = 10;
  request.play = {{12, 14}, {30000, 1001}, true};
  return request;
}

TEST(DecodeRequest, SurvivesTheCommandLine) {
  const std::vector<std::string> arguments = to_arguments(odd_request());
  const Result<DecodeRequest> read = parse_request(arguments);
  ASSERT_TRUE(read);
  EXPECT_EQ(to_arguments(*read), arguments);
  EXPECT_EQ(read->task, DecodeTask::play);
  EXPECT_EQ(read->memory_bytes_max, 12345678901u);
  EXPECT_EQ(read->image.decoded_side_pixels_max, 4);
  EXPECT_EQ(read->video.duration_max.milliseconds, 6);
  EXPECT_EQ(read->count, 10);
  EXPECT_EQ(read->play.size, (FrameSize{12, 14}));
  EXPECT_EQ(read->play.rate, (FrameRate{30000, 1001}));
  EXPECT_TRUE(read->play.audio);
}

TEST(DecodeRequest, RefusesAnythingElse) {
  const std::vector<std::string> good = to_arguments(odd_request());
  std::vector<std::vector<std::string>> bad = {{}, {"picture"}, {"dance"}, good, good, good, good};
  bad[3].pop_back();
  bad[4].push_back("more");
  bad[5][3] = "12x";
  bad[6][3] = "99999999999999999999999";
  for (const auto& arguments : bad) {
    EXPECT_FALSE(parse_request(arguments)) << arguments.size();
  }
}

}  // namespace
}  // namespace troupe::work
