// Which handler answers which path.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.h"

namespace troupe::http {

using Handler = std::function<Response(Request&)>;

struct Route {
  std::string method;   ///< GET answers HEAD too
  std::string pattern;  ///< "/v1/jobs/{id}", "/v1/jobs/{id}:cancel", "/docs/{path*}" ({name*} takes the rest)
  Handler handler;
  uint64_t body_bytes_max = 1 << 20;
  std::string tag;  ///< opaque to http: what the server checks before (a scope)
};

/// Immutable once built, then safe from any thread.
class Router {
 public:
  /// REQUIRES that no two routes of one method match the same path through patterns of the same shape.
  void add(Route route);
  const std::vector<Route>& routes() const { return routes_; }

  struct Match {
    const Route* route = nullptr;      ///< null: none
    std::vector<std::string> allowed;  ///< methods of the path, if only the method was wrong
    std::map<std::string, std::string> path_values;
  };
  /// Literal segments win over {names}, names over the rest. `path` is decoded.
  Match match(std::string_view method, std::string_view path) const;

 private:
  struct Segment {
    enum class Kind {
      literal,
      name_and_suffix,
      name,
      rest
    } kind = Kind::literal;  ///< the most special first
    std::string text;        ///< the literal, or the name
    std::string suffix;      ///< ":cancel" of "{id}:cancel"
  };
  using Shape = std::vector<Segment>;
  static Shape shape_of(std::string_view pattern);
  static bool matches(const Shape& shape, const std::vector<std::string_view>& path,
                      std::map<std::string, std::string>& values);

  std::vector<Route> routes_;
  std::vector<Shape> shapes_;  ///< of the routes, in their order
};

}  // namespace troupe::http
