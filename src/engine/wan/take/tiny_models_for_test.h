// The engine with tiny random networks: what they make means nothing, but it is made as by real ones.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/places_for_test.h"
#include "engine/wan/wan_engine.h"

namespace troupe::engine::wan::test {

inline std::filesystem::path testdata(const std::string& file) {
  return std::filesystem::path(places::in_tree("src/engine/wan/testdata")) / file;
}

/// A model of the family, of the smallest networks: three steps, 17 frames at most.
inline ModelFiles tiny_model(const std::string& family) {
  ModelFiles model;
  model.id = "tiny-" + family;
  model.family = family;
  model.transformer = {testdata(family == "vace" ? "vace_weights.safetensors" : "t2v_weights.safetensors")};
  model.text_encoder = {testdata("t5_weights.safetensors")};
  model.vae = {testdata("vae_weights.safetensors")};
  model.tiny_vae = {testdata("taehv_weights.safetensors")};
  model.tokenizer = "words";
  model.steps = 3;
  model.guidance_text = 5;
  model.frames = 17;
  model.negative_prompt = "bad";
  return model;
}

/// A number for each letter, and the end.
inline Result<std::vector<int32_t>> letters(const std::filesystem::path&, const std::string& prompt,
                                            int max) {
  std::vector<int32_t> ids;
  for (const char c : prompt)
    if (static_cast<int>(ids.size()) < max - 1) ids.push_back(3 + static_cast<unsigned char>(c) % 200);
  ids.push_back(1);
  return ids;
}

/// Keeps what it is given.
class Kept final : public Output {
 public:
  Result<void> video(Frame frame) override {
    frames.push_back(std::move(frame));
    return {};
  }
  Result<void> audio(std::span<const float>) override { return {}; }
  std::vector<Frame> frames;
};

inline Image gradient(int width, int height, int step = 7) {
  Image image(width, height);
  for (size_t i = 0; i < image.rgba.size(); ++i)
    image.rgba[i] = i % 4 == 3 ? 255 : static_cast<uint8_t>(i / 4 * static_cast<size_t>(step));
  return image;
}

inline Reference reference(ReferenceKind kind, std::string name) {
  Reference made;
  made.kind = kind;
  made.name = std::move(name);
  made.source.uri = made.name + ".png";
  return made;
}

/// A request of a tiny model: one shot of `frames` frames.
inline RenderRequest request_of(const std::string& family, FrameSize size, std::vector<int64_t> shots) {
  RenderRequest request;
  request.spec.model = "tiny-" + family;
  for (size_t i = 0; i < shots.size(); ++i) request.spec.shots.push_back({"shot " + std::to_string(i), {}});
  request.prompt = bind(request.spec).prompt;
  request.shot_frames = std::move(shots);
  request.size = size;
  request.rate = {16, 1};
  request.seed = 7;
  return request;
}

/// Gives the request a reference with a picture.
inline void add(RenderRequest& request, ReferenceKind kind, const std::string& name, Image picture) {
  request.spec.references.push_back(reference(kind, name));
  request.pictures.push_back({{std::move(picture)}});
  request.prompt = bind(request.spec).prompt;
}

}  // namespace troupe::engine::wan::test
