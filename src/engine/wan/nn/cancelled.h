// How a network's pass ends when the caller no longer wants it.
#pragma once

namespace troupe::engine::wan {

/// Thrown out of a pass whose CancelToken was set.
struct Cancelled {};

}  // namespace troupe::engine::wan
