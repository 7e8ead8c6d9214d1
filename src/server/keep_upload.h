// A file that came in whole, kept as an upload. Private to server/.
#pragma once

#include "core/library.h"
#include "http/message.h"
#include "server/service.h"

namespace troupe::server {

/// An upload of `account`, without its bytes so far.
Upload new_upload(const Service& service, const std::string& account);

/// Stores `body` as the bytes of `upload`, complete. Errors: unsupported: no picture or clip; conflict: there
/// is an upload of this id; the stores'.
Result<Upload> keep_upload(const Service& service, const http::Body& body, Upload upload);

/// Where a client without our key may send the bytes of `upload` for a while, and nothing else: an address
/// for PUT.
std::string upload_address(const Service& service, const Upload& upload);

/// Takes what is sent there. It is refused before the body is read where the address is not one of ours.
void add_upload_address(const Service& service, http::Router& router);
/// None: the head is of such an address, and its time has not passed.
std::optional<http::Response> refuse_upload_address(const Service& service, const http::Request& head);

}  // namespace troupe::server
