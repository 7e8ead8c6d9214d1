#include "http/body_decoder.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace troupe::http {
namespace {

// Decodes `bytes` with both sides in small pieces: "body|what follows it", "refused" or "more".
std::string decode(const RequestHead& head, const std::string& bytes, size_t in_step, size_t out_step) {
  BodyDecoder decoder(head);
  std::string decoded;
  std::vector<char> out(out_step);
  for (size_t at = 0; at < bytes.size();) {
    const BodyDecoder::Step step = decoder.read(std::string_view(bytes).substr(at, in_step), out);
    at += step.consumed;
    decoded.append(out.data(), step.produced);
    if (step.refusal) return "refused";
    if (step.done) return decoded + "|" + bytes.substr(at);
  }
  return "more";
}

std::string decode_chunks(const std::string& bytes, size_t in_step = 100, size_t out_step = 100) {
  RequestHead head;
  head.chunked = true;
  return decode(head, bytes, in_step, out_step);
}

TEST(BodyDecoder, CountsOffALength) {
  RequestHead head;
  head.content_length = 5;
  for (const size_t in_step : {1u, 2u, 100u}) {
    for (const size_t out_step : {1u, 3u, 100u})
      EXPECT_EQ(decode(head, "helloGET", in_step, out_step), "hello|GET");
  }
  EXPECT_EQ(decode(head, "hell", 100, 100), "more");
}

TEST(BodyDecoder, TakesChunksApartWhereverTheyAreCut) {
  const std::string bytes =
      "5\r\nhello\r\nA;x=\"y\";z\r\n, world!!!\r\n000\r\nTrailer: x\r\nB: c\r\n\r\nGET /";
  for (const size_t in_step : {1u, 2u, 3u, 7u, 200u}) {
    for (const size_t out_step : {1u, 4u, 100u})
      EXPECT_EQ(decode_chunks(bytes, in_step, out_step), "hello, world!!!|GET /")
          << in_step << " " << out_step;
  }
  EXPECT_EQ(decode_chunks("0\r\n\r\n"), "|");
  EXPECT_EQ(decode_chunks("5\r\nhel"), "more");
}

TEST(BodyDecoder, RefusesEverythingElse) {
  for (const char* bytes :
       {"x\r\n", "5\r\nhelloX", "5\nhello", "-1\r\n", "fffffffffffffffff\r\n", "0x5\r\n", " 5\r\n", "5 \r\n",
        "\r\n", ";x\r\n", "5;a\nb\r\n", "5\rhello", "5\r\nhello\n", "0\r\nA: b\n\r\n", "0\r\n\rX", "0\r\n\n"})
    EXPECT_EQ(decode_chunks(bytes), "refused") << bytes;
}

TEST(BodyDecoder, KeepsToItsBounds) {
  EXPECT_EQ(decode_chunks("0;" + std::string(kChunkExtensionsMax, 'x') + "\r\n\r\n"), "|");
  EXPECT_EQ(decode_chunks("0;" + std::string(kChunkExtensionsMax + 1, 'x') + "\r\n\r\n"), "refused");
  std::string trailers;
  for (size_t i = 0; i < kTrailersMax; ++i) trailers += "x\r\n";
  EXPECT_EQ(decode_chunks("0\r\n" + trailers + "\r\n"), "|");
  EXPECT_EQ(decode_chunks("0\r\n" + trailers + "x\r\n\r\n"), "refused");
}

}  // namespace
}  // namespace troupe::http
