#include <algorithm>
#include <array>
#include <csetjmp>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

// After <cstddef> and <cstdio>: jpeglib.h uses size_t and FILE without including them.
#include <jerror.h>
#include <jpeglib.h>

#include "media/image_codecs.h"
#include "media/image_file.h"

namespace troupe::media {
namespace {

/// Scans of a progressive picture. Cameras and web tools write about ten; thousands are an attack on time.
constexpr int kScansMax = 200;

/// What libjpeg is told to do with errors: it cannot return them, so it jumps back to the caller. Damage that
/// libjpeg would hide by making pixels up counts as an error too.
struct Outcome {
  jpeg_error_mgr manager;
  std::jmp_buf jump;
  char text[JMSG_LENGTH_MAX] = {};
};

Outcome& outcome_of(j_common_ptr codec) { return *reinterpret_cast<Outcome*>(codec->err); }

[[noreturn]] void fail(j_common_ptr codec) {
  Outcome& outcome = outcome_of(codec);
  outcome.manager.format_message(codec, outcome.text);
  std::longjmp(outcome.jump, 1);
}

bool loses_pixels(int message) {
  static constexpr std::array kHarmless = {JWRN_EXTRANEOUS_DATA, JWRN_JFIF_MAJOR,    JWRN_ADOBE_XFORM,
                                           JWRN_NOT_SEQUENTIAL,  JWRN_TOO_MUCH_DATA, JWRN_BOGUS_ICC};
  return std::find(kHarmless.begin(), kHarmless.end(), message) == kHarmless.end();
}

void warn(j_common_ptr codec, int level) {
  if (level < 0 && loses_pixels(codec->err->msg_code)) fail(codec);
}

void ignore(j_common_ptr) {}

void check_scans(j_common_ptr codec) {
  if (reinterpret_cast<j_decompress_ptr>(codec)->input_scan_number <= kScansMax) return;
  Outcome& outcome = outcome_of(codec);
  std::snprintf(outcome.text, sizeof outcome.text, "it has more than %d scans", kScansMax);
  std::longjmp(outcome.jump, 1);
}

jpeg_error_mgr* prepare(Outcome& outcome) {
  jpeg_std_error(&outcome.manager);
  outcome.manager.error_exit = fail;
  outcome.manager.emit_message = warn;
  outcome.manager.output_message = ignore;
  return &outcome.manager;
}

/// Adobe's CMYK is stored inverted (255 = no ink); that of others is not.
void ink_to_rgba(const uint8_t* cmyk, int width, bool inverted, uint8_t* rgba) {
  for (int x = 0; x < width; ++x, cmyk += 4, rgba += 4) {
    const int flip = inverted ? 0 : 255;
    const int light = cmyk[3] ^ flip;
    for (int c = 0; c < 3; ++c) rgba[c] = static_cast<uint8_t>(((cmyk[c] ^ flip) * light + 127) / 255);
    rgba[3] = 255;
  }
}

/// Eighths of the stored size that leave the longer side at `wanted` or more.
unsigned eighths_for(int longer_side, int wanted) {
  unsigned eighths = 8;
  while (eighths > 1 && int64_t{longer_side} * (eighths - 1) / 8 >= wanted) --eighths;
  return eighths;
}

void read_rows(jpeg_decompress_struct& codec, Image& out, Bytes& ink) {
  while (codec.output_scanline < codec.output_height) {
    uint8_t* row = out.at(0, static_cast<int>(codec.output_scanline));
    JSAMPROW target = ink.empty() ? row : ink.data();
    jpeg_read_scanlines(&codec, &target, 1);
    if (!ink.empty()) ink_to_rgba(ink.data(), out.width, codec.saw_Adobe_marker, row);
  }
}

/// Between setjmp and longjmp nothing with a destructor may be made: pictures and buffers are the caller's.
bool decode(ByteView bytes, const ImageInfo& stored, int side_wanted, Outcome& outcome,
            jpeg_decompress_struct& codec, jpeg_progress_mgr& progress, Image& out, Bytes& ink) {
  if (setjmp(outcome.jump) != 0) return false;
  jpeg_create_decompress(&codec);
  codec.progress = &progress;
  jpeg_mem_src(&codec, bytes.data(), bytes.size());
  jpeg_read_header(&codec, TRUE);
  if (codec.image_width != static_cast<unsigned>(stored.width) ||
      codec.image_height != static_cast<unsigned>(stored.height)) {
    std::snprintf(outcome.text, sizeof outcome.text, "it has two headers");
    return false;
  }
  codec.scale_num = eighths_for(std::max(stored.width, stored.height), side_wanted);
  codec.scale_denom = 8;
  codec.out_color_space = stored.cmyk ? JCS_CMYK : JCS_EXT_RGBA;
  jpeg_start_decompress(&codec);
  out = Image(static_cast<int>(codec.output_width), static_cast<int>(codec.output_height));
  if (stored.cmyk) ink.resize(static_cast<size_t>(out.width) * 4);
  read_rows(codec, out, ink);
  jpeg_finish_decompress(&codec);
  return true;
}

void over_white(const uint8_t* rgba, int width, uint8_t* rgb) {
  for (int x = 0; x < width; ++x, rgba += 4, rgb += 3) {
    for (int c = 0; c < 3; ++c)
      rgb[c] = static_cast<uint8_t>((rgba[c] * rgba[3] + 255 * (255 - rgba[3]) + 127) / 255);
  }
}

/// What libjpeg allocates for its output; belongs to the caller once encode() succeeded.
struct Written {
  unsigned char* bytes = nullptr;
  unsigned long size = 0;
};

bool encode(const Image& picture, int quality, Outcome& outcome, jpeg_compress_struct& codec, Bytes& row,
            Written& written) {
  if (setjmp(outcome.jump) != 0) return false;
  jpeg_create_compress(&codec);
  jpeg_mem_dest(&codec, &written.bytes, &written.size);
  codec.image_width = static_cast<JDIMENSION>(picture.width);
  codec.image_height = static_cast<JDIMENSION>(picture.height);
  codec.input_components = 3;
  codec.in_color_space = JCS_RGB;
  jpeg_set_defaults(&codec);
  jpeg_set_quality(&codec, quality, TRUE);
  codec.optimize_coding = TRUE;
  jpeg_start_compress(&codec, TRUE);
  for (int y = 0; y < picture.height; ++y) {
    over_white(picture.at(0, y), picture.width, row.data());
    JSAMPROW source = row.data();
    jpeg_write_scanlines(&codec, &source, 1);
  }
  jpeg_finish_compress(&codec);
  return true;
}

struct FreeBuffer {
  void operator()(unsigned char* buffer) const { std::free(buffer); }
};

}  // namespace

Result<Image> decode_jpeg(ByteView bytes, const ImageInfo& stored, int side_pixels_wanted) {
  Outcome outcome;
  jpeg_decompress_struct codec{};
  codec.err = prepare(outcome);
  const std::unique_ptr<jpeg_decompress_struct, decltype(&jpeg_destroy_decompress)> release(
      &codec, jpeg_destroy_decompress);
  jpeg_progress_mgr progress{};
  progress.progress_monitor = check_scans;
  Image picture;
  Bytes ink;
  if (!decode(bytes, stored, side_pixels_wanted, outcome, codec, progress, picture, ink)) {
    return damaged_picture(ImageFormat::jpeg, outcome.text);
  }
  return picture;
}

Result<Bytes> encode_jpeg(const Image& picture, int quality) {
  Outcome outcome;
  jpeg_compress_struct codec{};
  codec.err = prepare(outcome);
  const std::unique_ptr<jpeg_compress_struct, decltype(&jpeg_destroy_compress)> release(
      &codec, jpeg_destroy_compress);
  Bytes row(static_cast<size_t>(picture.width) * 3);
  Written written;
  if (!encode(picture, quality, outcome, codec, row, written)) {
    return make_error(ErrorCode::internal, "the JPEG encoder failed: " + std::string(outcome.text));
  }
  const std::unique_ptr<unsigned char, FreeBuffer> buffer(written.bytes);
  return Bytes(written.bytes, written.bytes + written.size);
}

}  // namespace troupe::media
