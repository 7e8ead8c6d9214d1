// Where a token stands in time and space, as angles.
#pragma once

#include <ATen/ATen.h>

#include <span>
#include <vector>

#include "engine/wan/nn/ops.h"

namespace troupe::engine::wan {

/// A box of tokens with a grid of its own.
struct Grid {
  int64_t frames = 1, height = 1, width = 1;  ///< in tokens
  int64_t first_frame = 0;  ///< the position in time of its first frame; rows and columns start at 0
  double source = 0;        ///< which of the inputs it is: 0 the video, 1, 2 … conditions (Bernini's SA-3D)
};

/// The angles of every token of every grid, one after the other, in the order frame, row, column:
/// [tokens, head_dim / 2] double. Of the columns the first head_dim / 2 - 2 (head_dim / 6) turn with time,
/// the next head_dim / 6 with the row, the last head_dim / 6 with the column, each with frequencies 10000^(-2
/// i / (2 columns)). A source turns all columns by source * 10000^(-2 i / head_dim). Source: Wan2.1
/// wan/modules/model.py @9737cba rope_params, rope_apply; bernini/models/transformer_wan.py @ed504e3.
at::Tensor rotary_angles(std::span<const Grid> grids, int64_t head_dim);

/// Their cosines and sines as floats on a device.
Rotary rotary_of(const at::Tensor& angles, at::Device device);

/// The sinusoid of a timestep: [columns] float, cosines first, base 10000.
/// `in_float`: computed in float, as diffusers does; otherwise in double and then rounded, as Wan does.
at::Tensor sinusoid(double timestep, int64_t columns, bool in_float);

}  // namespace troupe::engine::wan
