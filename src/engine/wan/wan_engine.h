// The neural engine behind the common interface. Includes nothing of libtorch, so that the program that opens
// the engine as a module (module/wan_module.h) needs none.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/cancel.h"
#include "base/result.h"
#include "core/generation_spec.h"
#include "core/image.h"
#include "engine/engine.h"

namespace troupe::engine::wan {

inline constexpr const char* kEngineName = "wan";
/// EngineInfo::version.
inline constexpr const char* kEngineVersion = "1";
/// EngineInfo::frames_before: five latent frames.
inline constexpr int kFramesBefore = 17;

/// A LoRA that is merged into the transformer.
struct ModelLora {
  std::filesystem::path file;
  double strength = 1;
  bool operator==(const ModelLora&) const = default;
};

/// A model's files, and how its authors sample it.
struct ModelFiles {
  std::string id;      ///< "phantom-wan-1.3b"
  std::string family;  ///< "t2v", "vace", "phantom", "refalign", "skyreels"
  std::vector<std::filesystem::path> transformer, text_encoder, vae;
  std::vector<std::filesystem::path> tiny_vae;  ///< TAEHV for previews; empty = none are shown
  std::filesystem::path tokenizer;
  std::vector<ModelLora> loras;
  int steps = 50;
  std::string solver = "unipc";  ///< as rule_of() of pipeline/generate.h names them
  double shift = 5;
  std::optional<double> guidance_text,
      guidance_image;  ///< none: 1; see GuidanceScales of pipeline/denoiser.h
  int frames = 81;     ///< of one pass, 4 n + 1: a longer shot is made of several, where the family can
  std::string negative_prompt;  ///< used where the request names none
};

/// A subject without its background.
struct SubjectPicture {
  Image picture;          ///< straight alpha
  bool doubtful = false;  ///< it may not be the subject: the user is told
};

/// What others do for the engine. All may be called from several threads.
struct EngineParts {
  /// The model of that name. Errors are handed on: not_found says what to run.
  std::function<Result<ModelFiles>(const std::string& model)> find;
  /// The prompt, cleaned, as 1 … max_tokens numbers of pieces.
  std::function<Result<std::vector<int32_t>>(const std::filesystem::path& tokenizer,
                                             const std::string& prompt, int max_tokens)>
      tokens;
  /// Takes an element out of its background. Empty: pictures stay as they are.
  std::function<Result<SubjectPicture>(const Image& picture, const std::optional<BoxHint>& box,
                                       const CancelToken& cancel)>
      cut_out;
};

struct EngineOptions {
  enum class Device { automatic, cpu, cuda };
  enum class Precision { automatic, f32, bf16, fp8 };
  /// automatic: the first GPU that libtorch can use, else the CPU.
  Device device = Device::automatic;
  /// automatic: bf16 where the device multiplies it faster than floats. fp8: as bf16, but the transformer's
  /// blocks have weights of half the size and multiply in 8-bit floats.
  Precision precision = Precision::automatic;
  /// Frames are decoded with TAEHV where a model has one: many times faster, and a little softer.
  bool tiny_decoder = false;
  int64_t memory_max = 0;  ///< bytes that may be used, of the device and of the host each; 0 = what is free
};

/// An engine that makes one take at a time: others wait for their turn, and notice a cancel while they do.
/// Between takes it keeps the networks of the model that was used last, as long as their memory is not
/// needed, and the encodings of the last prompts. The same request gives the same frames on one device with
/// one kind of CPU.
///
/// Of a request it uses references (elements without their background, all others whole) in the order in
/// which the shot mentions them, first and last frame and the frames of an extended clip where the family
/// takes them (vace), and the negative prompt. Each shot is a video of its own; those longer than
/// ModelFiles::frames go on from their last frames, where the family can. Sizes are made as the next
/// multiples of 16 and cut; given first and last frames are in the video exactly as they are.
///
/// render() errors, beside Engine's: those of EngineParts; invalid_argument with the field that the model
/// can't do; corrupt_input (files that are no weights of this model); out_of_memory with the figures;
/// unavailable (Device::cuda without a GPU that libtorch can use; Precision::fp8
/// where the device or this libtorch can't).
std::unique_ptr<Engine> make_wan_engine(EngineParts parts, EngineOptions options);

}  // namespace troupe::engine::wan
