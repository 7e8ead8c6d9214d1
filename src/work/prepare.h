// From a request to everything an engine needs, with all that is wrong with it found at once.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "base/cancel.h"
#include "catalog/catalog.h"
#include "core/generation_spec.h"
#include "engine/engine.h"
#include "work/media_decoder.h"
#include "work/media_reader.h"

namespace troupe::work {

/// A request whose media are in memory.
struct PreparedTake {
  GenerationSpec spec;  ///< as given, with the shape of its pictures filled in (see prepare())
  const catalog::Model* model = nullptr;
  catalog::Resolved resolved;
  catalog::Quote quote;
  std::vector<engine::ReferencePictures> pictures;  ///< one for each of spec.references
  std::optional<Image> first_frame, last_frame;
  std::unique_ptr<PlayableClip> extend;  ///< nullptr for none
};

struct Preparation {
  std::optional<PreparedTake> take;            ///< set exactly when nothing is wrong
  std::vector<catalog::Violation> violations;  ///< all of them, of the spec and of its media
};

/// Checks `spec` against its model, reads its media through `reader`, decodes them by `decoder` and checks
/// those too.
/// What the request leaves open follows its pictures where it can: without an aspect ratio a first frame
/// (else a last one) gives the nearest that the model has; a clip to extend gives its own size and rate where
/// the model allows. The catalog outlives the result. Blocks (files, 50 ms a picture). `cancel` is looked at
/// between media. Errors: not_found (the model), cancelled, unavailable and internal (the decoder). A medium
/// that cannot be read is a violation, not an error. The decoder is used until the call returns; a clip to
/// extend needs it no longer.
Result<Preparation> prepare(const catalog::Catalog& catalog, GenerationSpec spec, MediaReader& reader,
                            const MediaDecoder& decoder, const CancelToken& cancel = {});

/// The same, decoded in this process.
Result<Preparation> prepare(const catalog::Catalog& catalog, GenerationSpec spec, MediaReader& reader,
                            const CancelToken& cancel = {});

}  // namespace troupe::work
