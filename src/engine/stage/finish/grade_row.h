// One row through the grade. Private to finish/.
#pragma once

#include <cstdint>

namespace troupe::stage {

/// The grade as numbers for the inner loop; colours 0 … 1.
struct RowGrade {
  float gain[3];  ///< exposure and colour gain
  float lift;
  float shoulder;  ///< share of the bend at the bright end, 0 = clip
  float contrast;  ///< share of the S-curve
  float saturation;
  float grain;  ///< in 1/255, at black; falls to 40 % at white
};

/// Grades `count` pixels of a row. `pixels`: RGBA8. `bloom`: three rows of `count` floats, 0 … 255.
/// `vignette`, `noise`: `count` floats (factor; triangular in [-1, 1]). Writes graded red, green, blue, 0
/// … 1. Buffers must be readable and writable up to the next multiple of 8 past `count`.
void grade_row(const RowGrade& grade, const uint8_t* pixels, const float* const bloom[3],
               const float* vignette, const float* noise, int count, float* const out[3]);

/// BT.709 limited-range luma of a graded row.
void luma_row(const float* const rgb[3], int count, uint8_t* luma);

}  // namespace troupe::stage
