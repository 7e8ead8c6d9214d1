#include "media/frame_convert.h"

#include <algorithm>
#include <utility>

extern "C" {
#include <libavutil/opt.h>
}

#include "core/output.h"
#include "media/av_input.h"
#include "media/orient.h"

namespace troupe::media {
namespace {

constexpr int kScaling = SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP;

FrameSize stored_shape(FrameSize upright, int orientation) {
  return swaps_sides(orientation) ? FrameSize{upright.height, upright.width} : upright;
}

/// SWS_CS_* has the numbers of AVCOL_SPC_*. Unnamed: BT.601 in standard definition, BT.709 above.
int matrix_of(const AVFrame& frame) {
  switch (frame.colorspace) {
    case AVCOL_SPC_BT709:
      return SWS_CS_ITU709;
    case AVCOL_SPC_FCC:
      return SWS_CS_FCC;
    case AVCOL_SPC_BT470BG:
    case AVCOL_SPC_SMPTE170M:
      return SWS_CS_ITU601;
    case AVCOL_SPC_SMPTE240M:
      return SWS_CS_SMPTE240M;
    case AVCOL_SPC_BT2020_NCL:
    case AVCOL_SPC_BT2020_CL:
      return SWS_CS_BT2020;
    default:
      return std::min(frame.width, frame.height) >= 720 ? SWS_CS_ITU709 : SWS_CS_ITU601;
  }
}

bool full_range(const AVFrame& frame) {
  return frame.color_range == AVCOL_RANGE_JPEG || frame.format == AV_PIX_FMT_YUVJ420P ||
         frame.format == AV_PIX_FMT_YUVJ422P || frame.format == AV_PIX_FMT_YUVJ444P;
}

/// Cuts a frame to the shape of `target` when its pixels are stretched to cover `whole`; sides stay even so
/// that chroma does not shift.
void crop_to_shape(AVFrame& frame, FrameSize whole, FrameSize target) {
  const double across = static_cast<double>(target.width) / whole.width;
  const double down = static_cast<double>(target.height) / whole.height;
  const double larger = std::max(across, down);
  const auto kept = [](int side, double share) {
    return std::clamp(static_cast<int>(side * share / 2 + 0.5) * 2, std::min(2, side), side);
  };
  const int width = kept(frame.width, across / larger), height = kept(frame.height, down / larger);
  frame.crop_left = static_cast<size_t>((frame.width - width) / 2 & ~1);
  frame.crop_right = static_cast<size_t>(frame.width - width) - frame.crop_left;
  frame.crop_top = static_cast<size_t>((frame.height - height) / 2 & ~1);
  frame.crop_bottom = static_cast<size_t>(frame.height - height) - frame.crop_top;
  av_frame_apply_cropping(&frame, AV_FRAME_CROP_UNALIGNED);
}

void copy_plane(const AVFrame& from, int plane, int width, int height, int orientation,
                std::vector<uint8_t>& to) {
  orient(from.data[plane], from.linesize[plane], width, height, orientation, to.data());
}

}  // namespace

Result<AvFrame> FrameConverter::scale(const AVFrame& frame, FrameSize stored_size, AVPixelFormat format) {
  AvFrame scaled(av_frame_alloc());
  if (!scaled) return make_error(ErrorCode::out_of_memory, "there is not enough memory for a frame");
  scaled->width = stored_size.width;
  scaled->height = stored_size.height;
  scaled->format = format;
  if (av_frame_get_buffer(scaled.get(), 0) < 0) {
    return make_error(ErrorCode::out_of_memory, "there is not enough memory for a frame");
  }
  scaler_.reset(sws_getCachedContext(scaler_.release(), frame.width, frame.height,
                                     static_cast<AVPixelFormat>(frame.format), stored_size.width,
                                     stored_size.height, format, kScaling, nullptr, nullptr, nullptr));
  if (!scaler_) return damaged_video("its pixels have a form that cannot be converted");
  const bool to_rgb = format == AV_PIX_FMT_RGBA;
  sws_setColorspaceDetails(scaler_.get(), sws_getCoefficients(matrix_of(frame)), full_range(frame) ? 1 : 0,
                           sws_getCoefficients(SWS_CS_ITU709), to_rgb ? 1 : 0, 0, 1 << 16, 1 << 16);
  if (sws_scale(scaler_.get(), frame.data, frame.linesize, 0, frame.height, scaled->data, scaled->linesize) <=
      0) {
    return damaged_video("its pixels cannot be converted");
  }
  return {std::move(scaled)};
}

Result<Image> FrameConverter::image(const AVFrame& frame, FrameSize size) {
  const FrameSize stored = stored_shape(size, orientation_);
  TROUPE_TRY(const AvFrame scaled, scale(frame, stored, AV_PIX_FMT_RGBA));
  struct Pixel {
    uint8_t rgba[4];
  };
  Image picture(size.width, size.height);
  orient(reinterpret_cast<const Pixel*>(scaled->data[0]), scaled->linesize[0] / 4, stored.width,
         stored.height, orientation_, reinterpret_cast<Pixel*>(picture.rgba.data()));
  for (size_t i = 3; i < picture.rgba.size(); i += 4) picture.rgba[i] = 255;
  return picture;
}

Result<Frame> FrameConverter::cover(const AVFrame& frame, FrameSize shown, FrameSize size) {
  const AvFrame cropped(av_frame_clone(&frame));
  if (!cropped) return make_error(ErrorCode::out_of_memory, "there is not enough memory for a frame");
  const FrameSize stored = stored_shape(size, orientation_);
  crop_to_shape(*cropped, stored_shape(shown, orientation_), stored);
  TROUPE_TRY(const AvFrame scaled, scale(*cropped, stored, AV_PIX_FMT_YUV420P));
  Frame out(size);
  copy_plane(*scaled, 0, stored.width, stored.height, orientation_, out.luma);
  copy_plane(*scaled, 1, stored.width / 2, stored.height / 2, orientation_, out.cb);
  copy_plane(*scaled, 2, stored.width / 2, stored.height / 2, orientation_, out.cr);
  return out;
}

bool SoundConverter::prepare(const AVFrame& frame) {
  const int channels = frame.ch_layout.nb_channels;
  if (resampler_ && frame.format == format_ && frame.sample_rate == rate_ && channels == channels_)
    return true;
  AVChannelLayout from{}, to{};
  av_channel_layout_default(&to, kAudioChannels);
  if (frame.ch_layout.order == AV_CHANNEL_ORDER_UNSPEC) {
    av_channel_layout_default(&from, channels);
  } else {
    av_channel_layout_copy(&from, &frame.ch_layout);
  }
  SwrContext* made = nullptr;
  const int code =
      swr_alloc_set_opts2(&made, &to, AV_SAMPLE_FMT_FLT, kAudioRate, &from,
                          static_cast<AVSampleFormat>(frame.format), frame.sample_rate, 0, nullptr);
  av_channel_layout_uninit(&from);
  resampler_.reset(made);
  // Its default puts a single channel at -3 dB into each of the two.
  if (code >= 0 && channels == 1) av_opt_set_double(made, "center_mix_level", 1.0, 0);
  if (code < 0 || swr_init(made) < 0) {
    resampler_.reset();
    return false;
  }
  format_ = frame.format;
  rate_ = frame.sample_rate;
  channels_ = channels;
  return true;
}

bool SoundConverter::convert(const AVFrame& frame, std::vector<float>& samples) {
  samples.clear();
  if (!prepare(frame)) return false;
  const int room = swr_get_out_samples(resampler_.get(), frame.nb_samples);
  if (room < 0) return false;
  samples.resize(static_cast<size_t>(room) * kAudioChannels);
  auto* to = reinterpret_cast<uint8_t*>(samples.data());
  const int made = swr_convert(resampler_.get(), &to, room, const_cast<const uint8_t**>(frame.extended_data),
                               frame.nb_samples);
  samples.resize(static_cast<size_t>(std::max(0, made)) * kAudioChannels);
  return made >= 0;
}

}  // namespace troupe::media
