#include "fetch/event_stream_reader.h"

#include <gtest/gtest.h>

#include <vector>

namespace troupe::fetch {
namespace {

struct Read {
  std::vector<std::pair<std::string, std::string>> events;  // type, data
  std::string last_event_id;
  std::optional<std::chrono::milliseconds> retry;
  Result<void> result;
};

// In pieces of `piece` bytes.
Read read(std::string_view text, size_t piece = 1 << 20, EventStreamLimits limits = {}) {
  EventStreamReader reader(limits);
  Read out;
  for (size_t at = 0; at < text.size() && out.result; at += piece) {
    out.result = reader.take(as_bytes(text.substr(at, piece)), [&](const ServerEvent& event) -> Result<void> {
      out.events.emplace_back(event.type, event.data);
      return {};
    });
  }
  out.last_event_id = reader.last_event_id();
  out.retry = reader.retry();
  return out;
}

using Events = std::vector<std::pair<std::string, std::string>>;

TEST(EventStreamReader, ReadsFieldsAndLinesOfEveryEnding) {
  for (const std::string end : {"\n", "\r\n", "\r"}) {
    const std::string text = ": hello" + end + "retry: 2000" + end + end + "id: 7" + end +
                             "event: job.queued" + end + "data: {\"a\":" + end + "data:1}" + end + end +
                             "data" + end + end;
    for (const size_t piece : {size_t{1}, size_t{2}, size_t{7}, text.size()}) {
      const Read got = read(text, piece);
      EXPECT_TRUE(got.result);
      EXPECT_EQ(got.events, (Events{{"job.queued", "{\"a\":\n1}"}, {"message", ""}}));
      EXPECT_EQ(got.last_event_id, "7") << "it stays in force";
      EXPECT_EQ(got.retry, std::chrono::milliseconds(2000));
    }
  }
}

TEST(EventStreamReader, AnUnfinishedEventIsNone) {
  const Read got = read("id: 1\ndata: a\n\nid: 2\ndata: b\n");
  EXPECT_EQ(got.events, (Events{{"message", "a"}}));
  EXPECT_EQ(got.last_event_id, "1") << "what was not seen must come again";
}

TEST(EventStreamReader, PassesOverWhatItDoesNotKnow) {
  const Read got = read(
      "\xEF\xBB\xBF"
      "data:  two\nfield: x\nid\nretry: soon\nretry:\nretry: 99999999999\n\nevent: x\n\n");
  EXPECT_EQ(got.events, (Events{{"message", " two"}})) << "one space is the colon's, and no data is no event";
  EXPECT_EQ(got.last_event_id, "");
  EXPECT_FALSE(got.retry);
  EXPECT_EQ(read(std::string_view("id: 5\ndata: a\n\nid: 6\0 7\ndata: b\n\n", 30)).last_event_id, "5");
}

TEST(EventStreamReader, LinesAndEventsAreBounded) {
  const EventStreamLimits limits{16, 24};
  EXPECT_TRUE(read("data: 0123456789\n\n", 3, limits).result);
  const Read line = read("data: " + std::string(20, 'x'), 3, limits);
  ASSERT_FALSE(line.result);
  EXPECT_EQ(line.result.error().code, ErrorCode::over_limit);
  const Read event = read("data: 0123456789\ndata: 0123456789\ndata: 0123456789\n\n", 100, limits);
  ASSERT_FALSE(event.result);
  EXPECT_EQ(event.result.error().code, ErrorCode::over_limit);
}

TEST(EventStreamReader, TheReceiversErrorEndsIt) {
  EventStreamReader reader;
  int seen = 0;
  const Result<void> result = reader.take(as_bytes("data: a\n\ndata: b\n\n"), [&](const ServerEvent&) {
    ++seen;
    return Result<void>(make_error(ErrorCode::conflict, "enough"));
  });
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message, "enough");
  EXPECT_EQ(seen, 1);
}

}  // namespace
}  // namespace troupe::fetch
