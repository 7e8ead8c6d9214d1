#include "work/remote_models.h"

#include "work/job_media.h"
#include "work/remote_sources.h"

namespace troupe::work {

RemoteModels::RemoteModels(RemoteContext& context, const PreparedTake& prepared, MediaReader& reader)
    : context_(context), own_(prepared), reader_(reader), names_{""} {
  names_.insert(names_.end(), own_.spec.fallback_models.begin(), own_.spec.fallback_models.end());
}

Result<const PreparedTake*> RemoteModels::prepared(const std::string& stand_in) {
  if (stand_in.empty()) return &own_;
  if (const auto known = others_.find(stand_in); known != others_.end()) return known->second.get();
  TROUPE_TRY(PreparedTake take,
             prepare_job(context_.parts, context_.job, reader_, context_.keeper.token(), stand_in));
  take.pictures.clear();
  take.first_frame.reset();
  take.last_frame.reset();
  take.extend.reset();
  return others_.emplace(stand_in, std::make_unique<PreparedTake>(std::move(take))).first->second.get();
}

Result<std::string> RemoteModels::upload(const engine::RemoteRoute& route, ByteView bytes,
                                         std::string_view type) {
  TROUPE_TRY(const engine::Outcome<std::string> kept,
             context_.parts.remote->upload(route, bytes, type, context_.keeper.token()));
  if (context_.cancelled()) return cancelled_error();
  if (kept.value) return *kept.value;
  // No order went out, whatever it was.
  const bool unknown = kept.failure.kind == engine::FailureClass::unknown;
  return make_error(unknown ? ErrorCode::unavailable : engine::error_code(kept.failure.kind),
                    "a file could not be sent: " + kept.failure.message);
}

Result<const GenerationSpec*> RemoteModels::readable(const std::string& stand_in,
                                                     const engine::RemoteRoute& route) {
  const std::pair key(stand_in, route.provider);
  if (const auto known = readable_.find(key); known != readable_.end()) return &known->second;
  TROUPE_TRY(const PreparedTake* const take, prepared(stand_in));
  TROUPE_TRY(const engine::RemoteManners manners, context_.parts.remote->manners(route));
  const SourceLink link = [&](const std::string& uri) {
    return context_.parts.link ? context_.parts.link(context_.job, uri) : "";
  };
  const SourceUpload send = [&](ByteView bytes, std::string_view type) { return upload(route, bytes, type); };
  TROUPE_TRY(GenerationSpec spec, readable_by(manners, take->spec, reader_, link, send));
  return &readable_.emplace(key, std::move(spec)).first->second;
}

}  // namespace troupe::work
