// Encoded texts, remembered: the same prompt is not encoded again for the next take.
#pragma once

#include <ATen/ATen.h>

#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/wan/nn/compute.h"
#include "engine/wan/text/t5_encoder.h"
#include "engine/wan/wan_engine.h"

namespace troupe::engine::wan {

/// Thread-safety: none.
class TextBook {
 public:
  static constexpr size_t kRemembered = 64;  ///< texts; 4 MiB each at most

  /// One text, encoded.
  struct Encoded {
    at::Tensor states;     ///< [tokens, width] float on the CPU
    bool cut_off = false;  ///< it was longer than the model reads
  };

  /// Loads the encoder, where a text is not known yet. It is dropped before encode() returns.
  using Load = std::function<Result<T5Encoder>()>;

  /// Each text as `model` reads it: its first `max_tokens` tokens. Errors: those of `load` and of
  /// parts.tokens; corrupt_input where tokenizer and encoder do not belong together. Throws c10::Error.
  Result<std::vector<Encoded>> encode(const ModelFiles& model, const std::vector<std::string>& texts,
                                      int max_tokens, const EngineParts& parts, const Load& load);

 private:
  struct Entry {
    std::string key;
    Encoded encoded;
  };
  const Encoded* find(const std::string& key);
  void remember(const std::string& key, Encoded encoded);

  std::list<Entry> entries_;  // the newest first
};

}  // namespace troupe::engine::wan
