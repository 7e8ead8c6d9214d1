// Prompts of any bytes: what comes out is UTF-8, has single spaces between words only, and no NUL.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/utf8.h"
#include "engine/tokenizer/clean_prompt.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(data, data + size);
  const std::string clean = troupe::tokenizer::clean_prompt(text);
  if (!troupe::is_utf8(clean)) std::abort();
  if (clean.find('\0') != std::string::npos || clean.find("  ") != std::string::npos) std::abort();
  if (clean.find_first_of("\t\n\v\f\r") != std::string::npos) std::abort();
  if (!clean.empty() && (clean.front() == ' ' || clean.back() == ' ')) std::abort();
  return 0;
}
