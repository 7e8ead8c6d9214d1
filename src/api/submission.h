// What every dialect makes of a request for a video.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/generation_spec.h"

namespace troupe::api {

inline constexpr size_t kSmallBodyBytesMax = 64 * 1024;  ///< of a body that holds no request for a video
inline constexpr size_t kMetadataBytesMax = 16 * 1024;
inline constexpr size_t kUrlBytesMax = 2048;

/// Where in the caller's own body the parts of a spec stood, as JSON Pointers: what is wrong with a spec is
/// told in the caller's words.
class FieldMap {
 public:
  /// What is at `spec` and below was at `body` and below.
  void add(std::string spec, std::string body);
  /// Whatever is at `spec` and below was made of the one field `body`.
  void fold(std::string spec, std::string body);
  /// The place of `spec` in the body, by the longest pointer that was added and leads to it (of two that are
  /// the same, the later); the body itself ("") if there is none.
  std::string in_body(std::string_view spec) const;

 private:
  struct Entry {
    std::string spec, body;
    bool folded = false;
  };
  std::vector<Entry> entries_;
};

struct Submission {
  GenerationSpec spec;
  int lane = 0;  ///< higher goes first
  std::string webhook_url;
  std::string metadata_json;  ///< an object of at most kMetadataBytesMax, as given; "" = none
  FieldMap fields;
  std::vector<std::string> ignored;  ///< fields that were understood and have no meaning here
};

}  // namespace troupe::api
