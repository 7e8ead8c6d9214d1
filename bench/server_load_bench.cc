// The real `troupe serve` under load, on loopback.
//   server_load_bench [--troupe PROGRAM] [--folder FOLDER] [submit|fairness|watchers|hostile|bodies|recovery
//   …]
// All sections if none is named; about three minutes. Lines for people on stderr, one JSON object on stdout.
// Exits 1 if the server did something that it must not do, whatever the machine's speed.
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "bench/child.h"
#include "bench/load/measures.h"
#include "bench/load/sections.h"

namespace {

using namespace troupe;
using namespace troupe::bench;

struct Section {
  const char* name;
  Result<void> (*measure)(const Ground&, Report&);
  unsigned seconds_max;  // then it has hung
};

constexpr Section kSections[] = {
    {"submit", measure_submits, 60},     {"fairness", measure_fairness, 60},
    {"watchers", measure_watchers, 120}, {"hostile", measure_hostility, 120},
    {"bodies", measure_bodies, 180},     {"recovery", measure_recovery, 150},
};

struct Settings {
  std::filesystem::path troupe = TROUPE_BINARY;
  std::filesystem::path folder = std::filesystem::temp_directory_path();
  std::vector<std::string> sections;
};

// Removed with all that is in it.
class Workplace {
 public:
  explicit Workplace(const std::filesystem::path& folder) {
    std::string name = (folder / "server-load-XXXXXX").string();
    if (::mkdtemp(name.data())) path_ = name;
  }
  ~Workplace() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

bool is_section(const std::string& name) {
  return std::any_of(std::begin(kSections), std::end(kSections), [&](auto& s) { return s.name == name; });
}

bool read_arguments(int argc, char** argv, Settings& settings) {
  for (int i = 1; i < argc; ++i) {
    const std::string text = argv[i];
    if (text == "--troupe" && i + 1 < argc) {
      settings.troupe = argv[++i];
    } else if (text == "--folder" && i + 1 < argc) {
      settings.folder = argv[++i];
    } else if (is_section(text)) {
      settings.sections.push_back(text);
    } else {
      std::fprintf(stderr, "unknown: %s\n", text.c_str());
      return false;
    }
  }
  return true;
}

// Ctrl-C ends the section, which is a child; this process stays to clean up.
void note_signal(int) {}

// In a process of its own: its memory and descriptors are not another section's, and it can't hang us.
Result<std::string> run(const Section& section, const Ground& ground) {
  const auto measured = run_in_child([&]() -> Result<std::string> {
    ::signal(SIGINT, SIG_DFL);
    ::signal(SIGTERM, SIG_DFL);
    ::alarm(section.seconds_max);
    raise_descriptor_limit();
    std::filesystem::create_directories(ground.data);
    Report report(section.name);
    const Result<void> outcome = section.measure(ground, report);
    report.must(outcome.has_value(), outcome ? "" : to_string(outcome.error()));
    return report.json();
  });
  std::error_code ignored;
  std::filesystem::remove_all(ground.data, ignored);
  if (!measured) return measured.error();
  return measured->text;
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  if (!read_arguments(argc, argv, settings)) return 2;
  const Workplace workplace(settings.folder);
  ::signal(SIGINT, note_signal);
  ::signal(SIGTERM, note_signal);
  std::string json;
  bool held = true;
  for (const Section& section : kSections) {
    const bool wanted = settings.sections.empty() ||
                        std::count(settings.sections.begin(), settings.sections.end(), section.name) > 0;
    if (!wanted) continue;
    const Result<std::string> text = run(section, {settings.troupe, workplace.path() / section.name});
    if (!text) {
      std::fprintf(stderr, "%-9s FAILED: %s\n", section.name, to_string(text.error()).c_str());
      held = false;
      break;
    }
    held = held && text->ends_with("\"failures\": []}");
    json += (json.empty() ? "" : ", ") + *text;
  }
  std::printf("{%s}\n", json.c_str());
  return held ? 0 : 1;
}
