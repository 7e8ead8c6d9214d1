// Figures for Prometheus.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "http/server.h"
#include "jobs/job_store.h"
#include "server/event_hub.h"
#include "server/webhook_outbox.h"

namespace troupe::server {

/// Counts requests as they end. Thread-safety: safe.
class RequestMetrics {
 public:
  static constexpr std::array<double, 9> kBounds = {0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 30, 60};  // seconds

  void count(const std::string& route, int status, double seconds);
  /// In Prometheus' text format.
  std::string print() const;

 private:
  struct Histogram {
    std::array<int64_t, kBounds.size() + 1> buckets{};
    double sum = 0;
  };
  mutable std::mutex mutex_;
  std::map<std::pair<std::string, int>, int64_t> requests_;  // by route pattern and status
  std::map<std::string, Histogram> times_;                   // by route pattern
};

/// How many sums of the ledger don't add up: adding them all takes a while, so the answer is kept for kFresh.
/// Thread-safety: safe; whoever asks while it is counted waits.
class LedgerDrift {
 public:
  static constexpr std::chrono::minutes kFresh{5};
  explicit LedgerDrift(jobs::Ledger& ledger) : ledger_(ledger) {}
  /// -1: it could not be counted.
  int64_t count();

 private:
  jobs::Ledger& ledger_;
  std::mutex mutex_;
  std::optional<std::chrono::steady_clock::time_point> counted_;
  int64_t drift_ = 0;
};

struct MetricsParts {
  jobs::JobStore& store;
  const EventHub& hub;
  const RequestMetrics& requests;
  http::ServerCounts http;
  WebhookCounts webhooks;
  int64_t drift = 0;
};
/// Everything that /metrics tells.
std::string print_metrics(const MetricsParts& parts);

}  // namespace troupe::server
