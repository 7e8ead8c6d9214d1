#include "engine/stage/finish/finisher.h"

#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "engine/stage/finish/bloom.h"
#include "engine/stage/finish/grade_row.h"

namespace troupe::stage {
namespace {

constexpr int kNoiseSide = 512;  // a tile of grain, shifted at random every frame and row
constexpr int kLanes = 8;
constexpr int kBandRows = 32;

// Triangular noise in [-1, 1].
std::vector<float> make_noise(uint64_t seed) {
  Random random(derive_seed(seed, "grain"));
  std::vector<float> noise(static_cast<size_t>(kNoiseSide) * kNoiseSide);
  for (float& value : noise) value = random.uniform() - random.uniform();
  return noise;
}

// A row of bloom at full width, interpolated both ways.
void bloom_row(const std::vector<float>& plane, int width, int height, float y, int count, float* out) {
  const float fy = std::clamp((y + 0.5f) / 4 - 0.5f, 0.0f, static_cast<float>(height - 1));
  const int y0 = static_cast<int>(fy), y1 = std::min(y0 + 1, height - 1);
  const float ty = fy - static_cast<float>(y0);
  const float* a = &plane[static_cast<size_t>(y0) * width];
  const float* b = &plane[static_cast<size_t>(y1) * width];
  const auto at = [&](int x) {
    x = std::clamp(x, 0, width - 1);
    return a[x] + (b[x] - a[x]) * ty;
  };
  constexpr float kWeight[4] = {0.625f, 0.875f, 0.125f,
                                0.375f};  // pixel centres between quarter-size centres
  float previous = at(-1), current = at(0);
  for (int cell = 0; cell * 4 < count; ++cell) {
    const float next = at(cell + 1);
    const float values[4] = {
        previous + (current - previous) * kWeight[0], previous + (current - previous) * kWeight[1],
        current + (next - current) * kWeight[2], current + (next - current) * kWeight[3]};
    std::copy_n(values, std::min(4, count - cell * 4), out + cell * 4);
    previous = current;
    current = next;
  }
}

struct Scratch {  // of one row pair
  std::vector<float> bloom[3], vignette, noise, rgb[2][3];
  explicit Scratch(int width) {
    const auto padded = static_cast<size_t>(width + kLanes);
    for (auto& row : bloom) row.resize(padded);
    vignette.resize(padded, 1);
    noise.resize(padded);
    for (auto& rows : rgb) {
      for (auto& row : rows) row.resize(padded);
    }
  }
};

}  // namespace

struct Finisher::State {
  Grade grade;
  FrameSize size;
  uint64_t seed;
  std::vector<float> noise;
  BloomMap bloom;

  RowGrade row_grade(float amount) const {
    const auto eased = [&](float full, float neutral) { return mix(neutral, full, amount); };
    RowGrade row;
    row.gain[0] = eased(grade.gain.x * grade.exposure, 1);
    row.gain[1] = eased(grade.gain.y * grade.exposure, 1);
    row.gain[2] = eased(grade.gain.z * grade.exposure, 1);
    row.lift = eased(grade.lift, 0);
    row.shoulder = amount;
    row.contrast = eased(grade.contrast, 0);
    row.saturation = eased(grade.saturation, 1);
    row.grain = eased(grade.grain, 0);
    return row;
  }

  // Darkening towards the corners, by the squared distance from the centre.
  void vignette_row(int y, float amount, std::vector<float>& out) const {
    const float half_w = static_cast<float>(size.width) / 2, half_h = static_cast<float>(size.height) / 2;
    const float dy = (static_cast<float>(y) + 0.5f - half_h) / half_h;
    const float strength = grade.vignette * amount * 0.5f;
    for (int x = 0; x < size.width; ++x) {
      const float dx = (static_cast<float>(x) + 0.5f - half_w) / half_w;
      const float r = dx * dx + dy * dy;
      out[static_cast<size_t>(x)] = 1 - strength * r * r * 0.5f - strength * 0.3f * r;
    }
  }

  void noise_row(int y, uint64_t frame_seed, std::vector<float>& out) const {
    Random random(frame_seed + static_cast<uint64_t>(y));
    const float* row = &noise[static_cast<size_t>(random.below(kNoiseSide)) * kNoiseSide];
    int offset = random.below(kNoiseSide);
    for (int x = 0; x < size.width;) {
      const int count = std::min(kNoiseSide - offset, size.width - x);
      std::copy_n(row + offset, count, &out[static_cast<size_t>(x)]);
      x += count;
      offset = 0;
    }
  }

  void row(const RenderTarget& picture, int y, const RowGrade& row_grade, float amount, uint64_t frame_seed,
           Scratch& scratch, float* const rgb[3]) const {
    for (int c = 0; c < 3; ++c) {
      if (bloom.width > 0) {
        bloom_row(bloom.plane[c], bloom.width, bloom.height, static_cast<float>(y), size.width,
                  scratch.bloom[c].data());
      }
    }
    vignette_row(y, amount, scratch.vignette);
    noise_row(y, frame_seed, scratch.noise);
    const float* spill[3] = {scratch.bloom[0].data(), scratch.bloom[1].data(), scratch.bloom[2].data()};
    grade_row(row_grade, picture.row(y), spill, scratch.vignette.data(), scratch.noise.data(), size.width,
              rgb);
  }

  // Chroma of two graded rows: the mean of each 2x2 block.
  static void chroma(const Scratch& scratch, int width, uint8_t* cb, uint8_t* cr) {
    for (int x = 0; x < width / 2; ++x) {
      float mean[3];
      for (int c = 0; c < 3; ++c) {
        const float* a = &scratch.rgb[0][c][static_cast<size_t>(x) * 2];
        const float* b = &scratch.rgb[1][c][static_cast<size_t>(x) * 2];
        mean[c] = (a[0] + a[1] + b[0] + b[1]) * 0.25f;
      }
      const float luma = 0.2126f * mean[0] + 0.7152f * mean[1] + 0.0722f * mean[2];
      cb[x] = static_cast<uint8_t>((mean[2] - luma) * (224 / 1.8556f) + 128.5f);
      cr[x] = static_cast<uint8_t>((mean[0] - luma) * (224 / 1.5748f) + 128.5f);
    }
  }
};

Finisher::Finisher(const Grade& grade, FrameSize size, uint64_t seed)
    : state_(std::make_unique<State>(State{grade, size, seed, make_noise(seed), {}})) {}

Finisher::~Finisher() = default;

Frame Finisher::finish(const RenderTarget& picture, int64_t frame_index, float amount, TaskQueue& queue) {
  State& s = *state_;
  s.bloom.width = 0;
  if (s.grade.bloom * amount > 0.01f) {
    make_bloom(picture, s.grade.bloom_threshold, s.grade.bloom * amount, queue, s.bloom);
  }
  const RowGrade row_grade = s.row_grade(amount);
  const uint64_t frame_seed = derive_seed(s.seed + static_cast<uint64_t>(frame_index), "frame grain");
  Frame frame(s.size);
  const int width = s.size.width, height = s.size.height;
  queue.for_each((height + kBandRows - 1) / kBandRows, [&](int band) {
    Scratch scratch(width);
    for (int y = band * kBandRows; y < std::min((band + 1) * kBandRows, height); y += 2) {
      for (int k = 0; k < 2; ++k) {
        float* rgb[3] = {scratch.rgb[k][0].data(), scratch.rgb[k][1].data(), scratch.rgb[k][2].data()};
        s.row(picture, y + k, row_grade, amount, frame_seed, scratch, rgb);
        luma_row(rgb, width, &frame.luma[static_cast<size_t>(y + k) * width]);
      }
      const size_t chroma_row = static_cast<size_t>(y / 2) * (width / 2);
      State::chroma(scratch, width, &frame.cb[chroma_row], &frame.cr[chroma_row]);
    }
  });
  return frame;
}

}  // namespace troupe::stage
