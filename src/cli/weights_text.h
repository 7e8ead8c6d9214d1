// What `troupe weights` prints, for people and as JSON.
#pragma once

#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/shelf/pull.h"
#include "engine/shelf/shelf.h"

namespace troupe::cli {

/// A line a model: name, state, size, licence. Colours where `stream` may show them.
std::string weights_table(const std::vector<shelf::ModelState>& models, std::FILE* stream);
/// {"folder", "models": [{"id", "family", "size", "complete", "missing", "size_bytes", "licence", "parts",
/// "sampling"}]}
std::string weights_json(const std::filesystem::path& folder, const std::vector<shelf::ModelState>& models);

std::string print_added(const shelf::AddReport& report);
std::string added_json(const shelf::AddReport& report);
std::string print_pulled(const shelf::PullReport& report);
std::string pulled_json(const shelf::PullReport& report);
/// Without the troubles themselves, which go to stderr.
std::string print_verified(const shelf::VerifyReport& report);
std::string print_troubles(const shelf::VerifyReport& report);
std::string verified_json(const shelf::VerifyReport& report);
std::string print_removed(const std::string& model, const shelf::RemoveReport& report);
std::string removed_json(const shelf::RemoveReport& report);

}  // namespace troupe::cli
