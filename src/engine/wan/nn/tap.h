// Looking inside a network while it runs: what the parity tool compares with the official implementation.
#pragma once

#include <ATen/ATen.h>

#include <functional>
#include <string>

namespace troupe::engine::wan {

/// Told each intermediate result by name ("block0.attn"); empty where nobody looks. The tensor may be changed
/// by the network afterwards: copy what is kept.
using Tap = std::function<void(const std::string& name, const at::Tensor& value)>;

inline void show(const Tap& tap, const std::string& name, const at::Tensor& value) {
  if (tap) tap(name, value);
}

}  // namespace troupe::engine::wan
