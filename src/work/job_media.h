// What every run of a job begins and ends with: its request with its media, and pictures into the store.
// Private to work/.
#pragma once

#include "core/frame.h"
#include "core/image.h"
#include "work/prepare.h"
#include "work/runner.h"

namespace troupe::work {

inline constexpr int kThumbnailSide = 640, kThumbnailQuality = 85;

/// The job's spec, checked, with its media read through `reader`. Blocks. Errors: invalid_argument: all that
/// is wrong with it in one message; those of prepare(). `stand_in`: the model that makes it in place of the
/// job's; "" = none does.
Result<PreparedTake> prepare_job(const RunnerParts& parts, const Job& job, MediaReader& reader,
                                 const CancelToken& cancel, const std::string& stand_in = {});

/// Where in the body of the job's own dialect the part of the spec at `field` stood.
std::string callers_field(const Job& job, const std::string& field);

/// A JPEG of at most `side` pixels a side.
Result<Bytes> small_jpeg(Image picture, int side, int quality);

/// A thumbnail and a last frame as objects of `take`. Blocks.
Result<void> store_stills(store::ObjectStore& objects, const Image& thumbnail, const Image& last, Take& take);

}  // namespace troupe::work
