// The networks that a comparison needs, told apart by their tensors.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/result.h"
#include "engine/wan/dit/transformer.h"
#include "engine/wan/parity/vectors.h"
#include "engine/wan/text/t5_encoder.h"
#include "engine/wan/vae/tiny_vae.h"
#include "engine/wan/vae/vae.h"
#include "engine/wan/weights/weights.h"

namespace troupe::engine::wan::parity {

/// The weights that were given, in any order.
class Models {
 public:
  /// A file that holds no network of ours is left out. Errors: as Weights::open(); conflict for two files of
  /// one network, apart from LoRAs, and from transformers of which one has a VACE branch.
  static Result<Models> open(std::span<const std::filesystem::path> files, const Compute& compute);

  // Each errors with not_found where no file of that network was given. `described`: the vectors' words on
  // the network, which go before those of the weights' own file.
  Result<T5Encoder> text_encoder(const nlohmann::json& described) const;
  Result<Vae> vae() const;
  Result<TinyVae> tiny_vae() const;
  /// Of two, the one with a VACE branch if `vace`, else the other.
  Result<Transformer> transformer(const nlohmann::json& described, bool vace = false) const;

  /// The weights of a network, or null.
  std::shared_ptr<Weights> weights(Part part, bool vace = false) const;
  const std::vector<std::shared_ptr<Weights>>& loras() const { return loras_; }
  const Compute& compute() const { return compute_; }
  /// The files that were left out.
  const std::vector<std::filesystem::path>& left_out() const { return left_out_; }

 private:
  Result<std::shared_ptr<Weights>> need(Part part, bool vace = false) const;

  Compute compute_;
  std::vector<std::shared_ptr<Weights>> parts_, loras_;
  std::vector<std::filesystem::path> left_out_;
};

}  // namespace troupe::engine::wan::parity
