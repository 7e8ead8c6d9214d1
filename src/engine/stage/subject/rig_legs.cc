#include <algorithm>
#include <cmath>
#include <optional>

#include "engine/stage/subject/rig_steps.h"

namespace troupe::stage {
namespace {

constexpr int kSeparatorRows = 16;
constexpr float kLegShareMin = 0.16f;      // a gap shorter than this is no pair of legs
constexpr float kWideLegShareMin = 0.24f;  // nor is one under a wide body: wheels stand that close to it
constexpr float kSkirtCrotch = 0.66f;

/// The gap between two legs, followed from the feet upwards.
struct LegGap {
  int top = -1, bottom = -1;
  std::vector<float> middle;  // of every row; < 0 where the gap is closed
};

std::optional<Run> gap_near(const std::vector<Run>& runs, float x) {
  std::optional<Run> best;
  for (size_t i = 0; i + 1 < runs.size(); ++i) {
    const Run gap{runs[i].end, runs[i + 1].begin};
    if (!best || std::abs(gap.middle() - x) < std::abs(best->middle() - x)) best = gap;
  }
  return best;
}

/// Follows the gap that is at `x` in row `start` upwards until it closes.
LegGap follow_gap(const Body& body, int start, float x) {
  LegGap gap;
  gap.middle.assign(static_cast<size_t>(body.height), -1.0f);
  const float reach = std::max(3.0f, 0.08f * static_cast<float>(std::max(body.width, body.height)));
  const int patience = std::max(2, body.height / 40);
  gap.bottom = gap.top = start;
  int closed = 0;
  for (int y = start; y >= 0; --y) {
    const std::optional<Run> found = gap_near(body.shape.row(y), x);
    if (!found || std::abs(found->middle() - x) > reach) {
      if (++closed > patience) break;
      continue;
    }
    closed = 0;
    gap.top = y;
    x = found->middle();
    gap.middle[static_cast<size_t>(y)] = x;
  }
  return gap;
}

/// The longest gap that starts at the feet: soles that touch are common, shins that touch are no two legs,
/// and the arch of a foot is no gap.
LegGap find_leg_gap(const Body& body) {
  LegGap best;
  for (float share = 1; share > 0.8f; share -= 0.02f) {
    const int y = body.row_of(share);
    const std::vector<Run>& runs = body.shape.row(y);
    for (size_t i = 0; i + 1 < runs.size(); ++i) {
      LegGap gap = follow_gap(body, y, 0.5f * static_cast<float>(runs[i].end + runs[i + 1].begin));
      const bool longer = best.bottom < 0 || best.top - gap.top > body.height / 50;
      if (longer) best = std::move(gap);
    }
  }
  return best;
}

/// Rows of the gap at 16 even heights, holes filled by their neighbours, smoothed by a median of five.
std::vector<float> separator_of(const Body& body, const LegGap& gap, float crotch) {
  std::vector<float> line;
  for (int i = 0; i < kSeparatorRows; ++i) {
    const float share = crotch + (1 - crotch) * static_cast<float>(i) / (kSeparatorRows - 1);
    const int y = body.row_of(share);
    float x = -1;
    for (int away = 0; away < body.height && x < 0; ++away) {
      if (y - away >= 0) x = gap.middle[static_cast<size_t>(y - away)];
      if (x < 0 && y + away < body.height) x = gap.middle[static_cast<size_t>(y + away)];
    }
    line.push_back((x < 0 ? body.axis : x) / static_cast<float>(body.width));
  }
  std::vector<float> smooth = line;
  for (size_t i = 2; i + 2 < line.size(); ++i) {
    std::vector<float> five(line.begin() + static_cast<long>(i) - 2, line.begin() + static_cast<long>(i) + 3);
    std::nth_element(five.begin(), five.begin() + 2, five.end());
    smooth[i] = five[2];
  }
  return smooth;
}

std::vector<float> centroid_separator(const Body& body, float crotch) {
  std::vector<float> line;
  for (int i = 0; i < kSeparatorRows; ++i) {
    const Run run = body.shape.run_at(
        body.row_of(crotch + (1 - crotch) * static_cast<float>(i) / (kSeparatorRows - 1)), body.axis);
    line.push_back((run.width() > 0 ? run.middle() : body.axis) / static_cast<float>(body.width));
  }
  return line;
}

/// Legs of an animal from the side: the middles of the runs in the rows where most of them stand apart.
struct ManyLegs {
  std::vector<float> tops;
  float belly = 0.6f;
};

/// Topmost row of the stretch of rows with at least `count` runs that reaches down to the feet.
int stretch_top(const Body& body, size_t count) {
  const int patience = std::max(2, body.height / 30);
  int top = body.height, missing = 0;
  for (int y = body.height - 1; y >= body.row_of(0.3f); --y) {
    if (body.shape.row(y).size() >= count) {
      top = y;
      missing = 0;
    } else if (++missing > (top == body.height ? body.height / 8 : patience)) {
      break;
    }
  }
  return top;
}

/// Lowest row that the trunk fills: a run of more than half of the longest one.
int belly_row(const Body& body) {
  int longest = 0;
  const auto widest = [&](int y) {
    int width = 0;
    for (const Run& run : body.shape.row(y)) width = std::max(width, run.width());
    return width;
  };
  for (int y = body.row_of(0.15f); y < body.row_of(0.7f); ++y) longest = std::max(longest, widest(y));
  int filled = 0;
  for (int y = body.height - 1; y > 0; --y) {
    filled = widest(y) * 100 > longest * 55 ? filled + 1 : 0;
    if (filled > body.height / 40) return y + filled - 1;
  }
  return 0;
}

std::optional<ManyLegs> find_many_legs(const Body& body) {
  if (body.slenderness() > 1.45f) return std::nullopt;
  int rows_with[5] = {};
  for (int y = body.row_of(0.55f); y < body.height; ++y)
    ++rows_with[std::min<size_t>(4, body.shape.row(y).size())];
  size_t count = 0;
  if (rows_with[3] + rows_with[4] > body.height / 10) count = rows_with[4] > body.height / 14 ? 4 : 3;
  const float belly = fraction(std::max(stretch_top(body, 2), belly_row(body)), body.height);
  // Two wide-set stumps under a long body are pairs of legs that hide each other.
  if (count == 0 && body.slenderness() < 1.1f && 1 - belly > kWideLegShareMin) {
    const Run whole = body.shape.extent(body.row_of(0.5f * (1 + belly)));
    if (whole.width() > body.width * 2 / 5) count = 2;
  }
  if (count == 0) return std::nullopt;
  ManyLegs legs;
  legs.belly = std::min(belly, 0.85f);
  std::vector<double> sums(count);
  int rows = 0;
  for (int y = body.row_of(legs.belly); y < body.row_of(0.95f); ++y) {
    if (body.shape.row(y).size() != count) continue;
    for (size_t i = 0; i < count; ++i) sums[i] += body.shape.row(y)[i].middle();
    ++rows;
  }
  if (rows < body.height / 25) return std::nullopt;
  for (const double sum : sums)
    legs.tops.push_back(static_cast<float>(sum / rows) / static_cast<float>(body.width));
  return legs;
}

/// The picture ends before the body does: it leaves through the lower edge on a broad front.
bool cut_below(const Body& body, const image::CutOut& cut_out, bool legs_reach_down) {
  if (!cut_out.touches_bottom) return false;
  const float contact = fraction(body.shape.mass(body.height - 1), std::max(1, body.mass_max));
  if (legs_reach_down) return false;
  // A picture trimmed to its subject touches every edge and yet cuts nothing off, unless it shows a person's
  // bust.
  if (cut_out.touches_top) return contact > 0.5f && (cut_out.face.has_value() || cut_out.has_person);
  return contact > 0.3f;
}

/// Without a gap: tall, and narrower at the shins than at the hips.
bool stands_with_closed_legs(const Body& body, const Rig& rig) {
  const bool headed = rig.neck > 0 && rig.neck < 0.27f;
  const bool tall = body.slenderness() > (headed ? 2.0f : 2.15f) ||
                    (headed && static_cast<float>(body.height) > 3.4f * body.mean_mass(0.25f, 0.5f));
  return tall && body.mean_mass(0.76f, 0.88f) < 0.86f * body.mean_mass(0.42f, 0.56f);
}

/// Where a skirt or coat ends over the legs: the row over which the outline narrows by an eighth; none for
/// trousers.
std::optional<float> find_hem(const Body& body, float from, float to) {
  const auto mean_extent = [&](float begin, float end) {
    int sum = 0, rows = 0;
    for (int y = body.row_of(begin); y <= body.row_of(end); ++y, ++rows)
      sum += body.shape.run_at(y, body.axis).width();
    return static_cast<float>(sum) / static_cast<float>(std::max(1, rows));
  };
  std::optional<float> hem;
  float sharpest = 0.125f;
  for (float y = from; y <= to; y += 0.005f) {
    const int below_row = body.row_of(y + 0.02f);
    const float above = mean_extent(y - 0.03f, y - 0.005f);
    const auto below = static_cast<float>(body.shape.extent(below_row).width());
    const float narrowing = above > 0 ? (above - below) / above : 0;
    if (narrowing <= sharpest) continue;
    sharpest = narrowing;
    hem = y;
  }
  return hem;
}

/// Legs that touch each other above the knee part only there in the outline; hips are known better.
constexpr float kHumanCrotch = 0.54f;

/// Spread legs leave a wedge whose tip is the crotch itself; touching thighs leave a slit.
bool opens_wide(const Body& body, const LegGap& gap) {
  const int y = std::min(body.height - 1, gap.top + body.height * 6 / 100);
  const std::optional<Run> opening = gap_near(body.shape.row(y), gap.middle[static_cast<size_t>(y)]);
  return opening && opening->width() > body.height * 3 / 100;
}

BodyKind part_human_legs(const Body& body, const LegGap& gap, float top, Rig& rig) {
  rig.crotch = top;
  BodyKind kind = BodyKind::biped;
  if (top > kHumanCrotch + 0.03f) {
    const std::optional<float> hem = find_hem(body, kHumanCrotch + 0.04f, std::min(0.84f, top + 0.02f));
    kind = hem ? BodyKind::skirted : BodyKind::biped;
    rig.crotch = hem ? std::min(*hem, 0.84f) : opens_wide(body, gap) ? std::min(top, 0.62f) : kHumanCrotch;
  }
  rig.separator = separator_of(body, gap, rig.crotch);
  return kind;
}

}  // namespace

BodyKind classify_legs(const Body& body, const image::CutOut& cut_out, Rig& rig) {
  const LegGap gap = find_leg_gap(body);
  const float top = gap.bottom < 0 ? 1.0f : fraction(gap.top, body.height);
  const bool two_legs = 1 - top > (body.slenderness() > 1.1f ? kLegShareMin : kWideLegShareMin);
  if (cut_below(body, cut_out, two_legs && top < kSkirtCrotch && body.slenderness() > 2.0f))
    return BodyKind::half;
  if (auto legs = find_many_legs(body)) {
    rig.leg_tops = std::move(legs->tops);
    rig.crotch = legs->belly;
    return BodyKind::quadruped;
  }
  if (two_legs && body.slenderness() > 0.9f) {
    // Measured by the trunk: legs and arms may be spread.
    const bool headed = rig.neck > 0 && rig.neck < 0.27f;
    const bool human = (headed || body.slenderness() > 1.7f) &&
                       static_cast<float>(body.height) > 2.2f * body.mean_mass(0.3f, 0.5f);
    if (human) return part_human_legs(body, gap, std::clamp(top, 0.3f, 0.9f), rig);
    rig.crotch = std::clamp(top, 0.3f, 0.84f);
    rig.separator = separator_of(body, gap, rig.crotch);
    return BodyKind::biped;
  }
  if (stands_with_closed_legs(body, rig)) {
    const std::optional<float> hem = find_hem(body, kHumanCrotch + 0.04f, 0.82f);
    rig.crotch = hem.value_or(0.53f);
    rig.separator = centroid_separator(body, rig.crotch);
    return hem ? BodyKind::skirted : BodyKind::biped;
  }
  return BodyKind::blob;
}

}  // namespace troupe::stage
