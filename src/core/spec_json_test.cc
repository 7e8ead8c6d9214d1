#include "core/spec_json.h"

#include <gtest/gtest.h>

#include "base/bytes.h"

namespace troupe {
namespace {

// "field: message" of every violation, one a line.
std::string errors(std::string_view json) {
  std::string text;
  for (const Error& error : parse_spec(json).errors) {
    text += (text.empty() ? "" : "\n") + error.field + ": " + error.message;
  }
  return text;
}

// The beginning of the first violation is enough where the message only lists what is allowed.
bool refuses(std::string_view json, std::string_view beginning) {
  const std::string text = errors(json);
  EXPECT_TRUE(text.starts_with(beginning)) << text;
  return text.starts_with(beginning);
}

TEST(ParseSpec, ReadsEveryField) {
  const ParsedSpec parsed = parse_spec(R"({
    "model": "kling", "fallback_models": ["wan", "veo"], "prompt": "@fox walks", "negative_prompt": "blur",
    "references": [{"kind": "element", "name": "fox", "source": "fox.png", "angles": ["side.png"],
                    "box": [0.25, 0, 0.5, 1]}, "flat.png"],
    "first_frame": "a.png", "last_frame": "b.png", "extend": "c.mp4",
    "duration": 3.5, "aspect_ratio": "9:16", "resolution": "720p", "fps": 29.97, "audio": false,
    "seed": 7, "count": 2, "shot_type": "multi"})");
  ASSERT_EQ(parsed.errors, std::vector<Error>{});
  GenerationSpec expected;
  expected.model = "kling";
  expected.fallback_models = {"wan", "veo"};
  expected.prompt = "@fox walks";
  expected.negative_prompt = "blur";
  expected.references = {
      {ReferenceKind::element, "fox", {"fox.png"}, {{"side.png"}}, {}, BoxHint{0.25f, 0, 0.5f, 1}},
      {ReferenceKind::image, "", {"flat.png"}, {}, {}, {}}};
  expected.first_frame = {"a.png"};
  expected.last_frame = {"b.png"};
  expected.extend = {"c.mp4"};
  expected.duration = MediaTime{3500};
  expected.aspect_ratio = AspectRatio{9, 16};
  expected.resolution = Resolution{720, {}};
  expected.fps = FrameRate{30000, 1001};
  expected.audio = false;
  expected.seed = 7;
  expected.count = 2;
  expected.shot_type = ShotType::multi;
  EXPECT_EQ(parsed.spec, expected);
}

TEST(ParseSpec, AppendsTheFriendlierLists) {
  const ParsedSpec parsed = parse_spec(R"({
    "images": ["i.png"], "scenes": [{"name": "street", "source": "s.png"}],
    "elements": [{"name": "fox", "frontal": "f.png", "angles": ["a.png", "b.png"]}, {"clip": "c.mp4"}],
    "references": [{"source": "r.png"}]})");
  ASSERT_EQ(parsed.errors, std::vector<Error>{});
  const std::vector<Reference> expected = {
      {ReferenceKind::image, "", {"r.png"}, {}, {}, {}},
      {ReferenceKind::element, "fox", {"f.png"}, {{"a.png"}, {"b.png"}}, {}, {}},
      {ReferenceKind::element, "", {}, {}, MediaSource{"c.mp4"}, {}},
      {ReferenceKind::scene, "street", {"s.png"}, {}, {}, {}},
      {ReferenceKind::image, "", {"i.png"}, {}, {}, {}}};
  EXPECT_EQ(parsed.spec.references, expected);
}

TEST(ParseSpec, ReadsShots) {
  const ParsedSpec parsed = parse_spec(R"({"shots": [{"prompt": "a", "duration": "5s"}, {"prompt": "b"}]})");
  ASSERT_EQ(parsed.errors, std::vector<Error>{});
  EXPECT_EQ(parsed.spec.shots, (std::vector<Shot>{{"a", seconds(5)}, {"b", {}}}));
}

TEST(ParseSpec, AnEmptyRequestIsAllDefaults) {
  EXPECT_EQ(parse_spec("{}").spec, GenerationSpec{});
  EXPECT_EQ(errors(R"({"prompt": null, "seed": null, "shots": null})"), "");
}

TEST(ParseSpec, ReportsAllViolationsAtOnce) {
  EXPECT_EQ(errors(R"({"prompt": 5, "duration": 0, "audio": "yes", "count": 0,
                       "references": [{"kind": "cat", "source": "a"}, {"source": ""}], "shots": [7]})"),
            "/prompt: must be a text, but is a number\n"
            "/shots/0: must be an object, but is a number\n"
            "/references/0/kind: \"cat\" is no kind: write \"element\", \"scene\" or \"image\"\n"
            "/references/1/source: must be a path, a URL or \"upload:ID\", but is empty\n"
            "/duration: \"0\" is not a duration: write seconds above 0 with at most three decimals, like 5, "
            "\"5s\" or 3.5\n"
            "/audio: must be true or false, but is a text\n"
            "/count: must be a whole number from 1 to 16");
}

TEST(ParseSpec, RefusesUnknownFieldsAndSaysWhichWasMeant) {
  EXPECT_EQ(errors(R"({"promt": "x", "aspectRatio": "1:1"})"),
            "/aspectRatio: unknown field. Did you mean \"aspect_ratio\"?\n"
            "/promt: unknown field. Did you mean \"prompt\"?");
  EXPECT_EQ(errors(R"({"elements": [{"frontal": "a", "a/~b": 1}]})"),
            "/elements/0/a~1~0b: unknown field. Known fields: name, frontal, angles, clip, box.");
}

TEST(ParseSpec, BoundsFallbackModels) {
  EXPECT_EQ(errors(R"({"fallback_models": ["", 5, "kling"]})"),
            "/fallback_models/0: must be the name of a model, 1 to 128 bytes\n"
            "/fallback_models/1: must be the name of a model, 1 to 128 bytes");
  EXPECT_TRUE(refuses(R"({"fallback_models": ["1","2","3","4","5","6","7","8","9"]})", "/fallback_models: "));
  EXPECT_TRUE(refuses(R"({"fallback_models": "kling"})", "/fallback_models: must be a list"));
}

TEST(ParseSpec, ChecksReferences) {
  EXPECT_EQ(errors(R"({"elements": [{"name": "a"}]})"),
            "/elements/0/frontal: is missing: give the picture or a clip");
  EXPECT_EQ(errors(R"({"scenes": [{"name": "a"}]})"), "/scenes/0/source: is missing: give the picture");
  EXPECT_EQ(errors(R"({"references": [{"kind": "element", "source": "a", "angles": ["b"], "clip": "c"}]})"),
            "/references/0/clip: give angles or a clip, not both");
  EXPECT_EQ(errors(R"({"references": [{"source": "a", "angles": ["b"]}]})"),
            "/references/0/angles: only an element may have this");
  EXPECT_EQ(errors(R"({"elements": [{"frontal": "a", "angles": ["b", "c", "d", "e"]}]})"),
            "/elements/0/angles: has 4 entries; at most 3 are allowed");
  EXPECT_TRUE(
      refuses(R"({"images": [{"source": "a", "box": [0.5, 0, 0.6, 1]}]})", "/images/0/box: must be [left"));
  EXPECT_TRUE(
      refuses(R"({"images": [{"source": "a", "box": [0, 0, 0, 1]}]})", "/images/0/box: must be [left"));
  EXPECT_TRUE(refuses(R"({"images": [{"source": "a", "box": [0, 0, 1]}]})", "/images/0/box: must be [left"));
}

TEST(ParseSpec, BoundsLists) {
  std::string images = "[\"a\"";
  for (int i = 0; i < 64; ++i) images += ",\"a\"";
  EXPECT_EQ(errors("{\"images\": " + images + "]}"), "/images: has 65 entries; at most 64 are allowed");
  EXPECT_EQ(errors("{\"images\": [\"a\"], \"references\": " + images.substr(0, images.size() - 4) + "]}"),
            "/images: more than 64 references in all");
  EXPECT_EQ(errors("{\"prompt\": \"" + std::string(kPromptBytesMax + 1, 'a') + "\"}"),
            "/prompt: has 65537 bytes; at most 65536 are allowed");
}

TEST(ParseSpec, ReadsSeedsExactly) {
  EXPECT_EQ(parse_spec(R"({"seed": 9007199254740992})").spec.seed, uint64_t{1} << 53);
  EXPECT_EQ(parse_spec(R"({"seed": 1e3})").spec.seed, 1000u);
  EXPECT_EQ(parse_spec(R"({"seed": "18446744073709551615"})").spec.seed, UINT64_MAX);
  EXPECT_TRUE(refuses(R"({"seed": 9007199254740993})", "/seed: must be a whole number"));
  EXPECT_TRUE(refuses(R"({"seed": -1})", "/seed: must be a whole number"));
  EXPECT_TRUE(refuses(R"({"seed": 0.5})", "/seed: must be a whole number"));
  EXPECT_TRUE(refuses(R"({"seed": "18446744073709551616"})", "/seed: must be a whole number"));
  EXPECT_TRUE(refuses(R"({"seed": ""})", "/seed: must be a whole number"));
}

TEST(ParseSpec, RefusesHostileNumbers) {
  EXPECT_TRUE(refuses(R"({"duration": 1e308})", "/duration: \"1e+308\" is too long"));
  EXPECT_TRUE(refuses(R"({"duration": -5})", "/duration: \"-5\" is not a duration"));
  EXPECT_TRUE(refuses(R"({"fps": 1e20})", "/fps: \"1e+20\" is not a frame rate"));
  EXPECT_TRUE(refuses(R"({"count": 99999999999999999999})", "/count: must be a whole number from 1 to 16"));
  EXPECT_TRUE(refuses(R"({"duration": 1e999})", ": not JSON at line 1, column "));
  EXPECT_TRUE(refuses(R"({"duration": NaN})", ": not JSON at line 1, column 14: it cannot be read"));
}

TEST(ParseSpec, RefusesWhatIsNoJson) {
  EXPECT_EQ(errors(""), ": not JSON at line 1, column 1: the text ends too early");
  EXPECT_EQ(errors("{\"prompt\":\n \"a"), ": not JSON at line 2, column 4: the text ends too early");
  EXPECT_EQ(errors("{} {}"), ": not JSON at line 1, column 4: it cannot be read from there on");
  EXPECT_EQ(errors("{\"prompt\": \"\xC3\x28\"}"), ": not valid UTF-8 at line 1, column 13");
  EXPECT_TRUE(refuses(R"({"prompt": "\ud800"})", ": not JSON at line 1"));
  EXPECT_EQ(errors("[]"), ": must be an object, but is a list");
  EXPECT_EQ(errors("7"), ": must be an object, but is a number");
}

TEST(ParseSpec, RefusesDuplicatesAndNul) {
  EXPECT_EQ(errors(R"({"prompt": "a", "prompt": "b"})"), "/prompt: the field is given twice: keep one");
  EXPECT_EQ(errors(R"({"shots": [{}, {"prompt": "a", "prompt": "b"}]})"),
            "/shots/1/prompt: the field is given twice: keep one");
  EXPECT_EQ(errors(R"({"images": ["a", "b\u0000c"]})"),
            "/images/1: the text contains the character U+0000: remove it");
}

TEST(ParseSpec, RefusesDeepAndLargeTexts) {
  EXPECT_TRUE(refuses(std::string(1000000, '['), "/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0: nested too deeply"));
  std::string objects;
  for (int i = 0; i < 100000; ++i) objects += "{\"a\":";
  EXPECT_TRUE(refuses(objects, "/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a: nested too deeply"));
  EXPECT_EQ(errors(std::string(kSpecJsonBytesMax + 1, ' ')),
            ": the request has 1048577 bytes; at most 1048576 are allowed");
  EXPECT_EQ(parse_spec("{\"prompt\": \"" + std::string(100, 'a') + "\"}", 50).errors.at(0).code,
            ErrorCode::over_limit);
}

TEST(ParseSpec, StaysQuickOnManyMembers) {
  std::string lists = "[{}";
  while (lists.size() < 1000000) lists += ",{}";
  EXPECT_EQ(parse_spec("{\"shots\": " + lists + "]}").errors.at(0).code, ErrorCode::over_limit);
  std::string fields = "{\"a\":0";
  for (int i = 0; i < 70000; ++i) fields += ",\"b" + std::to_string(i) + "\":0";
  EXPECT_EQ(parse_spec(fields + "}").errors.size(), kSpecErrorsMax);
}

TEST(PrintSpec, IsOneLineInAFixedOrder) {
  const std::string written = R"({"images": [{"box": [0.1, 0.2, 0.3, 0.4], "source": "a.png", "name": "fox"}],
      "seed": "18446744073709551615", "duration": "2.125s", "fps": "23.976", "prompt": "é \"x\"", "model": "wan"})";
  EXPECT_EQ(
      print_spec(parse_spec(written).spec),
      R"({"model":"wan","prompt":"é \"x\"","references":[{"kind":"image","name":"fox","source":"a.png",)"
      R"("box":[0.1,0.2,0.3,0.4]}],"duration":2.125,"fps":"24000/1001","seed":"18446744073709551615"})");
  EXPECT_EQ(print_spec({}), R"({"model":"stage"})");
}

TEST(PrintSpec, ReplacesBytesThatAreNoText) {
  GenerationSpec spec;
  spec.prompt = "a\xff";
  EXPECT_EQ(print_spec(spec), "{\"model\":\"stage\",\"prompt\":\"a\uFFFD\"}");
}

TEST(SpecHash, IsThatOfTheCanonicalText) {
  const GenerationSpec one = parse_spec(R"({"prompt": "x", "duration": "5s"})").spec;
  const GenerationSpec other = parse_spec(R"({"duration": 5.000, "count": 1, "prompt": "x"})").spec;
  EXPECT_EQ(spec_hash(one), spec_hash(other));
  EXPECT_EQ(spec_hash(one), sha256_hex(as_bytes(R"({"model":"stage","prompt":"x","duration":5})")));
  EXPECT_NE(spec_hash(one), spec_hash({}));
}

}  // namespace
}  // namespace troupe
