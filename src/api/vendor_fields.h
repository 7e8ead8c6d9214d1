// Reading the bodies of vendors' APIs: the same values in everybody's spelling, and a spec built from them
// that remembers where each part stood.
#pragma once

#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/submission.h"
#include "base/result.h"
#include "core/json_document.h"
#include "core/json_fields.h"

namespace troupe::api {

inline constexpr size_t kVendorBodyBytesMax = 1 << 20;  ///< without the media that were taken out
inline constexpr int kVendorBodyDepthMax = 12;

/// A body while it is read.
struct VendorBody {
  JsonFields& fields;  ///< of the root
  ErrorList& errors;
  Submission& submission;
};

/// What becomes of fields that nothing asked for.
enum class UnknownFields {
  refused,
  ignored,  ///< and named in Submission::ignored
};

/// Reads a body that is one JSON object. Errors: as of api::native::parse_submission().
Result<Submission> read_vendor_body(std::string_view json, UnknownFields unknown, std::vector<Error>* all,
                                    const std::function<void(VendorBody&)>& read);

/// The one of `keys` that is given, else the first of them. Each further one that is given is reported.
std::string_view given_key(JsonFields& fields, std::initializer_list<std::string_view> keys);

/// Seconds: 8, "8", "8s". None for "", "auto", "adaptive" and -1, which leave it to the model.
std::optional<MediaTime> duration_field(JsonFields& fields, std::string_view key);
/// "16:9". None for "", "auto" and "adaptive".
std::optional<AspectRatio> aspect_ratio_field(JsonFields& fields, std::string_view key);
/// "720p", "1280x720", "1280*720". None for "" and "auto".
std::optional<Resolution> resolution_field(JsonFields& fields, std::string_view key);
/// A whole number, or its digits. None for -1, which leaves it to the model.
std::optional<uint64_t> seed_field(JsonFields& fields, std::string_view key);
/// "single" or "multi"; "intelligent" (which leaves the shots to the model) is the latter, "customize" (which
/// spells them out) neither.
std::optional<ShotType> shot_type_field(JsonFields& fields, std::string_view key);
/// A boolean, or one of the two words for it ("on" and "off", say).
std::optional<bool> switch_field(JsonFields& fields, std::string_view key, std::string_view on,
                                 std::string_view off);

/// A source and where it stood.
struct PlacedSource {
  MediaSource source;
  std::string pointer;
};
/// A text that names a picture or clip, or an object with one under "url". None if it is empty.
std::optional<PlacedSource> source_field(JsonFields& fields, std::string_view key);
/// The same where it must not be empty.
std::optional<PlacedSource> given_source(JsonFields& fields, std::string_view key);
/// A list of them; a single one counts as a list. Empty texts are reported.
std::vector<PlacedSource> sources_field(JsonFields& fields, std::string_view key);
/// One of a list's items.
std::optional<PlacedSource> source_item(const JsonValue& item, ErrorList& errors);

/// Whether what is named is a clip, as far as its name tells: a data URL's type, a URL's ending.
bool names_clip(const MediaSource& source);

/// Adds a reference. What is named as a clip becomes an element's clip, whatever `kind` says: no other
/// reference can be one.
void add_reference(Submission& submission, ReferenceKind kind, const PlacedSource& placed);
/// Adds an element: {"frontal_image_url", "reference_image_urls", "video_url"}, in fal's, Venice's and
/// Kling's shape, with "name" and shorter names ("image", "angles", "video") where people write it by hand;
/// or the address of its picture alone. Other fields are reported.
void add_element(VendorBody& body, const JsonValue& item);
/// Adds a shot: {"prompt", "duration"}, as in Kling's multi_prompt. `list`: the field that they stand in.
void add_shots(VendorBody& body, JsonFields& fields, std::string_view list);
/// The models that may make it in place of the first, as the gateway and OpenRouter list them.
void add_fallback_models(VendorBody& body, JsonFields& fields, std::string_view list);
/// A second one is reported.
void set_first_frame(VendorBody& body, const PlacedSource& placed);
void set_last_frame(VendorBody& body, const PlacedSource& placed);
void set_extend(VendorBody& body, const PlacedSource& placed);

}  // namespace troupe::api
