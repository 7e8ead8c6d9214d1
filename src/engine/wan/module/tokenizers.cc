#include "engine/wan/module/tokenizers.h"

#include <system_error>

namespace troupe::engine::wan {

Result<std::vector<int32_t>> Tokenizers::tokens(const std::filesystem::path& file, const std::string& prompt,
                                                int max) {
  TROUPE_TRY(const std::shared_ptr<const tokenizer::Tokenizer> its, of(file));
  return its->encode(prompt, max);
}

Result<std::shared_ptr<const tokenizer::Tokenizer>> Tokenizers::of(const std::filesystem::path& file) {
  const std::lock_guard lock(mutex_);
  std::error_code failed;
  const auto written = std::filesystem::last_write_time(file, failed);
  const auto known = known_.find(file);
  if (known != known_.end() && known->second.written == written) return known->second.its;
  TROUPE_TRY(tokenizer::Tokenizer loaded, tokenizer::Tokenizer::load(file));
  auto its = std::make_shared<const tokenizer::Tokenizer>(std::move(loaded));
  known_.insert_or_assign(file, Known{written, its});
  return std::shared_ptr<const tokenizer::Tokenizer>(its);
}

}  // namespace troupe::engine::wan
