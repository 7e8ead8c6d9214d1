#include <algorithm>

#include "engine/stage/raster/reflection.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/stage/raster/half_size_overlay.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace troupe::stage::HWY_NAMESPACE {

#if HWY_TARGET == HWY_SCALAR

void mix_rows(const uint8_t* near_row, const uint8_t* far_row, int count, uint16_t* out) {
  for (int i = 0; i < count; ++i) out[i] = static_cast<uint16_t>(3 * near_row[i] + far_row[i]);
}

void lay_row(const uint16_t* mixed, int pixels, uint8_t* out) {
  for (int x = 0; x < pixels * 2; ++x) {
    const uint16_t *near = mixed + x / 2 * 4, *far = near + (x % 2 ? 4 : -4);
    const auto over = [&](int c) { return (3 * near[c] + far[c] + 8) / 16; };
    const int keep = 255 - over(3);
    for (int c = 0; c < 4; ++c) {
      uint8_t& value = out[x * 4 + c];
      value = static_cast<uint8_t>(over(c) + (value * keep + 127) / 255);
    }
  }
}

#else

namespace hn = hwy::HWY_NAMESPACE;
// Two pixels, each a 64-bit lane.
using D = hn::FixedTag<uint16_t, 8>;
using V = hn::Vec<D>;

// 3 * near + far, channel by channel.
void mix_rows(const uint8_t* near_row, const uint8_t* far_row, int count, uint16_t* out) {
  const D d;
  const hn::Rebind<uint8_t, D> d8;
  const auto wide = [&](const uint8_t* p) { return hn::PromoteTo(d, hn::LoadU(d8, p)); };
  for (int i = 0; i < count; i += static_cast<int>(hn::Lanes(d))) {
    const V near = wide(near_row + i);
    hn::StoreU(hn::Add(hn::Add(near, near), hn::Add(near, wide(far_row + i))), d, out + i);
  }
}

// `over` and `under` hold pixels of 16-bit channels 0 … 255.
HWY_INLINE V laid_over(V over, V under) {
  const D d;
  const hn::Repartition<uint64_t, D> d64;
  auto alpha = hn::ShiftRight<48>(hn::BitCast(d64, over));
  alpha = hn::Or(alpha, hn::ShiftLeft<16>(alpha));
  alpha = hn::Or(alpha, hn::ShiftLeft<32>(alpha));
  const V keep = hn::Sub(hn::Set(d, uint16_t{255}), hn::BitCast(d, alpha));
  // x / 255, rounded, for x up to 255 * 255.
  const V x = hn::Add(hn::Mul(under, keep), hn::Set(d, uint16_t{128}));
  return hn::Add(over, hn::ShiftRight<8>(hn::Add(x, hn::ShiftRight<8>(x))));
}

// Each pair of pixels of `out` lies on one pixel of `mixed`, which has a neighbour at either end.
void lay_row(const uint16_t* mixed, int pixels, uint8_t* out) {
  const D d;
  const hn::Rebind<uint8_t, D> d8;
  const hn::Repartition<uint64_t, D> d64;
  const auto sixteenths = [&](V near, const uint16_t* far) {
    const V sum = hn::Add(hn::Add(hn::Add(near, near), near), hn::LoadU(d, far));
    return hn::ShiftRight<4>(hn::Add(sum, hn::Set(d, uint16_t{8})));
  };
  const int lanes = static_cast<int>(hn::Lanes(d));
  for (int i = 0; i < pixels * 4; i += lanes) {
    const V near = hn::LoadU(d, mixed + i);
    const auto left = hn::BitCast(d64, sixteenths(near, mixed + i - 4));
    const auto right = hn::BitCast(d64, sixteenths(near, mixed + i + 4));
    if (hn::AllTrue(d64, hn::Eq(hn::Or(left, right), hn::Zero(d64)))) continue;
    const V halves[2] = {hn::BitCast(d, hn::InterleaveLower(d64, left, right)),
                         hn::BitCast(d, hn::InterleaveUpper(d64, left, right))};
    for (int k = 0; k < 2; ++k) {
      uint8_t* place = out + 2 * i + k * lanes;
      const V under = hn::PromoteTo(d, hn::LoadU(d8, place));
      hn::StoreU(hn::DemoteTo(d8, hn::BitCast(hn::RebindToSigned<D>(), laid_over(halves[k], under))), d8,
                 place);
    }
  }
}

#endif  // HWY_TARGET == HWY_SCALAR

}  // namespace troupe::stage::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace troupe::stage {

HWY_EXPORT(mix_rows);
HWY_EXPORT(lay_row);

namespace {
constexpr size_t kMargin = 4, kSlack = 16;  // one pixel before the row; what vectors touch after it
}

HalfSizeOverlay::HalfSizeOverlay(const RenderTarget& small)
    : small_(small), mixed_(static_cast<size_t>(small.size.width) * 4 + kMargin + kSlack) {}

void HalfSizeOverlay::lay_over(int y, RenderTarget& target) {
  static_assert(kReflectionShrink == 2, "the weights are those of halves");
  const int near_row = std::min(y / 2, small_.size.height - 1);
  const int far_row = std::clamp(near_row + (y % 2 ? 1 : -1), 0, small_.size.height - 1);
  const int count = small_.size.width * 4;
  uint16_t* row = mixed_.data() + kMargin;
  HWY_DYNAMIC_DISPATCH(mix_rows)(small_.row(near_row), small_.row(far_row), count, row);
  std::copy_n(row, 4, row - 4);
  std::copy_n(row + count - 4, 4, row + count);
  HWY_DYNAMIC_DISPATCH(lay_row)(row, small_.size.width, target.row(y));
}

}  // namespace troupe::stage
#endif
