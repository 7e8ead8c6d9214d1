// Strangers' media decoded where a decoder's defect cannot do harm.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "work/decode_worker.h"
#include "work/media_decoder.h"

namespace troupe::work {

struct SandboxOptions {
  /// How a worker is started; what it shall do follows as further arguments. By default this very executable:
  /// never missing, never of another version than the server that an upgrade replaced under its feet.
  std::vector<std::string> command = {"/proc/self/exe", kDecodeWorkerFlag};
  uint64_t memory_bytes_max = uint64_t{1} << 30;    ///< on top of the program and the file
  int64_t cpu_seconds_max = 20;                     ///< of a picture or of what is read of a clip
  std::chrono::milliseconds wait_max{30000};        ///< the same by the clock
  int64_t play_cpu_seconds_max = 600;               ///< of playing a whole clip
  std::chrono::milliseconds play_wait_max{900000};  ///< the same by the clock, less what its output takes
};

/// Every call starts a process, which locks itself up (see work/decode/jail.h), decodes one file out of
/// sealed memory, answers with plain pixels through a pipe, and is killed. A clip to extend is decoded anew,
/// frame by frame through the pipe, each time it is played: a cleaned-up file would have to be decoded out
/// here, and a worker that is taken over could make that any file. All that comes back is compared with what
/// was asked (work/decode/answer.h). What the worker decodes is the same to the bit as InProcessDecoder's.
/// Thread-safety: safe; each call costs its own process. Errors, besides those of decoding: corrupt_input
/// ("the decoder gave up on this file"), over_limit (time or memory), unavailable (no process could be
/// started), internal (it could not lock itself up).
class SandboxedDecoder final : public MediaDecoder {
 public:
  explicit SandboxedDecoder(SandboxOptions options = {}) : options_(std::move(options)) {}

  Result<DecodedPicture> picture(ByteView bytes, const media::ImageLimits& limits,
                                 const CancelToken& cancel) const override;
  Result<ClipSamples> samples(Bytes bytes, int count, const media::VideoLimits& limits,
                              const CancelToken& cancel) const override;
  Result<std::unique_ptr<PlayableClip>> clip(Bytes bytes, const media::VideoLimits& limits,
                                             const CancelToken& cancel) const override;

  /// What workers are held by on this machine, for the log; a server asks once as it starts, and so knows too
  /// that workers start at all. "process limits, system call filter, no network, memory limit", or what is
  /// missing: "process limits; NOT here: system call filter". Errors: unavailable, internal.
  Result<std::string> protections() const;

 private:
  SandboxOptions options_;
};

}  // namespace troupe::work
