// What a speech program may print: any bytes are sound of a sane length, or an error.
#include <cstdint>
#include <cstdlib>

#include "engine/stage/sound/wav.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto sound = troupe::stage::parse_wav({data, size});
  if (sound && sound->mono.size() > size) std::abort();
  return 0;
}
