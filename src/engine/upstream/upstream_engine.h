// Providers over the network: engine::RemoteEngine by whichever of them a route names.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>

#include "engine/remote_engine.h"
#include "engine/upstream/access.h"
#include "engine/upstream/provider.h"

namespace troupe::fetch {
class Fetcher;
}

namespace troupe::upstream {

/// How a provider of this name is reached now. Errors: not_found: none is set up. Thread-safe.
using AccessSource = std::function<Result<Access>(const std::string& provider)>;

struct UpstreamOptions {
  std::string user_agent = "Troupe";
  std::filesystem::path ca_file;  ///< whom to trust for TLS, PEM; empty = whom the system trusts
  std::chrono::milliseconds answer_idle{60000};    ///< without a byte of an answer
  std::chrono::milliseconds answer_total{600000};  ///< for a whole one
  std::chrono::milliseconds video_total{1800000};  ///< for one video
};

/// The operator named the provider's host, so it is asked without the guard on addresses and never follows a
/// redirect; videos from anywhere else come through the guarded fetcher, without the key. Thread-safety: as
/// RemoteEngine.
class UpstreamEngine final : public engine::RemoteEngine {
 public:
  /// `fetcher` outlives it.
  UpstreamEngine(AccessSource access, fetch::Fetcher& fetcher, UpstreamOptions options = {});

  Result<engine::RemoteManners> manners(const engine::RemoteRoute& route) const override;
  Result<engine::Outcome<std::string>> upload(const engine::RemoteRoute& route, ByteView bytes,
                                              std::string_view media_type,
                                              const CancelToken& cancel) override;
  Result<engine::Outcome<engine::HandedOver>> hand_over(const engine::RemoteRoute& route,
                                                        const engine::Order& order,
                                                        const CancelToken& cancel) override;
  Result<engine::Outcome<Found>> look_up(const engine::RemoteRoute& route, const engine::Order& order,
                                         Time sent, const CancelToken& cancel) override;
  Result<engine::Outcome<engine::TaskState>> ask(const engine::RemoteRoute& route, const std::string& task,
                                                 const CancelToken& cancel) override;
  Result<void> fetch(const engine::RemoteRoute& route, const std::string& video,
                     const std::filesystem::path& file, uint64_t size_bytes_max,
                     const CancelToken& cancel) override;
  Result<engine::StopAnswer> stop(const engine::RemoteRoute& route, const std::string& task,
                                  const CancelToken& cancel) override;
  Result<engine::Outcome<std::string>> test(const std::string& provider, const CancelToken& cancel) override;

 private:
  struct Reached;
  enum class Same { yes, no, unknown };
  Same compare(const Reached& at, const engine::RemoteRoute& route, const std::string& task,
               const std::string& prompt, const CancelToken& cancel) const;
  Result<Reached> reach(const std::string& provider) const;
  Outcome<Reply> send(const Reached& at, const Call& call, uint64_t size_bytes_max,
                      const CancelToken& cancel) const;
  Result<void> download(const Reached& at, const std::string& video, bool with_key,
                        const std::filesystem::path& file, uint64_t size_bytes_max,
                        const CancelToken& cancel) const;

  AccessSource access_;
  fetch::Fetcher& fetcher_;
  UpstreamOptions options_;
};

}  // namespace troupe::upstream
