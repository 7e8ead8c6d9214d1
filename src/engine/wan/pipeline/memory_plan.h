// How much memory a video takes, computed before anything is loaded: what stays on the device, what is
// streamed, what is made in tiles, or that it cannot be made here and what could.
#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "base/result.h"
#include "core/frame_size.h"
#include "engine/wan/dit/transformer.h"
#include "engine/wan/nn/compute.h"
#include "engine/wan/pipeline/denoiser.h"
#include "engine/wan/pipeline/network_sizes.h"
#include "engine/wan/text/t5_encoder.h"
#include "engine/wan/vae/vae.h"

namespace troupe::engine::wan {

/// What a model is made of. Made by model_sizes(), or by hand in tests.
struct ModelSizes {
  Family family = Family::text_to_video;
  Compute compute;  ///< of the transformer and the text encoder; the autoencoders are in float
  TransformerSizes transformer;
  int64_t experts = 1;            ///< transformers of those sizes, one after the other: 2 for Wan2.2
  std::optional<TextSizes> text;  ///< none: texts come encoded
  VaeSizes vae;
  std::optional<TinySizes> tiny;  ///< there is TAEHV too; it decodes where VideoSize says so
};

/// Reads the sizes from files that are open; nothing of their values is read. `text` and `tiny` may be null.
/// Errors: corrupt_input.
Result<ModelSizes> model_sizes(Family family, const Compute& compute, const Weights& transformer,
                               const TransformerConfig& config, const Weights* text, const Weights& vae,
                               const Weights* tiny = nullptr);

/// What is asked for.
struct VideoSize {
  FrameSize size;             ///< multiples of 16
  int64_t frames = 1;         ///< 1 + 4 n
  int64_t references = 0;     ///< pictures
  int64_t text_tokens = 512;  ///< of the longer text
  bool tiny_decoder = false;  ///< the frames are decoded by TAEHV, if the model has it
};

/// What may be used. `host` is not looked at where the networks compute on the CPU.
struct MemoryThere {
  int64_t device = 0;  ///< bytes
  int64_t host = 0;    ///< bytes
};

/// free_memory() of the device and of the host.
MemoryThere memory_there(at::Device device);

/// Bytes that can be taken now. CPU: what the system calls available, or what is left under the limit of the
/// control group (versions 1 and 2) if that is less, and what set_up_process() keeps unused. Another device:
/// what its driver says is free, after what libtorch holds unused was given back. A very large number where
/// nothing says it, which is so on devices with libtorch before 2.10; 0 for a device that is not there. Reads
/// /proc and /sys. Never throws.
int64_t free_memory(at::Device device);

/// The same for the CPU, from files of the system below other folders than /proc and /sys/fs/cgroup.
int64_t free_on_host(const std::filesystem::path& proc, const std::filesystem::path& groups);

/// Bytes of one phase at its highest. On the CPU all are `device`.
struct PhaseBytes {
  int64_t device = 0, host = 0;
};

/// How to make one video in the memory there is.
struct MemoryPlan {
  Transformer::Residency transformer = Transformer::Residency::resident;
  int64_t experts_loaded = 1;  ///< of two experts: both at once, or 1: the second replaces the first
  T5Encoder::Residency text = T5Encoder::Residency::resident;
  bool keep_text = true;  ///< the text encoder may stay loaded; otherwise drop it, and load the transformer
                          ///< behind it
  std::optional<Tiling> tiling;  ///< for Vae::with_tiling(); none: whole frames

  // The highest of each phase, with everything that is loaded then.
  PhaseBytes text_phase;       ///< encoding the texts
  PhaseBytes reference_phase;  ///< encoding references and what VACE starts from
  PhaseBytes denoise_phase;
  PhaseBytes decode_phase;

  PhaseBytes peak() const;

  /// For a log: "transformer streamed, text encoder dropped, tiles of 32 x 32; text 1.2 GiB, references …".
  std::string describe() const;
};

/// The least restricted plan whose peak fits: what is slower is only done where it is needed, in the order
/// dropping the text encoder, tiles (which are larger the more there is), streaming. Weights that are used
/// where they lie in a mapped file take no memory here, for the system can drop and read them again. A
/// sixteenth of what is there stays free, for what libraries take for themselves. Errors: out_of_memory with
/// field "/resolution" and what is needed at least, what is free, and a size that would fit.
Result<MemoryPlan> plan_memory(const ModelSizes& model, const VideoSize& video, const MemoryThere& there);

/// "12.4 GiB", "310 MiB".
std::string bytes_text(int64_t bytes);

}  // namespace troupe::engine::wan
