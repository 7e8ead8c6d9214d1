// The models that may make a job's takes: its own, then those that may stand in. Private to work/.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "work/prepare.h"
#include "work/remote_context.h"

namespace troupe::work {

/// The job's request as it stands for each of them. Thread-safety: one call at a time.
class RemoteModels {
 public:
  /// All outlive it. `prepared`: the request for the job's own model.
  RemoteModels(RemoteContext& context, const PreparedTake& prepared, MediaReader& reader);

  /// In the order in which they are tried, as RemoteTake::stand_in: "" is the job's own.
  const std::vector<std::string>& names() const { return names_; }

  /// Without its pictures where another model stands in. Blocks (reads the media) when it is asked for first.
  /// Errors: as prepare_job(): the request does not suit the model.
  Result<const PreparedTake*> prepared(const std::string& stand_in);

  /// With every source as the provider of the route takes it: read once for each, and the same however often
  /// it is sent. Blocks. Errors: as prepared() and readable_by(); what an upload failed for.
  Result<const GenerationSpec*> readable(const std::string& stand_in, const engine::RemoteRoute& route);

 private:
  Result<std::string> upload(const engine::RemoteRoute& route, ByteView bytes, std::string_view type);

  RemoteContext& context_;
  const PreparedTake& own_;
  MediaReader& reader_;
  std::vector<std::string> names_;
  std::map<std::string, std::unique_ptr<PreparedTake>> others_;
  std::map<std::pair<std::string, std::string>, GenerationSpec> readable_;  // by model and provider
};

}  // namespace troupe::work
