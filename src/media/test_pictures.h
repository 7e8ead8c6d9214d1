// Picture files that the tests make for themselves.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdio>
#include <string>

// After <cstddef> and <cstdio>: jpeglib.h uses size_t and FILE without including them.
#include <jpeglib.h>
#include <png.h>
#include <webp/encode.h>
#include <webp/mux.h>

#include "base/bytes.h"
#include "core/image.h"

namespace troupe::media::test {

/// A smooth opaque picture in which every corner has its own colour: red, green, blue, white clockwise.
inline Image four_corners(int width, int height) {
  Image picture(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const double u = (x + 0.5) / width, v = (y + 0.5) / height;
      const auto mix = [&](double a, double b, double c, double d) {
        return static_cast<uint8_t>(std::lround((1 - v) * ((1 - u) * a + u * b) + v * ((1 - u) * d + u * c)));
      };
      uint8_t* pixel = picture.at(x, y);
      pixel[0] = mix(255, 0, 0, 255);
      pixel[1] = mix(0, 255, 0, 255);
      pixel[2] = mix(0, 0, 255, 255);
      pixel[3] = 255;
    }
  }
  return picture;
}

inline double mean_difference(const Image& a, const Image& b) {
  if (a.width != b.width || a.height != b.height) return 1e9;
  double sum = 0;
  for (size_t i = 0; i < a.rgba.size(); ++i) sum += std::abs(int{a.rgba[i]} - int{b.rgba[i]});
  return sum / static_cast<double>(a.rgba.size());
}

/// A PNG of raw rows (16-bit samples big-endian), as libpng's classic writer makes it.
inline Bytes png_of(int width, int height, int depth, int colour_type, const Bytes& rows,
                    bool interlaced = false) {
  Bytes out;
  png_structp writer = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(writer);
  png_set_write_fn(
      writer, &out,
      [](png_structp self, png_bytep bytes, size_t count) {
        auto* to = static_cast<Bytes*>(png_get_io_ptr(self));
        to->insert(to->end(), bytes, bytes + count);
      },
      nullptr);
  png_set_IHDR(writer, info, static_cast<unsigned>(width), static_cast<unsigned>(height), depth, colour_type,
               interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE, 0, 0);
  png_color palette[2] = {{200, 10, 20}, {30, 40, 250}};
  png_byte palette_alpha[2] = {255, 0};
  if (colour_type == PNG_COLOR_TYPE_PALETTE) {
    png_set_PLTE(writer, info, palette, 2);
    png_set_tRNS(writer, info, palette_alpha, 2, nullptr);
  }
  png_write_info(writer, info);
  const int passes = png_set_interlace_handling(writer);
  const size_t stride = rows.size() / static_cast<size_t>(height);
  for (int pass = 0; pass < passes; ++pass) {
    for (int y = 0; y < height; ++y) png_write_row(writer, rows.data() + static_cast<size_t>(y) * stride);
  }
  png_write_end(writer, info);
  png_destroy_write_struct(&writer, &info);
  return out;
}

/// A JPEG of interleaved samples in one of libjpeg's colour spaces.
inline Bytes jpeg_of(int width, int height, int channels, J_COLOR_SPACE space, const Bytes& samples,
                     bool adobe_marker = true, bool progressive = false) {
  jpeg_compress_struct codec{};
  jpeg_error_mgr errors{};
  codec.err = jpeg_std_error(&errors);
  jpeg_create_compress(&codec);
  unsigned char* bytes = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&codec, &bytes, &size);
  codec.image_width = static_cast<unsigned>(width);
  codec.image_height = static_cast<unsigned>(height);
  codec.input_components = channels;
  codec.in_color_space = space;
  jpeg_set_defaults(&codec);
  jpeg_set_quality(&codec, 95, TRUE);
  codec.write_Adobe_marker = adobe_marker && channels == 4;
  if (progressive) jpeg_simple_progression(&codec);
  jpeg_start_compress(&codec, TRUE);
  for (int y = 0; y < height; ++y) {
    JSAMPROW row = const_cast<uint8_t*>(samples.data()) + static_cast<size_t>(y) * width * channels;
    jpeg_write_scanlines(&codec, &row, 1);
  }
  jpeg_finish_compress(&codec);
  jpeg_destroy_compress(&codec);
  Bytes out(bytes, bytes + size);
  std::free(bytes);
  return out;
}

inline Bytes exif_block(int orientation, bool little_endian) {
  Bytes block = little_endian
                    ? Bytes{'I', 'I', '*', 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 0, 0, 0, 0}
                    : Bytes{'M', 'M', 0, '*', 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 0, 0, 0};
  block[little_endian ? 18 : 19] = static_cast<uint8_t>(orientation);
  block.insert(block.end(), 4, 0);
  return block;
}

/// The JPEG with an EXIF segment put in after its first marker.
inline Bytes with_exif(Bytes jpeg, int orientation, bool little_endian) {
  const Bytes block = exif_block(orientation, little_endian);
  Bytes segment = {0xFF, 0xE1, 0, static_cast<uint8_t>(block.size() + 8), 'E', 'x', 'i', 'f', 0, 0};
  segment.insert(segment.end(), block.begin(), block.end());
  jpeg.insert(jpeg.begin() + 2, segment.begin(), segment.end());
  return jpeg;
}

inline Bytes take(WebPData& data) {
  Bytes out(data.bytes, data.bytes + data.size);
  WebPDataClear(&data);
  return out;
}

inline Bytes lossless_webp(const Image& picture) {
  uint8_t* bytes = nullptr;
  const size_t size =
      WebPEncodeLosslessRGBA(picture.rgba.data(), picture.width, picture.height, picture.width * 4, &bytes);
  WebPData data{bytes, size};
  return take(data);
}

inline Bytes lossy_webp(const Image& picture) {
  uint8_t* bytes = nullptr;
  const size_t size =
      WebPEncodeRGBA(picture.rgba.data(), picture.width, picture.height, picture.width * 4, 90, &bytes);
  WebPData data{bytes, size};
  return take(data);
}

inline Bytes webp_with_exif(const Bytes& webp, int orientation) {
  const WebPData image{webp.data(), webp.size()};
  const Bytes block = exif_block(orientation, true);
  const WebPData exif{block.data(), block.size()};
  WebPMux* mux = WebPMuxCreate(&image, 1);
  WebPMuxSetChunk(mux, "EXIF", &exif, 1);
  WebPData out{};
  WebPMuxAssemble(mux, &out);
  WebPMuxDelete(mux);
  return take(out);
}

inline Bytes animated_webp(const std::vector<Image>& frames) {
  WebPAnimEncoder* encoder = WebPAnimEncoderNew(frames[0].width, frames[0].height, nullptr);
  WebPConfig config;
  WebPConfigInit(&config);
  config.lossless = 1;
  config.exact = 1;
  int milliseconds = 0;
  for (const Image& frame : frames) {
    WebPPicture picture;
    WebPPictureInit(&picture);
    picture.use_argb = 1;
    picture.width = frame.width;
    picture.height = frame.height;
    WebPPictureImportRGBA(&picture, frame.rgba.data(), frame.width * 4);
    WebPAnimEncoderAdd(encoder, &picture, milliseconds += 100, &config);
    WebPPictureFree(&picture);
  }
  WebPAnimEncoderAdd(encoder, nullptr, milliseconds + 100, nullptr);
  WebPData out{};
  WebPAnimEncoderAssemble(encoder, &out);
  WebPAnimEncoderDelete(encoder);
  return take(out);
}

}  // namespace troupe::media::test
