#include "engine/stage/raster/span.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/stage/raster/span.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace troupe::stage::HWY_NAMESPACE {

#if HWY_TARGET == HWY_SCALAR

void draw(const Span& span) { draw_span_plain(span); }

#else

namespace hn = hwy::HWY_NAMESPACE;

// Drawing with vectors of up to kMost pixels.
template <size_t kMost>
struct SpanPainter {
  using F = hn::CappedTag<float, kMost>;
  using I = hn::Rebind<int32_t, F>;
  using U = hn::Rebind<uint32_t, F>;
  using VF = hn::Vec<F>;
  using VI = hn::Vec<I>;
  using VU = hn::Vec<U>;

  struct Texels {
    VF r, g, b, a;
  };

  static HWY_INLINE VI wrap(VI i, int size, bool repeat) {
    const I d;
    if (repeat) return hn::And(i, hn::Set(d, size - 1));
    return hn::Min(hn::Max(i, hn::Zero(d)), hn::Set(d, size - 1));
  }

  static HWY_INLINE Texels unpack(VU pixel) {
    const U du;
    const I di;
    const F df;
    const VU low = hn::Set(du, 255u);
    const auto to_float = [&](VU v) { return hn::ConvertTo(df, hn::BitCast(di, v)); };
    return {to_float(hn::And(pixel, low)), to_float(hn::And(hn::ShiftRight<8>(pixel), low)),
            to_float(hn::And(hn::ShiftRight<16>(pixel), low)), to_float(hn::ShiftRight<24>(pixel))};
  }

  // 16-bit lanes hold two channels of a pixel. 7-bit weights keep (b - a) * w inside them.
  template <class V>
  static HWY_INLINE V lerp16(V a, V b, V weight) {
    return hn::Add(a, hn::ShiftRight<7>(hn::Mul(hn::Sub(b, a), weight)));
  }

  // Texels `index` and `index` + 1.
  static HWY_INLINE void fetch_pairs(const uint8_t* texels, VI index, VU& left, VU& right) {
    const I di;
    const U du;
#if HWY_TARGET <= HWY_AVX2 || HWY_ARCH_ARM  // 64-bit lanes that gather
    const hn::Repartition<int64_t, I> d64;
    const hn::Half<I> half;
    const auto* base = reinterpret_cast<const int64_t*>(texels);
    const VI offset = hn::ShiftLeft<2>(index);
    const auto low = hn::GatherOffset(d64, base, hn::PromoteTo(d64, hn::LowerHalf(half, offset)));
    const auto high = hn::GatherOffset(d64, base, hn::PromoteTo(d64, hn::UpperHalf(half, offset)));
    left = hn::ConcatEven(du, hn::BitCast(du, high), hn::BitCast(du, low));
    right = hn::ConcatOdd(du, hn::BitCast(du, high), hn::BitCast(du, low));
#else
    const auto* base = reinterpret_cast<const uint32_t*>(texels);
    left = hn::GatherIndex(du, base, index);
    right = hn::GatherIndex(du, base, hn::Add(index, hn::Set(di, 1)));
#endif
  }

  static HWY_INLINE Texels sample(const Texture::Level& level, VF u, VF v, const Span& span) {
    const F df;
    const I di;
    const U du;
    const hn::Repartition<int16_t, F> d16;
    const VF x = hn::MulSub(u, hn::Set(df, static_cast<float>(level.width)), hn::Set(df, 0.5f));
    const VF y = hn::MulSub(v, hn::Set(df, static_cast<float>(level.height)), hn::Set(df, 0.5f));
    const VF fx = hn::Floor(x), fy = hn::Floor(y);
    const VI ix = hn::ConvertTo(di, fx), iy = hn::ConvertTo(di, fy);
    // x0 may be -1: rows have a neighbour at either end, so one 64-bit read takes x0 and x0 + 1.
    const VI x0 = span.repeat_u ? wrap(ix, level.width, true)
                                : hn::Min(hn::Max(ix, hn::Set(di, -1)), hn::Set(di, level.width - 1));
    const VI stride = hn::Set(di, level.stride()), one = hn::Set(di, 1);
    const VI y0 = hn::Mul(wrap(iy, level.height, span.repeat_v), stride);
    const VI y1 = hn::Mul(wrap(hn::Add(iy, one), level.height, span.repeat_v), stride);
    const VI column = hn::Add(x0, one);
    VU p00, p10, p01, p11;
    fetch_pairs(level.rgba.data(), hn::Add(y0, column), p00, p10);
    fetch_pairs(level.rgba.data(), hn::Add(y1, column), p01, p11);

    const auto weight = [&](VF fraction) {
      const VI w = hn::ConvertTo(di, hn::Mul(fraction, hn::Set(df, 128.0f)));
      return hn::BitCast(d16, hn::Or(w, hn::ShiftLeft<16>(w)));
    };
    const auto wx = weight(hn::Sub(x, fx)), wy = weight(hn::Sub(y, fy));
    const VU even_mask = hn::Set(du, 0x00FF00FFu);
    const auto even = [&](VU p) { return hn::BitCast(d16, hn::And(p, even_mask)); };
    const auto odd = [&](VU p) { return hn::BitCast(d16, hn::And(hn::ShiftRight<8>(p), even_mask)); };
    const auto rb = lerp16(lerp16(even(p00), even(p10), wx), lerp16(even(p01), even(p11), wx), wy);
    const auto ga = lerp16(lerp16(odd(p00), odd(p10), wx), lerp16(odd(p01), odd(p11), wx), wy);
    const VU rb32 = hn::BitCast(du, rb), ga32 = hn::BitCast(du, ga);
    const VU low = hn::Set(du, 0xFFFFu);
    const auto to_float = [&](VU p) { return hn::ConvertTo(df, hn::BitCast(di, p)); };
    return {to_float(hn::And(rb32, low)), to_float(hn::And(ga32, low)), to_float(hn::ShiftRight<16>(rb32)),
            to_float(hn::ShiftRight<16>(ga32))};
  }

  static HWY_INLINE VU pack(VF r, VF g, VF b, VF a) {
    const F df;
    const I di;
    const U du;
    const VF top = hn::Set(df, 255.0f), half = hn::Set(df, 0.5f), zero = hn::Zero(df);
    const auto byte = [&](VF v) {
      return hn::BitCast(du, hn::ConvertTo(di, hn::Min(hn::Max(hn::Add(v, half), zero), top)));
    };
    return hn::Or(hn::Or(byte(r), hn::ShiftLeft<8>(byte(g))),
                  hn::Or(hn::ShiftLeft<16>(byte(b)), hn::ShiftLeft<24>(byte(a))));
  }

  static HWY_INLINE Texels mixed(const Texels& a, const Texels& b, float share) {
    const VF t = hn::Set(F(), share);
    const auto lerp = [&](VF x, VF y) { return hn::MulAdd(hn::Sub(y, x), t, x); };
    return {lerp(a.r, b.r), lerp(a.g, b.g), lerp(a.b, b.b), lerp(a.a, b.a)};
  }

  static HWY_INLINE VF linear(VF t, float start, float step) {
    return hn::MulAdd(t, hn::Set(F(), step), hn::Set(F(), start));
  }

  // What the pixels at `index` of the span become: lit texels over what was there, or added to it.
  static HWY_INLINE VU blended(const Span& span, const Texels& texel, VF t, VU old) {
    const F df;
    VF r = hn::Mul(texel.r, linear(t, span.light[0], span.light_step[0]));
    VF g = hn::Mul(texel.g, linear(t, span.light[1], span.light_step[1]));
    VF b = hn::Mul(texel.b, linear(t, span.light[2], span.light_step[2]));
    const Texels under = unpack(old);
    if (span.add) return pack(hn::Add(r, under.r), hn::Add(g, under.g), hn::Add(b, under.b), under.a);
    const VF haze = hn::Mul(texel.a, linear(t, span.haze, span.haze_step));
    r = hn::MulAdd(haze, hn::Set(df, span.haze_color.x), r);
    g = hn::MulAdd(haze, hn::Set(df, span.haze_color.y), g);
    b = hn::MulAdd(haze, hn::Set(df, span.haze_color.z), b);
    const VF alpha = hn::Mul(texel.a, linear(t, span.opacity, span.opacity_step));
    const VF keep = hn::NegMulAdd(alpha, hn::Set(df, 1.0f / 255), hn::Set(df, 1.0f));
    return pack(hn::MulAdd(under.r, keep, r), hn::MulAdd(under.g, keep, g), hn::MulAdd(under.b, keep, b),
                hn::MulAdd(under.a, keep, alpha));
  }

  // The same where nothing that was there shows through.
  static HWY_INLINE VU covered(const Span& span, const Texels& texel, VF t) {
    const F df;
    const VF haze = linear(t, 255 * span.haze, 255 * span.haze_step);
    const auto channel = [&](VF value, int k, float haze_color) {
      return hn::MulAdd(value, linear(t, span.light[k], span.light_step[k]),
                        hn::Mul(haze, hn::Set(df, haze_color)));
    };
    return pack(channel(texel.r, 0, span.haze_color.x), channel(texel.g, 1, span.haze_color.y),
                channel(texel.b, 2, span.haze_color.z), hn::Set(df, 255.0f));
  }

  template <bool kSolid>
  static HWY_INLINE void draw_as(const Span& span) {
    const F df;
    const U du;
    const int lanes = static_cast<int>(hn::Lanes(df));
    auto* pixels = reinterpret_cast<uint32_t*>(span.pixels);
    for (int i = 0; i < span.count; i += lanes) {
      const VF t = hn::Add(hn::Iota(df, 0), hn::Set(df, static_cast<float>(i)));
      const VF u = hn::MulAdd(t, hn::Set(df, span.du), hn::Set(df, span.u));
      const VF v = hn::MulAdd(t, hn::Set(df, span.dv), hn::Set(df, span.v));
      Texels texel = sample(*span.sharp, u, v, span);
      if (span.soft) texel = mixed(texel, sample(*span.soft, u, v, span), span.blend);
      // Most of a tree's card is empty.
      if (!kSolid && !span.add && hn::AllTrue(df, hn::Eq(texel.a, hn::Zero(df)))) continue;
      const VU old = hn::LoadU(du, pixels + i);
      VU result = kSolid ? covered(span, texel, t) : blended(span, texel, t, old);
      if (span.count - i < lanes) {
        const auto inside = hn::Lt(hn::Iota(du, 0), hn::Set(du, static_cast<uint32_t>(span.count - i)));
        result = hn::IfThenElse(inside, result, old);
      }
      hn::StoreU(result, du, pixels + i);
    }
  }

  static HWY_INLINE void draw(const Span& span) { span.solid ? draw_as<true>(span) : draw_as<false>(span); }
};

// A gather takes as long for lanes that nobody asked for, so short spans get short vectors.
void draw(const Span& span) { span.count <= 8 ? SpanPainter<8>::draw(span) : SpanPainter<16>::draw(span); }

#endif  // HWY_TARGET == HWY_SCALAR

}  // namespace troupe::stage::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace troupe::stage {

HWY_EXPORT(draw);

void draw_span(const Span& span) { HWY_DYNAMIC_DISPATCH(draw)(span); }

}  // namespace troupe::stage
#endif
