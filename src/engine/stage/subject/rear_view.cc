#include "engine/stage/subject/rear_view.h"

#include <algorithm>
#include <cmath>

#include "engine/stage/raster/vec.h"
#include "engine/stage/subject/body_shape.h"
#include "engine/stage/subject/silhouette.h"
#include "image/ops.h"

namespace troupe::stage {
namespace {

constexpr float kOtherColor = 15 / 100.0f;  // colours nearer than this are the same material

Rgb color_at(const Image& picture, int x, int y) {
  const uint8_t* p = picture.at(x, y);
  return Rgb{static_cast<float>(p[0]), static_cast<float>(p[1]), static_cast<float>(p[2])} * (1 / 255.0f);
}

float luma(Rgb c) { return 0.3f * c.x + 0.59f * c.y + 0.11f * c.z; }

/// Distance with chroma weighed up, about 1/100 a just visible step.
float difference(Rgb a, Rgb b) {
  const float y = luma(a) - luma(b), u = (a.x - a.y) - (b.x - b.y), v = (a.z - a.y) - (b.z - b.y);
  return std::sqrt(y * y + 0.8f * (u * u + v * v));
}

Rgb middle_color(std::vector<Rgb> colors, float share = 0.5f) {
  if (colors.empty()) return {0.2f, 0.16f, 0.14f};
  const auto nth = colors.begin() + static_cast<long>(share * static_cast<float>(colors.size() - 1));
  std::nth_element(colors.begin(), nth, colors.end(), [](Rgb a, Rgb b) { return luma(a) < luma(b); });
  // The mean of a handful around it: one pixel is noise.
  const long from =
      std::max(0L, static_cast<long>(nth - colors.begin()) - static_cast<long>(colors.size() / 20));
  const long to = std::min(static_cast<long>(colors.size()), static_cast<long>(nth - colors.begin()) +
                                                                 static_cast<long>(colors.size() / 20) + 1);
  std::sort(colors.begin(), colors.end(), [](Rgb a, Rgb b) { return luma(a) < luma(b); });
  Rgb sum;
  for (long i = from; i < to; ++i) sum = sum + colors[static_cast<size_t>(i)];
  return sum * (1 / static_cast<float>(to - from));
}

/// Smooth noise of one variable, -1 … 1.
float strand_noise(float x) {
  const auto hash = [](int i) {
    auto h = static_cast<uint32_t>(i) * 2654435761u;
    h ^= h >> 15;
    h *= 2246822519u;
    h ^= h >> 13;
    return static_cast<float>(h & 0xffff) / 32767.5f - 1;
  };
  const float floor = std::floor(x);
  return mix(hash(static_cast<int>(floor)), hash(static_cast<int>(floor) + 1), smoothstep(0, 1, x - floor));
}

struct Head {
  int top = 0, neck = 0;  // rows
  float x = 0;            // of the neck
  std::vector<Run> rows;  // extent of the head in every row from top to neck
  image::Rect face;       // guessed when none was found
  bool face_known = false;
  Run at(int y) const {
    return rows[static_cast<size_t>(std::clamp(y - top, 0, static_cast<int>(rows.size()) - 1))];
  }
};

std::optional<Head> find_head(const Image& picture, const Rig& rig, const std::optional<image::Rect>& face) {
  Mask mask(picture.width, picture.height);
  for (size_t i = 0; i < mask.values.size(); ++i) mask.values[i] = picture.rgba[4 * i + 3];
  const Silhouette shape(mask);
  Head head;
  const auto height = static_cast<float>(picture.height - 2 * kRim),
             width = static_cast<float>(picture.width - 2 * kRim);
  head.neck = kRim + static_cast<int>(rig.neck * height);
  head.x = static_cast<float>(kRim) + rig.neck_x * width;
  while (head.top < head.neck && shape.row(head.top).empty()) ++head.top;
  if (head.neck - head.top < 4) return std::nullopt;
  head.face_known = face.has_value();
  // Chins reach below the box of a face, and sometimes below the narrowest row.
  if (face)
    head.neck =
        std::clamp(std::max(head.neck, face->y + face->height * 112 / 100), head.top + 1, picture.height - 1);
  for (int y = head.top; y <= head.neck; ++y) {
    Run row = shape.run_at(y, head.x);
    // Cracks in a drawing's face do not end the head.
    for (const Run& run : shape.row(y)) {
      if (!face || run.end < face->x || run.begin > face->x + face->width) continue;
      row = {std::min(row.begin, run.begin), std::max(row.end, run.end)};
    }
    head.rows.push_back(row);
  }
  if (face) {
    head.face = *face;
    return head;
  }
  const Run middle = head.at(head.top + (head.neck - head.top) * 6 / 10);
  const int w = middle.width() * 7 / 10;
  head.face = {static_cast<int>(middle.middle()) - w / 2, head.top + (head.neck - head.top) * 28 / 100, w,
               (head.neck - head.top) * 64 / 100};
  return head;
}

struct Colors {
  Rgb hair, skin;
  std::vector<Rgb> strands;  ///< hair from left to right, as it shows over the face
  bool long_hair = false;
};

std::vector<Rgb> colors_in(const Image& picture, float x0, float y0, float x1, float y1) {
  std::vector<Rgb> colors;
  for (int y = std::max(0, static_cast<int>(y0)); y < std::min(picture.height, static_cast<int>(y1) + 1); ++y)
    for (int x = std::max(0, static_cast<int>(x0)); x < std::min(picture.width, static_cast<int>(x1) + 1);
         ++x)
      if (picture.at(x, y)[3] > 200) colors.push_back(color_at(picture, x, y));
  return colors;
}

/// The mean hair of each of `count` columns between the top of the head and the face.
std::vector<Rgb> find_strands(const Image& picture, const Head& head, Rgb hair, int count) {
  std::vector<Rgb> strands;
  const int bottom = head.face.y + head.face.height / 8;
  const Run row = head.at((head.top + 2 * bottom) / 3);
  for (int i = 0; i < count; ++i) {
    const int x = std::clamp(row.begin + row.width() * (2 * i + 1) / (2 * count), 0, picture.width - 1);
    Rgb sum = hair * 3;
    float weight = 3;
    for (int y = head.top; y < bottom; ++y) {
      if (picture.at(x, y)[3] < 200 || difference(color_at(picture, x, y), hair) > 1.3f * kOtherColor)
        continue;
      sum = sum + color_at(picture, x, y);
      ++weight;
    }
    strands.push_back(sum * (1 / weight));
  }
  return strands;
}

Colors find_colors(const Image& picture, const Head& head) {
  const auto fx = static_cast<float>(head.face.x), fy = static_cast<float>(head.face.y);
  const auto fw = static_cast<float>(head.face.width), fh = static_cast<float>(head.face.height);
  Colors found;
  found.skin = middle_color(
      colors_in(picture, fx + 0.25f * fw, fy + 0.45f * fh, fx + 0.75f * fw, fy + 0.72f * fh), 0.6f);
  const float top = static_cast<float>(head.top), above = std::max(2.0f, 0.6f * (fy + 0.1f * fh - top));
  found.hair = middle_color(colors_in(picture, fx + 0.2f * fw, top + 2, fx + 0.8f * fw, top + 2 + above));
  if (difference(found.hair, found.skin) < kOtherColor) {
    std::vector<Rgb> ring;
    for (int y = head.top; y < head.neck; ++y) {
      const Run row = head.at(y);
      for (int x = row.begin; x < row.end; ++x) {
        const bool edge = x < row.begin + row.width() / 6 || x >= row.end - row.width() / 6;
        if (edge && picture.at(x, y)[3] > 200) ring.push_back(color_at(picture, x, y));
      }
    }
    found.hair = middle_color(std::move(ring), 0.12f);
  }
  found.strands = find_strands(picture, head, found.hair, 48);
  // Long hair still shows beside the chin.
  int hair = 0, all = 0;
  for (int y = static_cast<int>(fy + 0.85f * fh); y < std::min(head.neck, static_cast<int>(fy + 1.05f * fh));
       ++y) {
    const Run row = head.at(y);
    for (int x = row.begin + 1; x < row.end - 1; ++x) {
      if (x > row.begin + row.width() / 5 && x < row.end - row.width() / 5) continue;
      const Rgb c =
          color_at(picture, std::clamp(x, 0, picture.width - 1), std::clamp(y, 0, picture.height - 1));
      hair += difference(c, found.hair) < difference(c, found.skin);
      ++all;
    }
  }
  found.long_hair = all > 0 && hair * 2 > all;
  return found;
}

/// Where no face was found, what flanks the middle of a row (hair, a hat, metal) goes on across it.
Rgb flanks(const Image& picture, const Head& head, int x, int y) {
  const Run row = head.at(y);
  const int inset = std::max(1, row.width() / 9), reach = std::max(1, (head.neck - head.top) / 24);
  const auto side = [&](int from, int to) {
    Rgb sum;
    float count = 0;
    for (int dy = -reach; dy <= reach; ++dy)
      for (int sx = from; sx < to; ++sx) {
        const int px = std::clamp(sx, 0, picture.width - 1), py = std::clamp(y + dy, head.top, head.neck);
        if (picture.at(px, py)[3] < 200) continue;
        sum = sum + color_at(picture, px, py);
        ++count;
      }
    return count > 0 ? sum * (1 / count) : color_at(picture, std::clamp(x, 0, picture.width - 1), y);
  };
  const Rgb left = side(row.begin + inset, row.begin + 2 * inset),
            right = side(row.end - 2 * inset, row.end - inset);
  return mix(left, right,
             smoothstep(static_cast<float>(row.begin), static_cast<float>(row.end), static_cast<float>(x)));
}

/// What the back of the head shows at a place.
Rgb back_of_head(const Head& head, const Colors& colors, int x, int y) {
  const Run row = head.at(y);
  const float half = std::max(1.0f, 0.5f * static_cast<float>(row.width()));
  const float across = std::clamp((static_cast<float>(x) - row.middle()) / half, -1.0f, 1.0f);
  const float down = static_cast<float>(y - head.top) / static_cast<float>(std::max(1, head.neck - head.top));
  const float round = std::sqrt(std::max(0.0f, 1 - across * across));
  // Strands fall from the crown: they lean outwards more the farther they are from the middle.
  const float strand = across * (0.75f + 0.5f * down);
  const float grain =
      0.6f * strand_noise(strand * 29 + 0.8f * down) + 0.5f * strand_noise(strand * 71 + 1.7f * down + 40);
  const float shine = std::exp(-25 * (down - 0.3f) * (down - 0.3f)) * round;
  const auto column =
      static_cast<size_t>((0.5f + 0.49f * across) * static_cast<float>(colors.strands.size()));
  const Rgb tone = mix(colors.hair, colors.strands[std::min(column, colors.strands.size() - 1)], 0.8f);
  const Rgb hair =
      tone * ((0.70f + 0.30f * round + 0.14f * shine - 0.12f * down * down) * (1 + 0.13f * grain));
  if (colors.long_hair) return hair;
  const auto fy = static_cast<float>(head.face.y), fh = static_cast<float>(head.face.height);
  // The hairline of a nape hangs lowest in its middle.
  const float line = fy + fh * (0.74f + 0.14f * round) + 0.02f * fh * strand_noise(strand * 23);
  const Rgb nape = colors.skin * (0.7f + 0.22f * round);
  return mix(hair, nape, smoothstep(line - 0.04f * fh, line + 0.05f * fh, static_cast<float>(y)));
}

/// How much of a pixel is repainted: hair at the outline stays as it is.
Mask repaint_weights(const Image& picture, const Head& head, const Colors& colors) {
  Mask weights(picture.width, picture.height);
  const float cx = static_cast<float>(head.face.x) + 0.5f * static_cast<float>(head.face.width);
  const float cy = static_cast<float>(head.face.y) + 0.52f * static_cast<float>(head.face.height);
  const float rx = 0.56f * static_cast<float>(head.face.width),
              ry = 0.64f * static_cast<float>(head.face.height);
  for (int y = head.top; y <= head.neck; ++y) {
    const Run row = head.at(y);
    for (int x = std::max(0, row.begin - kRim); x < std::min(picture.width, row.end + kRim); ++x) {
      const float dx = (static_cast<float>(x) - cx) / rx, dy = (static_cast<float>(y) - cy) / ry;
      const float face = 1 - smoothstep(0.9f, 1.25f, std::sqrt(dx * dx + dy * dy));
      const float other = head.face_known ? smoothstep(0.4f * kOtherColor, kOtherColor,
                                                       difference(color_at(picture, x, y), colors.hair))
                                          : 0.0f;
      weights.at(x, y) = static_cast<uint8_t>(255 * std::max(face, other));
    }
  }
  Mask soft = image::blur(weights, std::max(0.6f, 0.012f * static_cast<float>(head.neck - head.top)));
  const int fade = std::max(1, (head.neck - head.top) / 8);
  for (int y = 0; y < soft.height; ++y)
    for (int x = 0; x < soft.width; ++x) {
      const float keep = clamp01(static_cast<float>(head.neck - y) / static_cast<float>(fade));
      soft.at(x, y) = y > head.neck ? 0 : static_cast<uint8_t>(static_cast<float>(soft.at(x, y)) * keep);
    }
  return soft;
}

}  // namespace

Image make_rear_view(const Image& picture, const Rig& rig, const std::optional<image::Rect>& face) {
  if (rig.neck <= 0 || rig.kind == BodyKind::quadruped) return image::mirror(picture);
  const std::optional<Head> head = find_head(picture, rig, face);
  if (!head) return image::mirror(picture);
  const Colors colors = find_colors(picture, *head);
  const Mask weights = repaint_weights(picture, *head, colors);
  Image back = picture;
  for (int y = head->top; y <= head->neck; ++y)
    for (int x = 0; x < picture.width; ++x) {
      const float w = static_cast<float>(weights.at(x, y)) / 255;
      if (w <= 0 || picture.at(x, y)[3] == 0) continue;
      const Rgb fill = head->face_known ? back_of_head(*head, colors, x, y) : flanks(picture, *head, x, y);
      const Rgb c = mix(color_at(picture, x, y), fill, w);
      uint8_t* p = back.at(x, y);
      p[0] = static_cast<uint8_t>(std::lround(255 * clamp01(c.x)));
      p[1] = static_cast<uint8_t>(std::lround(255 * clamp01(c.y)));
      p[2] = static_cast<uint8_t>(std::lround(255 * clamp01(c.z)));
    }
  return image::mirror(back);
}

}  // namespace troupe::stage
