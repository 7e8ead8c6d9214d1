// API keys in SQLite. Private to this folder.
#pragma once

#include "jobs/key_ring.h"
#include "jobs/sqlite/connections.h"

namespace troupe::jobs {

class SqliteKeys final : public KeyRing {
 public:
  explicit SqliteKeys(Connections& connections) : connections_(connections) {}

  Result<void> add(const ApiKey& key, const std::string& secret_hash) override;
  Result<std::optional<ApiKey>> find(const std::string& id) override;
  Result<std::optional<ApiKey>> find_by_hash(const std::string& secret_hash) override;
  Result<std::vector<ApiKey>> list() override;
  Result<void> revoke(const std::string& id, Time now) override;
  Result<void> mark_used(const std::string& id, Time now) override;

 private:
  Connections& connections_;
};

}  // namespace troupe::jobs
