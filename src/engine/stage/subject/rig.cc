#include "engine/stage/subject/rig.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "engine/stage/subject/leg_runs.h"
#include "engine/stage/subject/silhouette.h"

namespace troupe::stage {
namespace {

constexpr int kSeparatorRows = 16;
constexpr float kLegShareMin = 0.16f;      // a gap shorter than this is no pair of legs
constexpr float kWideLegShareMin = 0.24f;  // nor is one under a wide body: wheels stand that close to it
constexpr float kSkirtCrotch = 0.66f;

float fraction(int part, int whole) {
  return static_cast<float>(part) / static_cast<float>(std::max(1, whole));
}

/// The shape under analysis with what every step asks for.
struct Body {
  explicit Body(const image::CutOut& cut_out) : shape(cut_out), width(shape.width()), height(shape.height()) {
    double sum = 0, weighted = 0;
    for (int y = 0; y < height; ++y) {
      for (const Run& run : shape.row(y)) {
        sum += run.width();
        weighted += static_cast<double>(run.width()) * run.middle();
      }
      mass_max = std::max(mass_max, shape.mass(y));
    }
    axis = sum > 0 ? static_cast<float>(weighted / sum) : 0.5f * static_cast<float>(width);
  }
  int row_of(float share) const {
    return std::clamp(static_cast<int>(share * static_cast<float>(height)), 0, height - 1);
  }
  float slenderness() const { return static_cast<float>(height) / static_cast<float>(width); }
  /// Mean opaque width between two heights, pixels.
  float mean_mass(float from, float to) const {
    const int begin = row_of(from), end = std::max(begin + 1, row_of(to));
    int sum = 0;
    for (int y = begin; y < end; ++y) sum += shape.mass(y);
    return static_cast<float>(sum) / static_cast<float>(end - begin);
  }

  Silhouette shape;
  int width, height;
  float axis = 0;
  int mass_max = 0;
};

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

struct Neck {
  float y = 0, x = 0.5f, shoulder = 0;
};

/// The narrowest row in [from, to] if the head above and the shoulders below are wider by `prominence`.
std::optional<Neck> narrowest(const Body& body, float from, float to, float prominence) {
  const int begin = body.row_of(from), end = body.row_of(to);
  int best = -1, width = body.width + 1;
  float x = body.axis;
  for (int y = begin; y <= end; ++y) {
    const Run run = body.shape.run_at(y, x);
    if (run.width() <= 0) continue;
    if (run.width() <= width) {
      width = run.width();
      best = y;
    }
  }
  if (best <= begin || best >= end) return std::nullopt;
  int head = 0, shoulders = 0;
  for (int y = 0; y < best; ++y) head = std::max(head, body.shape.run_at(y, x).width());
  const int below = std::min(body.height - 1, best + std::max(body.height / 7, best));
  for (int y = best; y <= below; ++y) shoulders = std::max(shoulders, body.shape.run_at(y, x).width());
  const auto wider = [&](int other, float by) {
    return static_cast<float>(other) > by * static_cast<float>(width);
  };
  if (!wider(head, prominence) || !wider(shoulders, prominence + 0.15f)) return std::nullopt;
  Neck neck{fraction(best, body.height), body.shape.run_at(best, x).middle() / static_cast<float>(body.width),
            0};
  int shoulder = best;
  while (shoulder < below &&
         static_cast<float>(body.shape.run_at(shoulder, x).width()) < 0.8f * static_cast<float>(shoulders))
    ++shoulder;
  neck.shoulder = fraction(shoulder, body.height);
  return neck;
}

/// With a face the neck is sought right under it, whatever share of the picture the head takes.
std::optional<Neck> find_neck(const Body& body, const image::CutOut& cut_out) {
  if (cut_out.face && cut_out.bounds.height > 0) {
    const auto share = [&](double y) {
      return static_cast<float>((y - cut_out.bounds.y) / cut_out.bounds.height);
    };
    const double bottom = cut_out.face->y + cut_out.face->height, size = cut_out.face->height;
    if (const auto neck = narrowest(body, share(bottom - 0.1 * size), share(bottom + 0.6 * size), 1.04f))
      return neck;
    Neck hidden;  // behind long hair
    hidden.y = std::clamp(share(bottom + 0.08 * size), 0.02f, 0.95f);
    hidden.x = static_cast<float>((cut_out.face->x + 0.5 * cut_out.face->width - cut_out.bounds.x) /
                                  std::max(1, cut_out.bounds.width));
    hidden.shoulder = std::min(0.98f, hidden.y + static_cast<float>(0.35 * size / cut_out.bounds.height));
    return hidden;
  }
  if (const auto neck = narrowest(body, 0.08f, 0.26f, 1.12f)) return neck;
  return narrowest(body, 0.22f, 0.52f, 1.3f);
}

/// Follows the run beside the trunk on one side; free if it is there for a tenth of the height.
struct FreeArm {
  bool free = false;
  float inner = 0, armpit = 1, end = 0;
};

/// An arm whose hand is on the hip or in a pocket goes out and comes back, or runs on into the body.
bool hangs_free(const Body& body, const std::vector<std::pair<int, Run>>& arm, bool left) {
  if (arm.size() < 4) return false;
  const auto& [top, first] = arm.front();
  const auto& [bottom, last] = arm.back();
  const auto tall = static_cast<float>(body.height);
  const float outwards = left ? first.middle() - last.middle() : last.middle() - first.middle();
  if (outwards < -0.02f * tall) return false;
  for (const auto& [y, run] : arm) {
    const float t = static_cast<float>(y - top) / static_cast<float>(std::max(1, bottom - top));
    const float chord = first.middle() + (last.middle() - first.middle()) * t;
    if ((left ? chord - run.middle() : run.middle() - chord) > 0.028f * tall) return false;
  }
  const int under = std::min(body.height - 1, bottom + body.height / 40);
  const bool merges = body.shape.run_at(under, last.middle()).contains(last.middle());
  if (merges && bottom < body.row_of(0.49f)) return false;
  // Below the last row of its own the hand ends within a span.
  const int below = std::min(body.height - 1, bottom + body.height * 9 / 100);
  const Run rest = body.shape.extent(below);
  const float inside =
      left ? static_cast<float>(rest.begin) - last.middle() : last.middle() - static_cast<float>(rest.end);
  return rest.width() == 0 || inside > -0.15f * static_cast<float>(last.width());
}

FreeArm find_arm(const Body& body, const Rig& rig, bool left) {
  const int from = body.row_of(rig.shoulder), to = body.row_of(std::min(rig.crotch + 0.06f, 0.72f));
  const float trunk_x = rig.axis * static_cast<float>(body.width);
  std::vector<int> inner;
  std::vector<std::pair<int, Run>> middles;
  FreeArm arm;
  for (int y = from; y < to; ++y) {
    const std::vector<Run>& runs = body.shape.row(y);
    if (runs.size() < 2) continue;
    const bool beside = left ? static_cast<float>(runs.front().end) < trunk_x
                             : static_cast<float>(runs.back().begin) > trunk_x;
    if (!beside) continue;
    const Run run = left ? runs.front() : runs.back();
    if (run.width() > body.mass_max / 2) continue;
    // What comes after a break or a step aside is a leg.
    if (!middles.empty()) {
      const auto& [last_y, last] = middles.back();
      if (y - last_y > body.height / 30 || run.begin >= last.end || run.end <= last.begin) break;
    }
    inner.push_back(left ? run.end : run.begin);
    middles.push_back({y, run});
    arm.armpit = std::min(arm.armpit, fraction(y, body.height));
    arm.end = std::max(arm.end, fraction(y + 1, body.height));
  }
  arm.free = static_cast<int>(inner.size()) > body.height / 10 && hangs_free(body, middles, left);
  if (!arm.free) return arm;
  std::nth_element(inner.begin(), inner.begin() + static_cast<long>(inner.size() / 2), inner.end());
  arm.inner = fraction(inner[inner.size() / 2], body.width);
  return arm;
}

void find_arms(const Body& body, Rig& rig) {
  const FreeArm left = find_arm(body, rig, true), right = find_arm(body, rig, false);
  rig.left_arm_free = left.free;
  rig.right_arm_free = right.free;
  rig.left_arm_x = left.free ? left.inner : 0;
  rig.right_arm_x = right.free ? right.inner : 1;
  if (!left.free && !right.free) return;
  rig.armpit = std::min(left.free ? left.armpit : 1.0f, right.free ? right.armpit : 1.0f);
  rig.arm_end = std::max(left.free ? left.end : 0.0f, right.free ? right.end : 0.0f);
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

/// Head and neck reach out past the forelegs farther, and with more behind them, than a tail past the hind
/// ones.
float overhang(const Silhouette& shape, int crotch) {
  double begin = 0, end = 0;
  int rows = 0;
  for (int y = crotch + (shape.height() - crotch) / 4; y < shape.height(); ++y) {
    const Run run = shape.extent(y);
    if (run.width() == 0) continue;
    begin += run.begin;
    end += run.end;
    ++rows;
  }
  if (rows == 0) return 0;
  double sum = 0;
  for (int y = 0; y < crotch; ++y)
    for (const Run& run : shape.row(y)) {
      sum += std::max(0.0, run.end - std::max<double>(run.begin, end / rows));
      sum -= std::max(0.0, std::min<double>(run.end, begin / rows) - run.begin);
    }
  return static_cast<float>(sum / std::max(1, crotch));
}

/// Where the upper third of a lying or rolling shape has its mass, from the middle of the whole, pixels.
float high_end(const Silhouette& shape) {
  double sum = 0, mass = 0;
  for (int y = 0; y < shape.height() / 3; ++y)
    for (const Run& run : shape.row(y)) {
      sum += (run.middle() - 0.5 * shape.width()) * run.width();
      mass += run.width();
    }
  return mass > 0 ? static_cast<float>(sum / mass) : 0;
}

/// Mean distance of the feet ahead of where their shins point, pixels; > 0 to the right.
float toes_ahead(const Silhouette& shape, const Rig& rig) {
  const LegRuns runs = find_leg_runs(shape, rig);
  float sum = 0;
  for (const std::vector<Run>& rows : runs.legs) {
    size_t last = rows.size();
    while (last > 0 && rows[last - 1].width() == 0) --last;
    const auto middle = [&](float from, float to) {
      float x = 0;
      int count = 0;
      for (auto i = static_cast<size_t>(from * static_cast<float>(last));
           i < static_cast<size_t>(to * static_cast<float>(last)); ++i) {
        if (rows[i].width() == 0) continue;
        x += rows[i].middle();
        ++count;
      }
      return count > 0 ? x / static_cast<float>(count) : 0.0f;
    };
    const float shin = middle(0.55f, 0.65f), ankle = middle(0.78f, 0.86f);
    sum += middle(0.93f, 1.0f) - (ankle + (ankle - shin) * 0.65f);
  }
  return sum / static_cast<float>(std::max<size_t>(1, runs.legs.size()));
}

}  // namespace

Rig make_rig(const image::CutOut& cut_out) {
  const Body body(cut_out);
  Rig rig;
  rig.axis = std::clamp(body.axis / static_cast<float>(body.width), 0.0f, 1.0f);
  const std::optional<Neck> neck = find_neck(body, cut_out);
  rig.neck = neck ? neck->y : 0;
  rig.neck_x = neck ? neck->x : rig.axis;
  rig.shoulder = neck ? std::max(neck->shoulder, neck->y + 0.02f) : 0.22f;
  rig.kind = classify_legs(body, cut_out, rig);
  if (rig.kind == BodyKind::quadruped) rig.neck = 0;
  if (rig.kind == BodyKind::half) rig.crotch = 1;
  if (rig.kind != BodyKind::quadruped && rig.neck > 0) find_arms(body, rig);
  return rig;
}

float side_direction(const image::CutOut& cut_out, const Rig& rig) {
  const Silhouette shape(cut_out);
  const int height = shape.height();
  const auto row_of = [height](float share) {
    return std::clamp(static_cast<int>(share * static_cast<float>(height)), 0, height - 1);
  };
  if (rig.kind == BodyKind::quadruped)
    return overhang(shape, row_of(rig.crotch)) / static_cast<float>(height);
  if (rig.kind == BodyKind::blob) return high_end(shape) / static_cast<float>(height);
  const auto middle = [&](float from, float to) {
    double sum = 0;
    int count = 0;
    for (int y = row_of(from); y <= row_of(to); ++y)
      for (const Run& run : shape.row(y)) {
        sum += static_cast<double>(run.middle()) * run.width();
        count += run.width();
      }
    return count > 0 ? static_cast<float>(sum / count) : 0.0f;
  };
  float lead = rig.separator.empty() ? 0 : toes_ahead(shape, rig);
  if (rig.neck > 0)
    lead += 0.25f * (middle(0.35f * rig.neck, 0.8f * rig.neck) - middle(rig.neck, rig.neck + 0.01f));
  return lead / static_cast<float>(height);
}

Rig mirrored(const Rig& rig) {
  Rig other = rig;
  for (float& x : other.separator) x = 1 - x;
  std::reverse(other.leg_tops.begin(), other.leg_tops.end());
  for (float& x : other.leg_tops) x = 1 - x;
  other.neck_x = 1 - rig.neck_x;
  other.axis = 1 - rig.axis;
  other.left_arm_free = rig.right_arm_free;
  other.right_arm_free = rig.left_arm_free;
  other.left_arm_x = 1 - rig.right_arm_x;
  other.right_arm_x = 1 - rig.left_arm_x;
  return other;
}

float leg_share(const Rig& rig) {
  switch (rig.kind) {
    case BodyKind::biped:
      return 1 - std::max(0.02f, rig.crotch - 0.05f);
    case BodyKind::skirted:
      return 1 - std::min(0.52f, rig.crotch - 0.1f);
    case BodyKind::quadruped:
      return 1 - std::max(0.02f, rig.crotch - 0.1f);
    case BodyKind::half:
    case BodyKind::blob:
      break;
  }
  return 0.42f;
}

}  // namespace troupe::stage
