// The pictures that stand for a take: a thumbnail, a spritesheet, its last frame. Private to work/.
#pragma once

#include <cstdint>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "core/frame.h"
#include "core/image.h"
#include "core/job.h"
#include "store/object_store.h"
#include "work/media_decoder.h"

namespace troupe::work {

inline constexpr int kThumbnailSide = 640, kThumbnailQuality = 85;
/// A spritesheet shows frames at even steps, row by row.
inline constexpr int kSheetPicturesMax = 25, kSheetColumns = 5;
inline constexpr int kSheetPictureSide = 320, kSheetQuality = 80;

/// A JPEG of at most `side` pixels a side.
Result<Bytes> small_jpeg(Image picture, int side, int quality);

/// The pictures side by side, kSheetColumns in a row (fewer if there are fewer), over black. REQUIRES at
/// least one picture, all of one size.
Image sheet_of(const std::vector<Image>& pictures);

/// Picks a take's pictures out of its frames as they pass. Holds two frames and the sheet's small pictures.
class Stills {
 public:
  /// `frames` >= 1: how many there will be.
  explicit Stills(int64_t frames);

  /// Every frame in order, `index` from 0; those behind the expected ones are the last frame only.
  void see(const Frame& frame, int64_t index);

  /// The very last frame, in place of the last that was seen.
  void set_last(Image picture) { last_picture_ = std::move(picture); }

  /// Puts them into `objects` and their ids into `take`. REQUIRES a frame seen. Blocks. Errors: those of the
  /// store and of the encoders.
  Result<void> store(store::ObjectStore& objects, Take& take) const;

 private:
  const int64_t frames_, pictures_;
  Frame thumbnail_, last_;
  Image last_picture_;
  std::vector<Image> small_;
};

/// The stills of a finished video, which is played once, small, at as many frames as a sheet shows; its last
/// frame is of its own size. Blocks. Errors: those of the clip.
Result<Stills> stills_of(PlayableClip& clip, const CancelToken& cancel);

}  // namespace troupe::work
