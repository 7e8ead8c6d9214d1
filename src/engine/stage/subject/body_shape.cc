#include "engine/stage/subject/body_shape.h"

#include <algorithm>
#include <cmath>

#include "engine/stage/raster/vec.h"
#include "engine/stage/subject/leg_runs.h"
#include "engine/stage/subject/mesh_grid.h"

namespace troupe::stage {
namespace {

constexpr int kBodyColumns = 26, kBodyRows = 44;
constexpr float kOverlap = 0.10f, kSkirtOverlap = 0.08f;  // of the height: legs reach up under the body

/// The picture's pixels and the way to metres.
struct Plate {
  Plate(const Image& source, const Rig& r, float metres)
      : picture(source), rig(r), alpha(alpha_of(source)), shape(tight(alpha)) {
    width = static_cast<float>(shape.width());
    height = static_cast<float>(shape.height());
    scale = metres / height;
    origin = rig.axis * width;
  }
  static Mask alpha_of(const Image& image) {
    Mask mask(image.width, image.height);
    for (size_t i = 0; i < mask.values.size(); ++i) mask.values[i] = image.rgba[4 * i + 3];
    return mask;
  }
  static Silhouette tight(const Mask& rimmed) {
    Mask mask(std::max(1, rimmed.width - 2 * kRim), std::max(1, rimmed.height - 2 * kRim));
    for (int y = 0; y < mask.height; ++y)
      for (int x = 0; x < mask.width; ++x) mask.at(x, y) = rimmed.at(x + kRim, y + kRim);
    return Silhouette(mask);
  }
  int row_of(float share) const {
    return std::clamp(static_cast<int>(share * height), 0, shape.height() - 1);
  }
  /// Tight pixels to metres.
  Vec2 metres(float x, float y) const { return {(x - origin) * scale, (height - y) * scale}; }

  const Image& picture;
  const Rig& rig;
  Mask alpha;        // rimmed
  Silhouette shape;  // tight
  float width = 1, height = 1, scale = 1, origin = 0;
};

/// Weights of a layer over the whole rimmed picture while it is made.
struct Draft {
  explicit Draft(const Plate& plate) : weights(plate.alpha.width, plate.alpha.height) {}
  /// Marks tight pixels [begin, end) of a row.
  void mark(const Run& run, int y, uint8_t value = 255) {
    for (int x = run.begin; x < run.end; ++x) weights.at(x + kRim, y + kRim) = value;
  }
  Mask weights;
};

/// Soft matte edges lie outside the runs of half-opaque pixels: a layer takes them along.
void grow_into_soft_edges(const Plate& plate, Mask& weights) {
  for (int round = 0; round < 2; ++round) {
    const Mask before = weights;
    for (int y = 0; y < weights.height; ++y)
      for (int x = 0; x < weights.width; ++x) {
        const uint8_t alpha = plate.alpha.at(x, y);
        if (before.at(x, y) > 0 || alpha == 0 || alpha >= 128) continue;
        uint8_t most = 0;
        for (const auto& [dx, dy] : {std::pair{-1, 0}, {1, 0}, {0, 1}}) {
          const int nx = std::clamp(x + dx, 0, weights.width - 1),
                    ny = std::clamp(y + dy, 0, weights.height - 1);
          most = std::max(most, before.at(nx, ny));
        }
        weights.at(x, y) = most;
      }
  }
}

/// The smallest box of what a layer shows, with its rim.
image::Rect visible_box(const Plate& plate, const Mask& weights) {
  int x0 = weights.width, x1 = -1, y0 = weights.height, y1 = -1;
  for (int y = 0; y < weights.height; ++y)
    for (int x = 0; x < weights.width; ++x) {
      if (weights.at(x, y) == 0 || plate.alpha.at(x, y) == 0) continue;
      x0 = std::min(x0, x);
      x1 = std::max(x1, x);
      y0 = std::min(y0, y);
      y1 = std::max(y1, y);
    }
  if (x1 < 0) return {};
  x0 = std::max(0, x0 - kRim);
  y0 = std::max(0, y0 - kRim);
  x1 = std::min(weights.width, x1 + 1 + kRim);
  y1 = std::min(weights.height, y1 + 1 + kRim);
  return {x0, y0, x1 - x0, y1 - y0};
}

/// Lowest opaque pixels, one for each sixteenth of the layer's width, in metres.
std::vector<Vec2> find_soles(const Plate& plate, const LayerShape& layer) {
  constexpr int kPoints = 16;
  std::vector<Vec2> soles;
  for (int i = 0; i < kPoints; ++i) {
    const int from = layer.crop.width * i / kPoints,
              to = std::max(from + 1, layer.crop.width * (i + 1) / kPoints);
    int lowest = -1, at = from;
    for (int x = from; x < std::min(to, layer.crop.width); ++x)
      for (int y = layer.crop.height - 1; y > lowest; --y) {
        if (layer.weights.at(x, y) < 128 || plate.alpha.at(x + layer.crop.x, y + layer.crop.y) < 128)
          continue;
        lowest = y;
        at = x;
        break;
      }
    if (lowest < 0) continue;
    soles.push_back(plate.metres(static_cast<float>(at + layer.crop.x - kRim) + 0.5f,
                                 static_cast<float>(lowest + layer.crop.y - kRim) + 1.0f));
  }
  return soles;
}

/// Cuts a draft to its box and lays the grid. Nothing visible: false.
bool finish_layer(const Plate& plate, Draft&& draft, const std::optional<image::Rect>& face,
                  LayerShape& layer) {
  layer.crop = visible_box(plate, draft.weights);
  if (layer.crop.width == 0) return false;
  layer.weights = Mask(layer.crop.width, layer.crop.height);
  Mask coverage = layer.weights;
  for (int y = 0; y < layer.crop.height; ++y)
    for (int x = 0; x < layer.crop.width; ++x) {
      const uint8_t weight = draft.weights.at(x + layer.crop.x, y + layer.crop.y);
      layer.weights.at(x, y) = weight;
      coverage.at(x, y) =
          static_cast<uint8_t>(weight * plate.alpha.at(x + layer.crop.x, y + layer.crop.y) / 255);
    }
  const float cell_x = plate.width / kBodyColumns, cell_y = plate.height / kBodyRows;
  // A cell is two pixels wide at the least.
  const auto cells = [](int pixels, float cell, int least, int most) {
    const int wanted = static_cast<int>(std::lround(static_cast<float>(pixels) / std::max(1.0f, cell)));
    return std::clamp(std::clamp(wanted, least, most), 1, std::max(1, pixels / 2));
  };
  const int least = layer.part == Part::body ? 4 : 6;
  GridLines lines{even_lines(0, static_cast<float>(layer.crop.width),
                             cells(layer.crop.width, cell_x, least, kBodyColumns)),
                  even_lines(0, static_cast<float>(layer.crop.height),
                             cells(layer.crop.height, cell_y, least, kBodyRows))};
  if (face && layer.part == Part::body) {
    const auto fx = static_cast<float>(face->x - layer.crop.x),
               fy = static_cast<float>(face->y - layer.crop.y);
    const auto fw = static_cast<float>(face->width), fh = static_cast<float>(face->height);
    refine(lines.columns, fx + 0.1f * fw, fx + 0.9f * fw, 10);
    refine(lines.rows, fy + 0.62f * fh, fy + 1.3f * fh, 18);
  }
  fill_grid(layer, coverage, lines, plate.origin + static_cast<float>(kRim - layer.crop.x),
            plate.height + static_cast<float>(kRim - layer.crop.y), plate.scale);
  if (layer.part != Part::arm) layer.soles = find_soles(plate, layer);
  return !layer.indices.empty();
}

/// Middle of a leg between two shares of its rows.
Vec2 leg_middle(const LegRuns& legs, size_t leg, float from, float to) {
  const std::vector<Run>& rows = legs.legs[leg];
  double x = 0, y = 0;
  int count = 0;
  const auto last = static_cast<float>(rows.size());
  for (auto i = static_cast<size_t>(from * last);
       i < std::min(rows.size(), static_cast<size_t>(to * last) + 1); ++i) {
    if (rows[i].width() <= 0) continue;
    x += rows[i].middle();
    y += legs.top + static_cast<double>(i);
    ++count;
  }
  return count > 0 ? Vec2{static_cast<float>(x / count), static_cast<float>(y / count)} : Vec2{-1, -1};
}

struct LegMaker {
  const Plate& plate;
  const LegRuns& runs;
  float overlap;  // share of the height
  float taper;    // narrowing of the overlap towards its top
  float hip;      // row of the hip joint, tight pixels

  int bottom(size_t leg) const {
    const std::vector<Run>& rows = runs.legs[leg];
    for (size_t i = rows.size(); i-- > 0;)
      if (rows[i].width() > 0) return runs.top + static_cast<int>(i);
    return runs.top;
  }

  Limb limb(size_t leg) const {
    const auto foot = static_cast<float>(bottom(leg) + 1);
    const float ankle = std::min(0.06f * plate.height, 0.16f * (foot - static_cast<float>(runs.top)));
    const Vec2 top = leg_middle(runs, leg, 0, 0.12f), low = leg_middle(runs, leg, 0.78f, 0.9f);
    Limb limb;
    limb.root = plate.metres(top.x, hip);
    limb.tip = plate.metres(low.x, foot - ankle);
    limb.overlap = overlap * plate.height * plate.scale;
    limb.foot = std::max(ankle * plate.scale, 1e-3f);
    return limb;
  }

  /// The leg's pixels, and above the crotch a column under the body that fades out.
  void draw(Draft& draft, size_t leg) const {
    const int height = plate.shape.height();
    for (int y = runs.top; y < height; ++y)
      for (int x = -kRim; x < plate.shape.width() + kRim; ++x) {
        if (plate.alpha.at(x + kRim, y + kRim) == 0) continue;
        if (leg_of(runs, x, y, height) == static_cast<int>(leg)) draft.weights.at(x + kRim, y + kRim) = 255;
      }
    const std::vector<Run>& rows = runs.legs[leg];
    std::vector<int> widths;
    for (size_t i = 0; i < rows.size(); ++i) {
      if (i < rows.size() / 4 + 1 && rows[i].width() > 0) widths.push_back(rows[i].width());
    }
    const auto first = std::find_if(rows.begin(), rows.end(), [](const Run& r) { return r.width() > 0; });
    if (first == rows.end() || widths.empty()) return;
    std::nth_element(widths.begin(), widths.begin() + static_cast<long>(widths.size() / 2), widths.end());
    const int half = std::max(1, std::min(first->width(), widths[widths.size() / 2] * 6 / 5)) / 2;
    const int middle = static_cast<int>(first->middle());
    const int up = static_cast<int>(overlap * plate.height);
    for (int i = 1; i <= up && runs.top - i >= 0; ++i) {
      const int y = runs.top - i;
      const int reach = static_cast<int>(static_cast<float>(half) *
                                         (1 - taper * static_cast<float>(i) / static_cast<float>(up)));
      for (const Run& run : plate.shape.row(y)) {
        const Run column{std::max(run.begin, middle - reach), std::min(run.end, middle + reach)};
        if (column.width() > 0)
          draft.mark(column, y,
                     static_cast<uint8_t>(
                         255.0f * clamp01(4 - 4.0f * static_cast<float>(i) / static_cast<float>(up))));
      }
    }
  }
};

/// Adds the leg layers, the hidden copies first, and returns what of the picture they took.
void add_legs(const Plate& plate, bool from_side, BodyShape& body, Mask& taken) {
  const Rig& rig = plate.rig;
  const LegRuns runs = find_leg_runs(plate.shape, rig);
  const bool skirt = rig.kind == BodyKind::skirted, quadruped = rig.kind == BodyKind::quadruped;
  const float overlap = std::min(skirt ? kSkirtOverlap : kOverlap, 0.8f * rig.crotch);
  // The joint lies above the fork; under a skirt, where a hip would be.
  const float hip = plate.height * (1 - leg_share(rig));
  const LegMaker maker{plate, runs, overlap, skirt ? 0.6f : 0.15f, hip};
  const bool pairs = quadruped && runs.legs.size() == 2;
  const bool shared = !quadruped && from_side && runs.apart < 0.35f;
  const auto count = static_cast<int>(runs.legs.size());
  std::vector<LayerShape> near;
  for (int i = 0; i < count; ++i) {
    LayerShape layer;
    layer.part = Part::leg;
    layer.index = i;
    Draft draft(plate);
    for (int k = 0; k < count; ++k)
      if (k == i || shared) maker.draw(draft, static_cast<size_t>(k));
    for (size_t p = 0; p < taken.values.size(); ++p)
      taken.values[p] = std::max(taken.values[p], draft.weights.values[p]);
    layer.limb = maker.limb(static_cast<size_t>(i));
    if (shared) {
      const Limb other = maker.limb(static_cast<size_t>(1 - i));
      layer.limb.root = (layer.limb.root + other.root) * 0.5f;
      layer.limb.tip = (layer.limb.tip + other.tip) * 0.5f;
      layer.copy = i == 0;
    }
    if (!finish_layer(plate, std::move(draft), std::nullopt, layer)) continue;
    if (pairs) {
      LayerShape hidden = layer;
      hidden.copy = true;
      hidden.index = i + count;
      body.layers.push_back(std::move(hidden));
    }
    near.push_back(std::move(layer));
  }
  for (LayerShape& layer : near) body.layers.push_back(std::move(layer));
  body.shared_legs = shared;
  body.legs = static_cast<int>(body.layers.size());
  body.leg = std::max(0.02f, (plate.height - hip) * plate.scale);
  body.fringe = (skirt ? 0.2f : overlap) * body.height;
  body.parting = plate
                     .metres(0.5f * (leg_middle(runs, 0, 0, 0.12f).x +
                                     leg_middle(runs, runs.legs.size() - 1, 0, 0.12f).x),
                             0)
                     .x;
  body.pelvis = {body.parting, (plate.height - hip) * plate.scale};
}

/// A free arm: its own run below the armpit, and above it a rounded shoulder cut from the body's edge.
std::optional<LayerShape> make_arm(const Plate& plate, int side, Mask& taken) {
  const Rig& rig = plate.rig;
  const bool left = side == 0;
  const float inner = (left ? rig.left_arm_x : rig.right_arm_x) * plate.width;
  Draft draft(plate);
  int top = -1, bottom = -1;
  std::vector<int> widths;
  float top_x = 0, low_x = 0;
  int edge = 0;  // of the arm towards the body, at the armpit
  for (int y = plate.row_of(rig.shoulder); y <= plate.row_of(rig.arm_end); ++y) {
    const std::vector<Run>& runs = plate.shape.row(y);
    if (runs.size() < 2) continue;
    const Run run = left ? runs.front() : runs.back();
    const float reach = 0.06f * plate.width;
    if (left ? static_cast<float>(run.end) > inner + reach : static_cast<float>(run.begin) < inner - reach)
      continue;
    draft.mark(run, y);
    widths.push_back(run.width());
    low_x = run.middle();
    bottom = y;
    if (top >= 0) continue;
    top = y;
    top_x = run.middle();
    edge = left ? run.end : run.begin;
  }
  if (widths.size() < 4) return std::nullopt;
  std::nth_element(widths.begin(), widths.begin() + static_cast<long>(widths.size() / 2), widths.end());
  const float radius = 0.62f * static_cast<float>(widths[widths.size() / 2]);
  const float joint = std::max(static_cast<float>(plate.row_of(rig.shoulder)) + 0.3f * radius,
                               static_cast<float>(top) - 0.12f * plate.height);
  taken = draft.weights;
  for (int y = std::max(0, static_cast<int>(joint - radius)); y < top; ++y) {
    const float dy = static_cast<float>(y) - joint;
    const auto half = static_cast<int>(std::sqrt(std::max(0.0f, radius * radius - std::min(0.0f, dy) * dy)));
    const auto center = static_cast<int>(top_x);
    for (const Run& run : plate.shape.row(y)) {
      const Run part = left ? Run{std::max(run.begin, dy < 0 ? center - half : 0),
                                  std::min(run.end, dy < 0 ? center + half : edge)}
                            : Run{std::max(run.begin, dy < 0 ? center - half : edge),
                                  std::min(run.end, dy < 0 ? center + half : plate.shape.width())};
      if (part.width() <= 0) continue;
      draft.mark(part, y);
      // The body keeps the round of the shoulder; the rest of the sleeve would stay behind as a stump.
      if (dy > 0.3f * radius)
        for (int x = part.begin; x < part.end; ++x) taken.at(x + kRim, y + kRim) = 255;
    }
  }
  grow_into_soft_edges(plate, taken);
  grow_into_soft_edges(plate, draft.weights);
  LayerShape layer;
  layer.part = Part::arm;
  layer.index = side;
  const float hand = 0.14f * (static_cast<float>(bottom) - joint);
  layer.limb.root = plate.metres(top_x, joint);
  layer.limb.tip = plate.metres(low_x, static_cast<float>(bottom) - hand);
  layer.limb.overlap = radius * plate.scale;
  layer.limb.foot = std::max(hand * plate.scale, 1e-3f);
  if (!finish_layer(plate, std::move(draft), std::nullopt, layer)) return std::nullopt;
  return layer;
}

/// The body keeps what legs and arms do not take, with a soft lower edge over the legs.
Draft body_draft(const Plate& plate, const Mask& legs, const Mask& arms, bool legged) {
  Draft draft(plate);
  const int crotch = plate.row_of(plate.rig.crotch) + kRim;
  const int soft = legged ? std::max(1, static_cast<int>(0.008f * plate.height)) : 0;
  for (int y = 0; y < draft.weights.height; ++y)
    for (int x = 0; x < draft.weights.width; ++x) {
      if (arms.at(x, y) > 127) continue;
      const bool leg = legged && y >= crotch && legs.at(x, y) > 0;
      const float fade = clamp01(1 - static_cast<float>(y - crotch) / static_cast<float>(soft + 1));
      draft.weights.at(x, y) = static_cast<uint8_t>(leg ? 255 * fade : 255);
    }
  return draft;
}

}  // namespace

BodyShape make_body_shape(const Image& picture, const Rig& rig, float height, bool from_side,
                          const std::optional<image::Rect>& face, float lips) {
  const Plate plate(picture, rig, height);
  BodyShape body;
  body.kind = rig.kind;
  body.height = height;
  body.left = plate.metres(0, 0).x;
  body.right = plate.metres(plate.width, 0).x;
  body.half_width = 0.5f * (body.right - body.left);
  body.leg = leg_share(rig) * height;
  body.crotch = (1 - rig.crotch) * height;
  body.shoulder = (1 - rig.shoulder) * height;
  body.has_head = rig.neck > 0;
  body.neck = plate.metres(rig.neck_x * plate.width, rig.neck * plate.height);
  body.pelvis = {0, rig.kind == BodyKind::half ? 0 : 0.45f * height};
  Mask legs(plate.alpha.width, plate.alpha.height), arms = legs;
  const bool legged =
      rig.kind == BodyKind::biped || rig.kind == BodyKind::skirted || rig.kind == BodyKind::quadruped;
  if (legged && (rig.leg_tops.size() >= 2 || !rig.separator.empty())) add_legs(plate, from_side, body, legs);
  body.waist = body.legs > 0 ? body.crotch + 0.1f * height : 0.35f * height;
  std::vector<LayerShape> arm_layers;
  for (int side = 0; side < 2; ++side) {
    if (side == 0 ? !rig.left_arm_free : !rig.right_arm_free) continue;
    Mask taken(plate.alpha.width, plate.alpha.height);
    std::optional<LayerShape> arm = make_arm(plate, side, taken);
    if (!arm) continue;
    for (size_t p = 0; p < arms.values.size(); ++p)
      arms.values[p] = std::max(arms.values[p], taken.values[p]);
    const Vec2 line = arm->limb.tip - arm->limb.root;
    body.arm_hang[side] = std::atan2(side == 0 ? -line.x : line.x, -line.y);
    arm_layers.push_back(std::move(*arm));
    body.arm[side] = true;
  }
  LayerShape trunk;
  if (finish_layer(plate, body_draft(plate, legs, arms, body.legs > 0), face, trunk))
    body.layers.push_back(std::move(trunk));
  for (LayerShape& arm : arm_layers) body.layers.push_back(std::move(arm));
  if (face) {
    const Vec2 a = plate.metres(static_cast<float>(face->x - kRim), static_cast<float>(face->y - kRim));
    const Vec2 b = plate.metres(static_cast<float>(face->x + face->width - kRim),
                                static_cast<float>(face->y + face->height - kRim));
    body.face = {a.x, b.x, a.y, b.y, plate.metres(0, lips - static_cast<float>(kRim)).y};
  }
  return body;
}

Sole sole_of(const LayerShape& leg, float forward) {
  Sole sole;
  sole.height = leg.limb.foot;
  const float size = length(leg.limb.tip - leg.limb.root);
  // Feet drawn from the front still roll a little.
  sole.toe = 0.1f * size;
  sole.heel = 0.04f * size;
  for (const Vec2& point : leg.soles) {
    if (point.y > leg.limb.tip.y) continue;
    const float ahead = forward * (point.x - leg.limb.tip.x);
    sole.toe = std::max(sole.toe, ahead);
    sole.heel = std::max(sole.heel, -ahead);
  }
  sole.toe = std::min(sole.toe, 0.3f * size);
  sole.heel = std::min(sole.heel, 0.12f * size);
  return sole;
}

}  // namespace troupe::stage
