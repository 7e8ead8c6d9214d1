#include "http/sse.h"

#include <gtest/gtest.h>

namespace troupe::http {
namespace {

TEST(Sse, PrintsEvents) {
  EXPECT_EQ(sse_event(7, "job.progress", "{\"a\":1}"), "id: 7\nevent: job.progress\ndata: {\"a\":1}\n\n");
  EXPECT_EQ(sse_event(0, "", ""), "data: \n\n");
  EXPECT_EQ(sse_retry(2000), "retry: 2000\n\n");
  EXPECT_EQ(sse_comment("alive"), ": alive\n\n");
}

TEST(Sse, LetsNoLineBecomeAField) {
  EXPECT_EQ(sse_event(1, "x\nid: 9", "a\nid: 2\r\nb\rc\n"),
            "id: 1\nevent: x\ndata: a\ndata: id: 2\ndata: b\ndata: c\ndata: \n\n");
  EXPECT_EQ(sse_comment("a\ndata: b"), ": a\n: data: b\n\n");
}

}  // namespace
}  // namespace troupe::http
