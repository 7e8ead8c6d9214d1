// Clocks, and what the disk gives: the peers of what the server does.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

namespace troupe::bench {

double seconds_now();        ///< of a clock that only runs forward
double wall_milliseconds();  ///< since 1970

/// How often a second 4 KiB more of a plain file in `folder` can be on the disk, measured for `seconds`.
double syncs_per_second(const std::filesystem::path& folder, double seconds);

/// Seconds until a file in `folder` with `parts`, `times` over, is on the disk.
double seconds_to_store(const std::filesystem::path& folder, const std::vector<std::string_view>& parts,
                        int times);

/// Opens as many descriptors as this process may have.
void raise_descriptor_limit();

}  // namespace troupe::bench
