#include "work/stills.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "media/image_file.h"
#include "media/shrink.h"

namespace troupe::work {
namespace {

constexpr uint64_t kPictureBytesMax = 64u << 20;

Result<std::string> put(store::ObjectStore& objects, const Bytes& bytes) {
  TROUPE_TRY(const auto writer, objects.create(kPictureBytesMax));
  TROUPE_CHECK_OK(writer->write(bytes));
  TROUPE_TRY(const store::ObjectInfo info, writer->commit());
  return info.id;
}

void paste(const Image& picture, int x, int y, Image& onto) {
  const size_t row_bytes = static_cast<size_t>(picture.width) * 4;
  for (int row = 0; row < picture.height; ++row)
    std::memcpy(onto.at(x, y + row), picture.at(0, row), row_bytes);
}

// The sides of a picture of this shape, even, with the longer one brought down to kThumbnailSide.
FrameSize thumbnail_size(FrameSize size) {
  const double scale = std::min(1.0, kThumbnailSide / static_cast<double>(std::max(size.width, size.height)));
  const auto even = [scale](int side) { return std::max(2, static_cast<int>(side * scale / 2 + 0.5) * 2); };
  return {even(size.width), even(size.height)};
}

// The rate at which about kSheetPicturesMax frames are a whole video, or its own if it has no more.
FrameRate sheet_rate(const media::VideoInfo& info) {
  const int64_t milliseconds = info.duration.milliseconds;
  if (info.frames <= kSheetPicturesMax || milliseconds <= 0 || milliseconds > INT32_MAX) return info.rate;
  return {kSheetPicturesMax * 1000, static_cast<int32_t>(milliseconds)};
}

class SeenBy final : public Output {
 public:
  explicit SeenBy(Stills& stills) : stills_(stills) {}
  Result<void> video(Frame frame) override {
    stills_.see(frame, index_++);
    return {};
  }
  Result<void> audio(std::span<const float>) override { return {}; }

 private:
  Stills& stills_;
  int64_t index_ = 0;
};

}  // namespace

Result<Bytes> small_jpeg(Image picture, int side, int quality) {
  return media::encode_jpeg(media::shrink_to_fit(std::move(picture), side), quality);
}

Image sheet_of(const std::vector<Image>& pictures) {
  const int count = static_cast<int>(pictures.size());
  const int columns = std::min(count, kSheetColumns);
  const int width = pictures.front().width, height = pictures.front().height;
  Image sheet(columns * width, (count + columns - 1) / columns * height);
  for (size_t at = 3; at < sheet.rgba.size(); at += 4) sheet.rgba[at] = 255;
  for (int i = 0; i < count; ++i)
    paste(pictures[static_cast<size_t>(i)], i % columns * width, i / columns * height, sheet);
  return sheet;
}

Stills::Stills(int64_t frames) : frames_(frames), pictures_(std::min<int64_t>(frames, kSheetPicturesMax)) {}

void Stills::see(const Frame& frame, int64_t index) {
  if (index == frames_ / 3 || thumbnail_.luma.empty()) thumbnail_ = frame;
  last_ = frame;
  const auto next = static_cast<int64_t>(small_.size());
  if (next < pictures_ && index == next * frames_ / pictures_)
    small_.push_back(media::shrink_to_fit(image_from_frame(frame), kSheetPictureSide));
}

Result<void> Stills::store(store::ObjectStore& objects, Take& take) const {
  TROUPE_TRY(const Bytes small, small_jpeg(image_from_frame(thumbnail_), kThumbnailSide, kThumbnailQuality));
  TROUPE_TRY(take.thumbnail, put(objects, small));
  TROUPE_TRY(const Bytes sheet, media::encode_jpeg(sheet_of(small_), kSheetQuality));
  TROUPE_TRY(take.spritesheet, put(objects, sheet));
  TROUPE_TRY(const Bytes png,
             media::encode_png(last_picture_.empty() ? image_from_frame(last_) : last_picture_));
  TROUPE_TRY(take.last_frame, put(objects, png));
  return {};
}

Result<Stills> stills_of(PlayableClip& clip, const CancelToken& cancel) {
  media::VideoClip::PlayOptions play;
  play.size = thumbnail_size(clip.info().size);
  play.rate = sheet_rate(clip.info());
  Stills stills(clip.frames_at(play.rate));
  SeenBy seen(stills);
  TROUPE_CHECK_OK(clip.play(play, seen, cancel));
  TROUPE_TRY(Image last, clip.last_frame(cancel));
  stills.set_last(std::move(last));
  return stills;
}

}  // namespace troupe::work
