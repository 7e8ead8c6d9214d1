#include "media/encoder.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <exception>
#include <fstream>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "media/mp4_boxes.h"
#include "media/mp4_writer.h"
#include "media/part_file.h"
#include "media/xmp.h"

namespace troupe::media {
namespace {

constexpr int kSideMin = 16, kSideMax = 8192;
constexpr int kQualityMax = 51;

Result<void> check(const EncoderOptions& options) {
  const auto good_side = [](int side) { return side >= kSideMin && side <= kSideMax && side % 2 == 0; };
  const auto refuse = [](std::string text) {
    return make_error(ErrorCode::invalid_argument, std::move(text));
  };
  if (!good_side(options.size.width) || !good_side(options.size.height)) {
    return refuse("the video's size " + std::to_string(options.size.width) + " x " +
                  std::to_string(options.size.height) + " needs even sides from 16 to 8192");
  }
  if (options.rate.numerator < 1 || options.rate.denominator < 1)
    return refuse("the frame rate must be positive");
  if (options.frames < 1) return refuse("a video needs at least one frame");
  static constexpr std::string_view kPresets[] = {"ultrafast", "superfast", "veryfast", "faster",  "fast",
                                                  "medium",    "slow",      "slower",   "veryslow"};
  if (std::find(std::begin(kPresets), std::end(kPresets), options.preset) == std::end(kPresets)) {
    return refuse("there is no encoder preset \"" + options.preset + "\"; use ultrafast … veryslow");
  }
  if (options.quality < 0 || options.quality > kQualityMax)
    return refuse("the encoder's quality goes from 0 to 51");
  return {};
}

Result<void> append(const std::filesystem::path& file, const Bytes& bytes) {
  std::ofstream out(file, std::ios::binary | std::ios::app);
  out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (out) return {};
  return make_error(ErrorCode::io, "cannot write the metadata into the video file; is the disk full?");
}

}  // namespace

/// The caller's side puts work into a bounded queue, one thread takes it out. `error` is set by the thread
/// and then every call returns it.
struct VideoEncoder::State {
  struct Work {
    Frame frame;                 // 0 x 0 for sound
    std::vector<float> samples;  // interleaved
  };

  EncoderOptions options;
  PartFile part;
  std::unique_ptr<Mp4Writer> writer;  // the thread's until it is joined
  int64_t frames_given = 0;           // the caller's

  std::mutex mutex;
  std::condition_variable changed;
  std::deque<Work> queue;  // guarded, like all below
  bool closed = false;     // nothing more will be put in
  bool given_up = false;   // what is in the queue is not wanted any more
  std::optional<Error> error;
  std::thread thread;  // last: it uses all the others

  State(const EncoderOptions& o, PartFile p, std::unique_ptr<Mp4Writer> w)
      : options(o), part(std::move(p)), writer(std::move(w)) {}

  Result<void> put(Work work) {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return error || queue.size() < kEncoderQueueMax; });
    if (error) return *error;
    queue.push_back(std::move(work));
    changed.notify_all();
    return {};
  }

  std::optional<Work> next() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return given_up || closed || !queue.empty(); });
    if (given_up || queue.empty()) return std::nullopt;
    Work work = std::move(queue.front());
    queue.pop_front();
    changed.notify_all();
    return work;
  }

  Result<void> encode_all() {
    while (const auto work = next()) {
      const bool sound = work->frame.size == FrameSize{};
      TROUPE_CHECK_OK(sound ? writer->audio(work->samples) : writer->video(work->frame));
    }
    return {};
  }

  void run() {
    Result<void> outcome;
    try {
      outcome = encode_all();
    } catch (const std::exception& thrown) {
      outcome = make_error(ErrorCode::out_of_memory, std::string("encoding stopped: ") + thrown.what());
    }
    if (outcome) return;
    const std::lock_guard lock(mutex);
    error = outcome.error();
    changed.notify_all();
  }

  void join(bool give_up) {
    {
      const std::lock_guard lock(mutex);
      closed = true;
      given_up = given_up || give_up;
    }
    changed.notify_all();
    if (thread.joinable()) thread.join();
  }
};

VideoEncoder::VideoEncoder(std::unique_ptr<State> state) : state_(std::move(state)) {
  state_->thread = std::thread([state = state_.get()] { state->run(); });
}

VideoEncoder::~VideoEncoder() { state_->join(true); }

Result<std::unique_ptr<VideoEncoder>> VideoEncoder::open(const std::filesystem::path& file,
                                                         const EncoderOptions& options) {
  TROUPE_CHECK_OK(check(options));
  TROUPE_TRY(PartFile part, PartFile::create(file));
  TROUPE_TRY(std::unique_ptr<Mp4Writer> writer, Mp4Writer::open(part.path(), options));
  auto state = std::make_unique<State>(options, std::move(part), std::move(writer));
  return {std::unique_ptr<VideoEncoder>(new VideoEncoder(std::move(state)))};
}

Result<void> VideoEncoder::video(Frame frame) {
  if (!(frame.size == state_->options.size)) {
    return make_error(ErrorCode::invalid_argument, "a frame has another size than the video");
  }
  if (state_->frames_given == state_->options.frames) {
    return make_error(ErrorCode::invalid_argument, "the video already has all of its " +
                                                       std::to_string(state_->options.frames) + " frames");
  }
  ++state_->frames_given;
  return state_->put({std::move(frame), {}});
}

Result<void> VideoEncoder::audio(std::span<const float> interleaved) {
  if (!state_->options.audio) return make_error(ErrorCode::invalid_argument, "the video has no sound track");
  if (interleaved.size() % kAudioChannels != 0) {
    return make_error(ErrorCode::invalid_argument, "sound must come in whole stereo samples");
  }
  constexpr size_t kBlock = kAudioBlockSamples * kAudioChannels;
  while (!interleaved.empty()) {
    const auto block = interleaved.first(std::min(kBlock, interleaved.size()));
    TROUPE_CHECK_OK(state_->put({Frame(), {block.begin(), block.end()}}));
    interleaved = interleaved.subspan(block.size());
  }
  return {};
}

Result<EncodedInfo> VideoEncoder::finish() {
  const int64_t given = state_->frames_given, agreed = state_->options.frames;
  state_->join(given != agreed);
  if (state_->error) return *state_->error;
  if (given != agreed) {
    return make_error(ErrorCode::invalid_argument, "the video got " + std::to_string(given) + " of its " +
                                                       std::to_string(agreed) + " frames");
  }
  Mp4Writer& writer = *state_->writer;
  TROUPE_CHECK_OK(writer.finish());
  TROUPE_CHECK_OK(append(state_->part.path(), xmp_box(to_xmp(state_->options.metadata))));
  std::error_code error;
  const EncodedInfo info{writer.frames(), writer.samples(),
                         std::filesystem::file_size(state_->part.path(), error)};
  if (error) return make_error(ErrorCode::io, "the video file is gone: " + error.message());
  TROUPE_CHECK_OK(state_->part.commit());
  return info;
}

}  // namespace troupe::media
