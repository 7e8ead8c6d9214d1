// How the server is set up: flags over environment over file over defaults, and where each value came from.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "server/model_routes.h"

namespace troupe::server {

/// One setting as text, with its origin.
struct Setting {
  std::string
      name;  ///< "listen": the flag is --listen, the variable TROUPE_LISTEN, the key in the file listen
  std::string help;
  std::string value;
  std::string origin;   ///< "default", "file /etc/troupe.toml", "environment TROUPE_LISTEN", "flag --listen"
  bool secret = false;  ///< not to be shown
};

struct Config {
  std::string address = "127.0.0.1";
  uint16_t port = 8080;
  std::filesystem::path data;
  std::filesystem::path catalog;  ///< a file of models over the built-in ones; empty = none
  int workers = 1;
  int upstream_jobs = 8;  ///< at providers at once
  int threads = 0;        ///< for each worker; 0 = all there are, shared out
  std::string public_url;
  bool drafts = true;
  bool allow_private_urls = false;
  std::string metrics_token;
  std::filesystem::path weights;   ///< the shelf of the neural engine's weights
  std::string device = "auto";     ///< of the neural engine: "auto", "cpu", "cuda"
  std::string precision = "auto";  ///< "auto", "f32", "bf16", "fp8"
  std::string decoder = "full";    ///< "full", "tiny"
  int64_t memory_max = 0;  ///< bytes that it may use, of the device and of the host each; 0 = what is free
  std::string hub;         ///< where weights are pulled from; http or https, without a slash at its end
  ModelRoutes routes;      ///< as written; check_routes() holds them against a catalog
  int queue_max = 10000, queue_per_key_max = 1000;
  std::chrono::seconds lease{30};
  std::chrono::seconds drain{20};
  std::vector<Setting> settings;  ///< all of them, in the order of the documentation

  /// Bound to this machine only.
  bool loopback() const;
};

/// What is asked for a value: the environment, or a test's own.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;
Environment process_environment();

/// `flags` by setting name. `file`: must exist if it is given; without one, TROUPE_CONFIG, else none is read.
/// Errors: invalid_argument: the value, its origin and what is allowed; an unknown key of the file, with the
/// one that was probably meant; not_found, io, corrupt_input: the file.
Result<Config> load_config(const std::map<std::string, std::string>& flags, const Environment& environment,
                           const std::optional<std::filesystem::path>& file);

/// Every setting with its help, defaults in place: for --help and the documentation.
std::vector<Setting> known_settings();

}  // namespace troupe::server
