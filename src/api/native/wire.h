// The native dialect, /v1: bytes to values and values to bytes. Pure functions: no clock, no store, no
// socket. Every time is ISO 8601 in UTC; every amount {"micros", "currency"} with a text for people beside
// it. Thread-safety: safe.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "catalog/catalog.h"
#include "core/account.h"
#include "core/generation_spec.h"
#include "core/job.h"
#include "core/library.h"

namespace troupe::api::native {

/// POST /v1/jobs and /v1/jobs:quote: {"spec": {…}, "priority", "webhook_url", "metadata"}, or a bare spec.
struct Submission {
  GenerationSpec spec;
  int lane = 0;  ///< "low" -1, "normal" 0, "high" 1
  std::string webhook_url;
  std::string metadata_json;  ///< an object of at most 16 KiB, as given; "" = none
};
Result<Submission> parse_submission(std::string_view json);

/// POST /v1/jobs/{id}:promote: {"model": "…"}.
struct Promotion {
  std::string model;
};
Result<Promotion> parse_promotion(std::string_view json);

/// What a promoted spec keeps and what it can't: in words, for people.
struct CarryOver {
  GenerationSpec spec;  ///< of the other model
  std::vector<std::string> kept, changed, dropped;
};
/// `spec` for another model: what the model has no room for is changed to its nearest or dropped, and said.
CarryOver carry_over(const catalog::Catalog& catalog, const GenerationSpec& spec,
                     const catalog::Model& model);

/// Where a job's things are: every link in an answer starts with it ("https://host", no slash at the end).
struct Links {
  std::string base_url;
};
std::string print_job(const Job& job, const Links& links);
std::string print_jobs(std::span<const Job> jobs, const std::string& next_cursor, const Links& links);

/// Cursors are opaque to clients: base 64 of a version and an id. Errors: invalid_argument, field "cursor".
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
std::string print_quote(const QuoteAnswer& answer, const GenerationSpec& spec);

/// The data of a server-sent event and of a webhook.
std::string print_event(const JobEvent& event, const Links& links);

struct AccountAnswer {
  ApiKey key;
  std::vector<Balance> balances;
  std::vector<LedgerLine> lines;
  std::string next_cursor;
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
Result<UploadStart> parse_upload_start(std::string_view json);

/// POST and PATCH /v1/elements. With PATCH every field may be missing; null or [] empties it.
struct ElementChange {
  std::optional<std::string> name, frontal, clip, description;
  std::optional<std::vector<std::string>> angles;
  std::optional<int> version;  ///< the version it is meant to change
};
Result<ElementChange> parse_element(std::string_view json);
std::string print_element(const Element& element, const Links& links);
std::string print_elements(std::span<const Element> elements, const std::string& next_cursor,
                           const Links& links);

/// POST /v1/webhooks: {"url", "events"}.
struct EndpointStart {
  std::string url;
  std::vector<std::string> events;
};
Result<EndpointStart> parse_endpoint(std::string_view json);
/// The secret is told once, when it is made.
std::string print_endpoint(const WebhookEndpoint& endpoint, bool with_secret);
std::string print_endpoints(std::span<const WebhookEndpoint> endpoints);
std::string print_deliveries(std::span<const WebhookDelivery> deliveries, const std::string& next_cursor);

std::string print_models(const catalog::Catalog& catalog);
std::string print_model(const catalog::Model& model);

/// application/problem+json (RFC 9457) with stable `code`, `errors[]` (each pointer, code, detail, fix) and
/// `request_id`.
struct Problem {
  int status = 500;
  std::string code;    ///< "invalid_request", "over_budget", "queue_full", "not_found" …
  std::string title;   ///< a few words
  std::string detail;  ///< a sentence
  std::vector<catalog::Violation> errors;
  std::string request_id;
};
std::string print_problem(const Problem& problem);
/// The problem that an error is: invalid_argument 400, not_found 404, conflict 409, over_limit 413,
/// corrupt_input and unsupported 422, unavailable 503, timeout 504, everything else 500 (without its text: it
/// may tell of the inside).
Problem problem_of(const Error& error);

/// The OpenAPI 3.1 document of every route below /v1, and the page that shows it (no script or style from
/// elsewhere).
std::string_view openapi_json();
std::string_view docs_page();

}  // namespace troupe::api::native
