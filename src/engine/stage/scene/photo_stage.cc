#include "engine/stage/scene/photo_stage.h"

#include <algorithm>
#include <cmath>

#include "engine/stage/scene/paint/light_table.h"
#include "image/ops.h"

namespace troupe::stage {
namespace {

constexpr float kMargin = 0.28f;       // of the frame's sides, mirrored beyond each edge
constexpr float kFocal = 1.2071f;      // 45 degrees of vertical view
constexpr float kBackdropMetres = 22;  // at an eye height of 1.5 m
constexpr float kEyeMetres = 1.5f;
constexpr int kColumns = 120, kRows = 72;
constexpr int kSoftColumns = 4;  // of image::kStandingColumns
constexpr int kPlateSideMax = 2560;

// Mirrored at the edges: 0 … n - 1 for any i within one picture of them.
int reflected(int i, int n) {
  if (i < 0) i = -1 - i;
  if (i >= n) i = 2 * n - 1 - i;
  return std::clamp(i, 0, n - 1);
}

// The picture with its margins: mirrored outside, blurrier and darker the farther out, so that the eye is not
// led there.
Image with_margins(const Image& picture) {
  const int mx = static_cast<int>(std::lround(kMargin * static_cast<float>(picture.width)));
  const int my = static_cast<int>(std::lround(kMargin * static_cast<float>(picture.height)));
  Image plate(picture.width + 2 * mx, picture.height + 2 * my);
  for (int y = 0; y < plate.height; ++y) {
    for (int x = 0; x < plate.width; ++x) {
      const uint8_t* from = picture.at(reflected(x - mx, picture.width), reflected(y - my, picture.height));
      std::copy_n(from, 4, plate.at(x, y));
    }
  }
  const auto width = static_cast<float>(picture.width);
  const Image soft = image::blur(plate, 0.004f * width), softer = image::blur(plate, 0.014f * width);
  for (int y = 0; y < plate.height; ++y) {
    const float oy =
        static_cast<float>(std::max({0, my - y, y - (plate.height - my - 1)})) / static_cast<float>(my);
    for (int x = 0; x < plate.width; ++x) {
      const float ox =
          static_cast<float>(std::max({0, mx - x, x - (plate.width - mx - 1)})) / static_cast<float>(mx);
      const float out = std::max(ox, oy);
      if (out <= 0) continue;
      const float first = smoothstep(0, 0.12f, out), second = smoothstep(0.1f, 0.7f, out);
      const float dark = 1 - 0.25f * out * out;
      for (int c = 0; c < 3; ++c) {
        const float near_edge = mix(plate.at(x, y)[c], soft.at(x, y)[c], first);
        plate.at(x, y)[c] = static_cast<uint8_t>(mix(near_edge, softer.at(x, y)[c], second) * dark + 0.5f);
      }
    }
  }
  return plate;
}

// The depth of each point of the picture, by its place in the frame.
class Fold {
 public:
  explicit Fold(const PhotoStageOptions& options)
      : horizon_(options.horizon),
        eye_(options.eye_height),
        backdrop_(kBackdropMetres * options.eye_height / kEyeMetres) {
    for (const float foot : options.standing) {
      nearness_.push_back(foot > horizon_ + 0.005f ? 1 / folded(foot) : 1 / backdrop_);
    }
    for (int pass = 0; pass < 2; ++pass) smooth_nearness();
  }

  // x, y: fractions of the frame, past 0 … 1 in the margins.
  float depth(float x, float y) const {
    const float fold = folded(y);
    if (nearness_.empty()) return fold;
    const float at = clamp01(x) * static_cast<float>(nearness_.size() - 1);
    const auto i = static_cast<size_t>(at);
    const size_t j = std::min(i + 1, nearness_.size() - 1);
    const float near = mix(nearness_[i], nearness_[j], at - static_cast<float>(i));
    // Up in the sky, where nothing stands any more, the step would only tear clouds.
    const float up = smoothstep(0.1f, 0.9f, (horizon_ - y) / std::max(0.05f, horizon_));
    return std::min(fold, 1 / mix(near, std::min(near, 1 / fold), up));
  }

 private:
  float folded(float y) const {
    const float below = y - horizon_;
    if (below <= 0) {
      const float up = clamp01(-below / std::max(0.05f, horizon_));
      return backdrop_ * (1 + 0.9f * up * up);
    }
    const float plane = kFocal * eye_ / std::max(below, 1e-3f);
    // A cubic norm: the ground runs into the backdrop without a crease.
    return std::pow(1 / (plane * plane * plane) + 1 / (backdrop_ * backdrop_ * backdrop_), -1.0f / 3);
  }

  // Things end softly: a hard step in depth would tear the picture open when the camera moves.
  void smooth_nearness() {
    const int count = static_cast<int>(nearness_.size());
    const std::vector<float> before = nearness_;
    for (int i = 0; i < count; ++i) {
      float sum = 0;
      for (int k = -kSoftColumns; k <= kSoftColumns; ++k) {
        sum += before[static_cast<size_t>(std::clamp(i + k, 0, count - 1))];
      }
      nearness_[static_cast<size_t>(i)] = sum / static_cast<float>(2 * kSoftColumns + 1);
    }
  }

  float horizon_, eye_, backdrop_;
  std::vector<float> nearness_;  ///< of what stands in each column: one over metres
};

// Rows of vertices, denser around the horizon, where depth changes fastest.
std::vector<float> row_positions(float horizon) {
  std::vector<float> rows;
  for (int r = 0; r <= kRows; ++r) {
    const float t = static_cast<float>(r) / kRows;
    rows.push_back(mix(-kMargin, 1 + kMargin, t));
  }
  for (const float offset : {-0.006f, 0.006f, 0.014f, 0.024f, 0.04f}) rows.push_back(horizon + offset);
  std::sort(rows.begin(), rows.end());
  return rows;
}

Mesh fold_mesh(const PhotoStageOptions& options, float aspect, float shift_y) {
  const Fold fold(options);
  const std::vector<float> rows = row_positions(options.horizon);
  Mesh mesh;
  for (const float y : rows) {
    for (int c = 0; c <= kColumns; ++c) {
      const float x = mix(-kMargin, 1 + kMargin, static_cast<float>(c) / kColumns);
      const float z = fold.depth(x, y);
      const float sx = (x - 0.5f) * aspect, sy = y - 0.5f - shift_y;
      Vertex vertex;
      vertex.position = {sx / kFocal * z, options.eye_height - sy / kFocal * z, z};
      vertex.u = (x + kMargin) / (1 + 2 * kMargin);
      vertex.v = (y + kMargin) / (1 + 2 * kMargin);
      mesh.vertices.push_back(vertex);
    }
  }
  for (size_t r = 0; r + 1 < rows.size(); ++r) {
    for (int c = 0; c < kColumns; ++c) {
      const auto a = static_cast<uint32_t>(r) * (kColumns + 1) + static_cast<uint32_t>(c);
      const uint32_t b = a + kColumns + 1;
      mesh.indices.insert(mesh.indices.end(), {a, a + 1, b, a + 1, b + 1, b});
    }
  }
  return mesh;
}

class PhotoStage final : public Scene {
 public:
  PhotoStage(const Image& picture, const PhotoStageOptions& options) {
    const FrameSize frame = options.mood.frame;
    const float aspect = static_cast<float>(frame.width) / static_cast<float>(frame.height);
    const float shift_y = options.horizon - 0.5f;
    set_look(picture, options, shift_y);
    const Image plate = image::cover(picture, plate_size(frame));
    item_.texture = Texture::make(with_margins(plate));
    item_.mesh = std::make_shared<const Mesh>(fold_mesh(options, aspect, shift_y));
    item_.layer = Layer::far;
    item_.haze = 0;  // the air is in the picture already
    item_.sort_triangles = true;
    item_.reflects = false;
    make_surround(plate, options, aspect);
  }

  void emit(const Camera&, double, DrawList& list) const override {
    list.push_back(surround_);
    list.push_back(item_);
  }

 private:
  static FrameSize plate_size(FrameSize frame) {
    const float shrink = std::min(1.0f, static_cast<float>(kPlateSideMax) / (1 + 2 * kMargin) /
                                            static_cast<float>(std::max(frame.width, frame.height)));
    return {std::max(8, static_cast<int>(static_cast<float>(frame.width) * shrink)),
            std::max(8, static_cast<int>(static_cast<float>(frame.height) * shrink))};
  }

  void set_look(const Image& picture, const PhotoStageOptions& options, float shift_y) {
    const paint::Atmosphere mood = paint::atmosphere(options.mood);
    look_.light = light_of_picture(picture, options.horizon);
    look_.grade = Grade{};
    look_.grade.bloom = 0.18f;
    look_.grade.contrast = 0.05f;
    look_.grade.vignette = 0.2f;
    look_.grade.grain = 3.5f;
    paint::apply_style(options.mood, look_.grade);
    if (options.mood.time == TimeOfDay::golden) look_.grade.gain = look_.grade.gain * Rgb{1.08f, 1.0f, 0.86f};
    look_.particles = mood.particles;
    look_.surface = Surface::stone;
    look_.ambience = "wind";
    look_.eye_height = options.eye_height;
    look_.fov_focal = kFocal;
    look_.shift_y = shift_y;
    look_.photograph = true;
    look_.near_z = 1.2f * options.eye_height / kEyeMetres;
    look_.far_z = 0.6f * kBackdropMetres * options.eye_height / kEyeMetres;
  }

  // A blurred copy far behind, larger than any move can reach: no hole, whatever the camera does.
  void make_surround(const Image& plate, const PhotoStageOptions& options, float aspect) {
    Image small = image::resize(plate, 64, 36);
    small = image::blur(small, 4);
    for (size_t i = 0; i < small.rgba.size(); ++i) {
      if (i % 4 != 3) small.rgba[i] = static_cast<uint8_t>(small.rgba[i] * 0.7f);
    }
    surround_.texture = Texture::make(small);
    const float far = 4 * kBackdropMetres * options.eye_height / kEyeMetres;
    const float half_width = 4 * aspect * far, half_height = 4 * far;
    surround_.mesh =
        std::make_shared<const Mesh>(patch({-half_width, options.eye_height + half_height, far},
                                           {2 * half_width, 0, 0}, {0, -2 * half_height, 0}, 8, 8));
    surround_.layer = Layer::sky;
    surround_.haze = 0;
    surround_.reflects = false;
  }

  DrawItem item_, surround_;
};

}  // namespace

std::unique_ptr<Scene> fold_picture(const Image& picture, const PhotoStageOptions& options) {
  return std::make_unique<PhotoStage>(picture, options);
}

}  // namespace troupe::stage
