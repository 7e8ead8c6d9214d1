#include <gtest/gtest.h>

#include "api/native/member_text.h"
#include "api/native/samples_for_test.h"

namespace troupe::api::native {
namespace {

using Fields = std::vector<std::string>;

/// The fields of all errors of a text.
template <class Parse>
Fields refused(Parse parse, const std::string& json) {
  std::vector<Error> all;
  const auto result = parse(json, &all);
  EXPECT_FALSE(result) << json;
  if (!result && !all.empty()) {
    EXPECT_EQ(result.error(), all.front());
  }
  Fields fields;
  for (const Error& error : all) {
    EXPECT_FALSE(error.message.empty());
    fields.push_back(error.field);
  }
  return fields;
}

Fields refused_submission(const std::string& json) { return refused(parse_submission, json); }
Fields refused_element(const std::string& json) { return refused(parse_element, json); }
Fields refused_endpoint(const std::string& json) { return refused(parse_endpoint, json); }
Fields refused_provider(const std::string& json) { return refused(parse_provider, json); }
Fields refused_upload(const std::string& json) { return refused(parse_upload_start, json); }

TEST(Submission, ReadsABareSpec) {
  const auto submission = parse_submission(R"({"prompt": "A fox runs.", "duration": 3})");
  ASSERT_TRUE(submission);
  EXPECT_EQ(submission->spec.prompt, "A fox runs.");
  EXPECT_EQ(submission->spec.duration, seconds(3));
  EXPECT_EQ(submission->fields.in_body("/prompt"), "/prompt");
  EXPECT_EQ(submission->metadata_json, "");
}

TEST(Submission, ReadsWhatIsSaidAboutTheSpec) {
  const auto submission = parse_submission(
      R"( {"metadata" : {"z": 1.50, "a": [12345678901234567890123, "}\"{"]} , "priority":"low",)"
      R"("sp\u0065c":{"prompt":"A fox runs."},"webhook_url":"HTTPS://example.com:8443/hook?x=1"} )");
  ASSERT_TRUE(submission) << to_string(submission.error());
  EXPECT_EQ(submission->spec.prompt, "A fox runs.");
  EXPECT_EQ(submission->fields.in_body("/prompt"), "/spec/prompt");
  EXPECT_EQ(submission->lane, -1);
  EXPECT_EQ(submission->webhook_url, "HTTPS://example.com:8443/hook?x=1");
  EXPECT_EQ(submission->metadata_json, R"({"z": 1.50, "a": [12345678901234567890123, "}\"{"]})")
      << "as given";
}

TEST(Submission, TellsEverythingThatIsWrongAtOnce) {
  EXPECT_EQ(
      refused_submission(R"({"spec":{"duration":-1,"colour":2,"shots":[{"promt":"x"}]},"priority":"soon",
                                   "webhook_url":"ftp://x","metadata":[],"more":1})"),
      (Fields{"/priority", "/webhook_url", "/metadata", "/more", "/spec/shots/0/promt", "/spec/duration",
              "/spec/colour"}));
  EXPECT_EQ(refused_submission(R"({"priority":"high"})"), Fields{"/spec"});
  EXPECT_EQ(refused_submission(R"({"spec":null})"), Fields{"/spec"});
  EXPECT_EQ(refused_submission(R"({"spec":"x"})"), Fields{"/spec"});
  EXPECT_EQ(refused_submission(R"({"prompt":"x","priority":"high"})"), (Fields{"/spec", "/prompt"}));
}

TEST(Submission, RefusesWhatIsAmbiguousOrUnbounded) {
  EXPECT_EQ(refused_submission(R"({"spec":{"prompt":"a"},"spec":{"prompt":"b"}})"), Fields{"/spec"});
  EXPECT_EQ(refused_submission(R"({"spec":{"prompt":"a","prompt":"b"}})"), Fields{"/spec/prompt"});
  const std::string deep = std::string(100, '[') + std::string(100, ']');
  EXPECT_EQ(refused_submission(R"({"spec":{"prompt":"a"},"metadata":{"x":)" + deep + "}}").size(), 1u);
  const std::string large(kMetadataBytesMax, 'x');
  EXPECT_EQ(refused_submission(R"({"spec":{"prompt":"a"},"metadata":{"x":")" + large + "\"}}"),
            Fields{"/metadata"});
  for (const char* text : {"", "null", "[]", "7", "{", "{\"seed\":1e999}", "{\"prompt\":NaN}",
                           "{\"prompt\":\"\xff\"}", "{\"prompt\":\"a\\u0000b\"}", "{} {}"}) {
    EXPECT_FALSE(refused_submission(text).empty()) << text;
  }
}

TEST(Submission, RefusesAddressesThatNothingCanBeSentTo) {
  for (const char* url : {"", "example.com", "file:///etc/passwd", "https://", "https:///x", "http://a b/",
                          "https://u:p@h/", "https://h/#f", "https://:80/", "http://h\\\\x"}) {
    EXPECT_EQ(refused_submission(R"({"spec":{"prompt":"a"},"webhook_url":")" + std::string(url) + "\"}"),
              Fields{"/webhook_url"})
        << url;
  }
}

TEST(MemberText, FindsMembersAsTheyWereWritten) {
  EXPECT_EQ(member_text(R"({"a":{"b":[1,"]"]},"b" : -1.0e5 })", "b"), "-1.0e5");
  EXPECT_EQ(member_text(R"({"a":{"b":[1,"]"]},"b":2})", "a"), R"({"b":[1,"]"]})");
  EXPECT_EQ(member_text(R"({"a\"b":"\\","b":"\""})", "b"), R"("\"")");
  EXPECT_EQ(member_text(R"({"a":true})", "b"), "");
  EXPECT_EQ(member_text("{}", "b"), "");
  EXPECT_EQ(member_text(R"([{"b":1}])", "b"), "");
}

TEST(Promotion, NeedsAModel) {
  EXPECT_EQ(parse_promotion(R"({"model":"veo-3.1"})")->model, "veo-3.1");
  for (const char* json : {"{}", R"({"model":null})", R"({"model":""})", R"({"model":7})"}) {
    EXPECT_EQ(refused(parse_promotion, json), Fields{"/model"}) << json;
  }
}

TEST(Cancellation, MayBeNothingAtAll) {
  EXPECT_FALSE(parse_cancellation("")->abandon);
  EXPECT_FALSE(parse_cancellation(" \r\n")->abandon);
  EXPECT_FALSE(parse_cancellation("{}")->abandon);
  EXPECT_TRUE(parse_cancellation(R"({"abandon":true})")->abandon);
  for (const char* json : {R"({"abandon":1})", R"({"abandon":"true"})"}) {
    EXPECT_EQ(refused(parse_cancellation, json), Fields{"/abandon"}) << json;
  }
  EXPECT_EQ(refused(parse_cancellation, R"({"abondon":true})"), Fields{"/abondon"});
}

TEST(UploadStart, ReadsSizeAndName) {
  const auto start = parse_upload_start(R"({"size_bytes":73400320,"name":"fox turning.mp4"})");
  ASSERT_TRUE(start);
  EXPECT_EQ(start->size_bytes, 73400320u);
  EXPECT_EQ(start->name, "fox turning.mp4");
  for (const char* size : {"0", "-1", "1.5", "1e300", "\"5\"", "null", "18446744073709551615", "true"}) {
    EXPECT_EQ(refused_upload(R"({"size_bytes":)" + std::string(size) + "}"), Fields{"/size_bytes"}) << size;
  }
  EXPECT_EQ(refused_upload(R"({"size_bytes":5,"name":")" + std::string(256, 'x') + "\"}"), Fields{"/name"});
}

TEST(ElementChange, TellsAbsentFromEmpty) {
  const auto none = parse_element("{}");
  ASSERT_TRUE(none);
  EXPECT_FALSE(none->name || none->frontal || none->angles || none->clip || none->description ||
               none->version);
  const auto emptied = parse_element(R"({"frontal":null,"angles":null,"clip":"","description":null})");
  ASSERT_TRUE(emptied);
  EXPECT_EQ(emptied->frontal, "");
  EXPECT_EQ(emptied->angles, std::vector<std::string>{});
  EXPECT_EQ(emptied->clip, "");
  EXPECT_EQ(emptied->description, "");
}

TEST(ElementChange, TakesUploadsByIdOrAsSpecsNameThem) {
  const auto change =
      parse_element(R"({"frontal":")" + kUploadId + R"(","angles":["upload:)" + kUploadId + "\"]}");
  ASSERT_TRUE(change);
  EXPECT_EQ(change->frontal, kUploadId);
  EXPECT_EQ(change->angles, std::vector<std::string>{kUploadId});
}

TEST(ElementChange, TellsEverythingThatIsWrong) {
  EXPECT_EQ(
      refused_element(R"({"name":"a b","frontal":"https://x","angles":["x",7],"clip":5,"version":0,"x":1})"),
      (Fields{"/name", "/frontal", "/angles/0", "/angles/1", "/clip", "/version", "/x"}));
  EXPECT_EQ(refused_element(R"({"name":null})"), Fields{"/name"});
  EXPECT_EQ(refused_element(R"({"angles":["","","",""]})").front(), "/angles");
  EXPECT_EQ(refused_element(R"({"description":")" + std::string(kDescriptionBytesMax + 1, 'x') + "\"}"),
            Fields{"/description"});
}

Result<Element> changed(Element element, const std::string& json) {
  return apply(parse_element(json).value(), std::move(element));
}

TEST(ElementChange, IsAppliedToTheVersionThatItMeans) {
  const auto created = changed(Element{"elm_1", "key_1", "", 0, "", {}, "", "", {}, {}},
                               R"({"name":"fox","frontal":")" + kUploadId + "\"}");
  ASSERT_TRUE(created);
  EXPECT_EQ(created->version, 1);
  EXPECT_EQ(created->account, "key_1");
  const auto renamed = changed(*created, R"({"name":"owl","version":1})");
  ASSERT_TRUE(renamed);
  EXPECT_EQ(renamed->name, "owl");
  EXPECT_EQ(renamed->version, 2);
  EXPECT_EQ(changed(*renamed, R"({"version":1})").error().code, ErrorCode::conflict);
  EXPECT_EQ(changed(*renamed, R"({"frontal":null})").error().field, "/frontal");
  EXPECT_EQ(changed(Element{}, R"({"frontal":")" + kUploadId + "\"}").error().field, "/name");
  EXPECT_EQ(
      changed(*renamed, R"({"clip":")" + kUploadId + R"(","angles":[")" + kUploadId + "\"]}").error().field,
      "/clip");
}

TEST(EndpointStart, ReadsAddressAndEvents) {
  const auto start =
      parse_endpoint(R"({"url":"http://h/x","events":["job.failed","job.failed","job.parked"]})");
  ASSERT_TRUE(start);
  EXPECT_EQ(start->events, (std::vector<std::string>{"job.failed", "job.parked"}));
  EXPECT_TRUE(parse_endpoint(R"({"url":"https://h"})")->events.empty());
  EXPECT_EQ(refused_endpoint(R"({"events":["job.exploded",7]})"), (Fields{"/url", "/events/0", "/events/1"}));
}

TEST(Cursor, ReadsBackWhatItMade) {
  EXPECT_EQ(read_cursor(make_cursor(kJobId), "job").value(), kJobId);
  EXPECT_EQ(read_cursor(make_cursor("42"), "").value(), "42");
  EXPECT_EQ(make_cursor(kJobId).find_first_not_of(
                "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
            std::string::npos);
}

TEST(Cursor, RefusesEverythingElse) {
  const std::string good = make_cursor(kJobId);
  for (const std::string& bad :
       {std::string(), std::string("x"), good + "=", good + "A", good.substr(1), kJobId, make_cursor("job_1"),
        make_cursor(kUploadId), std::string(10000, 'A'), kNasty}) {
    const auto cursor = read_cursor(bad, "job");
    ASSERT_FALSE(cursor) << bad;
    EXPECT_EQ(cursor.error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(cursor.error().field, "cursor");
  }
  for (const char* bad : {"0", "-1", "x", "", "99999999999999999999"}) {
    EXPECT_FALSE(read_cursor(make_cursor(bad), "")) << bad;
  }
}

TEST(ProviderBody, TellsWhatIsLeftOutFromWhatIsTakenAway) {
  const auto change = parse_provider(R"({"kind":null,"key":"sk-1"})");
  ASSERT_TRUE(change) << to_string(change.error());
  EXPECT_EQ(change->kind, "");
  EXPECT_EQ(change->base_url, std::nullopt);
  EXPECT_EQ(change->key, "sk-1");
  const auto other = parse_provider(R"({"base_url":"http://127.0.0.1:8000","key":null})");
  ASSERT_TRUE(other);
  EXPECT_EQ(other->kind, std::nullopt);
  EXPECT_EQ(other->base_url, "http://127.0.0.1:8000");
  EXPECT_EQ(other->key, "");
  const auto nothing = parse_provider("{}");
  ASSERT_TRUE(nothing);
  EXPECT_FALSE(nothing->kind || nothing->base_url || nothing->key);
}

TEST(ProviderBody, RefusesWithoutRepeatingAValue) {
  const std::string key = "sk-0123456789";
  EXPECT_EQ(refused_provider(R"({"kind":"","base_url":7,"key":[],"secret":"x"})"),
            (Fields{"/kind", "/base_url", "/key", "/secret"}));
  EXPECT_EQ(refused_provider("[]"), Fields{""});
  for (const std::string& body :
       {R"({"key":[")" + key + R"("]})", R"({"key":")" + key + R"(","key":")" + key + R"("})",
        R"({"key":")" + key, R"({"key":")" + key + R"(\u0000"})", R"({"key":{")" + key + R"(":1}})",
        R"({"key":")" + key + std::string(kProviderKeyBytesMax, 'x') + R"("})"}) {
    std::vector<Error> all;
    EXPECT_FALSE(parse_provider(body, &all)) << body;
    for (const Error& error : all)
      EXPECT_EQ(to_string(error).find(key), std::string::npos) << to_string(error);
  }
}

}  // namespace
}  // namespace troupe::api::native
