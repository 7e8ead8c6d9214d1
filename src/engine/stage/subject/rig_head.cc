#include <algorithm>
#include <cmath>
#include <optional>

#include "engine/stage/subject/rig_steps.h"

namespace troupe::stage {
namespace {

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

}  // namespace

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

}  // namespace troupe::stage
