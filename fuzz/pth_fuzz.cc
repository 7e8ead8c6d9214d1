// Any bytes as a file of torch.save(), and as the pickle of one: they are read or give an error, and every
// tensor that is found can be read.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "engine/wan/files/dequantize.h"
#include "engine/wan/files/torch_archive.h"
#include "engine/wan/files/writers_for_test.h"

namespace {

using namespace troupe::engine::wan;

void read_all(ByteSpan file) {
  const auto contents = read_torch(file, "fuzzed");
  if (!contents) return;
  for (const TensorView& tensor : contents.value().tensors) {
    if (values_of(tensor.shape).value() > (1 << 16)) continue;
    std::vector<float> values(values_of(tensor.shape).value());
    if (!to_f32(tensor, values)) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string input(reinterpret_cast<const char*>(data), size);
  if (input.starts_with("PK")) {
    read_all({reinterpret_cast<const std::byte*>(data), size});
    return 0;
  }
  const std::vector<std::byte> file = bytes_from(torch_file(input, {{"0", std::string(24, 'x')}}));
  read_all(file);
  return 0;
}
