#include "engine/stage/raster/rasterizer.h"

#include <algorithm>
#include <optional>
#include <span>

#include "engine/stage/raster/reflection.h"
#include "engine/stage/raster/triangle_painter.h"

namespace troupe::stage {
namespace {

constexpr int kBandRows = 32;  // a band of a 1080p frame is 240 KiB: it stays in the second-level cache
constexpr int kRowPadding = 16;

// Triangles with the bands of rows that each touches.
class BinnedTriangles {
 public:
  BinnedTriangles(std::vector<ScreenTriangle> triangles, FrameSize size)
      : triangles_(std::move(triangles)), size_(size), bins_((size.height + kBandRows - 1) / kBandRows) {
    for (uint32_t i = 0; i < triangles_.size(); ++i) {
      const int last = (triangles_[i].row_end - 1) / kBandRows;
      for (int b = triangles_[i].row_begin / kBandRows; b <= last; ++b)
        bins_[static_cast<size_t>(b)].push_back(i);
    }
  }
  int bands() const { return static_cast<int>(bins_.size()); }
  bool empty() const { return triangles_.empty(); }
  const std::vector<ScreenTriangle>& triangles() const { return triangles_; }
  const std::vector<uint32_t>& bin(int band) const { return bins_[static_cast<size_t>(band)]; }
  FrameSize size() const { return size_; }

 private:
  std::vector<ScreenTriangle> triangles_;
  FrameSize size_;
  std::vector<std::vector<uint32_t>> bins_;
};

// One band's work. Layers are looked through from the nearest, so that what nearer things hide is never
// drawn, then painted from the farthest.
class BandPainter {
 public:
  BandPainter(FrameSize size, int band)
      : width_(size.width),
        begin_(band * kBandRows),
        end_(std::min(begin_ + kBandRows, size.height)),
        coverage_(size.width, kBandRows) {}

  int begin() const { return begin_; }
  int end() const { return end_; }

  /// What shows of a layer, in drawing order.
  struct Visible {
    struct Part {
      uint32_t triangle;
      size_t runs;
    };
    const BinnedTriangles* layer;
    std::vector<Part> parts;     // nearest first
    std::vector<PixelRun> runs;  // of all parts, one after the other
  };

  /// Layers must come from the nearest to the farthest.
  Visible look_through(const BinnedTriangles& layer, int band) {
    Visible visible{&layer, {}, {}};
    const std::vector<uint32_t>& bin = layer.bin(band);
    for (auto it = bin.rbegin(); it != bin.rend(); ++it) {
      const size_t before = visible.runs.size();
      add_runs(layer.triangles()[*it], visible.runs);
      if (visible.runs.size() > before) visible.parts.push_back({*it, visible.runs.size() - before});
    }
    return visible;
  }

  void paint(const Visible& visible, Rgb haze_color, RenderTarget& target) const {
    const std::span<const PixelRun> runs(visible.runs);
    size_t end = runs.size();
    for (auto part = visible.parts.rbegin(); part != visible.parts.rend(); ++part) {
      end -= part->runs;
      paint_runs(visible.layer->triangles()[part->triangle], runs.subspan(end, part->runs), haze_color,
                 target);
    }
  }

 private:
  void add_runs(const ScreenTriangle& triangle, std::vector<PixelRun>& runs) {
    const int end = std::min(end_, triangle.row_end);
    for (int y = std::max(begin_, triangle.row_begin); y < end; ++y) {
      PixelRun run = run_of(triangle, y, width_);
      run.row -= begin_;
      run = coverage_.visible(run);
      if (run.empty()) continue;
      if (triangle.solid) coverage_.cover(run);
      run.row = y;
      runs.push_back(run);
    }
  }

  int width_, begin_, end_;
  Coverage coverage_;
};

void clear_rows(RenderTarget& target, int begin, int end) {
  std::fill(target.row(begin), target.row(begin) + static_cast<size_t>(end - begin) * target.stride * 4, 0);
}

std::optional<RenderTarget> draw_mirror(const DrawList& list, const Camera& camera,
                                        const DrawSettings& settings, TaskQueue& queue, FrameSize frame) {
  if (!settings.mirror_world) return std::nullopt;
  RenderTarget mirror(reflection_size(frame));
  const BinnedTriangles triangles(project_list(list, Pass::reflection, camera, settings, mirror.size),
                                  mirror.size);
  if (triangles.empty()) return std::nullopt;
  queue.for_each(triangles.bands(), [&](int band) {
    BandPainter painter(mirror.size, band);
    painter.paint(painter.look_through(triangles, band), settings.haze_color, mirror);
  });
  const float radius = 0.006f * settings.mirror_blur * static_cast<float>(mirror.size.height);
  soften(mirror, std::max(1, static_cast<int>(radius)), static_cast<int>(radius / 3), queue);
  return mirror;
}

}  // namespace

RenderTarget::RenderTarget(FrameSize s)
    : size(s), stride(s.width + kRowPadding), rgba(static_cast<size_t>(stride) * s.height * 4) {}

Image RenderTarget::to_image() const {
  Image image(size.width, size.height);
  for (int y = 0; y < size.height; ++y) {
    std::copy_n(row(y), static_cast<size_t>(size.width) * 4, image.at(0, y));
  }
  return image;
}

void draw(const DrawList& list, const Camera& camera, const DrawSettings& settings, TaskQueue& queue,
          RenderTarget& target) {
  const BinnedTriangles behind(project_list(list, Pass::behind, camera, settings, target.size), target.size);
  const BinnedTriangles front(project_list(list, Pass::front, camera, settings, target.size), target.size);
  const std::optional<RenderTarget> mirror = draw_mirror(list, camera, settings, queue, target.size);
  queue.for_each(behind.bands(), [&](int band) {
    BandPainter painter(target.size, band);
    const BandPainter::Visible near = painter.look_through(front, band);
    const BandPainter::Visible far = painter.look_through(behind, band);
    clear_rows(target, painter.begin(), painter.end());
    painter.paint(far, settings.haze_color, target);
    if (mirror) {
      HalfSizeOverlay overlay(*mirror);
      for (int y = painter.begin(); y < painter.end(); ++y) overlay.lay_over(y, target);
    }
    painter.paint(near, settings.haze_color, target);
  });
}

}  // namespace troupe::stage
