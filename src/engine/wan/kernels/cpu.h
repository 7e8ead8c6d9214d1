// What this processor and its system can do. Private to kernels/.
#pragma once

namespace troupe::engine::wan {

/// Whether the instructions may be used by this process, registers saved by the system included. Thread-safe.
bool cpu_has_avx2();         ///< AVX2 and FMA
bool cpu_has_avx512();       ///< AVX-512 F and DQ
bool cpu_has_avx512_bf16();  ///< and BW, VL and BF16
/// AMX tiles of bf16, besides the above. Asks Linux for them, for the whole process (arch_prctl,
/// ARCH_REQ_XCOMP_PERM).
bool cpu_has_amx();

}  // namespace troupe::engine::wan
