// A job's media as a provider can read them. Private to work/.
#pragma once

#include <functional>
#include <string>

#include "base/bytes.h"
#include "core/generation_spec.h"
#include "engine/remote_engine.h"
#include "work/media_reader.h"

namespace troupe::work {

/// A link to one of a job's sources that anybody can fetch for a while; "" = none can be made.
using SourceLink = std::function<std::string(const std::string& uri)>;

/// Keeps a file at the provider and gives its address; see engine::RemoteEngine::upload().
using SourceUpload = std::function<Result<std::string>(ByteView bytes, std::string_view media_type)>;

/// `spec` with every source as `manners` takes it: an address that is one already stays, what is small enough
/// becomes a data URL, the rest goes to `upload` where the provider keeps files, else `link` is asked. Blocks
/// (reads). Errors: the reader's; unsupported: a source that this provider has no way to get, with what to
/// do.
Result<GenerationSpec> readable_by(const engine::RemoteManners& manners, const GenerationSpec& spec,
                                   MediaReader& reader, const SourceLink& link, const SourceUpload& upload);

}  // namespace troupe::work
