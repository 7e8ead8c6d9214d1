// Every route against every kind of caller, walked through the route table itself: a new route without a rule
// fails here.
#include <set>

#include "api/native/wire.h"
#include "server/dialects.h"
#include "server/identity.h"
#include "server/test_service.h"

namespace troupe::server {
namespace {

// Whoever asks is answered. What lies below /media has its signature in its links.
const std::set<std::string> kOpen{"/livez",         "/readyz",
                                  "/metrics",       "/openapi.json",
                                  "/docs",          "/docs/docs.js",
                                  "/docs/docs.css", "/.well-known/jwks.json",
                                  "/api/v1/models", "/api/v1/video/quote"};

class Authorisation : public TestService {
 protected:
  // A path that the pattern matches, naming things of `owner_` or ones that there are not.
  std::string path_of(std::string pattern) const {
    const auto put = [&](const std::string& part, const std::string& value) {
      if (const size_t at = pattern.find(part); at != std::string::npos)
        pattern.replace(at, part.size(), value);
    };
    put("{take}", "0");
    put("{owner}", "troupe");
    put("{name}", "stage");
    put("{path*}", "kling-video/requests/" + job_);
    const bool of_dialect = dialect_of_path(pattern).name != "native";
    put("{id}", pattern.starts_with("/v1/jobs") || of_dialect    ? job_
                : pattern.starts_with("/v1/uploads")             ? upload_
                : pattern.starts_with("/v1/elements")            ? element_
                : pattern.starts_with("/v1/webhooks/deliveries") ? delivery_
                : pattern.starts_with("/v1/webhooks")            ? webhook_
                                                                 : "stage");
    return pattern;
  }

  http::Answer call(const http::Route& route, const std::string& secret) {
    secret_ = secret;
    return send(route.method, path_of(route.pattern), "{}");
  }

  void make_things() {
    job_ = json(post("/v1/jobs", small_spec(), "Prefer: wait=60\r\n"))["id"];
    upload_ = json(post("/v1/uploads", picture()))["id"];
    element_ = json(post("/v1/elements", Json{{"name", "fox"}, {"frontal", upload_}}.dump()))["id"];
    webhook_ = json(post("/v1/webhooks", R"({"url":"https://example.org"})"))["id"];
    delivery_ = json(post("/v1/webhooks/" + webhook_ + ":test", ""))["data"][0]["id"];
  }

  std::string job_, upload_, element_, webhook_, delivery_;
};

TEST_F(Authorisation, EveryRouteHasAKnownScope) {
  for (const http::Route& route : server_->routes()) {
    const bool known = route.tag == kScopeOpen || route.tag == kScopeSigned ||
                       std::find(all_scopes().begin(), all_scopes().end(), route.tag) != all_scopes().end();
    EXPECT_TRUE(known) << route.method << " " << route.pattern << " has scope \"" << route.tag << "\"";
    const bool open = kOpen.contains(route.pattern) || route.pattern.starts_with("/media/");
    EXPECT_EQ(route.tag == kScopeOpen, open) << route.pattern;
  }
}

TEST_F(Authorisation, WithoutAKeyOrTheScopeNoRouteAnswers) {
  make_things();
  for (const http::Route& route : server_->routes()) {
    if (route.tag == kScopeOpen) continue;
    if (route.tag == kScopeSigned) {
      EXPECT_EQ(call(route, key({"library:write"})).status, 403) << route.pattern;
      continue;
    }
    const std::string name = route.method + " " + route.pattern;
    EXPECT_EQ(call(route, "").status, 401) << name;
    EXPECT_EQ(call(route, "trp_sk_wrong").status, 401) << name;
    std::vector<std::string> others;
    for (const std::string_view scope : all_scopes()) {
      if (scope != route.tag && scope != kScopeAdmin) others.emplace_back(scope);
    }
    EXPECT_EQ(call(route, key(others)).status, 403) << name;
  }
}

TEST_F(Authorisation, SomebodyElsesThingsAreNotThere) {
  make_things();
  std::vector<std::string> scopes;
  for (const std::string_view scope : all_scopes()) {
    if (scope != kScopeAdmin) scopes.emplace_back(scope);
  }
  const std::string stranger = key(scopes);
  int walked = 0;
  for (const http::Route& route : server_->routes()) {
    const bool of_a_thing = route.pattern.find("{id}") != std::string::npos &&
                            !route.pattern.starts_with("/v1/models") && route.tag != kScopeSigned;
    if (!of_a_thing) continue;
    const http::Answer answer = call(route, stranger);
    // DashScope's word for a task that isn't there.
    const bool unknown = answer.body.find("\"UNKNOWN\"") != std::string::npos ||
                         answer.body.find("JOB_NOT_FOUND") != std::string::npos;
    EXPECT_TRUE(answer.status == 404 || unknown) << route.method << " " << route.pattern << answer.body;
    ++walked;
  }
  EXPECT_GE(walked, 15);
}

TEST_F(Authorisation, ARevokedOrExpiredKeyIsNoKey) {
  ApiKey old;
  old.scopes = {"jobs:read"};
  old.expires = clock_.now() - std::chrono::seconds(1);
  secret_ = make_key(folder_->jobs->keys(), old, clock_.now())->secret;
  EXPECT_EQ(get("/v1/jobs").status, 401);
  ApiKey young;
  young.scopes = {"jobs:read"};
  const auto made = make_key(folder_->jobs->keys(), young, clock_.now());
  ASSERT_TRUE(folder_->jobs->keys().revoke(made->key.id, clock_.now()));
  secret_ = made->secret;
  EXPECT_EQ(get("/v1/jobs").status, 401);
}

TEST_F(Authorisation, TheDocumentedRoutesAreTheServedOnes) {
  const Json document = Json::parse(api::native::openapi_json());
  std::set<std::string> documented, served;
  for (const auto& [path, operations] : document["paths"].items()) {
    for (const auto& [method, operation] : operations.items()) {
      if (method == "parameters" || method == "head") continue;
      std::string upper = method;
      for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
      documented.insert(upper + " " + path);
    }
  }
  for (const http::Route& route : server_->routes()) {
    if (route.pattern.starts_with("/v1/") && dialect_of_path(route.pattern).name == "native")
      served.insert(route.method + " " + route.pattern);
  }
  for (const std::string& route : served)
    EXPECT_TRUE(documented.contains(route)) << route << " is not documented";
  for (const std::string& route : documented) {
    if (route.find(" /v1/") != std::string::npos) {
      EXPECT_TRUE(served.contains(route)) << route << " is not served";
    }
  }
}

TEST_F(Authorisation, OpenPagesAnswerWithoutAKey) {
  secret_.clear();
  for (const char* path : {"/livez", "/readyz", "/openapi.json", "/docs", "/metrics"}) {
    EXPECT_EQ(get(path).status, 200) << path;
  }
  EXPECT_EQ(get("/v1/nothing").status, 404);
}

}  // namespace
}  // namespace troupe::server
