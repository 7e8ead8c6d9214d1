// Any bytes as a picture: probing and decoding either succeed within the limits or give an error.
#include <cstdint>
#include <cstdlib>

#include "media/image_file.h"
#include "media/probe.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace troupe;
  // Small, so that a decode is fast enough for many runs.
  const media::ImageLimits limits{.size_bytes_max = 1 << 20,
                                  .side_pixels_max = 2048,
                                  .pixels_max = 512 * 512,
                                  .decoded_side_pixels_max = 100};
  const auto info = media::probe_image({data, size}, limits);
  const auto picture = media::decode_image({data, size}, limits);
  if (!picture) return 0;
  const bool fits =
      picture->width >= 1 && picture->width <= 100 && picture->height >= 1 && picture->height <= 100;
  const size_t bytes = static_cast<size_t>(picture->width) * static_cast<size_t>(picture->height) * 4;
  if (!info || !fits || picture->rgba.size() != bytes) std::abort();
  return 0;
}
