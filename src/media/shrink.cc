#include "media/shrink.h"

#include <algorithm>
#include <vector>

namespace troupe::media {
namespace {

/// How much of source element `index` each target element gets along one axis: at most two, as sides only
/// shrink.
struct Share {
  int first = 0;
  float to_first = 1, to_second = 0;
};

std::vector<Share> shares(int from, int to) {
  std::vector<Share> out(static_cast<size_t>(from));
  const double scale = static_cast<double>(to) / from;
  for (int i = 0; i < from; ++i) {
    Share& share = out[static_cast<size_t>(i)];
    const double begin = i * scale, end = (i + 1) * scale;
    share.first = std::min(static_cast<int>(begin), to - 1);
    const double second = std::max(0.0, end - (share.first + 1));
    share.to_second = share.first + 1 < to ? static_cast<float>(second / scale) : 0.0f;
    share.to_first = 1.0f - share.to_second;
  }
  return out;
}

/// One row of sums of premultiplied colour and alpha.
using Sums = std::vector<float>;

void add_row(const uint8_t* rgba, const std::vector<Share>& columns, float weight, Sums& sums) {
  for (const Share& share : columns) {
    const float alpha = static_cast<float>(rgba[3]) * weight;
    const float pixel[4] = {static_cast<float>(rgba[0]) * alpha, static_cast<float>(rgba[1]) * alpha,
                            static_cast<float>(rgba[2]) * alpha, alpha};
    float* to = &sums[static_cast<size_t>(share.first) * 4];
    for (int c = 0; c < 4; ++c) to[c] += pixel[c] * share.to_first;
    if (share.to_second > 0) {
      for (int c = 0; c < 4; ++c) to[4 + c] += pixel[c] * share.to_second;
    }
    rgba += 4;
  }
}

void write_row(const Sums& sums, float area, uint8_t* rgba) {
  for (size_t i = 0; i < sums.size(); i += 4) {
    const float alpha = sums[i + 3];
    for (size_t c = 0; c < 3; ++c) {
      rgba[i + c] =
          alpha > 0 ? static_cast<uint8_t>(std::min(255.0f, sums[i + c] / alpha + 0.5f)) : uint8_t{0};
    }
    rgba[i + 3] = static_cast<uint8_t>(std::min(255.0f, alpha / area + 0.5f));
  }
}

Image shrink(const Image& from, int width, int height) {
  const std::vector<Share> columns = shares(from.width, width), rows = shares(from.height, height);
  const float area = static_cast<float>(from.width) / static_cast<float>(width) *
                     static_cast<float>(from.height) / static_cast<float>(height);
  Image out(width, height);
  Sums sums(static_cast<size_t>(width) * 4), next(sums.size());
  for (int y = 0; y < from.height; ++y) {
    const Share& share = rows[static_cast<size_t>(y)];
    const uint8_t* row = from.at(0, y);
    add_row(row, columns, share.to_first, sums);
    const bool row_done = y + 1 == from.height || rows[static_cast<size_t>(y) + 1].first > share.first;
    if (share.to_second > 0) add_row(row, columns, share.to_second, next);
    if (!row_done) continue;
    write_row(sums, area, out.at(0, share.first));
    sums.swap(next);
    std::fill(next.begin(), next.end(), 0.0f);
  }
  return out;
}

}  // namespace

Image shrink_to_fit(Image picture, int side_pixels_max) {
  const int longer = std::max(picture.width, picture.height);
  if (longer <= side_pixels_max) return picture;
  const double scale = static_cast<double>(side_pixels_max) / longer;
  const auto scaled = [&](int side) { return std::max(1, static_cast<int>(side * scale + 0.5)); };
  return shrink(picture, scaled(picture.width), scaled(picture.height));
}

}  // namespace troupe::media
