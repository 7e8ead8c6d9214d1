// What libtorch is told once, for the whole process.
#pragma once

#include <cstdint>

namespace troupe::engine::wan {

/// Lets libtorch use every processor that this process may run on (unless OMP_NUM_THREADS says otherwise;
/// left alone it takes one where it cannot read the machine's topology), and keeps large tensors' memory for
/// the next ones, as its allocator for GPUs does: a network asks for the same sizes in every block, and a
/// page that the system has to clear first can take longer than what is computed on it. With libtorch 1 only;
/// 2 is there for GPUs. To be called before tensors are made; later calls do nothing. Thread-safe.
void set_up_process();

/// Gives back to the system what is kept and no tensor uses. Thread-safe; does not block long.
void release_kept_memory();

/// Bytes that are kept and that no tensor uses. Thread-safe.
int64_t kept_memory_bytes();

}  // namespace troupe::engine::wan
