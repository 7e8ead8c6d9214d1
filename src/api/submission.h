// What every dialect makes of a request for a video.
#pragma once

#include <string>
#include <vector>

#include "core/field_map.h"
#include "core/generation_spec.h"

namespace troupe::api {

inline constexpr size_t kSmallBodyBytesMax = 64 * 1024;  ///< of a body that holds no request for a video
inline constexpr size_t kMetadataBytesMax = 16 * 1024;
inline constexpr size_t kUrlBytesMax = 2048;

using troupe::FieldMap;

struct Submission {
  GenerationSpec spec;
  int lane = 0;  ///< higher goes first
  std::string webhook_url;
  std::string metadata_json;  ///< an object of at most kMetadataBytesMax, as given; "" = none
  FieldMap fields;
  std::vector<std::string> ignored;  ///< fields that were understood and have no meaning here
};

}  // namespace troupe::api
