// The safetensors container (huggingface/safetensors, README.md "Format").
#pragma once

#include "engine/wan/files/contents.h"

namespace troupe::engine::wan {

/// The tensors of a whole file, in the order of its header. Views point into `file`. The header is at most
/// 100 MiB, as in the reference implementation; it must describe each of the bytes behind it exactly once.
/// Errors: corrupt_input, over_limit, unsupported (a dtype that DType lacks).
Result<Contents> read_safetensors(ByteSpan file, std::string_view label);

}  // namespace troupe::engine::wan
