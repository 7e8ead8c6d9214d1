#include "media/stream_shape.h"

#include <cstdlib>
#include <cstring>

namespace troupe::media {
namespace {

/// The display matrix of a stream's side data, wherever this FFmpeg keeps it.
const uint8_t* display_matrix(const AVStream& stream, size_t& size_bytes) {
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(60, 31, 102)
  const AVPacketSideData* data = av_packet_side_data_get(
      stream.codecpar->coded_side_data, stream.codecpar->nb_coded_side_data, AV_PKT_DATA_DISPLAYMATRIX);
  size_bytes = data != nullptr ? data->size : 0;
  return data != nullptr ? data->data : nullptr;
#else
  return av_stream_get_side_data(&stream, AV_PKT_DATA_DISPLAYMATRIX, &size_bytes);
#endif
}

}  // namespace

int orientation_of(std::span<const int32_t, 9> matrix) {
  // A stored point (x, y) is shown at (a x + c y, b x + d y).
  const int64_t a = matrix[0], b = matrix[1], c = matrix[3], d = matrix[4];
  const bool swaps = std::llabs(b) + std::llabs(c) > std::llabs(a) + std::llabs(d);
  if (!swaps) {
    if (a >= 0) return d >= 0 ? 1 : 4;
    return d >= 0 ? 2 : 3;
  }
  if (b >= 0) return c >= 0 ? 5 : 6;
  return c >= 0 ? 8 : 7;
}

int orientation_of(const AVStream& stream) {
  int32_t matrix[9] = {};
  size_t size_bytes = 0;
  const uint8_t* data = display_matrix(stream, size_bytes);
  if (data == nullptr || size_bytes < sizeof matrix) return 1;
  std::memcpy(matrix, data, sizeof matrix);
  return orientation_of(matrix);
}

FrameSize square_pixels(FrameSize stored, AVRational sample_aspect) {
  const int64_t wide = sample_aspect.num, high = sample_aspect.den;
  if (wide <= 0 || high <= 0 || wide > 4 * high || high > 4 * wide) return stored;
  if (wide > high) return {static_cast<int>(av_rescale(stored.width, wide, high)), stored.height};
  return {stored.width, static_cast<int>(av_rescale(stored.height, high, wide))};
}

}  // namespace troupe::media
