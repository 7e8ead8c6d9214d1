#include "work/remote_sources.h"

#include <gtest/gtest.h>

#include "base/ids.h"

namespace troupe::work {
namespace {

constexpr std::string_view kPng = "\x89PNG\r\n\x1a\n and so on";

// Gives the same bytes for every source but "gone".
class OneMedium final : public MediaReader {
 public:
  Result<Bytes> read(const MediaSource& source, uint64_t) override {
    ++reads;
    if (source.uri == "gone") return make_error(ErrorCode::not_found, "gone");
    return Bytes(kPng.begin(), kPng.end());
  }
  int reads = 0;
};

GenerationSpec spec_with(const std::string& uri) {
  GenerationSpec spec;
  Reference fox;
  fox.kind = ReferenceKind::element;
  fox.source.uri = uri;
  fox.angles = {{uri}};
  spec.references = {fox};
  spec.first_frame = MediaSource{uri};
  return spec;
}

const std::string kInline = "data:image/png;base64," + to_base64(as_bytes(kPng));

TEST(ReadableBy, AnAddressStaysOneWhereItIsTaken) {
  OneMedium reader;
  const GenerationSpec spec = spec_with("https://example.org/fox.png");
  EXPECT_EQ(*readable_by({.inline_bytes_max = 1000}, spec, reader, {}, {}), spec);
  EXPECT_EQ(reader.reads, 0);
}

TEST(ReadableBy, WhereAddressesAreNotTakenItIsRead) {
  OneMedium reader;
  const auto spec = readable_by({.inline_bytes_max = 1000, .takes_urls = false},
                                spec_with("https://example.org/fox.png"), reader, {}, {});
  ASSERT_TRUE(spec);
  EXPECT_EQ(spec->references[0].source.uri, kInline);
  EXPECT_EQ(spec->references[0].angles[0].uri, kInline);
  EXPECT_EQ(spec->first_frame->uri, kInline);
}

TEST(ReadableBy, SmallFilesGoInsideAndLargeOnesAsLinks) {
  OneMedium reader;
  const SourceLink link = [](const std::string& uri) { return "https://here/" + uri; };
  EXPECT_EQ(readable_by({.inline_bytes_max = kPng.size()}, spec_with("upload:1"), reader, link, {})
                ->first_frame->uri,
            kInline);
  EXPECT_EQ(readable_by({.inline_bytes_max = kPng.size() - 1}, spec_with("upload:1"), reader, link, {})
                ->first_frame->uri,
            "https://here/upload:1");
}

TEST(ReadableBy, AProviderThatKeepsFilesIsSentThem) {
  OneMedium reader;
  int sent = 0;
  const SourceUpload upload = [&](ByteView bytes, std::string_view type) -> Result<std::string> {
    EXPECT_EQ(bytes.size(), kPng.size());
    EXPECT_EQ(type, "image/png");
    if (++sent > 3) return make_error(ErrorCode::unavailable, "down");
    return "https://there/" + std::to_string(sent);
  };
  const engine::RemoteManners manners{.inline_bytes_max = 1, .keeps_files = true};
  const auto spec = readable_by(manners, spec_with("upload:1"), reader, {}, upload);
  ASSERT_TRUE(spec) << spec.error().message;
  EXPECT_EQ(spec->first_frame->uri, "https://there/3");
  EXPECT_EQ(readable_by(manners, spec_with("upload:1"), reader, {}, upload).error().code,
            ErrorCode::unavailable);
}

TEST(ReadableBy, WithoutAWayTheFieldIsNamed) {
  OneMedium reader;
  const SourceLink none = [](const std::string&) { return ""; };
  for (const SourceLink& link : {SourceLink(), none}) {
    const auto spec = readable_by({.inline_bytes_max = 0}, spec_with("upload:1"), reader, link, {});
    ASSERT_FALSE(spec);
    EXPECT_EQ(spec.error().code, ErrorCode::unsupported);
    EXPECT_EQ(spec.error().field, "/references/0/source");
    EXPECT_NE(spec.error().message.find("--public-url"), std::string::npos);
  }
  const auto gone = readable_by({.inline_bytes_max = 1000}, spec_with("gone"), reader, {}, {});
  EXPECT_EQ(gone.error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace troupe::work
