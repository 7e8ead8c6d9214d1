#include "work/media_decoder.h"

#include <utility>

#include "media/image_file.h"

namespace troupe::work {
namespace {

class OpenClip final : public PlayableClip {
 public:
  explicit OpenClip(media::VideoClip clip) : clip_(std::move(clip)) {}
  const media::VideoInfo& info() const override { return clip_.info(); }
  int64_t frames_at(FrameRate rate) const override { return clip_.frames_at(rate); }
  Result<Image> last_frame(const CancelToken& cancel) override { return clip_.last_frame(cancel); }
  Result<void> play(const media::VideoClip::PlayOptions& options, Output& output,
                    const CancelToken& cancel) override {
    return clip_.play(options, output, cancel);
  }

 private:
  media::VideoClip clip_;
};

}  // namespace

Result<DecodedPicture> InProcessDecoder::picture(ByteView bytes, const media::ImageLimits& limits,
                                                 const CancelToken&) const {
  TROUPE_TRY(const media::ImageInfo info, media::probe_image(bytes, limits));
  return DecodedPicture{info, media::decode_image(bytes, limits)};
}

Result<ClipSamples> InProcessDecoder::samples(Bytes bytes, int count, const media::VideoLimits& limits,
                                              const CancelToken& cancel) const {
  TROUPE_TRY(media::VideoClip clip, media::VideoClip::open(std::move(bytes), limits));
  TROUPE_TRY(std::vector<Image> pictures, clip.sample(count, cancel));
  return ClipSamples{clip.info(), std::move(pictures)};
}

Result<std::unique_ptr<PlayableClip>> InProcessDecoder::clip(Bytes bytes, const media::VideoLimits& limits,
                                                             const CancelToken&) const {
  TROUPE_TRY(media::VideoClip opened, media::VideoClip::open(std::move(bytes), limits));
  return {std::make_unique<OpenClip>(std::move(opened))};
}

}  // namespace troupe::work
