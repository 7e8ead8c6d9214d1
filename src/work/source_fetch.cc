#include <utility>

#include "fetch/fetcher.h"
#include "work/source_reader.h"

namespace troupe::work {

std::function<Result<Bytes>(const std::string&, uint64_t, const CancelToken&)> fetch_by(
    fetch::Fetcher& fetcher) {
  return [&fetcher](const std::string& url, uint64_t size_bytes_max,
                    const CancelToken& cancel) -> Result<Bytes> {
    fetch::FetchLimits limits;
    limits.size_bytes_max = size_bytes_max;
    TROUPE_TRY(fetch::HttpReply reply, fetcher.get(url, limits, cancel));
    return std::move(reply.body);
  };
}

}  // namespace troupe::work
