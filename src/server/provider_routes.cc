// The providers that jobs may be sent to, for administrators.
#include <atomic>
#include <future>
#include <memory>

#include "server/answers.h"
#include "server/service.h"

namespace troupe::server {
namespace {

using Answer = Result<engine::Outcome<std::string>>;

constexpr int kTestsAtOnceMax = 2;  // each keeps a handler thread
constexpr std::chrono::seconds kTestAgainAfter{5};

const std::string& name_of(const Asked& asked) { return asked.request.path_values.at("name"); }

http::Response list(Providers& providers, Asked& asked) {
  TROUPE_REPLY(const auto all, providers.list(), asked.request);
  return json_reply(200, api::native::print_providers(all));
}

http::Response get(Providers& providers, Asked& asked) {
  TROUPE_REPLY(const ProviderSummary provider, providers.find(name_of(asked)), asked.request);
  return json_reply(200, api::native::print_provider(provider));
}

http::Response set(Providers& providers, Asked& asked) {
  TROUPE_BODY(const ProviderChange change, asked.request, api::native::parse_provider);
  TROUPE_REPLY(const Providers::Set done, providers.set(name_of(asked), change), asked.request);
  http::Response response = json_reply(done.added ? 201 : 200, api::native::print_provider(done.provider));
  if (done.added) response.headers.set("Location", "/v1/providers/" + done.provider.name);
  return response;
}

http::Response remove(Providers& providers, Asked& asked) {
  TROUPE_REPLY_OK(providers.remove(name_of(asked)), asked.request);
  return empty_reply(204);
}

// A turn to test, given back at its end.
class Turn {
 public:
  explicit Turn(std::atomic<int>& taken) : taken_(taken), mine_(++taken <= kTestsAtOnceMax) {}
  ~Turn() { --taken_; }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  bool mine() const { return mine_; }

 private:
  std::atomic<int>& taken_;
  bool mine_;
};

// What the provider says; none if it has not said so in time, and the call was ended.
std::optional<Answer> ask(const Service& service, const std::string& name) {
  CancelSource cancel;
  std::future<Answer> answer = std::async(
      std::launch::async, [&, token = cancel.token()] { return service.remote->test(name, token); });
  const bool in_time = answer.wait_for(service.provider_test_time) == std::future_status::ready;
  cancel.cancel();
  Answer said = answer.get();
  if (in_time || (said && said->value)) return said;
  return std::nullopt;
}

api::native::ProviderTest told(const std::optional<Answer>& said) {
  using engine::FailureClass;
  if (!said)
    return {false, std::string(name(FailureClass::unknown)), "The provider has not answered in time."};
  if (!*said) return {false, "", said->error().message};
  const engine::Outcome<std::string>& outcome = **said;
  if (outcome.value) return {true, "", *outcome.value};
  return {false, std::string(name(outcome.failure.kind)), outcome.failure.message};
}

std::string without(std::string text, const std::string& key) {
  constexpr std::string_view kInstead = "(key)";
  constexpr size_t kKeyBytesMin = 4;  // a shorter one stands in every sentence
  if (key.size() < kKeyBytesMin) return text;
  for (size_t at = text.find(key); at != std::string::npos; at = text.find(key, at + kInstead.size()))
    text.replace(at, key.size(), kInstead);
  return text;
}

http::Response test(const Service& service, std::atomic<int>& taken, Asked& asked) {
  const std::string& name = name_of(asked);
  TROUPE_REPLY_OK(service.providers->find(name), asked.request);
  if (!service.remote) {
    return problem_reply(asked.request,
                         api::make_problem("unavailable", "This server can't ask providers anything."));
  }
  const Turn turn(taken);
  if (!turn.mine()) {
    return problem_reply(asked.request,
                         api::make_problem("overloaded", "Other providers are being tested just now."),
                         kTestAgainAfter);
  }
  const std::optional<Answer> said = ask(service, name);
  // Whoever asked it for us may repeat what it was given.
  const Result<upstream::Access> access = service.providers->access(name);
  const std::string key = access ? access->key : "";
  // A key that can't be opened is what the test was to find out; any other trouble is ours.
  if (said && !*said && said->error().code != ErrorCode::unavailable) {
    Error error = said->error();
    error.message = without(std::move(error.message), key);
    return error_reply(asked.request, error);
  }
  api::native::ProviderTest answer = told(said);
  answer.message = without(std::move(answer.message), key);
  return json_reply(200, api::native::print_provider_test(answer));
}

}  // namespace

void add_provider_routes(const Service& service, http::Router& router) {
  const auto add = [&](const char* method, const char* pattern, auto handler) {
    router.add(guarded(service, method, pattern, kScopeAdmin, [&service, handler](Asked& asked) {
      if (service.providers) return handler(asked);
      return problem_reply(asked.request,
                           api::make_problem("unavailable", "This server keeps no providers."));
    }));
  };
  const auto with = [&service](auto function) {
    return [&service, function](Asked& asked) { return function(*service.providers, asked); };
  };
  add("GET", "/v1/providers", with(list));
  add("GET", "/v1/providers/{name}", with(get));
  add("PUT", "/v1/providers/{name}", with(set));
  add("DELETE", "/v1/providers/{name}", with(remove));
  const auto taken = std::make_shared<std::atomic<int>>(0);
  add("POST", "/v1/providers/{name}:test",
      [&service, taken](Asked& asked) { return test(service, *taken, asked); });
}

}  // namespace troupe::server
