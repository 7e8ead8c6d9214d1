#include "base/base64_stream.h"

#include <gtest/gtest.h>

#include <string>

#include "base/ids.h"

namespace troupe {
namespace {

// The bytes as text, or the error's code.
std::string decoded(std::string_view text, size_t piece = 1) {
  Base64Stream stream;
  Bytes out;
  for (size_t at = 0; at < text.size(); at += piece) {
    if (const auto done = stream.decode(text.substr(at, piece), out); !done)
      return std::string(name(done.error().code));
  }
  if (const auto done = stream.finish(out); !done) return std::string(name(done.error().code));
  return {out.begin(), out.end()};
}

TEST(Base64Stream, GivesTheSameWhateverThePieces) {
  Bytes bytes;
  for (int i = 0; i < 1000; ++i) bytes.push_back(static_cast<uint8_t>(i * 37));
  for (size_t length : {0u, 1u, 2u, 3u, 4u, 255u, 1000u}) {
    const ByteView part(bytes.data(), length);
    const std::string text = to_base64(part);
    for (const size_t piece : {1u, 2u, 3u, 5u, 64u, 4096u})
      EXPECT_EQ(decoded(text, piece), std::string(part.begin(), part.end())) << length << " " << piece;
  }
}

TEST(Base64Stream, TakesBothAlphabetsAndNoPaddingAndSpace) {
  EXPECT_EQ(decoded("aGk"), "hi");
  EXPECT_EQ(decoded("aGk="), "hi");
  EXPECT_EQ(decoded(" a G\r\nk =\n"), "hi");
  EXPECT_EQ(decoded("-_-_"), decoded("+/+/"));
}

TEST(Base64Stream, RefusesWhatIsNone) {
  for (const char* text : {"a", "aGkx?", "=", "a===", "aG===", "aGk=a", "aGkx=", "aGk\xC3\xA4"})
    EXPECT_EQ(decoded(text), "corrupt_input") << text;
  Base64Stream stream;
  Bytes out;
  EXPECT_FALSE(stream.decode("a*", out));
  EXPECT_FALSE(stream.decode("aaaa", out)) << "what was broken stays so";
  EXPECT_FALSE(stream.finish(out));
}

}  // namespace
}  // namespace troupe
