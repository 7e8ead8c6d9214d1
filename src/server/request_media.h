// Media of requests: those inside a body go to the object store while it is read, and become uploads of the
// account; those that are named must be there. Private to server/.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "catalog/catalog.h"
#include "core/generation_spec.h"
#include "http/message.h"
#include "server/service.h"
#include "store/object_store.h"

namespace troupe::server {

/// One medium that stood in a body.
struct RequestMedium {
  std::string object, media_type;
  uint64_t size_bytes = 0;
  std::optional<Error> error;  ///< why it can't be used; then the rest is empty
};

/// A JSON body without its media: see api/inline_media.h.
struct RequestText {
  std::string json;
  std::vector<RequestMedium> media;
  std::string fingerprint;  ///< of all that was sent: the same for the same request
};

/// The body as JSON, whether it is that or a form (api/form_json.h). `objects`: where its media go; null =
/// nothing is stored, and they have no object. Memory: as that of a small request, however large the body is.
/// Errors: over_limit, corrupt_input and invalid_argument (a broken form), the store's.
Result<RequestText> read_request_text(const http::Request& request, store::ObjectStore* objects);

/// Puts uploads of `account` in place of the "inline:N" in `spec`. A medium that is broken, or that the spec
/// has no place for, is a violation. One without an object stays "inline:N". A reference's picture that is a
/// clip becomes its element's clip, and the other way round. Errors: the store's.
Result<std::vector<catalog::Violation>> attach_media(const Service& service, const std::string& account,
                                                     const std::vector<RequestMedium>& media,
                                                     GenerationSpec& spec);

/// Looks at every source of `spec` without reading from elsewhere: what no server can read (a path, another
/// scheme, base 64 of no picture), an upload that the account has not or that is not complete, is a
/// violation. Collects the ids of the uploads, each once. Pictures and clips change places as in
/// attach_media(). Errors: the store's.
Result<std::vector<catalog::Violation>> check_sources(jobs::Library& library, const std::string& account,
                                                      GenerationSpec& spec,
                                                      std::vector<std::string>& uploads);

}  // namespace troupe::server
