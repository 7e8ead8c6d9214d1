// How fast the whole job is beside encoding alone, how much memory it takes, and where its time goes.
//   whole_job_bench [RUNS] [PICTURE]     (3 runs, the sample fox)
// Prints tables for people on stderr and the same numbers as one JSON object on stdout.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <nlohmann/json.hpp>

#include "base/task_queue.h"
#include "bench/child.h"
#include "bench/whole_job.h"

namespace {

using nlohmann::json;
using troupe::Result;
using troupe::bench::JobCase;
using troupe::bench::Measured;

constexpr int kShortSeconds = 5, kLongSeconds = 15;

using Measure = Result<Measured> (*)(const JobCase&);

// One measurement in a process of its own: {"frames", "wall", "processor", "timings", "peak_bytes"}.
Result<json> measure(const JobCase& job, Measure function) {
  const auto work = [&]() -> Result<std::string> {
    TROUPE_TRY(const Measured measured, function(job));
    return json{{"frames", measured.frames},
                {"wall", measured.wall_seconds},
                {"processor", measured.processor_seconds},
                {"timings", measured.timings}}
        .dump();
  };
  TROUPE_TRY(const troupe::bench::ChildReport report, troupe::bench::run_in_child(work));
  json result = json::parse(report.text);
  result["peak_bytes"] = report.peak_bytes;
  return result;
}

// The run of the middle wall time.
json middle(std::vector<json> runs) {
  std::sort(runs.begin(), runs.end(), [](const json& a, const json& b) { return a["wall"] < b["wall"]; });
  return runs[runs.size() / 2];
}

double per_second(const json& run, const char* clock) {
  return run["frames"].get<double>() / run[clock].get<double>();
}

double mebibytes(const json& run) { return run["peak_bytes"].get<double>() / (1 << 20); }

// Job and peer take turns, so that a machine that slows down slows both.
Result<json> compare(const JobCase& job, int runs) {
  std::vector<json> jobs, encodings;
  for (int i = 0; i < runs; ++i) {
    TROUPE_TRY(json whole, measure(job, troupe::bench::measure_job));
    TROUPE_TRY(json encoding, measure(job, troupe::bench::measure_encoding));
    jobs.push_back(std::move(whole));
    encodings.push_back(std::move(encoding));
  }
  JobCase longer = job;
  longer.clip_seconds = kLongSeconds;
  TROUPE_TRY(json long_job, measure(longer, troupe::bench::measure_job));
  const json whole = middle(jobs), encoding = middle(encodings);
  return json{
      {"size", std::to_string(job.size.width) + "x" + std::to_string(job.size.height)},
      {"threads", job.threads},
      {"job", whole},
      {"encoding", encoding},
      {"long_job", std::move(long_job)},
      {"job_over_encoding", per_second(whole, "wall") / per_second(encoding, "wall")},
      {"job_over_encoding_processor", per_second(whole, "processor") / per_second(encoding, "processor")}};
}

void print_speed(const json& row) {
  std::fprintf(stderr, "%-10s %8.1f %10.1f %8.2f %14.2f %8.0f %8.0f\n",
               row["size"].get<std::string>().c_str(), per_second(row["job"], "wall"),
               per_second(row["encoding"], "wall"), row["job_over_encoding"].get<double>(),
               row["job_over_encoding_processor"].get<double>(), mebibytes(row["job"]),
               mebibytes(row["long_job"]));
}

void print_stages(const json& row) {
  std::fprintf(stderr, "\nstages at %s, seconds of a %d s clip (%.1f s of all processors):\n",
               row["size"].get<std::string>().c_str(), kShortSeconds, row["job"]["processor"].get<double>());
  for (const auto& [stage, seconds] : row["job"]["timings"].items())
    std::fprintf(stderr, "  %-12s %7.2f\n", stage.c_str(), seconds.get<double>());
}

Result<json> compare_all(const std::filesystem::path& picture, const std::filesystem::path& folder,
                         int runs) {
  std::fprintf(stderr, "%-10s %8s %10s %8s %14s %8s %8s\n", "size", "job fps", "encode fps", "ratio",
               "ratio (cpu s)", "MiB 5 s", "MiB 15 s");
  json rows = json::array();
  for (const troupe::FrameSize size : {troupe::FrameSize{1280, 720}, troupe::FrameSize{1920, 1080}}) {
    const JobCase job{picture, folder, size, kShortSeconds, troupe::available_threads()};
    TROUPE_TRY(json row, compare(job, runs));
    print_speed(row);
    rows.push_back(std::move(row));
  }
  for (const json& row : rows) print_stages(row);
  return rows;
}

}  // namespace

int main(int argc, char** argv) {
  const int runs = argc > 1 ? std::clamp(std::atoi(argv[1]), 1, 100) : 3;
  const std::filesystem::path picture = argc > 2 ? argv[2] : TROUPE_SAMPLES "/fox.png";
  std::string folder = (std::filesystem::temp_directory_path() / "whole_job_bench-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) {
    std::cerr << "whole_job_bench: no temporary folder\n";
    return 1;
  }
  const Result<json> rows = compare_all(picture, folder, runs);
  std::filesystem::remove_all(folder);
  if (!rows) {
    std::cerr << "whole_job_bench: " << troupe::to_string(rows.error()) << "\n";
    return 1;
  }
  std::cout << json{{"whole_job", *rows}}.dump(2) << "\n";
  return 0;
}
