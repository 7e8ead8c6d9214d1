#include "jobs/provider_book.h"

namespace troupe::jobs {

bool is_provider_name(std::string_view name) {
  return !name.empty() && name.size() <= kProviderNameBytesMax &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-") == std::string_view::npos;
}

}  // namespace troupe::jobs
