// The files of torch.save(): a zip archive with a pickle and raw storages.
#pragma once

#include "engine/wan/files/contents.h"

namespace troupe::engine::wan {

/// The tensors of a whole file, in the order of its state dict: the dict at the top, or the one that it has
/// under "state_dict", "model", "model_state_dict", "generator_ema" or "generator" (the first of these that
/// is there; again in what is found, four deep; the path is metadata "state_dict"). Other things in these
/// dicts, such as a step count, are left out. Views point into `file`; a tensor whose strides are not those
/// of its shape is copied, which may make at most the file's own size and 16 MiB more of them. Errors:
/// corrupt_input, over_limit, unsupported (see read_zip() and unpickle(); a TorchScript program; big-endian).
Result<Contents> read_torch(ByteSpan file, std::string_view label);

}  // namespace troupe::engine::wan
