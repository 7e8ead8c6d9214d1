// The outline of a cut-out as runs of opaque pixels, row by row.
#pragma once

#include <vector>

#include "image/cut_out.h"

namespace troupe::stage {

/// Opaque pixels [begin, end) of a row.
struct Run {
  int begin = 0, end = 0;
  int width() const { return end - begin; }
  float middle() const { return 0.5f * static_cast<float>(begin + end); }
  bool contains(float x) const { return x >= static_cast<float>(begin) && x < static_cast<float>(end); }
};

/// The tight box of a cut-out at no more than 512 pixels a side. Never empty.
class Silhouette {
 public:
  explicit Silhouette(const image::CutOut& cut_out);
  /// From any coverage; REQUIRES a non-empty mask, which is taken as it is (no scaling).
  explicit Silhouette(const Mask& mask);

  int width() const { return mask_.width; }
  int height() const { return mask_.height; }
  const std::vector<Run>& row(int y) const { return rows_[static_cast<size_t>(y)]; }
  /// From the first opaque pixel of a row to its last; empty (0, 0) where there is none.
  Run extent(int y) const;
  /// Opaque pixels in a row.
  int mass(int y) const;
  /// The run of a row that contains `x`, or else lies nearest to it; empty when the row is.
  Run run_at(int y, float x) const;
  const Mask& mask() const { return mask_; }

 private:
  void find_runs();

  Mask mask_;
  std::vector<std::vector<Run>> rows_;
};

}  // namespace troupe::stage
