// Providers in SQLite. Private to this folder.
#pragma once

#include "jobs/provider_book.h"
#include "jobs/sqlite/connections.h"

namespace troupe::jobs {

class SqliteProviders final : public ProviderBook {
 public:
  explicit SqliteProviders(Connections& connections) : connections_(connections) {}

  Result<bool> put(const ProviderEntry& entry) override;
  Result<std::optional<ProviderEntry>> find(const std::string& name) override;
  Result<std::vector<ProviderEntry>> list() override;
  Result<void> remove(const std::string& name) override;

 private:
  Connections& connections_;
};

}  // namespace troupe::jobs
