// Names for stored things, and secrets.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/clock.h"

namespace troupe {

/// "job_01JB2M4Z9C6Q0S8W5V7X3Y1T2R": `prefix`, '_', then 26 characters of Crockford's base 32: 48 bits of the
/// time in milliseconds and 80 random bits. Sorts by time; nobody can guess the next. Thread-safe.
std::string new_id(std::string_view prefix, Time now);

/// True if `text` has that form with that prefix: what a path may name.
bool is_id(std::string_view text, std::string_view prefix);

/// `count` bytes of the system's random source.
Bytes random_bytes(size_t count);

/// Compares in time that does not depend on where they differ.
bool equal_secrets(std::string_view a, std::string_view b);

/// Lower-case hexadecimal.
std::string to_hex(ByteView bytes);

/// Base 64 with padding, as in RFC 4648 section 4. from_base64 also takes the URL alphabet and missing
/// padding, and refuses everything else with corrupt_input.
std::string to_base64(ByteView bytes);
Result<Bytes> from_base64(std::string_view text);

}  // namespace troupe
