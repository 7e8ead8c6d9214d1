// Uploads and elements in SQLite. Private to this folder.
#pragma once

#include "jobs/library.h"
#include "jobs/sqlite/connections.h"

namespace troupe::jobs {

class SqliteLibrary final : public Library {
 public:
  explicit SqliteLibrary(Connections& connections) : connections_(connections) {}

  Result<void> add_upload(const Upload& upload) override;
  Result<void> complete_upload(const std::string& account, const std::string& id, const std::string& object,
                               uint64_t size_bytes, const std::string& media_type) override;
  Result<std::optional<Upload>> find_upload(const std::string& account, const std::string& id) override;
  Result<Upload> attach_upload(const Upload& upload) override;
  Result<int64_t> prune_attached(Time before) override;
  Result<std::vector<Upload>> list_uploads(const std::string& account, const std::string& before,
                                           int limit) override;
  Result<void> remove_upload(const std::string& account, const std::string& id) override;

  Result<void> add_element(const Element& element) override;
  Result<void> replace_element(const Element& element) override;
  Result<std::optional<Element>> find_element(const std::string& account, const std::string& id) override;
  Result<std::optional<Element>> find_element_by_name(const std::string& account,
                                                      const std::string& name) override;
  Result<std::vector<Element>> list_elements(const std::string& account, const std::string& before,
                                             int limit) override;
  Result<void> remove_element(const std::string& account, const std::string& id) override;

  Result<std::vector<std::string>> objects_in_use() override;

 private:
  Connections& connections_;
};

}  // namespace troupe::jobs
