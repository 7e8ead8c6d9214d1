#include "work/remote_record.h"

#include <gtest/gtest.h>

namespace troupe::work {
namespace {

TEST(RemoteRecord, ComesBackAsItWas) {
  RemoteRecord record;
  record.takes = {{{"venice", "kling"}, "t-1", Time(std::chrono::milliseconds(1234))},
                  {{"fal", "fal-ai/x"}, "", Time(std::chrono::milliseconds(99))},
                  {{"gateway", "m"}, R"({"gatewayJobId":"j \" ü"})", std::nullopt, 7, "gateway", true}};
  record.notes = {"one", "two"};
  record.given_up = true;
  EXPECT_EQ(*parse_record(print_record(record)), record);
  EXPECT_EQ(*parse_record(""), RemoteRecord());
  EXPECT_TRUE(record.takes[1].lost());
  EXPECT_FALSE(record.takes[0].lost());
  EXPECT_FALSE(RemoteTake().lost());
}

TEST(RemoteRecord, OtherTextsAreRefused) {
  for (const char* text : {"t-1", "{}", "[]", "null", R"({"takes":{}, "notes":1})", R"({"takes":[{}]})",
                           R"({"takes":[{"provider":"a","model":"b","sent":"x"}]})", "{\"takes\":["})
    EXPECT_FALSE(parse_record(text)) << text;
}

TEST(RemoteRecord, NotesAreFewAndOnce) {
  RemoteRecord record;
  for (int i = 0; i < 100; ++i) add_note(record, std::to_string(i / 2));
  EXPECT_EQ(record.notes.size(), kRemoteNotesMax);
  EXPECT_EQ(record.notes[1], "1");
}

}  // namespace
}  // namespace troupe::work
