#include <torch/version.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <limits>
#include <optional>
#include <sstream>
#include <string>

#include "engine/wan/nn/process.h"
#include "engine/wan/pipeline/memory_plan.h"

// Allocators of devices say what is free from libtorch 2.10 on.
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 10)
#define TROUPE_WAN_ASKS_DEVICES
#include <c10/core/CachingDeviceAllocator.h>
#endif

namespace troupe::engine::wan {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kUnknown = std::numeric_limits<int64_t>::max() / 2;

// The number that a file of the system begins with; none for "max" and where there is no such file.
std::optional<int64_t> number_in(const fs::path& file) {
  std::ifstream in(file);
  int64_t value = 0;
  return in >> value ? std::optional(value) : std::nullopt;
}

// Behind `key` in a file of lines "key value …".
std::optional<int64_t> value_in(const fs::path& file, const std::string& key) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    std::string word;
    int64_t value = 0;
    if (words >> word >> value && word == key) return value;
  }
  return std::nullopt;
}

struct GroupFiles {
  const char *limit, *usage, *cache;  // cache: the key in memory.stat of pages that can be dropped
};
constexpr GroupFiles kVersion1 = {"memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"};
constexpr GroupFiles kVersion2 = {"memory.max", "memory.current", "inactive_file"};

// What is left under the limits of a group and of those above it.
int64_t left_in(fs::path group, const fs::path& root, const GroupFiles& files) {
  int64_t left = kUnknown;
  for (;; group = group.parent_path()) {
    const auto limit = number_in(group / files.limit), usage = number_in(group / files.usage);
    if (limit && usage)
      left = std::min(
          left,
          std::max<int64_t>(0, *limit - *usage + value_in(group / "memory.stat", files.cache).value_or(0)));
    if (group == root || !group.has_relative_path()) return left;
  }
}

// Of the lines "0::/some/group" (version 2) and "5:memory:/some/group" (version 1) of a process.
int64_t left_in_groups(const fs::path& list, const fs::path& mounts) {
  std::ifstream in(list);
  int64_t left = kUnknown;
  for (std::string line; std::getline(in, line);) {
    const size_t first = line.find(':'), second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string kinds = "," + line.substr(first + 1, second - first - 1) + ",";
    const std::string group = line.substr(second + 1);
    const bool old = kinds.find(",memory,") != std::string::npos;
    if (!old && kinds != ",,") continue;
    const fs::path root = old ? mounts / "memory" : mounts;
    // Inside a container the group's own path may not be there: its files are at the root then.
    fs::path at = root;
    if (group != "/" && fs::exists(root.string() + group)) at = root.string() + group;
    left = std::min(left, left_in(at, root, old ? kVersion1 : kVersion2));
  }
  return left;
}

int64_t free_on_device([[maybe_unused]] at::Device device) {
#ifdef TROUPE_WAN_ASKS_DEVICES
  auto* const allocator = c10::getDeviceAllocator(device.type());
  if (allocator->initialized()) allocator->emptyCache();
  const auto index = static_cast<c10::DeviceIndex>(device.has_index() ? device.index() : 0);
  return static_cast<int64_t>(allocator->getMemoryInfo(index).first);
#else
  return kUnknown;
#endif
}

}  // namespace

int64_t free_on_host(const fs::path& proc, const fs::path& groups) {
  const auto available = value_in(proc / "meminfo", "MemAvailable:");
  const int64_t there = available ? *available * 1024 : kUnknown;
  return std::min(there, left_in_groups(proc / "self/cgroup", groups));
}

int64_t free_memory(at::Device device) try {
  if (!device.is_cpu()) return free_on_device(device);
  return free_on_host("/proc", "/sys/fs/cgroup") + kept_memory_bytes();
} catch (...) {
  return device.is_cpu() ? kUnknown : 0;
}

MemoryThere memory_there(at::Device device) { return {free_memory(device), free_memory(at::kCPU)}; }

}  // namespace troupe::engine::wan
