#include "server/config.h"

#include <toml++/toml.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <initializer_list>

#include "base/bytes.h"
#include "core/look_alike.h"
#include "engine/shelf/hub.h"

namespace troupe::server {
namespace {

constexpr uint64_t kFileBytesMax = 1 << 20;
constexpr int64_t kMemoryMax = int64_t{1} << 50;

struct Known {
  const char* name;
  const char* fallback;
  const char* help;
  bool secret = false;
};

constexpr Known kKnown[] = {
    {"listen", "127.0.0.1:8080", "address:port to serve on"},
    {"data", "", "folder of jobs, keys and videos (default: troupe in the user's data folder)"},
    {"catalog", "",
     "catalog file: further models, and other limits or prices for built-in ones of the same id"},
    {"weights", "", "folder of the neural engine's weights (default: weights in the data folder)"},
    {"hub", shelf::kDefaultHub, "where \"troupe weights pull\" fetches weights from"},
    {"device", "auto", "what makes models with open weights: auto, cpu, cuda"},
    {"precision", "auto", "the numbers that it calculates with: auto, f32, bf16, fp8"},
    {"decoder", "full", "what turns its latents into frames: full, tiny (fast and softer, where it is here)"},
    {"memory", "auto", "memory that it may use, of GPU and machine each: 12GiB; auto = what is free"},
    {"workers", "1", "jobs made at once; 0 = this process only serves"},
    {"upstream-jobs", "8", "jobs at providers at once; 0 = this process sends none"},
    {"routes", "",
     "which providers make a model, in order: \"MODEL: PROVIDER, PROVIDER; MODEL: …\" (default: every one "
     "that is "
     "set up and has it)"},
    {"threads", "0", "threads of each job; 0 = the machine's, shared out"},
    {"public-url", "", "how clients reach the server, for links: https://video.example.org"},
    {"drafts", "true", "models without an engine or key here are answered with drafts by the stage engine"},
    {"allow-private-urls", "false", "fetch references from, and send webhooks to, inside addresses too"},
    {"metrics-token", "", "bearer token for /metrics; without one only this machine may read it", true},
    {"queue-max", "10000", "jobs that may wait in all"},
    {"queue-per-key-max", "1000", "jobs of one key that may wait"},
    {"lease", "30", "seconds until a job of a worker that died is taken up again"},
    {"drain", "20", "seconds that running jobs may go on after SIGTERM before they go back to the queue"},
};

std::string variable_of(const std::string& name) {
  std::string text = "TROUPE_" + name;
  for (char& c : text) c = c == '-' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return text;
}

// "public_url" in a file is "public-url" elsewhere.
std::string name_of_key(std::string key) {
  std::replace(key.begin(), key.end(), '_', '-');
  return key;
}

Error bad(const Setting& setting, const std::string& wanted) {
  return make_error(ErrorCode::invalid_argument,
                    setting.name + " is \"" + (setting.secret ? "…" : setting.value) + "\" (" +
                        setting.origin + "), but must be " + wanted + ".",
                    setting.name);
}

Result<std::string> text_of(const toml::node& node, const std::string& key, const std::string& file) {
  if (const auto text = node.value<std::string>()) return *text;
  if (node.is_boolean()) return std::string(*node.value<bool>() ? "true" : "false");
  if (node.is_integer()) return std::to_string(*node.value<int64_t>());
  return make_error(ErrorCode::invalid_argument,
                    file + ": " + key + " must be text, a number or true or false.", key);
}

// In a file, routes are a table: model = ["provider", "provider"].
Result<std::string> text_of_routes(const toml::table& table, const std::string& file) {
  std::string text;
  for (const auto& [model, node] : table) {
    std::string providers;
    if (const auto one = node.value<std::string>()) providers = *one;
    if (const toml::array* const list = node.as_array()) {
      for (const toml::node& element : *list)
        providers += (providers.empty() ? "" : ", ") + element.value<std::string>().value_or("");
    }
    if (providers.empty())
      return make_error(
          ErrorCode::invalid_argument,
          file + ": routes." + std::string(model.str()) + " must be a list of providers' names.", "routes");
    text += (text.empty() ? "" : "; ") + std::string(model.str()) + ": " + providers;
  }
  return text;
}

Setting* find(std::vector<Setting>& settings, const std::string& name) {
  const auto it = std::find_if(settings.begin(), settings.end(), [&](auto& s) { return s.name == name; });
  return it == settings.end() ? nullptr : &*it;
}

Error unknown_key(const std::string& file, const std::string& key, const std::vector<Setting>& settings) {
  std::vector<std::string> names;
  for (const Setting& setting : settings) names.push_back(setting.name);
  const std::optional<std::string> meant = look_alike(name_of_key(key), names);
  return make_error(
      ErrorCode::invalid_argument,
      file + ": there is no setting \"" + key + "\"" + (meant ? "; did you mean \"" + *meant + "\"?" : "."),
      key);
}

Result<void> read_toml(const std::filesystem::path& path, std::vector<Setting>& settings) {
  const std::string file = path.string();
  TROUPE_TRY(const Bytes bytes, read_file(path, kFileBytesMax));
  toml::table table;
  try {
    table = toml::parse(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
  } catch (const toml::parse_error& error) {
    return make_error(ErrorCode::corrupt_input, file + ", line " + std::to_string(error.source().begin.line) +
                                                    ": " + std::string(error.description()) + ".");
  }
  for (const auto& [key, node] : table) {
    const std::string name(key.str());
    Setting* setting = find(settings, name_of_key(name));
    if (!setting) return unknown_key(file, name, settings);
    if (const toml::table* const routes = node.as_table(); routes && setting->name == "routes") {
      TROUPE_TRY(setting->value, text_of_routes(*routes, file));
    } else {
      TROUPE_TRY(setting->value, text_of(node, name, file));
    }
    setting->origin = "file " + file;
  }
  return {};
}

// Turns texts into values; the first that can't be is remembered.
class Values {
 public:
  explicit Values(std::vector<Setting>& settings) : settings_(settings) {}
  Result<void> result;

  const std::string& text(const char* name) { return find(settings_, name)->value; }

  int number(const char* name, int least, int most) {
    const Setting& setting = *find(settings_, name);
    int value = 0;
    const char* end = setting.value.data() + setting.value.size();
    const auto [stop, error] = std::from_chars(setting.value.data(), end, value);
    if (error != std::errc() || stop != end || value < least || value > most)
      fail(setting, "a whole number of " + std::to_string(least) + " to " + std::to_string(most));
    return value;
  }

  std::string choice(const char* name, std::initializer_list<std::string_view> words) {
    const Setting& setting = *find(settings_, name);
    std::string all;
    for (const std::string_view word : words) all += (all.empty() ? "" : ", ") + std::string(word);
    if (std::find(words.begin(), words.end(), setting.value) == words.end()) fail(setting, "one of " + all);
    return setting.value;
  }

  // "12GiB", "800MiB"; "auto" is 0.
  int64_t memory(const char* name) {
    const Setting& setting = *find(settings_, name);
    if (setting.value == "auto") return 0;
    int64_t value = 0;
    const char* end = setting.value.data() + setting.value.size();
    const auto [stop, error] = std::from_chars(setting.value.data(), end, value);
    const std::string_view unit(stop, static_cast<size_t>(end - stop));
    const int64_t bytes = unit == "GiB" ? int64_t{1} << 30 : unit == "MiB" ? int64_t{1} << 20 : 0;
    if (error == std::errc() && bytes > 0 && value > 0 && value <= kMemoryMax / bytes) return value * bytes;
    fail(setting, "auto, or a size such as 12GiB or 800MiB");
    return 0;
  }

  bool yes(const char* name) {
    const Setting& setting = *find(settings_, name);
    const bool on = setting.value == "true" || setting.value == "1" || setting.value == "yes";
    const bool off = setting.value == "false" || setting.value == "0" || setting.value == "no";
    if (!on && !off) fail(setting, "true or false");
    return on;
  }

  // "127.0.0.1:8080", "[::1]:8080", ":8080" (every address), "8080" (this machine).
  void listen(Config& config) {
    const Setting& setting = *find(settings_, "listen");
    const size_t colon = setting.value.rfind(':');
    std::string host = colon == std::string::npos ? "127.0.0.1" : setting.value.substr(0, colon);
    const std::string port = colon == std::string::npos ? setting.value : setting.value.substr(colon + 1);
    if (host.empty()) host = "0.0.0.0";
    if (host == "localhost") host = "127.0.0.1";
    if (host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
    unsigned number = 0;
    const auto [stop, error] = std::from_chars(port.data(), port.data() + port.size(), number);
    if (error != std::errc() || stop != port.data() + port.size() || number > 65535 || host.empty())
      return fail(setting, "ADDRESS:PORT, as 127.0.0.1:8080, [::1]:8080 or :8080 for every address");
    config.address = host;
    config.port = static_cast<uint16_t>(number);
  }

  // Without a slash at its end; "" where none is named.
  std::string url(const char* name) {
    const Setting& setting = *find(settings_, name);
    std::string url = setting.value;
    while (!url.empty() && url.back() == '/') url.pop_back();
    const bool good = url.empty() || ((url.starts_with("https://") || url.starts_with("http://")) &&
                                      url.find_first_of(" \t\r\n\"<>") == std::string::npos);
    if (!good) fail(setting, "an http or https URL");
    return url;
  }

  void routes(Config& config) {
    const Setting& setting = *find(settings_, "routes");
    Result<ModelRoutes> routes = parse_routes(setting.value);
    if (routes) {
      config.routes = std::move(*routes);
    } else if (result) {
      result = Error{routes.error().code, routes.error().message + " (" + setting.origin + ")", "routes"};
    }
  }

 private:
  void fail(const Setting& setting, const std::string& wanted) {
    if (result) result = bad(setting, wanted);
  }
  std::vector<Setting>& settings_;
};

std::filesystem::path default_data(const Environment& environment) {
  if (const auto folder = environment("XDG_DATA_HOME"); folder && !folder->empty())
    return std::filesystem::path(*folder) / "troupe";
  if (const auto home = environment("HOME"); home && !home->empty())
    return std::filesystem::path(*home) / ".local/share/troupe";
  return "/var/lib/troupe";
}

Result<void> take_values(const Environment& environment, Config& config) {
  Values values(config.settings);
  values.listen(config);
  config.public_url = values.url("public-url");
  config.data = values.text("data");
  if (config.data.empty()) config.data = default_data(environment);
  config.catalog = values.text("catalog");
  config.weights = values.text("weights");
  if (config.weights.empty()) config.weights = config.data / "weights";
  config.hub = values.url("hub");
  if (config.hub.empty()) config.hub = shelf::kDefaultHub;
  config.device = values.choice("device", {"auto", "cpu", "cuda"});
  config.precision = values.choice("precision", {"auto", "f32", "bf16", "fp8"});
  config.decoder = values.choice("decoder", {"full", "tiny"});
  config.memory_max = values.memory("memory");
  config.workers = values.number("workers", 0, 64);
  config.upstream_jobs = values.number("upstream-jobs", 0, 256);
  values.routes(config);
  config.threads = values.number("threads", 0, 256);
  config.drafts = values.yes("drafts");
  config.allow_private_urls = values.yes("allow-private-urls");
  config.metrics_token = values.text("metrics-token");
  config.queue_max = values.number("queue-max", 1, 1000000);
  config.queue_per_key_max = values.number("queue-per-key-max", 1, 1000000);
  config.lease = std::chrono::seconds(values.number("lease", 2, 3600));
  config.drain = std::chrono::seconds(values.number("drain", 0, 3600));
  return values.result;
}

}  // namespace

bool Config::loopback() const { return address.starts_with("127.") || address == "::1"; }

Environment process_environment() {
  return [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    return value ? std::optional<std::string>(value) : std::nullopt;
  };
}

std::vector<Setting> known_settings() {
  std::vector<Setting> settings;
  for (const Known& known : kKnown)
    settings.push_back({known.name, known.help, known.fallback, "default", known.secret});
  return settings;
}

Result<Config> load_config(const std::map<std::string, std::string>& flags, const Environment& environment,
                           const std::optional<std::filesystem::path>& file) {
  Config config;
  config.settings = known_settings();
  std::optional<std::filesystem::path> path = file;
  if (const auto named = environment("TROUPE_CONFIG"); !path && named && !named->empty()) path = *named;
  if (path) TROUPE_CHECK_OK(read_toml(*path, config.settings));
  for (Setting& setting : config.settings) {
    const std::string variable = variable_of(setting.name);
    if (const auto value = environment(variable)) {
      setting.value = *value;
      setting.origin = "environment " + variable;
    }
    if (const auto flag = flags.find(setting.name); flag != flags.end()) {
      setting.value = flag->second;
      setting.origin = "flag --" + setting.name;
    }
  }
  TROUPE_CHECK_OK(take_values(environment, config));
  return config;
}

}  // namespace troupe::server
