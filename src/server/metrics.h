// Figures for Prometheus.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "http/server.h"
#include "jobs/job_store.h"
#include "server/event_hub.h"

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

/// Everything that /metrics tells. `drift` is the number of ledger sums that don't add up.
std::string print_metrics(jobs::JobStore& store, const EventHub& hub, const RequestMetrics& requests,
                          const http::ServerCounts& counts, int64_t drift);

}  // namespace troupe::server
