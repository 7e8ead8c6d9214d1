#include "base/result.h"

namespace troupe {

std::string_view name(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_argument:
      return "invalid_argument";
    case ErrorCode::not_found:
      return "not_found";
    case ErrorCode::unsupported:
      return "unsupported";
    case ErrorCode::over_limit:
      return "over_limit";
    case ErrorCode::corrupt_input:
      return "corrupt_input";
    case ErrorCode::out_of_memory:
      return "out_of_memory";
    case ErrorCode::unavailable:
      return "unavailable";
    case ErrorCode::timeout:
      return "timeout";
    case ErrorCode::conflict:
      return "conflict";
    case ErrorCode::cancelled:
      return "cancelled";
    case ErrorCode::io:
      return "io";
    case ErrorCode::internal:
      return "internal";
    case ErrorCode::moderated:
      return "moderated";
    case ErrorCode::rejected:
      return "rejected";
    case ErrorCode::no_credit:
      return "no_credit";
    case ErrorCode::unknown_outcome:
      return "unknown_outcome";
  }
  return "internal";
}

std::string to_string(const Error& error) {
  std::string text;
  if (!error.field.empty()) text = error.field + ": ";
  return text + error.message + " (" + std::string(name(error.code)) + ")";
}

}  // namespace troupe
