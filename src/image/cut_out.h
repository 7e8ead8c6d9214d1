// Taking the subject out of its picture.
#pragma once

#include <optional>
#include <string_view>

#include "base/cancel.h"
#include "base/result.h"
#include "core/generation_spec.h"
#include "core/image.h"

namespace troupe::image {

struct Rect {
  int x = 0, y = 0, width = 0, height = 0;
  bool operator==(const Rect&) const = default;
};

/// Which way found the subject: "alpha" the picture had one, "plain" a plain backdrop, "line_art" a drawing,
/// "saliency", "centre", "face", "person" a GrabCut from that seed, "box" the user's box, "whole" nothing was
/// found and the whole picture is the subject.
enum class CutOutMethod { alpha, plain, line_art, saliency, centre, face, person, box, whole };
std::string_view name(CutOutMethod method);

/// A subject without its background.
struct CutOut {
  Image picture;         ///< straight alpha; edge colours decontaminated; at most `side_max` on the long side
  Rect bounds;           ///< smallest box of alpha >= 32 in `picture`; never empty
  float confidence = 0;  ///< >= 1.15 nearly always right, < 0.92 show it and ask for a box; 2 for alpha
  CutOutMethod method = CutOutMethod::whole;
  bool touches_left = false, touches_right = false, touches_top = false, touches_bottom = false;
  std::optional<Rect> face;  ///< frontal face, in `picture`
  bool has_person = false;   ///< a face or a standing figure was detected
};

struct CutOutOptions {
  std::optional<BoxHint> box;  ///< the user's hint
  int side_max = 1280;         ///< 256 … 4096: the picture is scaled down to it first
  CancelToken cancel;
};

/// Finds the subject without weights: the picture's own alpha, else a plain backdrop, else the best of
/// several GrabCuts (Rother 2004) by score. 0.3 … 2 s of CPU. Deterministic. Thread-safe. Errors:
/// invalid_argument (empty picture, or nothing visible in it), cancelled (checked between hypotheses).
Result<CutOut> cut_out(const Image& picture, const CutOutOptions& options = {});

/// What a picture looks like without cutting it out fully: cheap (about 0.1 s).
struct PictureFacts {
  bool has_alpha = false;       ///< > 1 % of pixels below half alpha
  bool plain_backdrop = false;  ///< the border fits one smooth backdrop
  bool has_person = false;      ///< a frontal face or standing figure
  float horizon = 0.46f;        ///< row of the horizon, fraction of the height
  bool horizon_strong = false;  ///< the picture has evidence for it, not only the prior
};
PictureFacts look_at(const Image& picture);

}  // namespace troupe::image
