// Links to what jobs are made from, for providers that fetch it. Private to server/.
#pragma once

#include <chrono>
#include <string>

#include "jobs/library.h"
#include "server/service.h"
#include "server/take_files.h"

namespace troupe::server {

/// How long after a job's creation a provider may fetch its pictures.
inline constexpr std::chrono::hours kSourceLinkTime{72};

/// "https://host/media/sources/…?expires=…&signature=…": the upload that `uri` names, for whoever has the
/// link. "" where `uri` is no upload of `account`, or a provider could not fetch from `identity.base_url`.
/// Blocks.
std::string source_link(const LinkIdentity& identity, jobs::Library& library, const std::string& account,
                        const std::string& uri, Time created);

/// GET /media/sources/{object}.
void add_source_routes(const Service& service, http::Router& router);

}  // namespace troupe::server
