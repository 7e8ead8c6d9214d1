#include "engine/wan/kernels/linear.h"

#include <algorithm>
#include <atomic>
#include <type_traits>
#include <vector>

#include "engine/wan/kernels/packing.h"
#include "engine/wan/kernels/tile_kernel.h"

namespace troupe::engine::wan {
namespace {

// A tile of sums and what is multiplied for it stay in a second-level cache: 192 x 256 floats, 192 and 256
// rows of a depth whose 64 columns fit the first-level cache.
constexpr int kTileRows = 192;  // a multiple of every kernel's row_step
constexpr int kTileColumns = 256;
constexpr int kDepthBytes = 512;
constexpr int kJobRows = 5 * kTileRows;  // for which the weights of a tile are laid out once

template <typename In, typename Element, typename Out>
class TileLinear {
 public:
  TileLinear(const TileKernel& kernel, const LinearShape& shape, RowsView<const In> x, RowsView<const In> w,
             const LinearEnd& end, RowsView<Out> out, const LinearRun& run)
      : kernel_(kernel),
        shape_(shape),
        x_(x),
        w_(w),
        end_(end),
        out_(out),
        run_(run),
        row_jobs_((shape.rows + kJobRows - 1) / kJobRows),
        column_jobs_((shape.out + kTileColumns - 1) / kTileColumns),
        ones_(kTileRows, 1.0f),
        no_bias_(end.bias ? 0 : kTileColumns) {}

  void run() {
    const int64_t jobs = row_jobs_ * column_jobs_;
    const auto body = [this](int64_t, int64_t) { work(); };
    run_.parallel_for ? run_.parallel_for(jobs, body) : body(0, jobs);
  }

 private:
  static constexpr bool kAsIs = std::is_same_v<In, Element>;
  static constexpr int kDepth = kDepthBytes / sizeof(Element);
  static constexpr int kPerWord = 4 / sizeof(Element);

  struct Scratch {
    Scratch(const TileLinear& all)
        : right(all.shape_.in * std::min<int64_t>(kTileColumns, all.shape_.out), all.run_.allocate),
          left(all.shape_.in * (kAsIs ? all.kernel_.row_step : kTileRows), all.run_.allocate),
          sums(int64_t{kTileRows} * kTileColumns, all.run_.allocate) {}
    Buffer<Element> right, left;
    Buffer<float> sums;
    int64_t columns_of_right = -1;  // the column job whose weights are in `right`
  };

  // Takes jobs as long as there are any, so that a thread that others hold up takes fewer.
  void work() {
    const int64_t jobs = row_jobs_ * column_jobs_;
    int64_t job = next_.fetch_add(1);
    if (job >= jobs) return;
    Scratch scratch(*this);
    if (kernel_.enter) kernel_.enter();
    for (; job < jobs; job = next_.fetch_add(1)) {
      const int64_t column = job / row_jobs_ * kTileColumns, first = job % row_jobs_ * kJobRows;
      const int columns = static_cast<int>(std::min<int64_t>(kTileColumns, shape_.out - column));
      lay_out_right(column, columns, scratch);
      const int64_t end = std::min<int64_t>(first + kJobRows, shape_.rows);
      for (int64_t row = first; row < end; row += kTileRows)
        tile(row, static_cast<int>(std::min<int64_t>(kTileRows, end - row)), column, columns, scratch);
    }
    if (kernel_.leave) kernel_.leave();
  }

  int depth_at(int64_t begin) const { return static_cast<int>(std::min<int64_t>(kDepth, shape_.in - begin)); }

  // The weights of some columns: depth by depth the layout of tile_kernel.h.
  void lay_out_right(int64_t column, int columns, Scratch& s) const {
    if (s.columns_of_right == column) return;
    s.columns_of_right = column;
    for (int64_t begin = 0; begin < shape_.in; begin += kDepth) {
      const int depth = depth_at(begin);
      Element* to = s.right.data() + begin * columns;
      for (int i = 0; i < columns; i += kBlockColumns, to += int64_t{kBlockColumns} * depth) {
        const In* from = w_.data + (column + i) * w_.stride + begin;
        if constexpr (kAsIs) {
          kernel_.transpose(from, w_.stride * static_cast<int64_t>(sizeof(In)), depth / kPerWord, to);
        } else {
          pack_right_transposed(TokenRows<In>{from, w_.stride, kBlockColumns, depth}, kBlockColumns, depth,
                                to);
        }
      }
    }
  }

  void tile(int64_t row, int rows, int64_t column, int columns, Scratch& s) const {
    const int step = kernel_.row_step;
    // Rows that can be multiplied where they are, and those that are copied and filled up.
    const int whole = kAsIs ? rows / step * step : 0;
    const int copied = (rows - whole + step - 1) / step * step;
    const In* x = x_.data + row * x_.stride;
    const int depth_all = static_cast<int>(shape_.in);
    if (copied > 0)
      pack_left(TokenRows<In>{x + whole * x_.stride, x_.stride, rows - whole, depth_all}, copied, depth_all,
                s.left.data());
    for (int64_t begin = 0; begin < shape_.in; begin += kDepth) {
      Product product{};
      product.depth = depth_at(begin);
      product.b = s.right.data() + begin * columns;
      product.b_block = int64_t{kBlockColumns} * product.depth;
      product.columns = columns;
      product.keep = begin == 0 ? nullptr : ones_.data();
      product.c_stride = kTileColumns;
      if (whole > 0) {
        product.a = x + begin;
        product.a_stride = x_.stride;
        product.rows = whole;
        product.c = s.sums.data();
        kernel_.multiply(product);
      }
      if (copied > 0) {
        product.a = s.left.data() + begin;
        product.a_stride = shape_.in;
        product.rows = copied;
        product.c = s.sums.data() + int64_t{whole} * kTileColumns;
        kernel_.multiply(product);
      }
    }
    finish(row, rows, column, columns, s);
  }

  void finish(int64_t row, int rows, int64_t column, int columns, Scratch& s) const {
    kernel_.finish({s.sums.data(), kTileColumns, rows, columns,
                    end_.bias ? end_.bias + column : no_bias_.data(), end_.gelu,
                    end_.gate ? end_.gate + column : nullptr, out_.data + row * out_.stride + column,
                    out_.stride, std::is_same_v<Out, Bf16>});
  }

  const TileKernel& kernel_;
  const LinearShape& shape_;
  const RowsView<const In> x_, w_;
  const LinearEnd& end_;
  const RowsView<Out> out_;
  const LinearRun& run_;
  const int64_t row_jobs_, column_jobs_;
  const std::vector<float> ones_, no_bias_;
  std::atomic<int64_t> next_{0};
};

template <typename In, typename Out>
void multiply(const std::vector<AttentionPath>& paths, const LinearShape& shape, RowsView<const In> x,
              RowsView<const In> w, const LinearEnd& end, RowsView<Out> out, const LinearRun& run) {
  const TileKernel& kernel = *tile_kernel_of(run.path.value_or(paths.back()));
  if constexpr (std::is_same_v<In, Bf16>) {
    if (!kernel.pairs) return TileLinear<In, float, Out>(kernel, shape, x, w, end, out, run).run();
  }
  TileLinear<In, In, Out>(kernel, shape, x, w, end, out, run).run();
}

}  // namespace

bool can_multiply(const LinearShape& shape) {
  return attention_paths_f32().size() > 1 && shape.in > 0 && shape.out > 0 && shape.in % kDimStep == 0 &&
         shape.out % kDimStep == 0;
}

void linear(const LinearShape& shape, RowsView<const float> x, RowsView<const float> w, const LinearEnd& end,
            RowsView<float> out, const LinearRun& run) {
  multiply(attention_paths_f32(), shape, x, w, end, out, run);
}
void linear(const LinearShape& shape, RowsView<const Bf16> x, RowsView<const Bf16> w, const LinearEnd& end,
            RowsView<Bf16> out, const LinearRun& run) {
  multiply(attention_paths_bf16(), shape, x, w, end, out, run);
}
void linear(const LinearShape& shape, RowsView<const Bf16> x, RowsView<const Bf16> w, const LinearEnd& end,
            RowsView<float> out, const LinearRun& run) {
  multiply(attention_paths_bf16(), shape, x, w, end, out, run);
}

}  // namespace troupe::engine::wan
