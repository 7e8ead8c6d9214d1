// Owners for FFmpeg's objects. Internal: FFmpeg's types stay inside this folder.
#pragma once

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libswresample/swresample.h>
#include <libswscale/swscale.h>
}

#include <memory>
#include <string>

#include "base/result.h"

namespace troupe::media {

/// One deleter for everything that FFmpeg frees through a pointer to the pointer.
template <auto kFree>
struct FreeThrough {
  template <class T>
  void operator()(T* object) const {
    kFree(&object);
  }
};
struct FreeSws {
  void operator()(SwsContext* scaler) const { sws_freeContext(scaler); }
};

using AvFrame = std::unique_ptr<AVFrame, FreeThrough<av_frame_free>>;
using AvPacket = std::unique_ptr<AVPacket, FreeThrough<av_packet_free>>;
using AvCodec = std::unique_ptr<AVCodecContext, FreeThrough<avcodec_free_context>>;
using AvScaler = std::unique_ptr<SwsContext, FreeSws>;
using AvResampler = std::unique_ptr<SwrContext, FreeThrough<swr_free>>;

/// An AVDictionary that is freed.
class AvOptions {
 public:
  AvOptions() = default;
  ~AvOptions() { av_dict_free(&entries_); }
  AvOptions(const AvOptions&) = delete;
  AvOptions& operator=(const AvOptions&) = delete;
  void set(const char* key, const std::string& value) { av_dict_set(&entries_, key, value.c_str(), 0); }
  AVDictionary** get() { return &entries_; }

 private:
  AVDictionary* entries_ = nullptr;
};

/// FFmpeg's words for an error code.
std::string av_text(int code);

/// Stops FFmpeg from writing to standard error: what matters comes back as errors. Thread-safe.
void quiet_libav();

}  // namespace troupe::media
