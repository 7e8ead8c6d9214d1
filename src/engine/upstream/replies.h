// Reading providers' answers. Private to engine/upstream/.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "engine/upstream/provider.h"

namespace troupe::upstream {

using Json = nlohmann::ordered_json;

inline constexpr size_t kStateBytesMax = 192u << 20;  ///< of an answer that may hold a video
inline constexpr size_t kReplyBytesMax = 4 << 20;     ///< of JSON; videos come by themselves

/// The object that a body is, its texts without the key that was sent (one of fewer than four characters is
/// none that a text could be searched for); null for everything else (HTML, half a body, a list, one too deep
/// to be walked).
Json object_of(const Reply& reply);
/// The text at a JSON Pointer, or "".
std::string text_at(const Json& json, const char* pointer);
std::optional<double> number_at(const Json& json, const char* pointer);

/// The task's id at the pointer `id`, or the failure that the answer is, with the provider's words at
/// `error`. An id that could not stand in a path is not understood.
Outcome<std::string> read_task(const Reply& reply, const char* id, const char* error);

/// "Retry-After" in seconds; 0 = none, or a date.
std::chrono::seconds retry_after(const Reply& reply);

/// What a status other than 2xx means: 401, 402 and 403 no_credit, 408 and 429 over_limit, other 4xx
/// rejected, all else outage; words of moderation in the message make it moderated. `message`: the provider's
/// own; "" = the status alone.
Failure failure_of(const Reply& reply, std::string message);
/// An answer that could not be understood.
Failure not_understood(const Reply& reply);
/// What a task's own failure means, by its code and text.
Failure task_failure(std::string_view code, std::string message);

/// 0 … 1; none stays none.
std::optional<double> fraction_of_percent(std::optional<double> percent);
/// An amount in whole units, to the micro; below zero is zero.
Money money_of(double amount, Currency currency);

/// Milliseconds since 1970; what no clock shows is brought near.
Time time_of_millis(double millis);
/// "2026-03-01T12:00:00.250Z", fractions passed over.
std::optional<Time> parse_stamp(const std::string& text);

/// One line; bytes that are no UTF-8 are replaced.
std::string print(const Json& json);

}  // namespace troupe::upstream
