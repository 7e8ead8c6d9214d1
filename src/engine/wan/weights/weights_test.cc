#include "engine/wan/weights/weights.h"

#include <gtest/gtest.h>

#include "engine/wan/files/writers_for_test.h"

namespace troupe::engine::wan {
namespace {

// A safetensors file of one byte string; `header` names the tensors in it.
TensorFile file(const std::string& header, const std::string& data,
                const std::string& label = "some.safetensors") {
  auto opened = TensorFile::from_bytes(bytes_from(safetensors(header, data)), label);
  EXPECT_TRUE(opened) << to_string(opened.error());
  return *std::move(opened);
}

template <class... Files>
Result<Weights> open(Files... files) {
  std::vector<TensorFile> all;
  (all.push_back(std::move(files)), ...);
  return Weights::open(std::move(all));
}

std::vector<float> values(const at::Tensor& tensor) {
  const at::Tensor flat = tensor.to(at::kFloat).reshape({-1}).contiguous();
  return {flat.data_ptr<float>(), flat.data_ptr<float>() + flat.numel()};
}

std::vector<float> read(const Weights& weights, const char* name, std::vector<int64_t> shape,
                        at::ScalarType type = at::kFloat) {
  const auto tensor = weights.read(name, shape, type, at::kCPU);
  EXPECT_TRUE(tensor) << to_string(tensor.error());
  return tensor ? values(*tensor) : std::vector<float>{};
}

ErrorCode code(const Result<at::Tensor>& result) {
  return result ? ErrorCode::internal : result.error().code;
}

constexpr char kQ[] = "blocks.0.self_attn.q.weight";

// 1, 2, -0.5, 448 as e4m3.
const std::string kEights = "\x38\x40\xB0\x7E";

TEST(Weights, MultipliesScaledEightBitFloatsOut) {
  for (const std::string scale : {".scale_weight", ".weight_scale"}) {
    const auto weights = open(file(
        R"({"diffusion_model.blocks.0.self_attn.q.weight":{"dtype":"F8_E4M3","shape":[2,2],"data_offsets":[0,4]},
                      "scaled_fp8":{"dtype":"F8_E4M3","shape":[0],"data_offsets":[4,4]},
                      "diffusion_model.blocks.0.self_attn.q)" +
            scale + R"(":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
        kEights + raw(0.5f)));
    ASSERT_TRUE(weights) << to_string(weights.error());
    EXPECT_EQ(read(*weights, kQ, {2, 2}), (std::vector<float>{0.5f, 1, -0.25f, 224}));
    EXPECT_EQ(read(*weights, kQ, {2, 2}, at::kBFloat16), (std::vector<float>{0.5f, 1, -0.25f, 224}));
  }
}

TEST(Weights, TakesAScaleForEachRowFromAFileOfItsOwn) {
  const auto weights =
      open(file(R"({"blocks.0.self_attn.q.weight":{"dtype":"F8_E4M3","shape":[2,2],"data_offsets":[0,4]}})",
                kEights),
           file(R"({"blocks.0.self_attn.q.weight_scale":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]}})",
                raw(2.0f) + raw(4.0f)));
  ASSERT_TRUE(weights) << to_string(weights.error());
  EXPECT_EQ(read(*weights, kQ, {2, 2}), (std::vector<float>{2, 4, -2, 1792}));
}

TEST(Weights, RefusesScalesAndQuantisationsOfOtherKinds) {
  const auto three =
      open(file(R"({"blocks.0.self_attn.q.weight":{"dtype":"F8_E4M3","shape":[2,2],"data_offsets":[0,4]},
               "blocks.0.self_attn.q.weight_scale":{"dtype":"F32","shape":[3],"data_offsets":[4,16]}})",
                kEights + std::string(12, '\0')));
  ASSERT_TRUE(three);
  EXPECT_EQ(code(three->read(kQ, {2, 2}, at::kFloat, at::kCPU)), ErrorCode::unsupported);
  const std::string quant = R"({"format":"nvfp4"})";
  const auto other =
      open(file(R"({"blocks.0.self_attn.q.comfy_quant":{"dtype":"U8","shape":[18],"data_offsets":[0,18]},
                                   "blocks.0.self_attn.q.weight":{"dtype":"F8_E4M3","shape":[2,2],"data_offsets":[18,22]}})",
                quant + kEights));
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, ErrorCode::unsupported);
  EXPECT_NE(other.error().message.find("nvfp4"), std::string::npos) << other.error().message;
}

TEST(Weights, NamesWhatIsMissingOrOfAnotherShape) {
  const auto weights =
      open(file(R"({"blocks.0.self_attn.q.weight":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]}})",
                std::string(16, '\0')));
  ASSERT_TRUE(weights);
  EXPECT_EQ(code(weights->read(kQ, {4, 1}, at::kFloat, at::kCPU)), ErrorCode::corrupt_input);
  EXPECT_EQ(code(weights->read(kQ, {4}, at::kFloat, at::kCPU)), ErrorCode::corrupt_input);
  EXPECT_EQ(code(weights->read(kQ, {2, 3}, at::kFloat, at::kCPU)), ErrorCode::corrupt_input);
  const auto missing = weights->read("blocks.1.modulation", {6}, at::kFloat, at::kCPU);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::not_found);
  EXPECT_NE(missing.error().message.find("blocks.1.modulation"), std::string::npos);
}

TEST(Weights, RefusesOneTensorInTwoFilesAndFilesOfNothingKnown) {
  const std::string one =
      R"({"blocks.0.self_attn.q.weight":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})";
  const auto two = open(file(one, raw(1.0f)), file(one, raw(1.0f), "second.safetensors"));
  ASSERT_FALSE(two);
  EXPECT_EQ(two.error().code, ErrorCode::conflict);
  EXPECT_NE(two.error().message.find("second.safetensors"), std::string::npos);
  const auto unknown =
      open(file(R"({"lm_head.weight":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", raw(1.0f)));
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, ErrorCode::unsupported);
}

// GGUF has four dimensions at most: the five of the patch embedding are flattened, or come in a file beside
// it.
TEST(Weights, TakesThePatchEmbeddingOfGguf) {
  std::vector<float> eight = {1, 2, 3, 4, 5, 6, 7, 8};
  const std::string flat = gguf({gguf_key("general.architecture", 8, gguf_text("wan"))},
                                {gguf_tensor("patch_embedding.weight", {2, 2, 1, 2}, 0, 0)}, raw_all(eight));
  const auto weights = open(*TensorFile::from_bytes(bytes_from(flat), "wan.gguf"));
  ASSERT_TRUE(weights) << to_string(weights.error());
  EXPECT_EQ(read(*weights, "patch_embedding.weight", {2, 1, 1, 2, 2}), eight);
}

}  // namespace
}  // namespace troupe::engine::wan
