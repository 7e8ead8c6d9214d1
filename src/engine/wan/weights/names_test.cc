#include "engine/wan/weights/names.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/places_for_test.h"

namespace troupe::engine::wan {
namespace {

using Json = nlohmann::json;

// The authors' names and those of diffusers and transformers, as their own conversion scripts pair them.
const Json& name_map() {
  static const Json map = Json::parse(
      std::ifstream(std::filesystem::path(places::in_tree("src/engine/wan/testdata")) / "name_map.json"));
  return map;
}

std::string at_block(std::string text, int block) {
  const size_t place = text.find("{i}");
  return place == std::string::npos ? text : text.replace(place, 3, std::to_string(block));
}

int check_all(Part part, const Json& pairs) {
  int checked = 0;
  for (const auto& [authors, other] : pairs.items()) {
    for (const int block : {0, 7, 29}) {
      const std::string name = at_block(authors, block), theirs = at_block(other.get<std::string>(), block);
      EXPECT_EQ(canonical(part, theirs), name);
      EXPECT_EQ(canonical(part, name), name) << "the authors' own";
      EXPECT_EQ(canonical(part, "model.diffusion_model." + name), name);
      ++checked;
    }
  }
  return checked;
}

TEST(Names, OfEveryTransformerTensor) {
  const Json& map = name_map()["transformer_vace_1.3B"];
  int checked = 0;
  for (const char* list : {"globals", "block", "vace_block", "vace_block_0_only"})
    checked += check_all(Part::transformer, map[list]);
  EXPECT_EQ(checked, 3 * (17 + 27 + 29 + 2));
}

TEST(Names, OfEveryAutoencoderTensor) { EXPECT_EQ(check_all(Part::vae, name_map()["vae"]), 3 * 194); }

TEST(Names, OfEveryTextEncoderTensor) {
  const Json& map = name_map()["text_encoder_umt5"];
  EXPECT_EQ(check_all(Part::text_encoder, map["globals"]) + check_all(Part::text_encoder, map["block"]),
            3 * (2 + 10));
  EXPECT_EQ(canonical(Part::text_encoder, "encoder.embed_tokens.weight"), "token_embedding.weight");
}

TEST(Names, OfTextEncodersInGguf) {
  const std::pair<const char*, const char*> pairs[] = {
      {"token_embd.weight", "token_embedding.weight"},
      {"enc.output_norm.weight", "norm.weight"},
      {"enc.blk.3.attn_q.weight", "blocks.3.attn.q.weight"},
      {"enc.blk.3.attn_o.weight", "blocks.3.attn.o.weight"},
      {"enc.blk.3.attn_norm.weight", "blocks.3.norm1.weight"},
      {"enc.blk.3.attn_rel_b.weight", "blocks.3.pos_embedding.embedding.weight"},
      {"enc.blk.3.ffn_gate.weight", "blocks.3.ffn.gate.0.weight"},
      {"enc.blk.3.ffn_up.weight", "blocks.3.ffn.fc1.weight"},
      {"enc.blk.3.ffn_down.weight", "blocks.3.ffn.fc2.weight"},
      {"enc.blk.3.ffn_norm.weight", "blocks.3.norm2.weight"},
  };
  for (const auto& [theirs, name] : pairs) EXPECT_EQ(canonical(Part::text_encoder, theirs), name);
}

TEST(Names, StagesOfADecoderAreAsLongAsTheyAre) {
  const std::vector<std::string_view> two = {"decoder.up_blocks.0.resnets.0.conv1.weight",
                                             "vae.decoder.up_blocks.1.resnets.1.conv1.weight",
                                             "encoder.down_blocks.9.conv1.weight"};
  EXPECT_EQ(stage_residuals(two), 2);
  EXPECT_EQ(stage_residuals({}), kStageResiduals);
  EXPECT_EQ(canonical(Part::vae, "decoder.up_blocks.1.resnets.1.conv1.weight", 2),
            "decoder.upsamples.4.residual.2.weight");
  EXPECT_EQ(canonical(Part::vae, "decoder.up_blocks.1.upsamplers.0.resample.1.weight", 2),
            "decoder.upsamples.5.resample.1.weight");
  EXPECT_EQ(canonical(Part::vae, "decoder.up_blocks.1.upsamplers.0.resample.1.weight"),
            "decoder.upsamples.7.resample.1.weight");
  const std::vector<std::string_view> hostile = {"decoder.up_blocks.0.resnets.2147483647.conv1.weight"};
  EXPECT_EQ(stage_residuals(hostile), kStageResiduals);
}

TEST(Names, StrangeOnesStayAsTheyAre) {
  for (const char* name : {"", "blocks.", "blocks.x.attn1.to_q.weight", "blocks.99999999999999.modulation",
                           "encoder.down_blocks.", "decoder.up_blocks.1.", "enc.blk.-1.attn_q.weight"})
    EXPECT_EQ(canonical(Part::transformer, name), name);
}

TEST(Parts, AreToldApartByTheirTensors) {
  const auto part = [](std::vector<std::string_view> names) { return part_of(names); };
  EXPECT_EQ(part({"patch_embedding.weight"}), Part::transformer);
  EXPECT_EQ(part({"diffusion_model.blocks.0.self_attn.q.weight"}), Part::transformer);
  EXPECT_EQ(part({"encoder.block.0.layer.0.SelfAttention.q.weight", "shared.weight"}), Part::text_encoder);
  EXPECT_EQ(part({"decoder.mid_block.resnets.0.norm1.gamma"}), Part::vae);
  EXPECT_EQ(part({"decoder.1.weight", "decoder.7.conv.weight"}), Part::tiny_vae);
  EXPECT_EQ(part({"diffusion_model.blocks.0.self_attn.q.lora_A.weight"}), Part::lora);
  EXPECT_EQ(part({"lm_head.weight"}), std::nullopt);
  EXPECT_EQ(part({}), std::nullopt);
}

}  // namespace
}  // namespace troupe::engine::wan
