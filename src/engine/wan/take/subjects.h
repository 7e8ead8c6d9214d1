// References as the models take them: elements on white, without what stood behind them.
#pragma once

#include <functional>
#include <vector>

#include "base/cancel.h"
#include "base/result.h"
#include "engine/engine.h"
#include "engine/wan/pixels/resize.h"
#include "engine/wan/wan_engine.h"

namespace troupe::engine::wan {

/// One picture for each reference of the request, and what the user should know of them. An element is cut
/// out by parts.cut_out and then cut to what is visible of it, so that it fills its picture; scenes and
/// images stay whole. Of several views the first is taken. Errors: those of parts.cut_out; invalid_argument
/// (a reference without a picture).
Result<std::vector<Rgb>> reference_pictures(const RenderRequest& request, const EngineParts& parts,
                                            const CancelToken& cancel, std::vector<Note>& notes);

}  // namespace troupe::engine::wan
