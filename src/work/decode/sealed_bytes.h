// Bytes that another process can map and nobody can change.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "work/decode/descriptor.h"

namespace troupe::work {

/// A copy of the bytes in memory behind a descriptor, sealed: it neither changes nor shrinks while others
/// have it mapped. Errors: unavailable (no memory or no descriptor left).
Result<Descriptor> seal_bytes(ByteView bytes);

/// All bytes behind a descriptor, mapped for reading until the process ends. Empty for none.
/// Errors: io.
Result<ByteView> map_for_good(int descriptor);

}  // namespace troupe::work
