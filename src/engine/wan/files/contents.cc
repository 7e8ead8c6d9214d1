#include "engine/wan/files/contents.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace troupe::engine::wan {

std::string in_quotes(std::string_view text) {
  constexpr size_t kShown = 100;
  std::string shown = "\"";
  for (const char c : text.substr(0, kShown)) shown += c >= ' ' && c <= '~' ? c : '?';
  return shown + (text.size() > kShown ? "…\"" : "\"");
}

std::string shape_text(std::span<const int64_t> shape) {
  std::string text = "[";
  for (size_t i = 0; i < shape.size(); ++i) text += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
  return text + "]";
}

Error corrupt(std::string_view label, std::string_view what) {
  return make_error(ErrorCode::corrupt_input, std::string(label) + ": " + std::string(what));
}

Error over_limit(std::string_view label, std::string_view what) {
  return make_error(ErrorCode::over_limit, std::string(label) + ": " + std::string(what));
}

Error unsupported(std::string_view label, std::string_view what) {
  return make_error(ErrorCode::unsupported, std::string(label) + ": " + std::string(what));
}

bool overlap(const std::vector<TensorView>& tensors) {
  std::vector<ByteSpan> spans;
  for (const TensorView& tensor : tensors) {
    if (!tensor.bytes.empty()) spans.push_back(tensor.bytes);
  }
  std::sort(spans.begin(), spans.end(), [](ByteSpan a, ByteSpan b) { return a.data() < b.data(); });
  for (size_t i = 1; i < spans.size(); ++i) {
    if (spans[i].data() < spans[i - 1].data() + spans[i - 1].size()) return true;
  }
  return false;
}

}  // namespace troupe::engine::wan
