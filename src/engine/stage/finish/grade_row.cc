#include "engine/stage/finish/grade_row.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/stage/finish/grade_row.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace troupe::stage::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using F = hn::CappedTag<float, 8>;
using I = hn::Rebind<int32_t, F>;
using U = hn::Rebind<uint32_t, F>;
using VF = hn::Vec<F>;

// Straight up to 0.85, then bending, so that highlights keep their colour: 1 shows as 0.965, 1.21 as white.
HWY_INLINE VF shoulder(VF x, VF share) {
  const F d;
  const VF knee = hn::Set(d, 0.85f), room = hn::Set(d, 0.15f), one = hn::Set(d, 1.0f);
  const VF over = hn::Div(hn::Max(hn::Sub(x, knee), hn::Zero(d)), room);
  const VF bent = hn::MulAdd(room, hn::Div(over, hn::MulAdd(hn::Set(d, 0.3f), over, one)), hn::Min(x, knee));
  return hn::MulAdd(hn::Sub(bent, x), share, x);
}

// Towards 3x^2 - 2x^3 by `share`.
HWY_INLINE VF s_curve(VF x, VF share) {
  const F d;
  const VF c = hn::Min(hn::Max(x, hn::Zero(d)), hn::Set(d, 1.0f));
  const VF curve = hn::Mul(hn::Mul(c, c), hn::NegMulAdd(hn::Set(d, 2.0f), c, hn::Set(d, 3.0f)));
  return hn::MulAdd(hn::Sub(curve, c), share, c);
}

void row(const RowGrade& g, const uint8_t* pixels, const float* const bloom[3], const float* vignette,
         const float* noise, int count, float* const out[3]) {
  const F d;
  const I di;
  const U du;
  const VF one = hn::Set(d, 1.0f), zero = hn::Zero(d), unit = hn::Set(d, 1.0f / 255);
  const VF lift = hn::Set(d, g.lift), keep = hn::Set(d, 1 - g.lift);
  const VF contrast = hn::Set(d, g.contrast), saturation = hn::Set(d, g.saturation);
  const VF bend = hn::Set(d, g.shoulder);
  const auto* source = reinterpret_cast<const uint32_t*>(pixels);
  for (int i = 0; i < count; i += static_cast<int>(hn::Lanes(d))) {
    const auto p = hn::LoadU(du, source + i);
    const auto channel = [&](auto shifted) {
      return hn::ConvertTo(d, hn::BitCast(di, hn::And(shifted, hn::Set(du, 255u))));
    };
    const VF raw[3] = {channel(p), channel(hn::ShiftRight<8>(p)), channel(hn::ShiftRight<16>(p))};
    const VF shade = hn::LoadU(d, vignette + i);
    VF c[3];
    for (int k = 0; k < 3; ++k) {
      VF x = hn::Mul(raw[k], unit);
      // Screen: spilled light fills what is dark and cannot pass white.
      x = hn::MulAdd(hn::Mul(hn::LoadU(d, bloom[k] + i), unit), hn::Max(hn::Sub(one, x), zero), x);
      x = hn::Mul(hn::Mul(x, hn::Set(d, g.gain[k])), shade);
      c[k] = hn::MulAdd(s_curve(shoulder(x, bend), contrast), keep, lift);
    }
    const VF luma = hn::MulAdd(c[0], hn::Set(d, 0.2126f),
                               hn::MulAdd(c[1], hn::Set(d, 0.7152f), hn::Mul(c[2], hn::Set(d, 0.0722f))));
    const VF strength = hn::Mul(hn::Set(d, g.grain / 255), hn::NegMulAdd(luma, hn::Set(d, 0.6f), one));
    const VF grain = hn::Mul(hn::LoadU(d, noise + i), strength);
    for (int k = 0; k < 3; ++k) {
      const VF x = hn::Add(hn::MulAdd(hn::Sub(c[k], luma), saturation, luma), grain);
      hn::StoreU(hn::Min(hn::Max(x, zero), one), d, out[k] + i);
    }
  }
}

void luma(const float* const rgb[3], int count, uint8_t* out) {
  const F d;
  const I di;
  HWY_ALIGN int32_t lanes[8];
  for (int i = 0; i < count; i += static_cast<int>(hn::Lanes(d))) {
    VF y = hn::Mul(hn::LoadU(d, rgb[0] + i), hn::Set(d, 219 * 0.2126f));
    y = hn::MulAdd(hn::LoadU(d, rgb[1] + i), hn::Set(d, 219 * 0.7152f), y);
    y = hn::MulAdd(hn::LoadU(d, rgb[2] + i), hn::Set(d, 219 * 0.0722f), y);
    hn::Store(hn::ConvertTo(di, hn::Add(y, hn::Set(d, 16.5f))), di, lanes);
    const int n = count - i < static_cast<int>(hn::Lanes(d)) ? count - i : static_cast<int>(hn::Lanes(d));
    for (int k = 0; k < n; ++k) out[i + k] = static_cast<uint8_t>(lanes[k]);
  }
}

}  // namespace troupe::stage::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace troupe::stage {

HWY_EXPORT(row);
HWY_EXPORT(luma);

void grade_row(const RowGrade& grade, const uint8_t* pixels, const float* const bloom[3],
               const float* vignette, const float* noise, int count, float* const out[3]) {
  HWY_DYNAMIC_DISPATCH(row)(grade, pixels, bloom, vignette, noise, count, out);
}

void luma_row(const float* const rgb[3], int count, uint8_t* out) {
  HWY_DYNAMIC_DISPATCH(luma)(rgb, count, out);
}

}  // namespace troupe::stage
#endif
