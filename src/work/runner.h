// Workers: each leases a job, makes it, stores it, ends it, and takes the next.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "base/bytes.h"
#include "base/clock.h"
#include "catalog/catalog.h"
#include "engine/engine.h"
#include "engine/remote_engine.h"
#include "jobs/job_queue.h"
#include "store/object_store.h"
#include "work/media_decoder.h"
#include "work/media_reader.h"

namespace troupe::work {

/// What workers work with; all of it outlives them.
struct RunnerParts {
  jobs::JobQueue& queue;
  store::ObjectStore& objects;
  const catalog::Catalog& catalog;
  const Clock& clock;
  std::map<std::string, engine::Engine*> engines;  ///< by name, as Job::engine says
  const MediaDecoder& decoder;
  /// Reads the media of one job; called once for each run of it.
  std::function<std::unique_ptr<MediaReader>(const Job&, const CancelToken&)> reader;
  /// Shown now and then while frames are made: a small JPEG of the newest. May be empty; must be quick.
  std::function<void(const Job&, const Bytes& jpeg)> preview;
  /// Told of what goes wrong outside any job's own outcome, for the log. May be empty.
  std::function<void(const std::string&)> complain;

  /// Makes the takes of jobs whose engine is kRemoteEngineName; null = this runner takes none of them.
  engine::RemoteEngine* remote = nullptr;
  /// Who makes a model's takes, in the order in which they are tried. REQUIRED with `remote`.
  std::function<std::vector<engine::RemoteRoute>(const catalog::Model&)> routes = {};
  /// A link to one of a job's sources that a provider can fetch for a while; "" = none can be made. May be
  /// empty.
  std::function<std::string(const Job&, const std::string& uri)> link = {};
};
inline constexpr std::string_view kRemoteEngineName = "upstream";

/// How long providers are waited for. `pace` scales every wait: tests need none of them.
struct RemotePatience {
  double pace = 1;
  int rounds = 5;                ///< times that all routes are tried before a job fails for an outage
  int silent_answers_max = 200;  ///< of asking for a task without an answer, a minute apart in the end
  int fetch_tries = 5;           ///< of one video
  int stop_tries = 8;            ///< of getting a cancelled take stopped: about three minutes
};

struct RunnerOptions {
  std::string worker;             ///< unique to this process; workers get "-1", "-2" … behind it
  int workers = 1;                ///< jobs at once; 0 = none, the process only serves
  int threads = 1;                ///< for each job's engine
  std::filesystem::path scratch;  ///< an existing folder for videos while they are made
  std::chrono::milliseconds lease{30000};
  std::chrono::milliseconds progress_every{500};
  std::chrono::milliseconds preview_every{1000};
  std::chrono::milliseconds look_every{1000};  ///< for jobs of other processes and leases that passed
  RemotePatience patience = {};
};

/// Thread-safety: all calls from any thread.
class Runner {
 public:
  Runner(RunnerParts parts, RunnerOptions options);
  ~Runner();

  void start();
  /// A job may be waiting: cheap, may be called for every event.
  void wake();
  /// If the job runs here, asks the store at once what it wants of it (that it was cancelled, say), which a
  /// job without progress would else notice when its lease is renewed. Cheap; does not touch the store.
  void look_at(const std::string& job);
  /// Takes no more jobs; lets running ones go on for `grace`, then stops them and gives them back to the
  /// queue. Blocks until all workers are idle.
  void stop(std::chrono::milliseconds grace);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace troupe::work
