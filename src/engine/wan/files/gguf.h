// The GGUF container, versions 2 and 3, little-endian (ggml-org/ggml, docs/gguf.md).
#pragma once

#include "engine/wan/files/contents.h"

namespace troupe::engine::wan {

/// The tensors of a whole file, in the order of its table. Views point into `file`. Shapes are outermost
/// first, the reverse of the file's; where the metadata has `comfy.gguf.orig_shape.NAME` (the shape of a
/// tensor with more than the four dimensions that ggml has), this is the shape. Errors: corrupt_input,
/// over_limit, unsupported: another version, big-endian numbers, or a tensor of a type that DType lacks. That
/// refuses the whole file, since a model with a tensor that can't be read is none.
Result<Contents> read_gguf(ByteSpan file, std::string_view label);

}  // namespace troupe::engine::wan
