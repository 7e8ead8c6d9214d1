// The characters of header fields, as in RFC 9110 section 5.
#pragma once

#include <string_view>

namespace troupe::http {

/// Equal but for the case of ASCII letters.
bool same_name(std::string_view a, std::string_view b);
/// One or more of RFC 9110's tchar: what a field's name or a method is made of.
bool is_token(std::string_view text);
/// No control characters but tabs: what may stand in an answer without becoming another field.
bool is_field_value(std::string_view text);
/// Without the blanks and tabs at both ends.
std::string_view trimmed(std::string_view text);
/// What may be echoed and logged as a request's id: 1-128 letters, digits, '-', '_', '.', ':'.
bool is_request_id(std::string_view text);

}  // namespace troupe::http
