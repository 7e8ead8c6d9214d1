#include "engine/upstream/upstream_engine.h"

#include <algorithm>

#include "base/ids.h"
#include "engine/upstream/replies.h"
#include "engine/upstream/video_file.h"
#include "fetch/api_client.h"
#include "fetch/fetcher.h"

namespace troupe::upstream {
namespace {

constexpr std::chrono::minutes kClocksApart{2};  // a provider's clock and ours

// Told to whoever asked for the job: who is asked at which address is the operator's matter.
Failure lost(const Error& error) {
  using std::chrono::seconds;
  switch (error.code) {
    // Nobody was there, or nobody that could be trusted: nothing was sent.
    case ErrorCode::not_found:
    case ErrorCode::invalid_argument:
      return {FailureClass::outage, "It can't be reached.", seconds(0)};
    case ErrorCode::unsupported:
      return {FailureClass::outage, "Its TLS certificate is not its own.", seconds(0)};
    case ErrorCode::timeout:
      return {FailureClass::unknown, "It gave no answer in time.", seconds(0)};
    default:
      return {FailureClass::unknown, "The connection to it broke off.", seconds(0)};
  }
}

// What an answer to an order proves: a page or a time-out may come from anybody on the way, behind whom the
// order arrived all the same.
Failure as_of_an_order(const Reply& reply, Failure failure) {
  const int status = reply.status;
  if (status >= 300 && status < 400) {
    failure.kind = FailureClass::outage;
    failure.message = "It answers with a redirect (HTTP status " + std::to_string(status) +
                      "), which is not followed: its base URL is another one.";
    return failure;
  }
  const bool refused = status == 503 || (status == 500 && object_of(reply).is_object());
  const bool unsure = status == 408 || (failure.kind == FailureClass::outage && !refused);
  if (unsure) failure.kind = FailureClass::unknown;
  return failure;
}

Result<Bytes> bytes_of_data_url(const std::string& url) {
  constexpr std::string_view kBase64 = ";base64,";
  const size_t comma = url.find(kBase64);
  if (comma == std::string::npos)
    return make_error(ErrorCode::corrupt_input, "The provider's data URL is not in base 64.");
  const auto bytes = from_base64(std::string_view(url).substr(comma + kBase64.size()));
  if (!bytes) return make_error(ErrorCode::corrupt_input, "The provider's data URL is damaged.");
  return *bytes;
}

bool of_same_origin(const std::string& base, const std::string& url) {
  const Result<fetch::Url> one = fetch::parse_url(base), other = fetch::parse_url(url);
  return one && other && one->scheme == other->scheme && one->host == other->host && one->port == other->port;
}

}  // namespace

struct UpstreamEngine::Reached {
  const Provider& provider;
  std::string base_url, key;
};

UpstreamEngine::UpstreamEngine(AccessSource access, fetch::Fetcher& fetcher, UpstreamOptions options)
    : access_(std::move(access)), fetcher_(fetcher), options_(std::move(options)) {}

Result<UpstreamEngine::Reached> UpstreamEngine::reach(const std::string& name) const {
  TROUPE_TRY(Access access, access_(name));
  const Provider* provider = find_provider(access.kind);
  if (provider == nullptr)
    return make_error(ErrorCode::not_found, "No provider's API is called \"" + access.kind + "\".");
  if (access.base_url.empty()) access.base_url = std::string(provider->usual_base_url());
  return Reached{*provider, std::move(access.base_url), std::move(access.key)};
}

Outcome<Reply> UpstreamEngine::send(const Reached& at, const Call& call, uint64_t size_bytes_max,
                                    const CancelToken& cancel) const {
  fetch::ApiRequest request;
  request.method = call.method;
  request.url = at.base_url + call.path;
  request.headers = call.headers;
  if (!at.key.empty()) request.headers.insert(at.provider.authorisation(at.key));
  if (!call.body.empty() || call.method == "POST") request.body = call.body;
  request.user_agent = options_.user_agent;
  request.ca_file = options_.ca_file;
  request.limits.idle = options_.answer_idle;
  request.limits.total = options_.answer_total;
  request.limits.size_bytes_max = size_bytes_max;
  request.cancel = cancel;
  Result<fetch::ApiReply> reply = fetch::call_api(request);
  if (!reply) return Outcome<Reply>::failed(lost(reply.error()));
  return Outcome<Reply>::of({reply->status, std::move(reply->headers), std::move(reply->body), at.key});
}

Result<engine::RemoteManners> UpstreamEngine::manners(const engine::RemoteRoute& route) const {
  TROUPE_TRY(const Reached at, reach(route.provider));
  engine::RemoteManners manners = at.provider.manners();
  manners.kind = std::string(at.provider.name());
  return manners;
}

Result<Outcome<std::string>> UpstreamEngine::upload(const engine::RemoteRoute& route, ByteView bytes,
                                                    std::string_view media_type, const CancelToken& cancel) {
  TROUPE_TRY(const Reached at, reach(route.provider));
  const std::optional<Call> call = at.provider.upload(bytes, media_type);
  if (!call) return Outcome<std::string>::failed({FailureClass::rejected, "It keeps no files.", {}});
  const Outcome<Reply> reply = send(at, *call, kReplyBytesMax, cancel);
  if (!reply.value) return Outcome<std::string>::failed(reply.failure);
  Outcome<std::string> address = at.provider.read_uploaded(*reply.value);
  return address;
}

Result<Outcome<engine::HandedOver>> UpstreamEngine::hand_over(const engine::RemoteRoute& route,
                                                              const Order& order, const CancelToken& cancel) {
  TROUPE_TRY(const Reached at, reach(route.provider));
  TROUPE_TRY(Compiled compiled, at.provider.compile(order, route.model));
  const Outcome<Reply> reply = send(at, compiled.call, kReplyBytesMax, cancel);
  if (!reply.value) return Outcome<engine::HandedOver>::failed(reply.failure);
  const Outcome<std::string> task = at.provider.read_submitted(*reply.value);
  if (!task.value) return Outcome<engine::HandedOver>::failed(as_of_an_order(*reply.value, task.failure));
  return Outcome<engine::HandedOver>::of({*task.value, std::move(compiled.unsaid)});
}

Result<Outcome<UpstreamEngine::Found>> UpstreamEngine::look_up(const engine::RemoteRoute& route,
                                                               const Order& order, Time sent,
                                                               const CancelToken& cancel) {
  TROUPE_TRY(const Reached at, reach(route.provider));
  const std::optional<Call> call = at.provider.list();
  if (!call) return Outcome<Found>::of({});
  const Outcome<Reply> reply = send(at, *call, kReplyBytesMax, cancel);
  if (!reply.value) return Outcome<Found>::failed(reply.failure);
  const Outcome<Listing> listing = at.provider.read_list(*reply.value, order, route.model);
  if (!listing.value) return Outcome<Found>::failed(listing.failure);
  TROUPE_TRY(const Compiled compiled, at.provider.compile(order, route.model));
  const Time since = sent - kClocksApart;
  Found found;
  found.sure = listing.value->all || (listing.value->oldest && *listing.value->oldest < since);
  for (const Sighting& sighting : listing.value->seen) {
    if (sighting.created < since) continue;
    const Same same =
        sighting.same_prompt ? Same::yes : compare(at, route, sighting.task, compiled.prompt, cancel);
    if (same == Same::yes) found.tasks.push_back(sighting.task);
    if (same == Same::unknown) found.sure = false;
  }
  return Outcome<Found>::of(std::move(found));
}

// Whether a task is of this prompt, by asking for it.
UpstreamEngine::Same UpstreamEngine::compare(const Reached& at, const engine::RemoteRoute& route,
                                             const std::string& task, const std::string& prompt,
                                             const CancelToken& cancel) const {
  const Outcome<Reply> reply = send(at, at.provider.ask(task, route.model), kReplyBytesMax, cancel);
  const std::string told = reply.value ? at.provider.read_prompt(*reply.value) : "";
  if (told.empty()) return Same::unknown;
  return told == prompt ? Same::yes : Same::no;
}

Result<Outcome<TaskState>> UpstreamEngine::ask(const engine::RemoteRoute& route, const std::string& task,
                                               const CancelToken& cancel) {
  TROUPE_TRY(const Reached at, reach(route.provider));
  const Outcome<Reply> reply = send(at, at.provider.ask(task, route.model), kStateBytesMax, cancel);
  if (!reply.value) return Outcome<TaskState>::failed(reply.failure);
  Outcome<TaskState> state = at.provider.read_state(*reply.value);
  if (state.value && state.value->kind == TaskState::Kind::done && state.value->videos.empty()) {
    const std::string kept = at.provider.kept_address(task);
    if (kept.empty()) return Outcome<TaskState>::failed(not_understood(*reply.value));
    state.value->videos = {kept};
  }
  if (state.value) {
    // The provider's advice of this moment is worth more than its documents'.
    const std::chrono::milliseconds advice = retry_after(*reply.value);
    state.value->ask_again = std::max(state.value->ask_again, advice);
  }
  return state;
}

Result<void> UpstreamEngine::download(const Reached& at, const std::string& video, bool with_key,
                                      const std::filesystem::path& file, uint64_t size_bytes_max,
                                      const CancelToken& cancel) const {
  VideoFile output(file);
  fetch::ApiRequest request;
  request.url = video;
  if (with_key && !at.key.empty()) request.headers.insert(at.provider.authorisation(at.key));
  request.user_agent = options_.user_agent;
  request.ca_file = options_.ca_file;
  request.limits.idle = options_.answer_idle;
  request.limits.total = options_.video_total;
  request.limits.size_bytes_max = fetch::kNoBound;
  request.cancel = cancel;
  request.take = [&](ByteView bytes) { return output.write(bytes, size_bytes_max); };
  TROUPE_TRY(const fetch::ApiReply reply, fetch::call_api(request));
  if (reply.status == 404 || reply.status == 410)
    return make_error(ErrorCode::not_found, "The provider's video is gone.");
  if (reply.status < 200 || reply.status > 299)
    return make_error(ErrorCode::unavailable,
                      "The provider answered with HTTP status " + std::to_string(reply.status) + ".");
  return output.keep();
}

Result<void> UpstreamEngine::fetch(const engine::RemoteRoute& route, const std::string& video,
                                   const std::filesystem::path& file, uint64_t size_bytes_max,
                                   const CancelToken& cancel) {
  TROUPE_TRY(const Reached at, reach(route.provider));
  if (video.starts_with("data:")) {
    VideoFile output(file);
    TROUPE_TRY(const Bytes bytes, bytes_of_data_url(video));
    TROUPE_CHECK_OK(output.write(bytes, size_bytes_max));
    return output.keep();
  }
  if (video.starts_with("/")) return download(at, at.base_url + video, true, file, size_bytes_max, cancel);
  if (of_same_origin(at.base_url, video)) return download(at, video, false, file, size_bytes_max, cancel);
  fetch::FetchLimits limits;
  limits.total = options_.video_total;
  limits.size_bytes_max = size_bytes_max;
  TROUPE_TRY(const fetch::HttpReply reply, fetcher_.get_to_file(video, file, limits, cancel));
  if (const Result<void> checked = check_video_head(file); !checked) {
    std::error_code ignored;
    std::filesystem::remove(file, ignored);
    return checked;
  }
  return {};
}

Result<engine::StopAnswer> UpstreamEngine::stop(const engine::RemoteRoute& route, const std::string& task,
                                                const CancelToken& cancel) {
  TROUPE_TRY(const Reached at, reach(route.provider));
  const std::optional<Call> call = at.provider.stop(task, route.model);
  if (!call) return engine::StopAnswer::refused;
  const Outcome<Reply> reply = send(at, *call, kReplyBytesMax, cancel);
  if (!reply.value) return engine::StopAnswer::no_answer;
  return at.provider.read_stopped(*reply.value);
}

Result<Outcome<std::string>> UpstreamEngine::test(const std::string& provider, const CancelToken& cancel) {
  TROUPE_TRY(const Reached at, reach(provider));
  const Outcome<Reply> reply = send(at, at.provider.probe(), kReplyBytesMax, cancel);
  if (!reply.value) return Outcome<std::string>::failed(reply.failure);
  const int status = reply.value->status;
  const bool not_taken = status == 401 || status == 403;
  const std::string told =
      at.base_url + (not_taken ? " does not take the key: HTTP status " : " answered with HTTP status ") +
      std::to_string(status);
  // A page of somebody else is not found either.
  const bool another =
      (status >= 300 && status < 400) || (status == 404 && object_of(*reply.value).is_null());
  const bool refused = not_taken || another || status == 402 || status == 429 || status >= 500;
  if (!refused) return Outcome<std::string>::of(told + (at.key.empty() ? "." : " and takes the key."));
  return Outcome<std::string>::failed(failure_of(*reply.value, told + "."));
}

}  // namespace troupe::upstream
