// Tokenizers by file: opening one takes longer than all prompts of a job. Part of a module of its own.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/tokenizer/tokenizer.h"

namespace troupe::engine::wan {

/// Thread-safety: safe.
class Tokenizers {
 public:
  /// EngineParts::tokens. A file that has changed is read again. Errors: as Tokenizer::load() and encode().
  Result<std::vector<int32_t>> tokens(const std::filesystem::path& file, const std::string& prompt, int max);

 private:
  struct Known {
    std::filesystem::file_time_type written;
    std::shared_ptr<const tokenizer::Tokenizer> its;
  };
  Result<std::shared_ptr<const tokenizer::Tokenizer>> of(const std::filesystem::path& file);

  std::mutex mutex_;
  std::map<std::filesystem::path, Known> known_;
};

}  // namespace troupe::engine::wan
