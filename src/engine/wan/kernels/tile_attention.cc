#include "engine/wan/kernels/tile_attention.h"

#include <algorithm>
#include <atomic>
#include <limits>

#include "engine/wan/kernels/buffer.h"
#include "engine/wan/kernels/packing.h"

namespace troupe::engine::wan {
namespace {

constexpr int64_t kPackedBytesMax = int64_t{64} << 20;
constexpr float kLog2E = 1.44269504f;
constexpr float kLowest = std::numeric_limits<float>::lowest();

int64_t rounded_up(int64_t value, int64_t step) { return (value + step - 1) / step * step; }

void store(float value, float& out) { out = value; }
void store(float value, Bf16& out) { out = to_bf16(value); }

template <typename In, typename Element, typename Out>
class TileAttention {
 public:
  TileAttention(const TileKernel& kernel, const AttentionShape& shape, HeadsView<const In> q,
                HeadsView<const In> k, HeadsView<const In> v, HeadsView<Out> out, const AttentionBias& bias,
                const AttentionRun& run)
      : kernel_(kernel),
        shape_(shape),
        q_(q),
        k_(k),
        v_(v),
        out_(out),
        bias_(bias),
        run_(run),
        dim_(static_cast<int>(rounded_up(shape.head_dim, kDimStep))),
        key_tiles_((shape.keys + kernel.key_tile - 1) / kernel.key_tile),
        query_tiles_((shape.queries + kernel.query_tile - 1) / kernel.query_tile),
        head_elements_(2 * rounded_up(shape.keys, kKeyStep) * dim_),
        heads_at_once_(
            std::clamp<int64_t>(kPackedBytesMax / (head_elements_ * sizeof(Element)), 1, shape.heads)),
        packed_(heads_at_once_ * head_elements_, run.allocate) {}

  // Heads in groups whose k and v are packed once and then read by all their tiles of queries.
  bool run() {
    for (int64_t first = 0; first < shape_.heads && !cancelled(); first += heads_at_once_) {
      first_head_ = first;
      const int64_t heads = std::min(heads_at_once_, shape_.heads - first);
      in_parallel(heads * key_tiles_, [this](int64_t begin, int64_t end) { pack(begin, end); });
      next_ = 0;
      in_parallel(heads * query_tiles_,
                  [this, tiles = heads * query_tiles_](int64_t, int64_t) { attend(tiles); });
    }
    return !cancelled_.load();
  }

 private:
  // What one range of tiles works in.
  struct Scratch {
    Scratch(const TileKernel& kernel, int dim, const Allocate& allocate)
        : q(int64_t{kernel.query_tile} * dim, allocate),
          scores(int64_t{kernel.query_tile} * kernel.key_tile, allocate),
          weights(kernel.pairs ? int64_t{kernel.query_tile} * kernel.key_tile : 1, allocate),
          sums(int64_t{kernel.query_tile} * dim, allocate),
          row_max(kernel.query_tile, allocate),
          keep(kernel.query_tile, allocate),
          row_sum(int64_t{kernel.query_tile} * kSumLanes, allocate) {}
    Buffer<Element> q;
    Buffer<float> scores;
    Buffer<Element> weights;
    Buffer<float> sums, row_max, keep, row_sum;
  };
  struct Queries {
    int64_t head, first;
    int count;  // of them
    int rows;   // with those that only fill up
  };
  struct Keys {
    const Element *k, *v;
    int64_t first;
    int count;
    int columns;  // with those that only fill up
  };

  template <typename Body>
  void in_parallel(int64_t count, const Body& body) {
    run_.parallel_for ? run_.parallel_for(count, body) : body(0, count);
  }

  Keys keys(int64_t slot, int64_t tile) {
    const int64_t first = tile * kernel_.key_tile;
    const int count = static_cast<int>(std::min<int64_t>(kernel_.key_tile, shape_.keys - first));
    const int columns = static_cast<int>(rounded_up(count, kKeyStep));
    const Element* k = packed_.data() + slot * head_elements_ + 2 * first * dim_;
    return {k, k + int64_t{columns} * dim_, first, count, columns};
  }

  TokenRows<In> rows(HeadsView<const In> view, int64_t head, int64_t first, int count) const {
    return {view.data + head * view.head_stride + first * view.token_stride, view.token_stride, count,
            static_cast<int>(shape_.head_dim)};
  }

  void pack(int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end && !cancelled(); ++i) {
      const int64_t slot = i / key_tiles_, head = first_head_ + slot;
      const Keys tile = keys(slot, i % key_tiles_);
      Element* k = packed_.data() + (tile.k - packed_.data());
      pack_right_transposed(rows(k_, head, tile.first, tile.count), tile.columns, dim_, k);
      pack_right(rows(v_, head, tile.first, tile.count), tile.columns, dim_, k + (tile.v - tile.k));
    }
  }

  // Takes tiles as long as there are any, so that a thread that others hold up takes fewer.
  void attend(int64_t tiles) {
    int64_t i = next_.fetch_add(1);
    if (i >= tiles) return;
    Scratch scratch(kernel_, dim_, run_.allocate);
    if (kernel_.enter) kernel_.enter();
    for (; i < tiles && !cancelled(); i = next_.fetch_add(1)) {
      const int64_t first = i % query_tiles_ * kernel_.query_tile;
      const int count = static_cast<int>(std::min<int64_t>(kernel_.query_tile, shape_.queries - first));
      const int filled = static_cast<int>(rounded_up(count, kernel_.row_step));
      attend_tile(i / query_tiles_, {first_head_ + i / query_tiles_, first, count, filled}, scratch);
    }
    if (kernel_.leave) kernel_.leave();
  }

  void attend_tile(int64_t slot, const Queries& queries, Scratch& s) {
    pack_left(rows(q_, queries.head, queries.first, queries.count), queries.rows, dim_, s.q.data());
    std::fill_n(s.sums.data(), int64_t{queries.rows} * dim_, 0.0f);
    std::fill_n(s.row_max.data(), queries.rows, kLowest);
    std::fill_n(s.row_sum.data(), queries.rows * kSumLanes, 0.0f);
    const int64_t stride = kernel_.key_tile;
    void* weights = kernel_.pairs ? static_cast<void*>(s.weights.data()) : s.scores.data();
    for (int64_t tile = 0; tile < key_tiles_; ++tile) {
      const Keys at = keys(slot, tile);
      kernel_.multiply({s.q.data(), dim_, at.k, int64_t{kBlockColumns} * dim_, queries.rows, at.columns, dim_,
                        nullptr, s.scores.data(), stride});
      finish_scores(queries, at, s.scores.data());
      kernel_.softmax({s.scores.data(), weights, stride, queries.rows, at.columns, shape_.scale * kLog2E,
                       s.row_max.data(), s.row_sum.data(), s.keep.data()});
      kernel_.multiply({weights, stride, at.v, int64_t{kBlockColumns} * at.columns, queries.rows, dim_,
                        at.columns, s.keep.data(), s.sums.data(), dim_});
    }
    write(queries, s);
  }

  // Adds the bias, and takes the columns that only fill up out of the running.
  void finish_scores(const Queries& queries, const Keys& at, float* scores) const {
    if (!bias_.data && at.count == at.columns) return;
    for (int row = 0; row < queries.rows; ++row, scores += kernel_.key_tile) {
      if (bias_.data && row < queries.count) {
        const float* bias = bias_.data + queries.head * bias_.head_stride +
                            (queries.first + row) * bias_.query_stride + at.first;
        for (int i = 0; i < at.count; ++i) scores[i] += bias[i] / shape_.scale;
      }
      std::fill(scores + at.count, scores + at.columns, kLowest);
    }
  }

  void write(const Queries& queries, Scratch& s) const {
    for (int row = 0; row < queries.count; ++row) {
      float total = 0;
      for (int lane = 0; lane < kSumLanes; ++lane) total += s.row_sum[row * kSumLanes + lane];
      const float* sums = s.sums.data() + int64_t{row} * dim_;
      Out* out = out_.data + queries.head * out_.head_stride + (queries.first + row) * out_.token_stride;
      for (int64_t d = 0; d < shape_.head_dim; ++d) store(sums[d] / total, out[d]);
    }
  }

  bool cancelled() {
    if (run_.cancel.cancelled()) cancelled_.store(true);
    return cancelled_.load(std::memory_order_relaxed);
  }

  const TileKernel& kernel_;
  const AttentionShape& shape_;
  const HeadsView<const In> q_, k_, v_;
  const HeadsView<Out> out_;
  const AttentionBias& bias_;
  const AttentionRun& run_;
  const int dim_;
  const int64_t key_tiles_, query_tiles_, head_elements_, heads_at_once_;
  Buffer<Element> packed_;
  int64_t first_head_ = 0;
  std::atomic<int64_t> next_{0};
  std::atomic<bool> cancelled_{false};
};

}  // namespace

template <typename In, typename Out>
bool tile_attention(const TileKernel& kernel, const AttentionShape& shape, HeadsView<const In> q,
                    HeadsView<const In> k, HeadsView<const In> v, HeadsView<Out> out,
                    const AttentionBias& bias, const AttentionRun& run) {
  if (kernel.pairs) return TileAttention<In, Bf16, Out>(kernel, shape, q, k, v, out, bias, run).run();
  return TileAttention<In, float, Out>(kernel, shape, q, k, v, out, bias, run).run();
}

template bool tile_attention(const TileKernel&, const AttentionShape&, HeadsView<const float>,
                             HeadsView<const float>, HeadsView<const float>, HeadsView<float>,
                             const AttentionBias&, const AttentionRun&);
template bool tile_attention(const TileKernel&, const AttentionShape&, HeadsView<const Bf16>,
                             HeadsView<const Bf16>, HeadsView<const Bf16>, HeadsView<Bf16>,
                             const AttentionBias&, const AttentionRun&);
template bool tile_attention(const TileKernel&, const AttentionShape&, HeadsView<const Bf16>,
                             HeadsView<const Bf16>, HeadsView<const Bf16>, HeadsView<float>,
                             const AttentionBias&, const AttentionRun&);

}  // namespace troupe::engine::wan
