#include "engine/stage/raster/coverage.h"

#include <algorithm>
#include <bit>

namespace troupe::stage {
namespace {

constexpr int kWord = 64;

// Bits [begin, end) of a word, 0 <= begin < end <= 64.
uint64_t bits_between(int begin, int end) {
  const uint64_t upto_end = end == kWord ? ~uint64_t{0} : (uint64_t{1} << end) - 1;
  return upto_end & ~((uint64_t{1} << begin) - 1);
}

}  // namespace

Coverage::Coverage(int width, int rows)
    : words_((static_cast<size_t>(width) + kWord - 1) / kWord), bits_(words_ * static_cast<size_t>(rows)) {}

void Coverage::clear() { std::fill(bits_.begin(), bits_.end(), 0); }

PixelRun Coverage::visible(PixelRun run) const {
  const uint64_t* words = row(run.row);
  while (!run.empty()) {
    const int word = run.begin / kWord;
    const uint64_t open = ~words[word] & (~uint64_t{0} << (run.begin % kWord));
    run.begin = open ? word * kWord + std::countr_zero(open) : (word + 1) * kWord;
    if (open) break;
  }
  while (!run.empty()) {
    const int word = (run.end - 1) / kWord;
    const uint64_t open = ~words[word] & bits_between(0, run.end - word * kWord);
    run.end = word * kWord + (open ? kWord - std::countl_zero(open) : 0);
    if (open) break;
  }
  return run;
}

void Coverage::cover(PixelRun run) {
  uint64_t* words = &bits_[static_cast<size_t>(run.row) * words_];
  while (!run.empty()) {
    const int word = run.begin / kWord, end = std::min(run.end, (word + 1) * kWord);
    words[word] |= bits_between(run.begin - word * kWord, end - word * kWord);
    run.begin = end;
  }
}

}  // namespace troupe::stage
