// Renders a request in memory, small, for measuring what shows.
#pragma once

#include <string>
#include <vector>

#include "core/image.h"
#include "engine/engine.h"

namespace troupe::acceptance {

struct Clip {
  std::vector<Image> frames;
  std::vector<float> audio;  ///< interleaved stereo
  engine::RenderReport report;

  const Image& first() const { return frames.front(); }
  const Image& middle() const { return frames[frames.size() / 2]; }
  const Image& last() const { return frames.back(); }
  bool has_note(const std::string& code) const;
};

/// A picture of samples/.
Image sample(const std::string& name);
/// Its path, for a spec.
std::string sample_path(const std::string& name);

/// The stage engine's take of a spec in JSON, with `size` ("320x180") and `fps` put in. Fails the test and
/// returns an empty clip if it is refused.
Clip render(const std::string& spec_json, int threads = 2);

/// Mean absolute difference of luma between two pictures of one size, 0 … 255.
double difference(const Image& a, const Image& b);
/// Median luma.
double median_luma(const Image& picture);
/// Mean of a channel (0 red, 1 green, 2 blue).
double mean_channel(const Image& picture, int channel);

}  // namespace troupe::acceptance
