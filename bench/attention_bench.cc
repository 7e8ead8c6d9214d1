// Attention on every path of this processor, against what its multipliers can do at most just before and
// after, and against the plain path. attention_bench [RUNS] [TOKENS] [KEYS]
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <thread>
#include <vector>

#include "base/random.h"
#include "engine/wan/kernels/attention.h"
#include "engine/wan/kernels/vector_macros.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace {

using namespace troupe;
using namespace troupe::engine::wan;

constexpr int kThreads = 2;
constexpr int64_t kHeads = 12, kHeadDim = 128;
constexpr double kPlainShare =
    1.0 / 100;  // of the queries, on one head, which is enough to tell the plain path's rate

void on_threads(int64_t count, const std::function<void(int64_t, int64_t)>& body) {
  std::vector<std::jthread> threads;
  for (int64_t i = 0; i < kThreads; ++i) {
    threads.emplace_back(body, count * i / kThreads, count * (i + 1) / kThreads);
  }
}

// Processor seconds of all threads, so that what else the machine does counts for little.
double seconds_of(const std::function<void()>& work) {
  const auto now = [] {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
  };
  const double start = now();
  work();
  return now() - start;
}

// Multiplications and additions that registers alone allow. Many sums, unknown so that none is taken for
// another, hide the latency.
#if defined(__x86_64__)
constexpr int kSums = 16;
constexpr int64_t kTurns = 4'000'000;

__attribute__((target("avx2,fma"))) double multiply_avx2() {
  constexpr int kFew = 12;
  __m256 sums[kFew] = {}, factor = _mm256_set1_ps(1e-3f);
  TROUPE_UNROLL for (auto& sum : sums) asm volatile("" : "+x"(sum));
  for (int64_t turn = 0; turn < kTurns; ++turn) {
    asm volatile("" : "+x"(factor));
    TROUPE_UNROLL for (auto& sum : sums) sum = _mm256_fmadd_ps(factor, factor, sum);
  }
  TROUPE_UNROLL for (auto& sum : sums) asm volatile("" ::"x"(sum));
  return 2.0 * 8 * kFew * kTurns;
}

__attribute__((target("avx512f"))) double multiply_avx512() {
  __m512 sums[kSums] = {}, factor = _mm512_set1_ps(1e-3f);
  TROUPE_UNROLL for (auto& sum : sums) asm volatile("" : "+v"(sum));
  for (int64_t turn = 0; turn < kTurns; ++turn) {
    asm volatile("" : "+v"(factor));
    TROUPE_UNROLL for (auto& sum : sums) sum = _mm512_fmadd_ps(factor, factor, sum);
  }
  TROUPE_UNROLL for (auto& sum : sums) asm volatile("" ::"v"(sum));
  return 2.0 * 16 * kSums * kTurns;
}

__attribute__((target("avx512f,avx512bf16"))) double multiply_avx512_bf16() {
  __m512 sums[kSums] = {}, factor = _mm512_set1_ps(1e-3f);
  TROUPE_UNROLL for (auto& sum : sums) asm volatile("" : "+v"(sum));
  for (int64_t turn = 0; turn < kTurns; ++turn) {
    asm volatile("" : "+v"(factor));
    TROUPE_UNROLL for (auto& sum : sums) sum = _mm512_dpbf16_ps(sum, (__m512bh)factor, (__m512bh)factor);
  }
  TROUPE_UNROLL for (auto& sum : sums) asm volatile("" ::"v"(sum));
  return 2.0 * 32 * kSums * kTurns;
}
#endif

// Operations a processor second; 0 where nothing says what the path's instructions could do.
double peak_rate(AttentionPath path) {
  double (*multiply)() = nullptr;
#if defined(__x86_64__)
  if (path == AttentionPath::kAvx2) multiply = multiply_avx2;
  if (path == AttentionPath::kAvx512) multiply = multiply_avx512;
  if (path == AttentionPath::kAvx512Bf16) multiply = multiply_avx512_bf16;
#endif
  if (!multiply) return 0;
  double done[kThreads] = {};
  const double seconds = seconds_of([&] {
    on_threads(kThreads, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) done[i] = multiply();
    });
  });
  double sum = 0;
  for (const double part : done) sum += part;
  return sum / seconds;
}

template <typename T>
struct Tensors {
  AttentionShape shape;
  std::vector<T> q = {}, k = {}, v = {}, out = {};
};

void set(float value, float& out) { out = value; }
void set(float value, Bf16& out) { out = to_bf16(value); }

template <typename T>
Tensors<T> random_tensors(int64_t queries, int64_t keys) {
  Tensors<T> made{.shape = {kHeads, queries, keys, kHeadDim, 1 / std::sqrt(float{kHeadDim})}};
  Random random(1);
  const auto fill = [&](std::vector<T>& values, int64_t tokens) {
    values.resize(tokens * kHeads * kHeadDim);
    for (T& value : values) set(random.uniform(-2, 2), value);
  };
  fill(made.q, queries), fill(made.k, keys), fill(made.v, keys), fill(made.out, queries);
  return made;
}

// Operations a processor second of the two products, on tokens with interleaved heads as projections leave
// them.
template <typename T>
double rate(Tensors<T>& tensors, AttentionPath path) {
  AttentionShape shape = tensors.shape;
  if (path == AttentionPath::kPlain) {
    shape.heads = 1;
    shape.queries =
        std::max<int64_t>(kThreads, std::llround(kPlainShare * static_cast<double>(shape.queries)));
  }
  const int64_t token = kHeads * kHeadDim;
  const double seconds = seconds_of([&] {
    if (!attention(shape, {tensors.q.data(), token, kHeadDim}, {tensors.k.data(), token, kHeadDim},
                   {tensors.v.data(), token, kHeadDim}, HeadsView<T>{tensors.out.data(), token, kHeadDim}, {},
                   {.parallel_for = on_threads, .path = path})) {
      std::exit(EXIT_FAILURE);
    }
  });
  return 4.0 * static_cast<double>(shape.heads * shape.queries * shape.keys * shape.head_dim) / seconds;
}

double middle(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + std::ssize(values) / 2, values.end());
  return values[values.size() / 2];
}

// Peak, path, peak: what others take from the processor in the meantime shows in both.
template <typename T>
void compare(const char* type, const std::vector<AttentionPath>& paths, Tensors<T>&& tensors, int runs) {
  const double plain = rate(tensors, AttentionPath::kPlain);
  for (const AttentionPath path : paths) {
    std::vector<double> rates, of_peak;
    for (int run = 0; run < runs && path != AttentionPath::kPlain; ++run) {
      const double before = peak_rate(path);
      rates.push_back(rate(tensors, path));
      of_peak.push_back(rates.back() * 2 / (before + peak_rate(path)));
    }
    if (rates.empty()) continue;
    std::printf("%s %-12s %6.1f GF/s a thread, %6.1f times plain, of the peak %.2f (%.2f - %.2f)\n", type,
                name_of(path), middle(rates) / 1e9, middle(rates) / plain, middle(of_peak),
                *std::min_element(of_peak.begin(), of_peak.end()),
                *std::max_element(of_peak.begin(), of_peak.end()));
    std::fflush(stdout);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const int runs = argc > 1 ? std::clamp(std::atoi(argv[1]), 1, 1000) : 7;
  const int64_t tokens = argc > 2 ? std::clamp(std::atol(argv[2]), 1l, 100'000l) : 3900;
  const int64_t keys = argc > 3 ? std::clamp(std::atol(argv[3]), 1l, 100'000l) : tokens;
  std::printf("%d threads, %d heads of %d, %d queries, %d keys\n", kThreads, int{kHeads}, int{kHeadDim},
              static_cast<int>(tokens), static_cast<int>(keys));
  compare("bf16", attention_paths_bf16(), random_tensors<Bf16>(tokens, keys), runs);
  compare("f32 ", attention_paths_f32(), random_tensors<float>(tokens, keys), runs);
}
