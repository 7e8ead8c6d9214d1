// Which pixels of a band of rows are hidden already. Private to raster/.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace troupe::stage {

/// Pixels [begin, end) of one row.
struct PixelRun {
  int row = 0, begin = 0, end = 0;
  bool empty() const { return begin >= end; }
  bool operator==(const PixelRun&) const = default;
};

/// One bit a pixel. Filled from the nearest thing to the farthest, it tells what of each will show.
class Coverage {
 public:
  /// `width` pixels by `rows` rows, none covered.
  Coverage(int width, int rows);

  /// Forgets everything.
  void clear();
  /// The run without the covered pixels at its ends (those between stay in it); empty if all are covered.
  PixelRun visible(PixelRun run) const;
  void cover(PixelRun run);

 private:
  const uint64_t* row(int y) const { return &bits_[static_cast<size_t>(y) * words_]; }

  size_t words_;  // of a row
  std::vector<uint64_t> bits_;
};

}  // namespace troupe::stage
