// Takes that others make: the interface between a job's runner and the providers that a user pays for. A take
// is handed over, asked about, and its video fetched; the runner stores what it learns between the steps, so
// that nothing is handed over twice.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/cancel.h"
#include "base/clock.h"
#include "base/result.h"
#include "core/frame_size.h"
#include "core/generation_spec.h"
#include "core/media_time.h"
#include "core/money.h"
#include "core/tag.h"

namespace troupe::engine {

/// What kind of failure a provider's answer is: what follows from it (another provider, the money, the
/// caller's status) hangs on this alone.
enum class FailureClass {
  moderated,   ///< refused for its content: no other attempt will be better
  rejected,    ///< not a request that the provider takes, though the catalog let it pass
  over_limit,  ///< too many requests or jobs at once: later
  no_credit,   ///< the operator's account there is empty, or its key is not taken
  outage,      ///< the provider is down or broken; it has not taken what it was given
  unknown,     ///< no answer, or one that says nothing: whether it has the take is not known
};
std::string_view name(FailureClass kind);  ///< "moderated" …
/// As the job tells it: moderated, rejected, over_limit, no_credit, unavailable (outage), unknown_outcome.
ErrorCode error_code(FailureClass kind);

struct Failure {
  FailureClass kind = FailureClass::unknown;
  std::string message;                  ///< the provider's own words, cut to kFailureBytesMax
  std::chrono::seconds retry_after{0};  ///< its advice; 0 = none
  bool operator==(const Failure&) const = default;
};
inline constexpr size_t kFailureBytesMax = 1000;

/// A value, or the provider's refusal.
template <class T>
struct Outcome {
  std::optional<T> value;
  Failure failure;  ///< where there is no value
  static Outcome of(T made) { return {std::move(made), {}}; }
  static Outcome failed(Failure why) { return {std::nullopt, std::move(why)}; }
};

/// One take as it is asked of a provider: everything is decided, and every source is one that it can read.
struct Order {
  const GenerationSpec& spec;  ///< sources are http(s) or data URLs
  const BoundPrompt& prompt;
  MediaTime duration;
  std::vector<MediaTime> shot_durations;  ///< of each of prompt.shots
  AspectRatio aspect_ratio;
  int tier = 0;
  FrameSize size;
  FrameRate rate;
  bool audio = false;
  std::optional<uint64_t> seed;  ///< of this take; none = the provider's choice
  std::string idempotency_key;   ///< of the take: the same however often it is sent
};

/// Who makes a model's takes, and what the model is called there.
struct RemoteRoute {
  std::string provider;  ///< as the operator named it
  std::string model;     ///< the provider's name for it
  bool operator==(const RemoteRoute&) const = default;
};

/// What there is to know of a provider before it is asked for anything.
struct RemoteManners {
  /// Pictures and clips of at most so many bytes may be data URLs; larger ones have to be addresses.
  uint64_t inline_bytes_max = 0;
  bool takes_urls = true;       ///< false: data URLs only
  bool repeat_is_safe = false;  ///< the same idempotency key is the same take, however often it is sent
  bool can_look_up = false;     ///< look_up() can find something
  bool keeps_files = false;     ///< upload() gives addresses for what is too large to go inside
  bool stop_deletes = false;    ///< a task that was stopped is not known there any more
  std::string kind = {};        ///< whose API it speaks: a task means something to that kind alone
};

/// How many bytes one file that a provider keeps may have.
inline constexpr uint64_t kUploadBytesMax = 100u << 20;

struct HandedOver {
  std::string task;                 ///< the provider's id: what ask() wants; at most kTaskBytesMax
  std::vector<std::string> unsaid;  ///< what of the order the provider has no words for, sentences
};
inline constexpr size_t kTaskBytesMax = 2048;

/// How far a take is.
struct TaskState {
  enum class Kind { waiting, running, done, failed, cancelled };
  Kind kind = Kind::waiting;
  std::optional<double> fraction;          ///< 0 … 1
  std::chrono::milliseconds ask_again{0};  ///< after this: the provider's advice, or its documents'
  std::vector<std::string> videos;         ///< where it is done: what fetch() takes
  std::optional<Money> charged;            ///< what the provider says that it took
  Failure failure;                         ///< where it failed
};

/// What a provider says that was asked to stop.
enum class StopAnswer {
  stopped,    ///< it has
  stopping,   ///< it will, or may: asked again it knows more
  refused,    ///< it won't, or can't be told to
  no_answer,  ///< nothing that says anything
};

/// Thread-safety: all calls from any thread. All but routes and manners() block on the network; `cancel` ends
/// them with an unknown failure. No call repeats a request by itself.
class RemoteEngine {
 public:
  virtual ~RemoteEngine() = default;

  /// Errors: not_found: no provider of that name is set up.
  virtual Result<RemoteManners> manners(const RemoteRoute& route) const = 0;

  /// Keeps a file at the provider: the address that an order may name it by. REQUIRES manners().keeps_files.
  /// Errors: not_found as manners().
  virtual Result<Outcome<std::string>> upload(const RemoteRoute& route, ByteView bytes,
                                              std::string_view media_type, const CancelToken& cancel) = 0;

  /// Asks for one take. Errors: unsupported: something of the order can't be told to this provider and must
  /// not be left out (nothing was sent); not_found as manners(). A failure of kind outage, over_limit,
  /// no_credit, rejected or moderated means that the provider has not taken it.
  virtual Result<Outcome<HandedOver>> hand_over(const RemoteRoute& route, const Order& order,
                                                const CancelToken& cancel) = 0;

  /// Looks for what `order` became when it was sent at `sent` and its answer was lost. REQUIRES
  /// manners().can_look_up.
  struct Found {
    std::vector<std::string> tasks;  ///< begun no earlier, of the same model and the same prompt
    /// False: there may be others, since the list does not reach back so far or does not tell prompts.
    bool sure = false;
  };
  virtual Result<Outcome<Found>> look_up(const RemoteRoute& route, const Order& order, Time sent,
                                         const CancelToken& cancel) = 0;

  virtual Result<Outcome<TaskState>> ask(const RemoteRoute& route, const std::string& task,
                                         const CancelToken& cancel) = 0;

  /// Writes a video of TaskState::videos to `file`, at most `size_bytes_max`. What is there is replaced; no
  /// file is left after an error. Errors: fetch::Fetcher's; corrupt_input: what came is no video; not_found:
  /// gone.
  virtual Result<void> fetch(const RemoteRoute& route, const std::string& video,
                             const std::filesystem::path& file, uint64_t size_bytes_max,
                             const CancelToken& cancel) = 0;

  /// Asks the provider to stop; may be asked again. Errors: not_found as manners().
  virtual Result<StopAnswer> stop(const RemoteRoute& route, const std::string& task,
                                  const CancelToken& cancel) = 0;

  /// Whether the provider can be reached and takes the key, without paying for anything. The sentence says
  /// how it was found out.
  virtual Result<Outcome<std::string>> test(const std::string& provider, const CancelToken& cancel) = 0;
};

}  // namespace troupe::engine
