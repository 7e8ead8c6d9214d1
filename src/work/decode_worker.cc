#include "work/decode_worker.h"

#include <unistd.h>

#include <cerrno>
#include <new>

#include "media/image_file.h"
#include "work/decode/answer.h"
#include "work/decode/jail.h"
#include "work/decode/process.h"
#include "work/decode/request.h"
#include "work/decode/sealed_bytes.h"

namespace troupe::work {
namespace {

// At once: nothing is left to tidy up, and code that runs at exit makes system calls that are not allowed.
[[noreturn]] void leave(int code) { _exit(code); }

void write_answer(ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(kWorkerAnswer, bytes.data(), bytes.size());
    if (written > 0) bytes = bytes.subspan(static_cast<size_t>(written));
    if (written < 0 && errno != EINTR) leave(EXIT_FAILURE);
  }
}

Result<void> decode_picture(const DecodeRequest& request, ByteView file, AnswerWriter& answer) {
  TROUPE_TRY(const media::ImageInfo info, media::probe_image(file, request.image));
  answer.picture(info);
  TROUPE_TRY(const Image image, media::decode_image(file, request.image));
  answer.image(image);
  return {};
}

Result<void> decode_clip(const DecodeRequest& request, ByteView file, AnswerWriter& answer) {
  TROUPE_TRY(media::VideoClip clip, media::VideoClip::open_view(file, request.video));
  if (request.task == DecodeTask::play) {
    TROUPE_CHECK_OK(clip.play(request.play, answer));
    answer.end();
    return {};
  }
  if (request.task == DecodeTask::last_frame) {
    TROUPE_TRY(const Image image, clip.last_frame());
    answer.image(image);
    return {};
  }
  answer.clip(clip.info(), clip.length());
  if (request.task == DecodeTask::clip) return {};
  TROUPE_TRY(const std::vector<Image> samples, clip.sample(request.count));
  for (const Image& sample : samples) answer.image(sample);
  return {};
}

Result<void> decode(const DecodeRequest& request, ByteView file, AnswerWriter& answer) try {
  if (request.task == DecodeTask::picture) return decode_picture(request, file, answer);
  return decode_clip(request, file, answer);
} catch (const std::bad_alloc&) {
  return make_error(ErrorCode::out_of_memory, "decoding this file takes too much memory; scale it down");
}

}  // namespace

void run_decode_worker(const std::vector<std::string>& arguments) {
  const Result<DecodeRequest> request = parse_request(arguments);
  const Result<ByteView> file = map_for_good(kWorkerInput);
  if (!request || !file) leave(kExitUnfit);
  const Result<JailReport> jail =
      enter_jail({request->memory_bytes_max, request->cpu_seconds_max}, kWorkerAnswer);
  if (!jail) leave(kExitUnfit);
  AnswerWriter answer(write_answer);
  if (request->task == DecodeTask::check) {
    answer.jail(*jail);
  } else if (const Result<void> decoded = decode(*request, *file, answer); !decoded) {
    answer.error(decoded.error());
  }
  leave(EXIT_SUCCESS);
}

}  // namespace troupe::work
