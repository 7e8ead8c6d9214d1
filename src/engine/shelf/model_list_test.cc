#include "engine/shelf/model_list.h"

#include <gtest/gtest.h>

namespace troupe::shelf {
namespace {

std::string with_part(const std::string& part) {
  return R"({"negative_prompt": "", "parts": {"x": )" + part + R"(}, "models": {}})";
}

std::string problem(const std::string& json) {
  const auto list = ModelList::parse("list.json", json);
  return list ? "" : list.error().message;
}

TEST(ModelList, TheBuiltInOneIsWhole) {
  const ModelList& list = builtin_models();
  EXPECT_EQ(list.models().size(), 9u);
  for (const ModelEntry& model : list.models()) {
    EXPECT_EQ(model.parts.size(), 4u) << model.id;
    EXPECT_EQ(model.parts.front()->id, model.id);
    EXPECT_EQ(model.sampling.negative_prompt.empty(), !model.sampling.guidance_text) << model.id;
  }
  const ModelEntry& sky = **list.find("skyreels-v3-r2v-14b");
  EXPECT_TRUE(sky.licence.must_accept);
  EXPECT_EQ(sky.sampling.steps, 8);
  EXPECT_EQ(sky.sampling.fps, 24);
  EXPECT_EQ(sky.width(), 5120);
  const ModelEntry& phantom = **list.find("phantom-wan-1.3b");
  EXPECT_EQ(phantom.sampling.guidance_image, 5);
  EXPECT_EQ(phantom.sampling.guidance_text, 7.5);
  EXPECT_EQ((*list.find("wan2.1-t2v-1.3b"))->sampling.guidance_text, 6);
  EXPECT_EQ((*list.find("wan2.1-vace-14b"))->sampling.shift, 16);
}

TEST(ModelList, SharedPartsAreOne) {
  const ModelList& list = builtin_models();
  EXPECT_EQ((*list.find("refalign-1.3b"))->parts[1], (*list.find("wan2.1-vace-14b"))->parts[1]);
}

TEST(ModelList, AnUnknownNameSaysWhatIsMeant) {
  const auto found = builtin_models().find("phantom-wan-1.3");
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ErrorCode::not_found);
  EXPECT_NE(found.error().message.find("did you mean \"phantom-wan-1.3b\"?"), std::string::npos);
}

TEST(ModelList, EveryFaultNamesItsPlace) {
  const std::string good = R"({"role": "vae", "repository": "a/b", "files": ["x.pth"]})";
  EXPECT_EQ(problem(with_part(good)), "");
  EXPECT_NE(problem("{").find("list.json"), std::string::npos);
  EXPECT_NE(problem("[]").find("must be an object"), std::string::npos);
  EXPECT_NE(problem(R"({"negative_prompt": ""})").find("\"parts\" and \"models\""), std::string::npos);
  EXPECT_NE(
      problem(with_part(R"({"role": "hand", "repository": "a/b", "files": ["x"]})")).find("/parts/x/role"),
      std::string::npos);
  EXPECT_NE(problem(with_part(R"({"role": "vae", "repository": "a/b", "files": ["../x"]})"))
                .find("/parts/x/files/0"),
            std::string::npos);
  EXPECT_NE(problem(with_part(R"({"role": "vae", "repository": "a/b"})")).find("\"files\" or an \"index\""),
            std::string::npos);
  EXPECT_NE(problem(with_part(R"({"role": "vae", "repository": "a b", "files": ["x"]})")).find("OWNER/NAME"),
            std::string::npos);
  EXPECT_NE(
      problem(with_part(R"({"role": "vae", "repository": "a/b", "files": ["x"], "sha256": "1"})")).find("64"),
      std::string::npos);
  EXPECT_NE(problem(with_part(R"({"role": "vae", "repository": "a/b", "files": ["x"], "colour": 1})"))
                .find("colour"),
            std::string::npos);
}

TEST(ModelList, AModelNeedsEveryRoleAndSoundSampling) {
  const std::string parts = R"({"negative_prompt": "", "parts": {
    "d": {"role": "transformer", "repository": "a/b", "files": ["x"]},
    "t": {"role": "text_encoder", "repository": "a/b", "files": ["x"]},
    "w": {"role": "tokenizer", "repository": "a/b", "files": ["x"]},
    "v": {"role": "vae", "repository": "a/b", "files": ["x"]}}, "models": {"m": {"family": "t2v", "size": "1.3b",
    "licence": {"name": "L", "note": "N"}, "parts": )";
  const std::string sampling = R"(, "sampling": {"steps": 4, "solver": "unipc", "shift": 5, "fps": 16,
    "references_max": 0, "width": 64, "height": 64, "frames": )";
  EXPECT_EQ(problem(parts + R"(["d", "t", "w", "v"])" + sampling + "5}}}}"), "");
  EXPECT_NE(problem(parts + R"(["d", "t", "v"])" + sampling + "5}}}}").find("must name one tokenizer"),
            std::string::npos);
  EXPECT_NE(problem(parts + R"(["d", "t", "w", "z"])" + sampling + "5}}}}").find("no part of this list"),
            std::string::npos);
  EXPECT_NE(problem(parts + R"(["d", "t", "w", "v"])" + sampling + "6}}}}").find("4n + 1"),
            std::string::npos);
}

TEST(PlainPath, StaysInItsFolder) {
  EXPECT_TRUE(is_plain_path("google/umt5-xxl/spiece.model"));
  for (const char* path : {"", "/x", "x/", "a//b", "..", "a/../b", "./a", "a b", "a\\b", "a%2e", "ä"})
    EXPECT_FALSE(is_plain_path(path)) << path;
}

TEST(ShardIndex, NamesEachFileOnce) {
  const auto files = shards_of_index(
      R"({"metadata": {}, "weight_map": {"b": "m-2.safetensors", "a": "m-1.safetensors", "c": "m-1.safetensors"}})");
  ASSERT_TRUE(files);
  EXPECT_EQ(*files, (std::vector<std::string>{"m-1.safetensors", "m-2.safetensors"}));
}

TEST(ShardIndex, RefusesWhatLeadsElsewhere) {
  for (const char* json :
       {"", "[]", "{}", R"({"weight_map": {}})", R"({"weight_map": {"a": 1}})",
        R"({"weight_map": {"a": "../x.safetensors"}})", R"({"weight_map": {"a": "x/y.safetensors"}})",
        R"({"weight_map": {"a": "/etc/passwd"}})", R"({"weight_map": {"a": "x.pth"}})"}) {
    const auto files = shards_of_index(json);
    ASSERT_FALSE(files) << json;
    EXPECT_EQ(files.error().code, ErrorCode::corrupt_input) << json;
  }
}

}  // namespace
}  // namespace troupe::shelf
