#include "server/make_key.h"

#include <algorithm>

#include "base/ids.h"
#include "server/identity.h"

namespace troupe::server {

Result<NewKey> make_key(jobs::KeyRing& keys, ApiKey key, Time now) {
  for (const std::string& scope : key.scopes) {
    if (std::find(all_scopes().begin(), all_scopes().end(), scope) != all_scopes().end()) continue;
    std::string known;
    for (const std::string_view one : all_scopes()) known += (known.empty() ? "" : ", ") + std::string(one);
    return make_error(ErrorCode::invalid_argument, "\"" + scope + "\" is no scope; there are " + known + ".",
                      "scope");
  }
  NewKey made;
  made.secret = new_secret();
  key.id = new_id("key", now);
  key.created = now;
  TROUPE_CHECK_OK(keys.add(key, hash_secret(made.secret)));
  made.key = std::move(key);
  return made;
}

}  // namespace troupe::server
