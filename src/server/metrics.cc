#include "server/metrics.h"

#include <algorithm>
#include <cstdio>

namespace troupe::server {
namespace {

// Patterns are our own and hold nothing that needs escaping; numbers are printed the shortest way.
std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%g", value);
  return text;
}

void head(std::string& text, const char* name, const char* type, const char* help) {
  text += std::string("# HELP ") + name + " " + help + "\n# TYPE " + name + " " + type + "\n";
}

void one(std::string& text, const char* name, const char* type, const char* help, int64_t value) {
  head(text, name, type, help);
  text += std::string(name) + " " + std::to_string(value) + "\n";
}

void gauge(std::string& text, const char* name, const char* help, int64_t value) {
  one(text, name, "gauge", help, value);
}

void counter(std::string& text, const char* name, const char* help, int64_t value) {
  one(text, name, "counter", help, value);
}

}  // namespace

void RequestMetrics::count(const std::string& route, int status, double seconds) {
  const std::lock_guard lock(mutex_);
  ++requests_[{route, status}];
  Histogram& times = times_[route];
  const auto bucket = std::lower_bound(kBounds.begin(), kBounds.end(), seconds) - kBounds.begin();
  ++times.buckets[static_cast<size_t>(bucket)];
  times.sum += seconds;
}

std::string RequestMetrics::print() const {
  const std::lock_guard lock(mutex_);
  std::string text;
  head(text, "troupe_http_requests_total", "counter", "Requests by route and status.");
  for (const auto& [key, count] : requests_) {
    text += "troupe_http_requests_total{route=\"" + key.first + "\",status=\"" + std::to_string(key.second) +
            "\"} " + std::to_string(count) + "\n";
  }
  head(text, "troupe_http_request_seconds", "histogram", "Time from a request's end to its answer's.");
  for (const auto& [route, times] : times_) {
    int64_t sum = 0;
    for (size_t i = 0; i <= kBounds.size(); ++i) {
      sum += times.buckets[i];
      const std::string bound = i < kBounds.size() ? number(kBounds[i]) : "+Inf";
      text += "troupe_http_request_seconds_bucket{route=\"" + route + "\",le=\"" + bound + "\"} " +
              std::to_string(sum) + "\n";
    }
    text += "troupe_http_request_seconds_sum{route=\"" + route + "\"} " + number(times.sum) + "\n";
    text += "troupe_http_request_seconds_count{route=\"" + route + "\"} " + std::to_string(sum) + "\n";
  }
  return text;
}

int64_t LedgerDrift::count() {
  const std::lock_guard lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  if (counted_ && now - *counted_ < kFresh) return drift_;
  const auto drifts = ledger_.audit();
  counted_ = std::chrono::steady_clock::now();
  return drift_ = drifts ? static_cast<int64_t>(drifts->size()) : -1;
}

std::string print_metrics(const MetricsParts& parts) {
  std::string text = parts.requests.print();
  if (const auto jobs = parts.store.queue().counts()) {
    head(text, "troupe_jobs", "gauge", "Jobs by state.");
    for (const auto& [state, count] : *jobs)
      text += "troupe_jobs{state=\"" + std::string(name(state)) + "\"} " + std::to_string(count) + "\n";
  }
  gauge(text, "troupe_ledger_drift", "Ledger sums that do not add up: always 0.", parts.drift);
  gauge(text, "troupe_event_watchers", "Connections and requests that wait for events.",
        parts.hub.watchers());
  gauge(text, "troupe_http_connections", "Open connections.", parts.http.connections);
  gauge(text, "troupe_http_streams", "Open event streams.", parts.http.streams);
  counter(text, "troupe_http_refused_total", "Requests that the HTTP layer refused.",
          parts.http.refused_total);
  const WebhookCounts& webhooks = parts.webhooks;
  counter(text, "troupe_webhooks_delivered_total", "Webhooks that were taken.", webhooks.delivered);
  counter(text, "troupe_webhook_attempts_failed_total", "Attempts that are made again.",
          webhooks.failed_attempts);
  counter(text, "troupe_webhooks_given_up_total", "Webhooks that were never taken.", webhooks.given_up);
  counter(text, "troupe_webhook_store_errors_total", "What the webhook sender could not read or write.",
          webhooks.store_errors);
  return text;
}

}  // namespace troupe::server
