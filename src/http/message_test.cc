#include "http/message.h"

#include <gtest/gtest.h>

#include "http/body_store.h"

namespace troupe::http {
namespace {

TEST(Headers, CompareNamesWithoutCase) {
  Headers headers;
  headers.add("X-One", "1");
  headers.add("x-one", "2");
  EXPECT_EQ(headers.get("X-ONE"), "1");
  EXPECT_TRUE(headers.has("x-One"));
  EXPECT_FALSE(headers.has("x-on"));
  headers.set("X-ONE", "3");
  ASSERT_EQ(headers.fields().size(), 1u);
  EXPECT_EQ(headers.get("x-one"), "3");
  EXPECT_EQ(headers.get("none"), "");
}

std::string numbered(size_t size) {
  std::string text(size, '\0');
  for (size_t i = 0; i < size; ++i) text[i] = static_cast<char>(i * 31 + i / 251);
  return text;
}

Body stored(const std::string& text, uint64_t in_memory_max) {
  BodyStore store(in_memory_max, testing::TempDir());
  for (size_t at = 0; at < text.size(); at += 70000) {
    store.add(std::string_view(text).substr(at, 70000));
    if (store.full()) {
      EXPECT_TRUE(store.flush());
    }
  }
  EXPECT_EQ(store.in_file(), text.size() > in_memory_max);
  return store.take({}).value();
}

TEST(Body, IsTheSameFromMemoryAndFile) {
  const std::string text = numbered(1000003);
  for (const uint64_t in_memory_max : {0u, 100000u, 2000000u}) {
    Body first = stored(text, in_memory_max);
    Body body;
    body = std::move(first);
    EXPECT_EQ(body.size_bytes(), text.size());
    EXPECT_EQ(*body.read(text.size()), text);
    std::string pieces;
    EXPECT_TRUE(body.read_to([&](ByteView piece) -> Result<void> {
      EXPECT_LE(piece.size(), 256u << 10);
      pieces.append(reinterpret_cast<const char*>(piece.data()), piece.size());
      return {};
    }));
    EXPECT_EQ(pieces, text);
  }
}

TEST(Body, KeepsToTheBoundAndStopsAtErrors) {
  const Body body = stored(numbered(1000), 10);
  EXPECT_EQ(body.read(999).error().code, ErrorCode::over_limit);
  const auto refuse = [](ByteView) -> Result<void> { return make_error(ErrorCode::cancelled, "enough"); };
  EXPECT_EQ(body.read_to(refuse).error().message, "enough");
  EXPECT_EQ(*Body().read(0), "");
}

TEST(Body, StorageSaysWhatFails) {
  BodyStore store(0, "/no/such/folder");
  store.add("x");
  EXPECT_EQ(store.flush().error().code, ErrorCode::io);
}

TEST(Request, GivesTheFirstQueryValue) {
  Request request;
  request.query = {{"a", "1"}, {"a", "2"}};
  EXPECT_EQ(request.query_value("a"), "1");
  EXPECT_EQ(request.query_value("b"), "");
}

}  // namespace
}  // namespace troupe::http
