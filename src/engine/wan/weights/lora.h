// LoRAs: small files that change a network's weights, merged into them while they are read.
//
// A module's change is strength * (alpha / rank) * up @ down, or strength * difference. Kinds of names that
// are read:
//   MODULE.lora_A.weight (down), MODULE.lora_B.weight (up)                       peft, diffusers
//   MODULE.lora_down.weight, MODULE.lora_up.weight, MODULE.alpha                 LightX2V, ComfyUI
//   lora_unet_MODULE.lora_down.weight …, '.' in MODULE written as '_'            kohya, musubi
//   MODULE.diff (of .weight), MODULE.diff_b (of .bias), MODULE.diff_m (of .modulation)
// MODULE is named as the authors or as diffusers do, behind any prefix of canonical().
// huggingface/diffusers @58eb52c loaders/lora_conversion_utils.py,
// _convert_non_diffusers_wan_lora_to_diffusers and _convert_musubi_wan_lora_to_diffusers; a missing alpha
// counts as the rank.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engine/wan/weights/weights.h"

namespace troupe::engine::wan {

/// One LoRA and how much of it is wanted.
struct Lora {
  std::string label;                       ///< for messages: the file's name
  std::shared_ptr<const Weights> weights;  ///< of Part::lora
  double strength = 1;                     ///< finite; may be negative
};

/// The sum of several LoRAs. Reads factors when a weight is asked for, and keeps none of them in memory.
/// Thread-safety: const members may be called from several threads.
class Loras final : public WeightDeltas {
 public:
  /// Finds out what each tensor of the LoRAs changes in `base`, which is not kept. Errors, each naming the
  /// LoRA: invalid_argument (no LoRA file; a strength that is no number; modules that `base` does not have or
  /// whose shapes do not fit: how many, and one of them), corrupt_input (half a pair), unsupported (tensors
  /// of another kind, such as DoRA's or LoHa's).
  static Result<std::shared_ptr<const Loras>> make(const Weights& base, std::vector<Lora> loras);

  bool changes(std::string_view name) const override { return terms_.contains(name); }
  /// In float; products of up to a million values in double. Throws c10::Error where a factor cannot be read.
  at::Tensor apply(std::string_view name, const at::Tensor& weight) const override;

  /// How many tensors of the base are changed.
  size_t count() const { return terms_.size(); }

 private:
  friend class LoraReader;

  // What one LoRA adds to one tensor: factor * up @ down, or factor * difference.
  struct Term {
    size_t lora = 0;
    std::string up, down, difference;  // names in its file; either the first two or the last
    double factor = 1;
  };

  at::Tensor delta(const Term& term, const at::Tensor& weight) const;

  std::vector<Lora> loras_;
  std::map<std::string, std::vector<Term>, std::less<>> terms_;
};

}  // namespace troupe::engine::wan
