// The server's object graph and its life. Private to cli/.
#pragma once

#include <string>

#include "cli/command.h"
#include "server/config.h"
#include "server/data_folder.h"
#include "server/model_routes.h"

namespace troupe::cli {

/// One line with the time, whoever writes.
void log(const std::string& text);

/// Tells the error and returns `code`.
int refuse(const Error& error, int code);

/// Serves until program.cancel. Blocks. `routes` as check_routes() returned them; `last_event`: of the
/// folder's store. Returns the program's exit status.
int run_server(const Program& program, const server::Config& config, const catalog::Catalog& catalog,
               server::ModelRoutes routes, server::DataFolder folder, int64_t last_event);

}  // namespace troupe::cli
