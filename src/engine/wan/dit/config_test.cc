#include "engine/wan/dit/config.h"

#include <gtest/gtest.h>

#include "base/places_for_test.h"
#include "engine/wan/weights/rewritten_for_test.h"

namespace troupe::engine::wan {
namespace {

Weights weights(const std::string& file) {
  std::vector<TensorFile> files;
  files.push_back(TensorFile::open(places::in_tree("src/engine/wan/testdata") + ("/" + file)).value());
  return Weights::open(std::move(files)).value();
}

TEST(TransformerConfig, TensorsTellMostOfIt) {
  const TransformerConfig config = transformer_config(weights("t2v_weights.safetensors")).value();
  EXPECT_EQ(config.dim, 64);
  EXPECT_EQ(config.ffn_dim, 160);
  EXPECT_EQ(config.layers, 2);
  EXPECT_EQ(config.heads, 2) << "by the file's metadata";
  EXPECT_EQ(config.text_len, 24);
  EXPECT_EQ(config.eps, 1e-6);
  EXPECT_TRUE(config.qk_norm && config.cross_attn_norm);
  EXPECT_TRUE(config.vace_layers.empty());
}

TEST(TransformerConfig, TheCallersWordsGoBeforeTheFiles) {
  const TransformerConfig config =
      transformer_config(weights("vace_weights.safetensors"),
                         R"({"num_heads": 4, "text_len": 30, "eps": 1e-4, "vace_layers": [3, 0]})")
          .value();
  EXPECT_EQ(config.heads, 4);
  EXPECT_EQ(config.text_len, 30);
  EXPECT_EQ(config.eps, 1e-4);
  EXPECT_EQ(config.vace_layers, (std::vector<int64_t>{3, 0}));
}

TEST(TransformerConfig, NormsAreLeftOutWhereWordsAndTensorsSaySo) {
  const Weights all = weights("t2v_weights.safetensors");
  const auto none = without(all, [](const std::string& name) {
    return name.find(".norm_") != std::string::npos || name.find(".norm3.") != std::string::npos;
  });
  const char* const words = R"({"qk_norm": null, "cross_attn_norm": false})";
  EXPECT_FALSE(transformer_config(*none, words)->qk_norm);
  EXPECT_FALSE(transformer_config(*none, words)->cross_attn_norm);
  EXPECT_TRUE(transformer_config(all, words)->qk_norm) << "it is there";
  EXPECT_TRUE(transformer_config(all, words)->cross_attn_norm);
  EXPECT_TRUE(transformer_config(*none)->qk_norm) << "it was lost";
  EXPECT_TRUE(transformer_config(*none)->cross_attn_norm);
}

TEST(TransformerConfig, NonsenseIsPassedOver) {
  for (const char* described : {"", "nothing", "[]", R"({"eps": 0})", R"({"eps": -1e-6})",
                                R"({"eps": 1e300})", R"({"eps": "1e-3", "qk_norm": "rms_norm_across_heads"})",
                                R"({"qk_norm": true, "cross_attn_norm": 0})", R"({"vace_layers": "all"})"}) {
    const auto config = transformer_config(weights("t2v_weights.safetensors"), described);
    ASSERT_TRUE(config) << described;
    EXPECT_EQ(config->eps, 1e-6) << described;
    EXPECT_TRUE(config->qk_norm && config->cross_attn_norm) << described;
  }
}

TEST(TransformerConfig, HintsGoToBlocksThatThereAre) {
  EXPECT_FALSE(transformer_config(weights("vace_weights.safetensors"), R"({"vace_layers": [0, 4]})"));
  EXPECT_FALSE(transformer_config(weights("vace_weights.safetensors"), R"({"vace_layers": [-1, 2]})"));
  EXPECT_FALSE(transformer_config(weights("vace_weights.safetensors"), R"({"vace_layers": [1, 1]})"));
}

}  // namespace
}  // namespace troupe::engine::wan
