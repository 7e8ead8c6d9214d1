// Any bytes as a safetensors file: it opens or gives an error, and every tensor of an open file can be read.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "engine/wan/files/contents.h"
#include "engine/wan/files/dequantize.h"
#include "engine/wan/files/safetensors.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace troupe::engine::wan;
  const auto contents = read_safetensors({reinterpret_cast<const std::byte*>(data), size}, "fuzzed");
  if (!contents) return 0;
  for (const TensorView& tensor : contents.value().tensors) {
    if (values_of(tensor.shape).value() > (1 << 16)) continue;
    std::vector<float> values(values_of(tensor.shape).value());
    if (!to_f32(tensor, values)) std::abort();
  }
  return 0;
}
