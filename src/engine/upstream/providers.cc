#include "engine/upstream/providers.h"

#include <array>

#include "engine/upstream/replies.h"

namespace troupe::upstream {
namespace {

const std::array<const Provider*, 7>& all() {
  static const std::array<const Provider*, 7> providers{&venice(), &gateway(),   &dashscope(), &pictory(),
                                                        &fal(),    &replicate(), &openai()};
  return providers;
}

}  // namespace

std::optional<Call> Provider::stop(const std::string&, const std::string&) const { return std::nullopt; }

std::optional<Call> Provider::list() const { return std::nullopt; }

std::string Provider::kept_address(const std::string&) const { return ""; }

engine::StopAnswer Provider::read_stopped(const Reply& reply) const {
  if (reply.status >= 200 && reply.status <= 299) return engine::StopAnswer::stopped;
  const bool later = reply.status == 408 || reply.status == 429 || reply.status >= 500;
  return later ? engine::StopAnswer::no_answer : engine::StopAnswer::refused;
}

std::string Provider::read_prompt(const Reply&) const { return ""; }

Outcome<Listing> Provider::read_list(const Reply&, const Order&, const std::string&) const {
  return Outcome<Listing>::of({});
}

std::optional<Call> Provider::upload(ByteView, std::string_view) const { return std::nullopt; }

Outcome<std::string> Provider::read_uploaded(const Reply& reply) const {
  return Outcome<std::string>::failed(not_understood(reply));
}

const Provider* find_provider(std::string_view name) {
  for (const Provider* provider : all())
    if (provider->name() == name) return provider;
  return nullptr;
}

std::vector<std::string_view> provider_names() {
  std::vector<std::string_view> names;
  for (const Provider* provider : all()) names.push_back(provider->name());
  return names;
}

}  // namespace troupe::upstream
