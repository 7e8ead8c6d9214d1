// Elements and the uploads they name, as rows. Private to this folder; every call is one of a transaction.
#pragma once

#include <string>
#include <vector>

#include "core/library.h"
#include "jobs/sqlite/database.h"

namespace troupe::jobs {

/// With the columns that read_elements() expects.
inline const std::string kSelectElements =
    "SELECT id, account, name, version, description, created, updated FROM elements";

/// All of `rows`, with their uploads.
Result<std::vector<Element>> read_elements(Database& database, Statement& rows);

/// Errors: conflict (another element of the account has the name); not_found (an upload that it names is not
/// there, or not complete), as Library::add_element says.
Result<void> check_fits(Database& database, const Element& element);

Result<void> insert_element(Database& database, const Element& element);
/// All but `created` of the element with this id.
Result<void> update_element(Database& database, const Element& element);

}  // namespace troupe::jobs
