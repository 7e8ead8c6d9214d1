// Which providers make which models, as the operator writes it down.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace troupe::server {

struct NamedRoute {
  std::string provider;  ///< by the name that it was set up with
  std::string model;     ///< what the provider calls the model; "" = as the catalog says
  bool operator==(const NamedRoute&) const = default;
};

/// By the model's id or alias; the order is the one in which they are tried.
using ModelRoutes = std::map<std::string, std::vector<NamedRoute>>;

inline constexpr size_t kRoutesTextBytesMax = 64 * 1024;

/// "kling-o3-pro: venice, fal; sora-2: [my-vllm=Wan2.2-TI2V]": models by semicolons or lines, a model's
/// providers by commas, brackets around them if one likes. Errors: invalid_argument, with the piece that
/// can't be read; over_limit.
Result<ModelRoutes> parse_routes(std::string_view text);

}  // namespace troupe::server
