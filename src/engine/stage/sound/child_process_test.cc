#include "engine/stage/sound/child_process.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <thread>

namespace troupe::stage {
namespace {

using std::chrono::milliseconds;

std::string text_of(const ChildOutput& output) { return {output.bytes.begin(), output.bytes.end()}; }

size_t open_descriptors() {
  size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) ++count;
  return count;
}

TEST(ChildProcess, GivesInputAndKeepsOutput) {
  const std::string input = "first\n$(second) `third`\n";
  const auto run = run_child({"cat"}, input, {}, {});
  ASSERT_TRUE(run) << to_string(run.error());
  EXPECT_EQ(text_of(*run), input);
  EXPECT_EQ(run->exit_code, 0);
  EXPECT_FALSE(run->cut);
}

TEST(ChildProcess, NoShellReadsArguments) {
  const auto run = run_child({"printf", "%s|", "$(echo x)", "a b", "-c;", ""}, "", {}, {});
  ASSERT_TRUE(run);
  EXPECT_EQ(text_of(*run), "$(echo x)|a b|-c;||");
}

TEST(ChildProcess, InputThatIsNeverReadDoesNotBlock) {
  const auto run = run_child({"true"}, std::string(1 << 20, 'x'), {}, {});
  ASSERT_TRUE(run);
  EXPECT_EQ(run->exit_code, 0);
}

TEST(ChildProcess, ExitCodesAndSignals) {
  EXPECT_EQ(run_child({"sh", "-c", "exit 7"}, "", {}, {})->exit_code, 7);
  EXPECT_EQ(run_child({"sh", "-c", "kill -9 $$"}, "", {}, {})->exit_code, -1);
}

TEST(ChildProcess, MissingProgramIsUnavailable) {
  const auto run = run_child({"no-such-program-of-troupe"}, "", {}, {});
  ASSERT_FALSE(run);
  EXPECT_EQ(run.error().code, ErrorCode::unavailable);
  EXPECT_NE(run.error().message.find("no-such-program-of-troupe"), std::string::npos);
}

TEST(ChildProcess, StopsWhatTakesTooLong) {
  const auto run = run_child({"sleep", "100"}, "", {milliseconds(30), 100}, {});
  ASSERT_FALSE(run);
  EXPECT_EQ(run.error().code, ErrorCode::timeout);
}

TEST(ChildProcess, StopsWhatClosesItsOutputAndStays) {
  const auto run = run_child({"sh", "-c", "exec >&-; sleep 100"}, "", {milliseconds(200), 100}, {});
  ASSERT_FALSE(run);
  EXPECT_EQ(run.error().code, ErrorCode::timeout);
}

TEST(ChildProcess, CutsEndlessOutput) {
  const auto run = run_child({"yes"}, "", {milliseconds(10000), 100000}, {});
  ASSERT_TRUE(run);
  EXPECT_TRUE(run->cut);
  EXPECT_EQ(run->bytes.size(), 100000u);
}

TEST(ChildProcess, OutputOfExactlyTheLimitIsWhole) {
  const auto run = run_child({"printf", "12345"}, "", {milliseconds(10000), 5}, {});
  ASSERT_TRUE(run);
  EXPECT_FALSE(run->cut);
  EXPECT_EQ(text_of(*run), "12345");
}

TEST(ChildProcess, CancelEndsIt) {
  CancelSource source;
  source.cancel();
  EXPECT_EQ(run_child({"cat"}, "", {}, source.token()).error().code, ErrorCode::cancelled);
  CancelSource later;
  std::thread canceller([&] { later.cancel(); });
  const auto run = run_child({"sleep", "100"}, "", {milliseconds(60000), 100}, later.token());
  canceller.join();
  ASSERT_FALSE(run);
  EXPECT_EQ(run.error().code, ErrorCode::cancelled);
}

TEST(ChildProcess, LeavesNoDescriptorOpen) {
  const size_t before = open_descriptors();
  (void)run_child({"cat"}, "x", {}, {});
  (void)run_child({"yes"}, "", {milliseconds(10000), 1000}, {});
  (void)run_child({"no-such-program-of-troupe"}, "", {}, {});
  (void)run_child({"sleep", "100"}, "", {milliseconds(10), 100}, {});
  EXPECT_EQ(open_descriptors(), before);
}

}  // namespace
}  // namespace troupe::stage
