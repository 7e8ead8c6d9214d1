#include "clip.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/bytes.h"
#include "base/places_for_test.h"
#include "catalog/catalog.h"
#include "core/spec_json.h"
#include "engine/stage/stage_engine.h"
#include "media/image_file.h"
#include "work/prepare.h"

namespace troupe::acceptance {
namespace {

class KeepFrames final : public Output {
 public:
  explicit KeepFrames(Clip& clip) : clip_(clip) {}
  Result<void> video(Frame frame) override {
    clip_.frames.push_back(image_from_frame(frame));
    return {};
  }
  Result<void> audio(std::span<const float> interleaved) override {
    clip_.audio.insert(clip_.audio.end(), interleaved.begin(), interleaved.end());
    return {};
  }

 private:
  Clip& clip_;
};

engine::RenderRequest request_of(const work::PreparedTake& take) {
  engine::RenderRequest request;
  request.spec = take.spec;
  request.prompt = take.resolved.prompt;
  request.shot_frames = take.resolved.shot_frames;
  request.size = take.resolved.size;
  request.rate = take.resolved.fps;
  request.audio = take.resolved.audio;
  request.seed = take.resolved.seed;
  request.pictures = take.pictures;
  request.first_frame = take.first_frame;
  request.last_frame = take.last_frame;
  return request;
}

double luma(const uint8_t* p) { return 0.2126 * p[0] + 0.7152 * p[1] + 0.0722 * p[2]; }

}  // namespace

bool Clip::has_note(const std::string& code) const {
  return std::any_of(report.notes.begin(), report.notes.end(),
                     [&](const auto& note) { return note.code == code; });
}

std::string sample_path(const std::string& name) { return places::in_tree("samples/" + name); }

Image sample(const std::string& name) {
  const Result<Bytes> bytes = read_file(sample_path(name), 32u << 20);
  EXPECT_TRUE(bytes) << name;
  return bytes ? media::decode_image(*bytes).value() : Image(8, 8);
}

Clip render(const std::string& spec_json, int threads) {
  Clip clip;
  const ParsedSpec parsed = parse_spec(spec_json);
  for (const Error& error : parsed.errors) ADD_FAILURE() << to_string(error);
  const auto catalog = catalog::load_builtin();
  if (!catalog) {
    ADD_FAILURE() << to_string(catalog.error());
    return clip;
  }
  work::LocalMediaReader reader;
  Result<work::Preparation> prepared = work::prepare(*catalog, parsed.spec, reader);
  if (!prepared || !prepared->take) {
    ADD_FAILURE() << (prepared ? prepared->violations.front().rule : to_string(prepared.error()));
    return clip;
  }
  stage::StageEngine engine;
  KeepFrames output(clip);
  Result<engine::RenderReport> report = engine.render(request_of(*prepared->take), output, {{}, {}, threads});
  if (!report) {
    ADD_FAILURE() << to_string(report.error());
    return clip;
  }
  clip.report = std::move(*report);
  return clip;
}

double difference(const Image& a, const Image& b) {
  double sum = 0;
  for (size_t i = 0; i < a.rgba.size(); i += 4) sum += std::abs(luma(&a.rgba[i]) - luma(&b.rgba[i]));
  return sum / (static_cast<double>(a.rgba.size()) / 4);
}

double median_luma(const Image& picture) {
  std::vector<double> values;
  for (size_t i = 0; i < picture.rgba.size(); i += 4) values.push_back(luma(&picture.rgba[i]));
  std::nth_element(values.begin(), values.begin() + static_cast<ptrdiff_t>(values.size() / 2), values.end());
  return values[values.size() / 2];
}

double mean_channel(const Image& picture, int channel) {
  double sum = 0;
  for (size_t i = static_cast<size_t>(channel); i < picture.rgba.size(); i += 4) sum += picture.rgba[i];
  return sum / (static_cast<double>(picture.rgba.size()) / 4);
}

}  // namespace troupe::acceptance
