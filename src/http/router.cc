#include "http/router.h"

#include <algorithm>
#include <cassert>

namespace troupe::http {
namespace {

// "/a/b" → "a", "b"; "/" → "".
std::vector<std::string_view> segments_of(std::string_view path) {
  std::vector<std::string_view> segments;
  for (size_t start = 1; start <= path.size();) {
    const size_t end = std::min(path.find('/', start), path.size());
    segments.push_back(path.substr(start, end - start));
    start = end + 1;
  }
  return segments;
}

// From the first of `rest` to the end of the path that they are parts of.
std::string_view joined(const std::vector<std::string_view>& path, size_t first) {
  const char* begin = path[first].data();
  return {begin, static_cast<size_t>(path.back().data() + path.back().size() - begin)};
}

}  // namespace

Router::Shape Router::shape_of(std::string_view pattern) {
  Shape shape;
  for (const std::string_view text : segments_of(pattern)) {
    const size_t close = text.find('}');
    if (!text.starts_with('{') || close == std::string_view::npos) {
      shape.push_back({Segment::Kind::literal, std::string(text), ""});
    } else if (text.ends_with("*}")) {
      shape.push_back({Segment::Kind::rest, std::string(text.substr(1, text.size() - 3)), ""});
    } else {
      const std::string suffix(text.substr(close + 1));
      const auto kind = suffix.empty() ? Segment::Kind::name : Segment::Kind::name_and_suffix;
      shape.push_back({kind, std::string(text.substr(1, close - 1)), suffix});
    }
  }
  return shape;
}

void Router::add(Route route) {
  assert(route.pattern.starts_with('/'));
  Shape shape = shape_of(route.pattern);
  const auto same_kind = [](const Segment& a, const Segment& b) {
    const bool same_text = a.kind != Segment::Kind::literal || a.text == b.text;
    return a.kind == b.kind && same_text && a.suffix == b.suffix;
  };
  for (size_t i = 0; i < routes_.size(); ++i) {
    assert(routes_[i].method != route.method ||
           !std::equal(shape.begin(), shape.end(), shapes_[i].begin(), shapes_[i].end(), same_kind));
  }
  (void)same_kind;
  routes_.push_back(std::move(route));
  shapes_.push_back(std::move(shape));
}

bool Router::matches(const Shape& shape, const std::vector<std::string_view>& path,
                     std::map<std::string, std::string>& values) {
  values.clear();
  for (size_t i = 0; i < shape.size(); ++i) {
    const Segment& segment = shape[i];
    if (i >= path.size()) return false;
    if (segment.kind == Segment::Kind::rest) {
      values[segment.text] = joined(path, i);
      return true;
    }
    if (segment.kind == Segment::Kind::literal) {
      if (path[i] != segment.text) return false;
      continue;
    }
    if (path[i].size() <= segment.suffix.size() || !path[i].ends_with(segment.suffix)) return false;
    values[segment.text] = path[i].substr(0, path[i].size() - segment.suffix.size());
  }
  return path.size() == shape.size();
}

Router::Match Router::match(std::string_view method, std::string_view path) const {
  const std::vector<std::string_view> segments = segments_of(path);
  const auto more_special = [](const Segment& a, const Segment& b) { return a.kind < b.kind; };
  Match best;
  const Shape* best_shape = nullptr;
  bool best_is_exact = false;
  std::map<std::string, std::string> values;
  for (size_t i = 0; i < routes_.size(); ++i) {
    if (!matches(shapes_[i], segments, values)) continue;
    best.allowed.push_back(routes_[i].method);
    const bool exact = routes_[i].method == method;
    if (!exact && !(method == "HEAD" && routes_[i].method == "GET")) continue;
    const Shape& shape = shapes_[i];
    const bool better = !best_shape ||
                        std::lexicographical_compare(shape.begin(), shape.end(), best_shape->begin(),
                                                     best_shape->end(), more_special) ||
                        (exact && !best_is_exact &&
                         !std::lexicographical_compare(best_shape->begin(), best_shape->end(), shape.begin(),
                                                       shape.end(), more_special));
    if (!better) continue;
    best.route = &routes_[i];
    best.path_values = values;
    best_shape = &shape;
    best_is_exact = exact;
  }
  if (best.route) {
    best.allowed.clear();
  } else if (std::find(best.allowed.begin(), best.allowed.end(), "GET") != best.allowed.end()) {
    best.allowed.push_back("HEAD");
  }
  std::sort(best.allowed.begin(), best.allowed.end());
  best.allowed.erase(std::unique(best.allowed.begin(), best.allowed.end()), best.allowed.end());
  return best;
}

}  // namespace troupe::http
