#include "media/image_headers.h"

#include <string_view>

#include "media/byte_reader.h"

namespace troupe::media {
namespace {

using namespace std::string_view_literals;

Error cut_off(std::string_view format) {
  return make_error(ErrorCode::corrupt_input, "the " + std::string(format) +
                                                  " picture's header is damaged or cut off; export it again");
}

// --- JPEG: ITU-T T.81, annex B
// -------------------------------------------------------------------------------

constexpr uint8_t kStartOfScan = 0xDA, kEndOfImage = 0xD9, kApp1 = 0xE1, kApp2 = 0xE2;

bool has_no_body(uint8_t marker) { return marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8); }

bool is_frame_header(uint8_t marker) {
  return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

/// Baseline, extended and progressive, each with either entropy coder; not lossless, not hierarchical.
bool is_decodable_frame(uint8_t marker) {
  return (marker >= 0xC0 && marker <= 0xC2) || marker == 0xC9 || marker == 0xCA;
}

Result<void> read_frame_header(uint8_t marker, ByteView body, ImageInfo& info) {
  ByteReader in(body);
  info.bits_per_channel = in.u8();
  info.height = in.u16();
  info.width = in.u16();
  const int components = in.u8();
  if (!in.ok()) return cut_off("JPEG");
  if (!is_decodable_frame(marker) || info.bits_per_channel != 8) {
    return make_error(
        ErrorCode::unsupported,
        "this kind of JPEG (lossless, hierarchical or not 8 bit) is not read; save it as a common JPEG");
  }
  if (components != 1 && components != 3 && components != 4) {
    return make_error(ErrorCode::unsupported, "a JPEG of " + std::to_string(components) +
                                                  " colour channels is not read; save it as RGB");
  }
  info.grey = components == 1;
  info.cmyk = components == 4;
  return {};
}

/// The marker that comes next, or kEndOfImage when there is none. Bytes before it are skipped, as decoders
/// do.
uint8_t next_marker(ByteReader& in) {
  uint8_t byte = 0;
  do {
    while (in.ok() && in.u8() != 0xFF) continue;
    do byte = in.u8();
    while (byte == 0xFF);
  } while (byte == 0 && in.ok());
  return in.ok() ? byte : kEndOfImage;
}

// --- PNG: ISO/IEC 15948 and its eXIf and acTL extensions
// ------------------------------------------------------

constexpr size_t kPngSignatureBytes = 8;

struct PngChunk {
  std::string_view type;
  ByteView body;
};

/// The next chunk with its checksum skipped; check in.ok() after.
PngChunk next_png_chunk(ByteReader& in) {
  const uint32_t length = in.u32();
  const ByteView type = in.take(4);
  const ByteView body = in.take(length);
  in.skip(4);
  return {{reinterpret_cast<const char*>(type.data()), type.size()}, body};
}

bool read_png_start(ByteView body, ImageInfo& info) {
  ByteReader in(body);
  const uint32_t width = in.u32(), height = in.u32();
  info.bits_per_channel = in.u8();
  const int colour = in.u8();
  if (!in.ok() || width > INT32_MAX || height > INT32_MAX) return false;
  info.width = static_cast<int>(width);
  info.height = static_cast<int>(height);
  info.grey = colour == 0 || colour == 4;
  info.alpha = colour == 4 || colour == 6;
  return colour <= 6;
}

// --- WEBP: RFC 9649 ----------------------------------------------------------------------------------------

constexpr uint8_t kWebpAnimated = 0x02, kWebpExif = 0x08, kWebpAlpha = 0x10, kWebpProfile = 0x20;

bool read_lossy_webp(ByteView body, ImageInfo& info) {
  ByteReader in(body, true);
  in.skip(3);
  if (!in.accept("\x9D\x01\x2A")) return false;
  info.width = in.u16() & 0x3FFF;
  info.height = in.u16() & 0x3FFF;
  return in.ok();
}

bool read_lossless_webp(ByteView body, ImageInfo& info) {
  ByteReader in(body, true);
  if (in.u8() != 0x2F) return false;
  const uint32_t packed = in.u32();
  info.width = static_cast<int>(packed & 0x3FFF) + 1;
  info.height = static_cast<int>((packed >> 14) & 0x3FFF) + 1;
  info.alpha = ((packed >> 28) & 1) != 0;
  return in.ok();
}

bool read_extended_webp(ByteReader in, ImageInfo& info) {
  const uint8_t flags = in.u8();
  in.skip(3);
  info.width = static_cast<int>(in.u24()) + 1;
  info.height = static_cast<int>(in.u24()) + 1;
  if (!in.ok()) return false;
  info.alpha = (flags & kWebpAlpha) != 0;
  info.animated = (flags & kWebpAnimated) != 0;
  info.colour_profile = (flags & kWebpProfile) != 0;
  if ((flags & kWebpExif) == 0) return true;
  in.skip(in.position() % 2);
  while (in.remaining() >= 8) {
    const bool exif = in.accept("EXIF");
    if (!exif) in.skip(4);
    const uint32_t length = in.u32();
    const ByteView body = in.take(uint64_t{length});
    if (exif) info.orientation = exif_orientation(body);
    if (length % 2 != 0) in.skip(1);
  }
  return true;
}

}  // namespace

int exif_orientation(ByteView block) {
  constexpr uint16_t kOrientationTag = 0x0112, kShort = 3;
  ByteReader prefix(block);
  prefix.accept("Exif\0\0"sv);
  const ByteView tiff = block.subspan(prefix.position());
  const bool little = ByteReader::starts_with(tiff, "II*\0"sv);
  if (!little && !ByteReader::starts_with(tiff, "MM\0*"sv)) return 1;
  ByteReader in(tiff, little);
  in.skip(4);
  in.seek(in.u32());
  const int entries = in.u16();
  for (int i = 0; i < entries && in.ok(); ++i) {
    const uint16_t tag = in.u16(), type = in.u16();
    in.skip(4);
    const uint16_t value = in.u16();
    in.skip(2);
    if (tag == kOrientationTag && type == kShort && in.ok()) return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

Result<ImageInfo> read_jpeg_header(ByteView bytes) {
  ImageInfo info;
  info.format = ImageFormat::jpeg;
  ByteReader in(bytes);
  in.skip(2);
  bool seen_frame = false;
  while (true) {
    const uint8_t marker = next_marker(in);
    if (marker == kStartOfScan || marker == kEndOfImage) break;
    if (has_no_body(marker)) continue;
    const uint16_t length = in.u16();
    const ByteView body = in.take(length < 2 ? 0 : length - 2u);
    if (!in.ok() || length < 2) return cut_off("JPEG");
    if (is_frame_header(marker)) {
      TROUPE_CHECK_OK(read_frame_header(marker, body, info));
      seen_frame = true;
    } else if (marker == kApp1 && ByteReader::starts_with(body, "Exif\0\0"sv)) {
      info.orientation = exif_orientation(body);
    } else if (marker == kApp2 && ByteReader::starts_with(body, "ICC_PROFILE\0"sv)) {
      info.colour_profile = true;
    }
  }
  if (!seen_frame) return cut_off("JPEG");
  return info;
}

Result<ImageInfo> read_png_header(ByteView bytes) {
  ImageInfo info;
  info.format = ImageFormat::png;
  ByteReader in(bytes);
  in.skip(kPngSignatureBytes);
  const PngChunk start = next_png_chunk(in);
  if (!in.ok() || start.type != "IHDR" || !read_png_start(start.body, info)) return cut_off("PNG");
  bool seen_pixels = false;
  while (in.remaining() > 0) {
    const PngChunk chunk = next_png_chunk(in);
    if (!in.ok() || chunk.type == "IEND") break;
    if (chunk.type == "IDAT") seen_pixels = true;
    if (chunk.type == "tRNS") info.alpha = true;
    if (chunk.type == "iCCP") info.colour_profile = true;
    if (chunk.type == "acTL" && !seen_pixels) info.animated = true;
    if (chunk.type == "eXIf") info.orientation = exif_orientation(chunk.body);
  }
  return info;
}

bool png_is_whole(ByteView bytes) {
  ByteReader in(bytes);
  in.skip(kPngSignatureBytes);
  while (in.remaining() > 0) {
    const PngChunk chunk = next_png_chunk(in);
    if (in.ok() && chunk.type == "IEND") return true;
  }
  return false;
}

Result<ImageInfo> read_webp_header(ByteView bytes) {
  ImageInfo info;
  info.format = ImageFormat::webp;
  ByteReader in(bytes, true);
  in.skip(12);
  const ByteView type = in.take(4);
  const uint32_t length = in.u32();
  if (!in.ok()) return cut_off("WEBP");
  const ByteView body = bytes.subspan(in.position());
  bool good = false;
  if (ByteReader::starts_with(type, "VP8 ")) good = read_lossy_webp(body, info);
  if (ByteReader::starts_with(type, "VP8L")) good = read_lossless_webp(body, info);
  if (ByteReader::starts_with(type, "VP8X"))
    good = length >= 10 && read_extended_webp(ByteReader(body, true), info);
  if (!good) return cut_off("WEBP");
  return info;
}

}  // namespace troupe::media
