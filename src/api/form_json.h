// A form (multipart/form-data) as the JSON that its sender meant: dialects read one form of a body only.
//
// "a" is a member, "a[b]" a member of one, "a[]" an entry of a list, "a[][b]" a member of a list's last
// entry, or of a new one where the last has that member already. A name that comes again without brackets
// makes a list. A text that is a JSON list or object stands for it, but in fields of words ("prompt" …).
// Files stand as "inline:N", as media of JSON bodies do.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/inline_media.h"
#include "base/bytes.h"
#include "base/result.h"

namespace troupe::api {

inline constexpr size_t kFormStepsMax = 8;  ///< of one name
inline constexpr size_t kFormNameBytesMax = 256;
/// A longer text that begins as JSON is taken for it unseen: if it is none, the form is refused.
inline constexpr size_t kFormValueBytesMax = 64 << 10;

/// Thread-safety: one thread at a time.
class FormReader {
 public:
  /// As InlineMediaReader.
  FormReader(InlineMediaSink& sink, InlineMediaReader::IsMedia is_media);

  /// One field after the other: begin, data …, end; any bytes may be given. Errors: invalid_argument (a name
  /// that is none), those of InlineMediaReader.
  Result<void> begin(std::string_view name, bool is_file);
  Result<void> data(ByteView bytes);
  Result<void> end();
  /// After the last field. Errors: corrupt_input (a text that is no UTF-8, a long one that is no JSON),
  /// invalid_argument (names that contradict each other).
  Result<InlineMediaText> finish();

 private:
  Result<void> begin_text();

  InlineMediaReader reader_;
  std::vector<std::string> names_;
  bool is_file_ = false, may_be_json_ = false, in_text_ = false, in_json_ = false;
  std::string held_;  // of a text that may be JSON
};

}  // namespace troupe::api
