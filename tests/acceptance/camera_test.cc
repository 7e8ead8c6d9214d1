// The camera does what it was told, measured from the frames alone.
#include <gtest/gtest.h>

#include <cmath>

#include "clip.h"
#include "image/motion.h"

namespace troupe::acceptance {
namespace {

// What the background does on screen: a camera that pans right carries it left.
struct Move {
  const char* words;
  int x, y, scale, rotation;  ///< sign of the shift, growth and turn; 0 = hardly any, 9 = not asked
};

constexpr Move kMoves[] = {
    {"static shot", 0, 0, 0, 0}, {"slow push in", 9, 9, 1, 9}, {"the camera pulls back", 9, 9, -1, 9},
    {"zoom in", 9, 9, 1, 9},     {"zoom out", 9, 9, -1, 9},    {"pan left", 1, 9, 9, 9},
    {"pan right", -1, 9, 9, 9},  {"tilt up", 9, 1, 9, 9},      {"tilt down", 9, -1, 9, 9},
    {"truck left", 1, 9, 9, 9},  {"truck right", -1, 9, 9, 9},
};

class Camera : public ::testing::TestWithParam<std::tuple<Move, const char*>> {};

void expect_sign(float value, int sign, float at_least, const char* what) {
  if (sign == 9) return;
  if (sign == 0) {
    EXPECT_LT(std::abs(value), at_least) << what;
  } else {
    EXPECT_GT(value * static_cast<float>(sign), at_least) << what;
  }
}

TEST_P(Camera, MovesAsAsked) {
  const auto& [move, place] = GetParam();
  const bool picture = std::string(place) == "picture";
  const std::string prompt = std::string(move.words) + (picture ? ", @image1" : std::string(", ") + place);
  const std::string scene = picture ? R"(,"scenes":[")" + sample_path("village.png") + R"("])" : "";
  const Clip clip = render(R"({"model":"stage","prompt":")" + prompt +
                           R"(","resolution":"640x360","fps":4,"duration":2,"seed":4)" + scene + "}");
  ASSERT_EQ(clip.frames.size(), 8u);
  image::Similarity sum;
  for (size_t i = 1; i < clip.frames.size(); ++i) {
    const auto step = image::estimate_motion(clip.frames[i - 1], clip.frames[i]);
    ASSERT_TRUE(step) << "frame " << i;
    sum.x += step->x;
    sum.y += step->y;
    sum.log_scale += step->log_scale;
    sum.rotation += step->rotation;
  }
  expect_sign(sum.x, move.x, 0.02f, "x");
  expect_sign(sum.y, move.y, 0.025f, "y");
  expect_sign(sum.log_scale, move.scale, 0.03f, "scale");
  expect_sign(sum.rotation, move.rotation, 0.05f, "rotation");
}

std::string test_name(const ::testing::TestParamInfo<Camera::ParamType>& info) {
  std::string text = std::string(std::get<0>(info.param).words) + "_" + std::get<1>(info.param);
  for (char& c : text) {
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  }
  return text;
}

INSTANTIATE_TEST_SUITE_P(Places, Camera,
                         ::testing::Combine(::testing::ValuesIn(kMoves),
                                            ::testing::Values("park", "picture")),
                         test_name);

}  // namespace
}  // namespace troupe::acceptance
