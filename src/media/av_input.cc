#include "media/av_input.h"

#include <algorithm>
#include <bit>
#include <vector>

#include "media/mp4_boxes.h"
#include "media/sniff.h"

namespace troupe::media {
namespace {

constexpr int kIoBufferBytes = 64 * 1024;
constexpr int kStreamsMax = 32;
constexpr const char* kDecoders =
    "h264,hevc,vp8,vp9,av1,libdav1d,mpeg4,prores,mjpeg,"
    "aac,mp3,mp3float,opus,vorbis,flac,ac3,pcm_s16le,pcm_s24le,pcm_f32le";

Error refuse(FileKind kind) {
  if (kind == FileKind::empty) {
    return make_error(ErrorCode::corrupt_input, "the video is an empty file; send an MP4, MOV or WEBM video");
  }
  return make_error(ErrorCode::unsupported,
                    "this is " + std::string(describe(kind)) + "; send an MP4, MOV or WEBM video");
}

Result<void> check_size(uint64_t size_bytes, uint64_t size_bytes_max) {
  if (size_bytes <= size_bytes_max) return {};
  return make_error(ErrorCode::over_limit, "the video has " + std::to_string(size_bytes) +
                                               " bytes; at most " + std::to_string(size_bytes_max) +
                                               " are taken: cut it shorter or compress it more");
}

/// EBML's numbers (RFC 8794, 4): the first byte's leading zeros say how many bytes follow.
struct EbmlNumber {
  uint64_t with_marker = 0, value = 0;
  size_t length = 0;
  bool unknown = false;  // all ones: a size that the writer did not know
};

EbmlNumber ebml_number(ByteView bytes) {
  EbmlNumber number;
  if (bytes.empty() || bytes[0] == 0) return number;
  const auto length = static_cast<size_t>(std::countl_zero(bytes[0])) + 1;
  if (length > bytes.size()) return number;
  for (size_t i = 0; i < length; ++i) number.with_marker = number.with_marker << 8 | bytes[i];
  const uint64_t ones = (uint64_t{1} << (7 * length)) - 1;
  number.value = number.with_marker & ones;
  number.unknown = number.value == ones;
  number.length = length;
  return number;
}

/// True unless the segment, which is all of a Matroska file but its header, claims more bytes than there are.
bool matroska_is_whole(ByteSource& source) {
  constexpr uint64_t kSegment = 0x18538067;
  constexpr size_t kElementHeaderMax = 16;
  uint64_t offset = 0;
  for (int i = 0; i < 2; ++i) {
    const Bytes header = source.read(offset, kElementHeaderMax);
    const EbmlNumber id = ebml_number(header);
    const EbmlNumber size = ebml_number(ByteView(header).subspan(id.length));
    if (id.length == 0 || size.length == 0) return false;
    if (id.with_marker == kSegment && size.unknown) return true;
    offset += id.length + size.length + size.value;
    if (offset > source.size_bytes()) return false;
    if (id.with_marker == kSegment) return true;
  }
  return false;
}

int refuse_other_files(AVFormatContext*, AVIOContext**, const char*, int, AVDictionary**) {
  return AVERROR(EPERM);
}

}  // namespace

Error damaged_video(const std::string& why) {
  return make_error(ErrorCode::corrupt_input, "the video is damaged (" + why + "); export it again");
}

Result<std::unique_ptr<AvInput>> AvInput::open(std::unique_ptr<ByteSource> source,
                                               const VideoLimits& limits) {
  quiet_libav();
  TROUPE_CHECK_OK(check_size(source->size_bytes(), limits.size_bytes_max));
  const FileKind kind = sniff(source->read(0, kSniffBytes));
  if (kind != FileKind::mp4 && kind != FileKind::matroska) return refuse(kind);
  if (kind == FileKind::mp4 ? !mp4_is_whole(*source) : !matroska_is_whole(*source)) {
    return damaged_video("a part is missing, as after a broken upload");
  }
  std::unique_ptr<AvInput> input(new AvInput(std::move(source)));
  input->container_ = kind == FileKind::mp4 ? "mp4" : "matroska";
  TROUPE_CHECK_OK(input->open_demuxer(kind == FileKind::mp4 ? "mov" : "matroska"));
  TROUPE_CHECK_OK(input->find_streams(limits));
  return {std::move(input)};
}

AvInput::~AvInput() {
  avformat_close_input(&demuxer_);
  if (io_ != nullptr) av_freep(&io_->buffer);
  avio_context_free(&io_);
}

Result<void> AvInput::open_demuxer(const char* demuxer_name) {
  auto* buffer = static_cast<unsigned char*>(av_malloc(kIoBufferBytes));
  io_ = avio_alloc_context(buffer, kIoBufferBytes, 0, this, &AvInput::read, nullptr, &AvInput::seek);
  demuxer_ = avformat_alloc_context();
  if (buffer == nullptr || io_ == nullptr || demuxer_ == nullptr) {
    return make_error(ErrorCode::out_of_memory, "there is not enough memory to open the video");
  }
  demuxer_->pb = io_;
  demuxer_->io_open = refuse_other_files;
  demuxer_->max_streams = kStreamsMax;
  AvOptions settings;
  settings.set("protocol_whitelist", "none");
  settings.set("codec_whitelist", kDecoders);
  const int code =
      avformat_open_input(&demuxer_, nullptr, av_find_input_format(demuxer_name), settings.get());
  return code < 0 ? Result<void>(damaged_video(av_text(code))) : Result<void>();
}

Result<void> AvInput::find_streams(const VideoLimits& limits) {
  // The search may decode a frame of each stream: the limit must hold there already.
  const size_t streams = demuxer_->nb_streams;
  std::vector<AVDictionary*> settings(streams, nullptr);
  for (AVDictionary*& entry : settings) {
    av_dict_set_int(&entry, "max_pixels", limits.pixels_max, 0);
    av_dict_set_int(&entry, "threads", 1, 0);
  }
  const int code = avformat_find_stream_info(demuxer_, settings.data());
  for (AVDictionary*& entry : settings) av_dict_free(&entry);
  return code < 0 ? Result<void>(damaged_video(av_text(code))) : Result<void>();
}

int AvInput::read(void* self, uint8_t* to, int size) {
  auto& input = *static_cast<AvInput*>(self);
  const size_t got = input.source_->read_at(input.position_, {to, static_cast<size_t>(size)});
  input.position_ += got;
  return got > 0 ? static_cast<int>(got) : AVERROR_EOF;
}

int64_t AvInput::seek(void* self, int64_t offset, int whence) {
  auto& input = *static_cast<AvInput*>(self);
  const auto size = static_cast<int64_t>(input.source_->size_bytes());
  if (whence == AVSEEK_SIZE) return size;
  const int64_t base = whence == SEEK_CUR   ? static_cast<int64_t>(input.position_)
                       : whence == SEEK_END ? size
                                            : 0;
  int64_t target = 0;
  if (__builtin_add_overflow(base, offset, &target) || target < 0) return AVERROR(EINVAL);
  input.position_ = static_cast<uint64_t>(target);
  return target;
}

}  // namespace troupe::media
