// What a finished job made, as answers and as links. Private to server/.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/service.h"

namespace troupe::server {

enum class TakePart { video, thumbnail, last_frame, spritesheet };

/// The part of take `index`: 200, 206, 304 …, or 404 where the job has none.
http::Response serve_take(const Service& service, const http::Request& request, const Job& job, int index,
                          TakePart part, bool attachment = false);

/// What links to media are made of.
struct LinkIdentity {
  std::string_view base_url, server_secret;
};

/// None where the path of `request` carries a signature of this server that still holds; else 404, or 410
/// once the link has expired.
std::optional<http::Response> refuse_link(const Service& service, const http::Request& request);

/// How long a link to a take's file is good.
inline constexpr std::chrono::hours kMediaLinkTime{24};

/// "https://host/media/job_…/0/video.mp4?expires=…&signature=…": good for kMediaLinkTime, for whoever has it.
/// "" if the take has no such part.
std::string media_link(const LinkIdentity& identity, const Job& job, int index, TakePart part, Time now);
std::string media_link(const Service& service, const Job& job, int index, TakePart part);

/// The same file as a data URL, for programs that would refuse to fetch from where this server is; a link
/// where the file has more than kDataUrlBytesMax.
inline constexpr uint64_t kDataUrlBytesMax = 64 << 20;
Result<std::string> media_data_url(const Service& service, const Job& job, int index, TakePart part);

/// Whether programs that guard themselves against inside addresses would fetch from `base_url`: not from a
/// loopback or private address, nor from a name that only an inside network knows.
bool is_public_url(std::string_view base_url);

/// All of a job's videos: links, or data URLs where links of this server would not be fetched, as far as
/// they have kDataUrlBytesMax together.
Result<std::vector<std::string>> fetchable_videos(const Service& service, const Job& job);
/// The first of them; "" without one.
Result<std::string> fetchable_video(const Service& service, const Job& job);

}  // namespace troupe::server
