// Decoding a picture in a process of its own against decoding it here. decode_bench [RUNS]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "media/image_file.h"
#include "work/sandboxed_decoder.h"

namespace {

using namespace troupe;

// A megapixel with the detail of a photograph: slopes, edges and some grain.
Bytes photograph() {
  Random random(1);
  Image picture(1152, 864);
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < picture.width; ++x) {
      const int base = 60 + (x + y) / 16 + ((x / 90 + y / 70) % 2) * 50;
      const auto grain = static_cast<int>(random.below(12));
      const uint8_t pixel[4] = {uint8_t(base + grain), uint8_t(base), uint8_t(200 - base / 2 + grain), 255};
      std::copy_n(pixel, 4, picture.at(x, y));
    }
  }
  return *media::encode_jpeg(picture);
}

double milliseconds_of(const work::MediaDecoder& decoder, ByteView jpeg) {
  const auto start = std::chrono::steady_clock::now();
  const auto decoded = decoder.picture(jpeg, {}, {});
  const auto end = std::chrono::steady_clock::now();
  if (!decoded || !decoded->image) std::exit(EXIT_FAILURE);
  return std::chrono::duration<double, std::milli>(end - start).count();
}

double middle(std::vector<double> times) {
  std::nth_element(times.begin(), times.begin() + std::ssize(times) / 2, times.end());
  return times[times.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1 && std::string_view(argv[1]) == work::kDecodeWorkerFlag) {
    work::run_decode_worker({argv + 2, argv + argc});
  }
  const int runs = argc > 1 ? std::clamp(std::atoi(argv[1]), 1, 10000) : 50;
  const work::InProcessDecoder here;
  const work::SandboxedDecoder there;
  if (const auto held = there.protections()) std::printf("held by: %s\n", held->c_str());
  const Bytes jpeg = photograph();
  std::vector<double> inside, outside;
  for (int i = 0; i < runs; ++i) {
    inside.push_back(milliseconds_of(here, jpeg));
    outside.push_back(milliseconds_of(there, jpeg));
  }
  std::printf("a JPEG of 1 megapixel, %zu bytes: %.1f ms in process, %.1f ms sandboxed: %.1f times\n",
              jpeg.size(), middle(inside), middle(outside), middle(outside) / middle(inside));
  return EXIT_SUCCESS;
}
