// The native dialect, /v1: bytes to values and values to bytes. Pure functions: no clock, no store, no
// socket. Every time is ISO 8601 in UTC; every amount {"micros", "currency"} with a text for people beside
// it. Thread-safety: safe.
//
// Reading: any bytes may be given. Errors of every parse_…(): corrupt_input (no UTF-8, no JSON), over_limit
// (size, depth, list lengths), invalid_argument (wrong type or value, a field given twice, an unknown field),
// with the field as a JSON Pointer into the body. The result holds the first of them; `all`, if given, gets
// every one. Printing: valid UTF-8 whatever the values hold; what is no UTF-8 is replaced.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/problem.h"
#include "api/submission.h"
#include "base/result.h"
#include "catalog/catalog.h"
#include "core/account.h"
#include "core/generation_spec.h"
#include "core/job.h"
#include "core/library.h"
#include "core/provider.h"

namespace troupe::api::native {

inline constexpr size_t kSubmissionBytesMax =
    1 << 20;  ///< without the media that were taken out: api/inline_media.h
inline constexpr size_t kDescriptionBytesMax = 4096;
inline constexpr size_t kFileNameBytesMax = 255;
inline constexpr size_t kProviderKindBytesMax = 64;
inline constexpr uint64_t kUploadBytesMax = uint64_t{1} << 40;  ///< whatever the server's own bound is

/// POST /v1/jobs and /v1/jobs:quote: {"spec": {…}, "priority", "webhook_url", "metadata"}, or a bare spec.
/// "priority": "low" is lane -1, "normal" 0, "high" 1.
Result<Submission> parse_submission(std::string_view json, std::vector<Error>* all = nullptr);
std::string_view priority_name(int lane);  ///< "low", "normal", "high"

/// POST /v1/jobs/{id}:promote: {"model": "…"}.
struct Promotion {
  std::string model;
};
Result<Promotion> parse_promotion(std::string_view json, std::vector<Error>* all = nullptr);

/// POST /v1/jobs/{id}:cancel: nothing, or {"abandon": true}.
struct Cancellation {
  bool abandon = false;  ///< close it without asking the provider that may have it
};
Result<Cancellation> parse_cancellation(std::string_view json, std::vector<Error>* all = nullptr);

/// What a promoted spec keeps and what it can't: in words, for people.
struct CarryOver {
  GenerationSpec spec;  ///< of the other model
  std::vector<std::string> kept, changed, dropped;
  std::vector<catalog::Violation> violations;  ///< that nothing but the user's own words can mend
};
/// `spec` for another model: what the model has no room for is changed to its nearest or dropped, and said.
/// Tags go on meaning what they meant; those of a dropped reference become plain words. Nothing is cut out of
/// a prompt. `violations` is what check() says of the result.
CarryOver carry_over(const catalog::Catalog& catalog, const GenerationSpec& spec,
                     const catalog::Model& model);
/// The report of a promotion: {"model", "kept", "changed", "dropped", "violations", "spec"}.
std::string print_carry_over(const CarryOver& carried);

/// Where a job's things are: every link in an answer starts with it ("https://host", no slash at the end).
struct Links {
  std::string base_url;
};
std::string print_job(const Job& job, const Links& links);
/// The job, with the report of how it was promoted under "carry_over".
std::string print_promoted(const Job& job, const CarryOver& carried, const Links& links);
std::string print_jobs(std::span<const Job> jobs, const std::string& next_cursor, const Links& links);

/// Cursors are opaque to clients: URL-safe base 64 of a version and an id. An empty `id_prefix` asks for a
/// ledger line's: a whole number above 0. Errors: invalid_argument, field "cursor".
std::string make_cursor(std::string_view id);
Result<std::string> read_cursor(std::string_view cursor, std::string_view id_prefix);

struct QuoteAnswer {
  const catalog::Model* model = nullptr;  ///< null: the model was not found
  std::vector<catalog::Violation> violations;
  std::optional<catalog::Resolved> resolved;  ///< set when nothing is violated
  std::optional<catalog::Quote> quote;
  std::string engine;  ///< that would do it; "" = none
  bool draft = false;
  std::optional<double> seconds;  ///< estimated, from measured runs
  std::optional<int64_t> budget_left_micros;
};
/// The fields of violations are pointers into the spec, wherever in the body it stood.
std::string print_quote(const QuoteAnswer& answer, const GenerationSpec& spec);

/// Every event that a webhook can ask for.
std::span<const std::string_view> event_types();
/// The data of a server-sent event: one line.
std::string print_event(const JobEvent& event, const Links& links);

struct AccountAnswer {
  ApiKey key;
  std::vector<Balance> balances;
  std::vector<LedgerLine> lines;
  std::string next_cursor;
  std::string webhook_secret;  ///< signs what goes to its jobs' own URLs; "" = the key may not see it
};
std::string print_account(const AccountAnswer& answer);

std::string print_upload(const Upload& upload, uint64_t offset, const Links& links);
std::string print_uploads(std::span<const Upload> uploads, const std::string& next_cursor,
                          const Links& links);

/// POST /v1/uploads with JSON: {"size_bytes", "name"}: a resumable upload begins.
struct UploadStart {
  uint64_t size_bytes = 0;
  std::string name;
};
Result<UploadStart> parse_upload_start(std::string_view json, std::vector<Error>* all = nullptr);

/// POST and PATCH /v1/elements. With PATCH every field may be missing; null or [] empties it.
struct ElementChange {
  std::optional<std::string> name, frontal, clip, description;
  std::optional<std::vector<std::string>> angles;
  std::optional<int> version;  ///< the version it is meant to change
};
Result<ElementChange> parse_element(std::string_view json, std::vector<Error>* all = nullptr);
/// `element` (a new one: version 0 and no name) after the change, one version up; id, account and times are
/// left alone. Errors: conflict (`change.version` is not its version); invalid_argument (no name, neither a
/// frontal picture nor a clip, angles and a clip).
Result<Element> apply(const ElementChange& change, Element element);
std::string print_element(const Element& element, const Links& links);
std::string print_elements(std::span<const Element> elements, const std::string& next_cursor,
                           const Links& links);

/// POST /v1/webhooks: {"url", "events"}.
struct EndpointStart {
  std::string url;
  std::vector<std::string> events;
};
Result<EndpointStart> parse_endpoint(std::string_view json, std::vector<Error>* all = nullptr);
/// The secret is told once, when it is made.
std::string print_endpoint(const WebhookEndpoint& endpoint, bool with_secret);
std::string print_endpoints(std::span<const WebhookEndpoint> endpoints);
std::string print_deliveries(std::span<const WebhookDelivery> deliveries, const std::string& next_cursor);

/// PUT /v1/providers/{name}: {"kind", "base_url", "key"}: each may be missing, or null for the usual or none.
/// No error repeats a value. Whether the values can be meant is asked later.
Result<ProviderChange> parse_provider(std::string_view json, std::vector<Error>* all = nullptr);
std::string print_provider(const ProviderSummary& provider);
std::string print_providers(std::span<const ProviderSummary> providers);  ///< {"providers": […]}

/// POST /v1/providers/{name}:test: {"ok", "class", "message"}.
struct ProviderTest {
  bool ok = false;
  std::string failure;  ///< what kind of: "no_credit", "outage" …; "" = it worked, or nobody was asked
  std::string message;  ///< a sentence
};
std::string print_provider_test(const ProviderTest& test);

std::string print_models(const catalog::Catalog& catalog);
std::string print_model(const catalog::Model& model);

/// application/problem+json (RFC 9457) with stable `code`, `errors[]` (each pointer, code, detail, fix),
/// `retryable` and `request_id`. Its `type` is the code's place on the docs page.
std::string print_problem(const Problem& problem);

/// The OpenAPI 3.1 document of every route below /v1.
std::string_view openapi_json();
/// The page that shows it at /docs, and what it loads: /docs/docs.js and /docs/docs.css. Nothing is inline
/// and nothing comes from elsewhere, so "default-src 'self'" is enough.
std::string_view docs_page();
std::string_view docs_script();
std::string_view docs_style();

}  // namespace troupe::api::native
