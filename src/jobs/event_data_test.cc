#include "jobs/event_data.h"

#include <gtest/gtest.h>

namespace troupe::jobs {
namespace {

TEST(EventData, EscapesWhateverAStageOrAnErrorSays) {
  EXPECT_EQ(json_string("a \"b\" \\ / \n\x01\x7f"), "\"a \\\"b\\\" \\\\ / \\u000a\\u0001\x7f\"");
  EXPECT_EQ(json_string(std::string("\0", 1)), "\"\\u0000\"");
  EXPECT_EQ(json_string("\xF0\x9F\xA6\x8A \xEF\xBF\xBD"), "\"\xF0\x9F\xA6\x8A \xEF\xBF\xBD\"");
  EXPECT_EQ(json_string("cut \xF0\x9F"), "\"cut \xEF\xBF\xBD\xEF\xBF\xBD\"");
}

TEST(EventData, TellsErrorAndCharge) {
  Job job;
  job.state = JobState::failed;
  job.attempts = 2;
  job.crashes = 1;
  job.error = Error{ErrorCode::timeout, "Too \"long\".", "/shots/0"};
  job.charged = {250000, Currency::credits};
  EXPECT_EQ(state_data(job), R"({"state":"failed","attempts":2,"crashes":1,"cancel_requested":false,)"
                             R"("error":{"code":"timeout","message":"Too \"long\".","field":"/shots/0"},)"
                             R"("charged":{"micros":250000,"currency":"credits"}})");
}

TEST(EventData, TellsProgressWithoutAGuess) {
  EXPECT_EQ(progress_data({"paint", 1, 3, 4, {}}),
            R"({"stage":"paint","fraction":1,"frames_done":3,"frames_total":4})");
}

}  // namespace
}  // namespace troupe::jobs
