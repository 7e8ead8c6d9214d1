#include "api/vendor_fields.h"

#include <gtest/gtest.h>

namespace troupe::api {
namespace {

// What a reader of bodies makes of `json`; every error as "pointer: message".
struct ReadBody {
  std::optional<Submission> submission;
  std::vector<Error> errors;
};
ReadBody read(std::string_view json, const std::function<void(VendorBody&)>& reader) {
  ReadBody body;
  const auto submission = read_vendor_body(json, UnknownFields::refused, &body.errors, reader);
  if (submission) body.submission = *submission;
  return body;
}

TEST(VendorFields, ASeedMayHaveAllItsBits) {
  std::optional<uint64_t> seed;
  const auto reader = [&](VendorBody& body) { seed = seed_field(body.fields, "seed"); };
  EXPECT_TRUE(read(R"({"seed":18446744073709551615})", reader).submission);
  EXPECT_EQ(seed, 18446744073709551615u);
  for (const char* open : {R"({"seed":-1})", R"({"seed":"-1"})", R"({"seed":""})", R"({"seed":null})"}) {
    EXPECT_TRUE(read(open, reader).submission) << open;
    EXPECT_FALSE(seed) << open;
  }
  for (const char* wrong : {R"({"seed":-2})", R"({"seed":1.5})", R"({"seed":"x"})", R"({"seed":[]})"})
    EXPECT_FALSE(read(wrong, reader).submission) << wrong;
}

TEST(VendorFields, AnEmptyReferenceIsToldAndNotPassedOver) {
  for (const char* json : {R"({"list":["a",""]})", R"({"list":["a",{"url":""}]})", R"({"list":["a",{}]})"}) {
    const ReadBody body = read(json, [](VendorBody& one) { sources_field(one.fields, "list"); });
    ASSERT_EQ(body.errors.size(), 1u) << json;
    EXPECT_TRUE(body.errors[0].field.starts_with("/list/1")) << body.errors[0].field;
  }
}

TEST(VendorFields, AnErrorInsideASourceIsToldThere) {
  const ReadBody body =
      read(R"({"image_url":{"url":5}})", [](VendorBody& one) { source_field(one.fields, "image_url"); });
  ASSERT_EQ(body.errors.size(), 1u);
  EXPECT_EQ(body.errors[0].field, "/image_url/url");
}

TEST(VendorFields, ASecondFrameIsTold) {
  const ReadBody body = read(R"({"a":"x","b":"y"})", [](VendorBody& one) {
    set_first_frame(one, *source_field(one.fields, "a"));
    set_first_frame(one, *source_field(one.fields, "b"));
  });
  ASSERT_EQ(body.errors.size(), 1u);
  EXPECT_EQ(body.errors[0].field, "/b");
}

TEST(VendorFields, AliasesThatSayTheSameTwiceAreTold) {
  const ReadBody body = read(R"({"b":1,"c":2})", [](VendorBody& one) {
    EXPECT_EQ(given_key(one.fields, {"a", "b", "c"}), "b");
  });
  ASSERT_EQ(body.errors.size(), 1u);
  EXPECT_EQ(body.errors[0].field, "/c");
}

TEST(VendorFields, ClipsAreKnownByTheirNames) {
  for (const char* clip : {"https://x.org/a.mp4", "http://x.org/A.MOV?x=.png", "data:video/mp4;base64,AAAA",
                           "DATA:Video/webm;base64,AAAA", "https://x.org/a.webm#t"})
    EXPECT_TRUE(names_clip({clip})) << clip;
  for (const char* picture : {"https://x.org/a.png", "https://x.org/a.png?y=.mp4",
                              "data:image/png;base64,AAAA", "a.mp4", "upload:upl_x", "https://x.org/mp4"})
    EXPECT_FALSE(names_clip({picture})) << picture;
}

TEST(FieldMap, TellsAPlaceInTheCallersBody) {
  FieldMap fields;
  EXPECT_EQ(fields.in_body("/prompt"), "");
  fields.fold("/references", "/elements");
  fields.fold("/references/1", "/elements/0/frontal");
  fields.add("/shots", "/multi_prompt");
  EXPECT_EQ(fields.in_body("/references"), "/elements");
  EXPECT_EQ(fields.in_body("/references/1/source"), "/elements/0/frontal");
  EXPECT_EQ(fields.in_body("/references/10"), "/elements");
  EXPECT_EQ(fields.in_body("/shots/2/prompt"), "/multi_prompt/2/prompt");
  EXPECT_EQ(fields.in_body("/shotsx"), "");
  fields.fold("/references", "/media");
  EXPECT_EQ(fields.in_body("/references"), "/media") << "the later of two";
}

}  // namespace
}  // namespace troupe::api
