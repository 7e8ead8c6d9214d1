#include "engine/wan/pixels/letterbox.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <string>

namespace troupe::engine::wan {
namespace {

struct TableEntry {
  double ratio;  // height / width, as the official table rounds it
  int height, width;
};

constexpr TableEntry kSkyReels480[] = {
    {0.38, 392, 1046}, {0.43, 420, 980}, {0.48, 444, 925}, {0.50, 452, 904}, {0.53, 466, 880},
    {0.54, 470, 870},  {0.56, 480, 854}, {0.62, 506, 810}, {0.67, 522, 784}, {0.75, 554, 738},
    {1.00, 640, 640},  {1.33, 740, 555}, {1.50, 784, 522}, {1.78, 854, 480}, {1.89, 880, 466},
    {2.00, 906, 454},  {2.08, 924, 444},
};
constexpr TableEntry kSkyReels540[] = {
    {0.34, 416, 1216}, {0.38, 464, 1216}, {0.40, 464, 1152}, {0.43, 496, 1152}, {0.48, 496, 1024},
    {0.50, 512, 1024}, {0.53, 512, 960},  {0.57, 544, 960},  {0.60, 544, 912},  {0.63, 576, 912},
    {0.67, 576, 864},  {0.72, 624, 864},  {0.75, 624, 832},  {0.79, 656, 832},  {0.84, 656, 784},
    {0.92, 720, 784},  {1.00, 720, 720},  {1.09, 784, 720},  {1.26, 784, 624},  {1.33, 832, 624},
    {1.40, 832, 592},  {1.49, 880, 592},  {1.62, 880, 544},  {1.78, 960, 544},  {1.88, 960, 512},
    {2.00, 1024, 512}, {2.13, 1024, 480},
};
constexpr TableEntry kSkyReels720[] = {
    {0.38, 588, 1568}, {0.43, 628, 1466}, {0.48, 666, 1388}, {0.50, 678, 1356}, {0.53, 698, 1318},
    {0.54, 706, 1306}, {0.56, 720, 1280}, {0.62, 758, 1212}, {0.67, 784, 1176}, {0.75, 832, 1110},
    {1.00, 960, 960},  {1.33, 1108, 832}, {1.50, 1176, 784}, {1.78, 1280, 720}, {1.89, 1320, 698},
    {2.00, 1358, 680}, {2.08, 1386, 666},
};

constexpr int kGrid = 16;  // pixels of a patch of latents: the autoencoder's 8 and the patch's 2

std::span<const TableEntry> table(SkyReelsTier tier) {
  switch (tier) {
    case SkyReelsTier::p480:
      return kSkyReels480;
    case SkyReelsTier::p540:
      return kSkyReels540;
    case SkyReelsTier::p720:
      break;
  }
  return kSkyReels720;
}

std::string text(FrameSize size) { return std::to_string(size.width) + "x" + std::to_string(size.height); }

Result<void> check(FrameSize size) {
  if (size.width < 1 || size.height < 1)
    return make_error(ErrorCode::invalid_argument, "a picture of " + text(size) + " has no pixels");
  return {};
}

// Python's round(): halves to even.
int to_grid(double side) { return std::max(static_cast<int>(std::nearbyint(side / kGrid)) * kGrid, kGrid); }

}  // namespace

Result<FrameSize> fitted(FrameSize picture, FrameSize box) {
  TROUPE_CHECK_OK(check(picture));
  TROUPE_CHECK_OK(check(box));
  const double ratio = static_cast<double>(picture.width) / picture.height;
  FrameSize size = box;
  if (ratio > static_cast<double>(box.width) / box.height)
    size.height = static_cast<int>(box.width / ratio);
  else
    size.width = static_cast<int>(box.height * ratio);
  if (size.width < 1 || size.height < 1)
    return make_error(
        ErrorCode::invalid_argument,
        "a picture of " + text(picture) + " is too long to be a reference in a video of " + text(box));
  return size;
}

Result<Rgb> letterboxed(const Rgb& image, FrameSize size) {
  TROUPE_TRY(const FrameSize inner, fitted({image.width, image.height}, size));
  TROUPE_TRY(const Rgb picture, resized(image, inner.width, inner.height, Filter::lanczos));
  Rgb out(size.width, size.height, 255);
  const int left = (size.width - inner.width) / 2, top = (size.height - inner.height) / 2;
  for (int y = 0; y < inner.height; ++y)
    std::copy_n(picture.row(y), static_cast<size_t>(inner.width) * 3,
                out.row(top + y) + static_cast<size_t>(left) * 3);
  return out;
}

Result<Rgb> stretched(const Rgb& image, FrameSize size) {
  return resized(image, size.width, size.height, Filter::bicubic);
}

Result<FrameSize> skyreels_size(FrameSize reference, SkyReelsTier tier) {
  TROUPE_CHECK_OK(check(reference));
  const double ratio = static_cast<double>(reference.height) / reference.width;
  const auto nearer = [&](const TableEntry& a, const TableEntry& b) {
    return std::abs(a.ratio - ratio) < std::abs(b.ratio - ratio);
  };
  const auto entry = *std::ranges::min_element(table(tier), nearer);
  return FrameSize{entry.width / kGrid * kGrid, entry.height / kGrid * kGrid};
}

Result<FrameSize> bernini_size(FrameSize reference, int side_max) {
  TROUPE_CHECK_OK(check(reference));
  TROUPE_CHECK_OK(check({side_max, side_max}));
  const double scale =
      std::min(static_cast<double>(side_max) / std::max(reference.width, reference.height), 1.0);
  return FrameSize{to_grid(std::nearbyint(reference.width * scale)),
                   to_grid(std::nearbyint(reference.height * scale))};
}

}  // namespace troupe::engine::wan
