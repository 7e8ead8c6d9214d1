#include "server/model_routes.h"

#include "core/short_text.h"
#include "jobs/provider_book.h"

namespace troupe::server {
namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const size_t begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

// The text up to one of `ends`, which is taken off with it.
std::string_view take_piece(std::string_view& text, std::string_view ends) {
  const size_t end = text.find_first_of(ends);
  const std::string_view piece = text.substr(0, end);
  text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  return trimmed(piece);
}

Error unreadable(std::string_view piece) {
  return make_error(ErrorCode::invalid_argument,
                    troupe::quoted(piece) +
                        " can't be read: write MODEL: PROVIDER, PROVIDER=ITS-NAME-OF-THE-MODEL; MODEL: …",
                    "routes");
}

Result<std::vector<NamedRoute>> parse_providers(std::string_view text) {
  if (text.starts_with('[') && text.ends_with(']')) text = trimmed(text.substr(1, text.size() - 2));
  std::vector<NamedRoute> routes;
  while (!text.empty()) {
    const std::string_view piece = take_piece(text, ",");
    const size_t equals = piece.find('=');
    NamedRoute route{std::string(trimmed(piece.substr(0, equals))), ""};
    if (equals != std::string_view::npos) route.model = std::string(trimmed(piece.substr(equals + 1)));
    const bool empty = equals != std::string_view::npos && route.model.empty();
    if (!jobs::is_provider_name(route.provider) || empty) return unreadable(piece);
    routes.push_back(std::move(route));
  }
  return routes;
}

}  // namespace

Result<ModelRoutes> parse_routes(std::string_view text) {
  if (text.size() > kRoutesTextBytesMax)
    return make_error(ErrorCode::over_limit,
                      "routes has more than " + std::to_string(kRoutesTextBytesMax) + " bytes.", "routes");
  ModelRoutes routes;
  while (!text.empty()) {
    const std::string_view line = take_piece(text, ";\n");
    if (line.empty()) continue;
    // The last colon that a provider's name may follow: models' names may have colons in them.
    const size_t colon = line.find(": ") != std::string_view::npos ? line.find(": ") : line.find(':');
    if (colon == std::string_view::npos) return unreadable(line);
    const std::string model(trimmed(line.substr(0, colon)));
    TROUPE_TRY(std::vector<NamedRoute> providers, parse_providers(trimmed(line.substr(colon + 1))));
    if (model.empty() || providers.empty() || !routes.emplace(model, std::move(providers)).second)
      return unreadable(line);
  }
  return routes;
}

}  // namespace troupe::server
