#include "jobs/sqlite/element_rows.h"

#include "core/short_text.h"

namespace troupe::jobs {
namespace {

/// One upload in its role; `field` is where the element names it.
struct NamedUpload {
  const char* role;
  int64_t position;
  std::string upload;
  std::string field;
};

std::vector<NamedUpload> uploads_of(const Element& element) {
  std::vector<NamedUpload> uploads;
  if (!element.frontal.empty()) uploads.push_back({"frontal", 0, element.frontal, "/frontal"});
  for (size_t i = 0; i < element.angles.size(); ++i) {
    uploads.push_back({"angle", static_cast<int64_t>(i), element.angles[i], "/angles/" + std::to_string(i)});
  }
  if (!element.clip.empty()) uploads.push_back({"clip", 0, element.clip, "/clip"});
  return uploads;
}

Result<void> read_uploads(Database& database, Element& element) {
  Statement rows = database.prepare(
      "SELECT role, upload FROM element_uploads WHERE element = ? ORDER BY role, position", element.id);
  while (true) {
    TROUPE_TRY(const bool row, rows.step());
    if (!row) return {};
    const std::string role = rows.text(0);
    if (role == "frontal") element.frontal = rows.text(1);
    if (role == "angle") element.angles.push_back(rows.text(1));
    if (role == "clip") element.clip = rows.text(1);
  }
}

Result<void> check_upload(Database& database, const std::string& account, const NamedUpload& named) {
  TROUPE_TRY(const auto complete,
             database.integer("SELECT object <> '' FROM uploads WHERE id = ? AND account = ?", named.upload,
                              account));
  if (!complete) {
    return make_error(ErrorCode::not_found,
                      "There is no upload " + troupe::quoted(named.upload) + ": send the file first.",
                      named.field);
  }
  if (*complete) return {};
  return make_error(
      ErrorCode::not_found,
      "The upload " + troupe::quoted(named.upload) + " is not complete: send the rest of the file first.",
      named.field);
}

Result<void> insert_uploads(Database& database, const Element& element) {
  for (const NamedUpload& named : uploads_of(element)) {
    TROUPE_CHECK_OK(
        database.run("INSERT INTO element_uploads (element, role, position, upload) VALUES (?, ?, ?, ?)",
                     element.id, named.role, named.position, named.upload));
  }
  return {};
}

}  // namespace

Result<std::vector<Element>> read_elements(Database& database, Statement& rows) {
  std::vector<Element> elements;
  while (true) {
    TROUPE_TRY(const bool row, rows.step());
    if (!row) break;
    Element element;
    element.id = rows.text(0);
    element.account = rows.text(1);
    element.name = rows.text(2);
    element.version = rows.small(3);
    element.description = rows.text(4);
    element.created = rows.time(5);
    element.updated = rows.time(6);
    elements.push_back(std::move(element));
  }
  for (Element& element : elements) TROUPE_CHECK_OK(read_uploads(database, element));
  return elements;
}

Result<void> check_fits(Database& database, const Element& element) {
  TROUPE_TRY(
      const auto taken,
      database.integer("SELECT 1 FROM elements WHERE account = ? AND name = ? COLLATE NOCASE AND id <> ?",
                       element.account, element.name, element.id));
  if (taken) {
    return make_error(
        ErrorCode::conflict,
        "There is an element named " + troupe::quoted(element.name) + " already: choose another name.",
        "/name");
  }
  for (const NamedUpload& named : uploads_of(element)) {
    TROUPE_CHECK_OK(check_upload(database, element.account, named));
  }
  return {};
}

Result<void> insert_element(Database& database, const Element& element) {
  TROUPE_CHECK_OK(
      database.run("INSERT INTO elements (id, account, name, version, description, created, updated) "
                   "VALUES (?, ?, ?, ?, ?, ?, ?)",
                   element.id, element.account, element.name, element.version, element.description,
                   element.created, element.updated));
  return insert_uploads(database, element);
}

Result<void> update_element(Database& database, const Element& element) {
  TROUPE_CHECK_OK(
      database.run("UPDATE elements SET name = ?, version = ?, description = ?, updated = ? WHERE id = ?",
                   element.name, element.version, element.description, element.updated, element.id));
  TROUPE_CHECK_OK(database.run("DELETE FROM element_uploads WHERE element = ?", element.id));
  return insert_uploads(database, element);
}

}  // namespace troupe::jobs
