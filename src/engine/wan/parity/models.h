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
  /// Errors: as Weights::open(); conflict for two files of one network, LoRAs apart.
  static Result<Models> open(std::span<const std::filesystem::path> files, const Compute& compute);

  /// Each errors with not_found where no file of that network was given.
  Result<T5Encoder> text_encoder() const;
  Result<Vae> vae() const;
  Result<TinyVae> tiny_vae() const;
  /// `described`: the vectors' words on the transformer, which go before those of the weights' own file.
  Result<Transformer> transformer(const nlohmann::json& described) const;

  /// The weights of a network, or null.
  std::shared_ptr<Weights> weights(Part part) const;
  const std::vector<std::shared_ptr<Weights>>& loras() const { return loras_; }
  const Compute& compute() const { return compute_; }

 private:
  Result<std::shared_ptr<Weights>> need(Part part) const;

  Compute compute_;
  std::vector<std::shared_ptr<Weights>> parts_, loras_;
};

}  // namespace troupe::engine::wan::parity
