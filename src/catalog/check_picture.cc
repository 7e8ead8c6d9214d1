#include <algorithm>

#include "catalog/compare.h"
#include "catalog/phrases.h"

namespace troupe::catalog {
namespace {

/// Bytes as people say them, rounded up, so that a file just past a bound does not read as the bound.
std::string print_bytes(int64_t bytes) {
  constexpr int64_t kMebibyte = 1 << 20;
  if (bytes < kMebibyte) return counted(bytes, "byte");
  const int64_t tenths = (bytes * 10 + kMebibyte - 1) / kMebibyte;
  return std::to_string(tenths / 10) + (tenths % 10 ? "." + std::to_string(tenths % 10) : "") + " MiB";
}

}  // namespace

std::vector<Violation> check_picture(const Model& model, std::string_view field, const PictureFacts& facts) {
  const ImageRules& rules = model.images;
  std::vector<Violation> violations;
  const auto add = [&](const char* code, const std::string& rule, const std::string& fix) {
    violations.push_back({std::string(field), code, model.name + " takes pictures " + rule, fix});
  };
  const std::string size = std::to_string(facts.width) + "x" + std::to_string(facts.height) + ".";
  const auto [smaller, larger] = std::minmax(facts.width, facts.height);
  if (!rules.formats.empty() &&
      std::find(rules.formats.begin(), rules.formats.end(), facts.format) == rules.formats.end())
    add("picture_format_not_allowed",
        "as " + any_of_words(rules.formats) + "; this one is " +
            (facts.format.empty() ? "unknown" : facts.format) + ".",
        "Convert it.");
  if (rules.bytes_max && facts.bytes > *rules.bytes_max)
    add("too_large_file",
        "of at most " + print_bytes(*rules.bytes_max) + "; this one has " + print_bytes(facts.bytes) + ".",
        "Save it smaller or compress it more.");
  if (smaller < std::max(1, rules.side_min))
    add("too_small_picture",
        "whose smaller side has at least " + std::to_string(std::max(1, rules.side_min)) +
            " pixels; this one is " + size,
        "Use a larger picture; enlarging this one adds no detail.");
  if (rules.side_max && larger > *rules.side_max)
    add("too_large_picture",
        "whose larger side has at most " + std::to_string(*rules.side_max) + " pixels; this one is " + size,
        "Make it smaller.");
  if (smaller < 1) return violations;
  const AspectRatio shape{facts.width, facts.height};
  if (rules.aspect_min && wider(*rules.aspect_min, shape))
    add("picture_too_narrow", "of " + print(*rules.aspect_min) + " or wider; this one is " + size,
        "Crop its height.");
  if (rules.aspect_max && wider(shape, *rules.aspect_max))
    add("picture_too_wide", "of " + print(*rules.aspect_max) + " or narrower; this one is " + size,
        "Crop its width.");
  return violations;
}

}  // namespace troupe::catalog
