#include "engine/tokenizer/double_array.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace troupe::tokenizer {
namespace {

constexpr uint32_t kValueBit = 1u << 31;
constexpr int kUnseen = -1, kOpen = -2;

// Depth first through a graph in which branches may join again, but must not come back to where they were.
class Walk {
 public:
  Walk(std::string_view units, size_t value_limit, int matches_max)
      : value_limit_(value_limit), matches_max_(matches_max), units_(units.size() / 4) {
    for (size_t i = 0; i < units_.size(); ++i) {
      for (size_t byte = 0; byte < 4; ++byte)
        units_[i] |= uint32_t{static_cast<unsigned char>(units[4 * i + byte])} << (8 * byte);
    }
    matches_.assign(units_.size(), kUnseen);
  }

  bool is_safe() {
    if (units_.empty() || !enter(0)) return false;
    while (!path_.empty()) {
      if (path_.back().label == 256) {
        leave();
      } else if (!step()) {
        return false;
      }
    }
    return matches_[0] <= matches_max_;
  }

 private:
  struct Node {
    uint32_t unit;
    uint32_t children;   // children are children ^ label
    uint32_t label = 0;  // to look at next
    int best = 0;        // the most keys on a way down from here
    int own = 0;         // 1 if a key ends here
  };

  bool enter(uint32_t index) {
    const uint32_t unit = units_[index];
    const uint32_t children = index ^ ((unit >> 10) << ((unit & (1u << 9)) >> 6));
    if ((children | 0xFF) >= units_.size()) return false;
    const bool ends = (unit >> 8) & 1;
    if (ends && (units_[children] & ~kValueBit) >= value_limit_) return false;
    matches_[index] = kOpen;
    path_.push_back({index, children, 0, 0, ends ? 1 : 0});
    return true;
  }

  bool step() {
    Node& node = path_.back();
    const uint32_t child = node.children ^ node.label;
    const bool is_child = (units_[child] & (kValueBit | 0xFF)) == node.label;
    ++node.label;
    if (!is_child) return true;
    if (matches_[child] == kOpen) return false;
    if (matches_[child] == kUnseen) return enter(child);
    node.best = std::max(node.best, matches_[child]);
    return true;
  }

  void leave() {
    const Node node = path_.back();
    path_.pop_back();
    matches_[node.unit] = node.best + node.own;
    if (!path_.empty()) path_.back().best = std::max(path_.back().best, matches_[node.unit]);
  }

  size_t value_limit_;
  int matches_max_;
  std::vector<uint32_t> units_;
  std::vector<int> matches_;  // of each unit, the most keys from there on, or kUnseen or kOpen
  std::vector<Node> path_;
};

}  // namespace

bool is_safe_double_array(std::string_view units, size_t value_limit, int matches_max) {
  return Walk(units, value_limit, matches_max).is_safe();
}

}  // namespace troupe::tokenizer
