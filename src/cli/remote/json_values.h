// Values out of JSON that a server sent: whatever stands there, nothing throws.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace troupe::cli::remote {

/// What stands at `key`; null if `object` is none or has none.
const nlohmann::json& value_at(const nlohmann::json& object, const char* key);
/// The list at `key`; an empty one if there is none.
const nlohmann::json& list_at(const nlohmann::json& object, const char* key);
/// The text, number or flag at `key`; "" (else made plain()), 0, false where there is none of that type.
std::string text_at(const nlohmann::json& object, const char* key);
double number_at(const nlohmann::json& object, const char* key);
bool flag_at(const nlohmann::json& object, const char* key);

}  // namespace troupe::cli::remote
