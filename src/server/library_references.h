// Elements of the library in a request: what "@name" means before the request is bound. Private to server/.
#pragma once

#include <string>
#include <vector>

#include "core/generation_spec.h"
#include "jobs/library.h"

namespace troupe::server {

/// "@name"s of a prompt, without '@', each once, in order: runs of letters, digits, '_' and '-'.
std::vector<std::string> mentioned_names(std::string_view prompt);

/// Adds to `spec` each element of the account's library that its prompts mention and that is not among its
/// references, as a reference with sources "upload:…". Numbered tags ("@image1") are never names.
/// Errors: the library's.
Result<void> add_library_elements(jobs::Library& library, const std::string& account, GenerationSpec& spec);

}  // namespace troupe::server
