// Turning stored pixels upright by the EXIF orientation, for pictures and for the planes of a frame.
#pragma once

#include <cstddef>
#include <cstdint>

namespace troupe::media {

/// True if `orientation` (1 … 8) exchanges width and height.
constexpr bool swaps_sides(int orientation) { return orientation >= 5; }

/// Copies `width` x `height` stored elements at `from` (rows `from_stride` elements apart) upright to `to`,
/// whose rows are unpadded and `height` long if swaps_sides(), else `width`. The buffers do not overlap. 2
/// mirrors, 3 turns by 180°, 4 mirrors upside down, 5 transposes, 6 turns by 90° clockwise, 7 transposes over
/// the other diagonal, 8 turns by 90° counter-clockwise (EXIF 2.32, tag 0x0112).
template <class Element>
void orient(const Element* from, ptrdiff_t from_stride, int width, int height, int orientation, Element* to) {
  const bool swapped = swaps_sides(orientation);
  const bool from_right = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  const bool from_bottom = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  const ptrdiff_t column_step = from_right ? -1 : 1;
  const ptrdiff_t row_step = from_bottom ? -from_stride : from_stride;
  const Element* first = from + (from_right ? width - 1 : 0) +
                         static_cast<ptrdiff_t>(from_bottom ? height - 1 : 0) * from_stride;
  const int rows = swapped ? width : height, columns = swapped ? height : width;
  const ptrdiff_t down = swapped ? column_step : row_step, across = swapped ? row_step : column_step;
  for (int y = 0; y < rows; ++y) {
    const Element* read = first + y * down;
    for (int x = 0; x < columns; ++x, read += across) *to++ = *read;
  }
}

}  // namespace troupe::media
