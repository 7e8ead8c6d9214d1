// What a video file says about its making, for people and for machines.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace troupe::media {

/// Where the pixels come from, in the words of the IPTC's digital source type vocabulary
/// (http://cv.iptc.org/newscodes/digitalsourcetype/), which laws and platforms read.
enum class DigitalSource {
  composite_synthetic,        ///< given pictures joined with synthetic ones, without a trained model
  algorithmic_media,          ///< made by an algorithm alone, without a trained model
  trained_algorithmic_media,  ///< made by a trained model
  composite_with_trained_algorithmic_media,  ///< given pictures joined with what a trained model made
};
/// The last part of the vocabulary's address: "compositeSynthetic" …
std::string_view name(DigitalSource source);

struct VideoMetadata {
  DigitalSource source = DigitalSource::composite_synthetic;
  std::string model;   ///< what the user asked for: "stage"
  std::string engine;  ///< what made the frames
  std::string engine_version;
  uint64_t seed = 0;
  std::string spec_sha256;  ///< of the request, lower-case hex
  bool draft = true;
  std::string description;  ///< free text, perhaps the prompt; any bytes, those that XML forbids are replaced
  std::string creator = "Troupe";  ///< the program, perhaps with its version
  bool operator==(const VideoMetadata&) const = default;
};

/// The metadata that the encoder put into an MP4 file. A file is not read whole. Blocks.
/// Errors: not_found (no such file, or none of ours in it), corrupt_input (not an MP4, or damaged), io.
Result<VideoMetadata> read_metadata(const std::filesystem::path& mp4);
Result<VideoMetadata> read_metadata(ByteView mp4);

/// Puts `metadata` behind all else that is in an MP4 file: its frames, and every offset in it, stay as they
/// are. Of a file with metadata of ours nothing is changed. Blocks. Errors: unsupported (no MP4, cut off, or
/// one whose last box has no end, so that nothing can stand behind it), not_found, io.
Result<void> mark_video(const std::filesystem::path& mp4, const VideoMetadata& metadata);

}  // namespace troupe::media
