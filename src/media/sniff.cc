#include "media/sniff.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <span>

#include "media/byte_reader.h"

namespace troupe::media {
namespace {

using namespace std::string_view_literals;

struct Signature {
  size_t offset;
  std::string_view bytes;
  FileKind kind;
};

constexpr auto kSignatures = std::to_array<Signature>({
    {0, "\xFF\xD8\xFF"sv, FileKind::jpeg},
    {0, "\x89PNG\r\n\x1A\n"sv, FileKind::png},
    {8, "WEBP"sv, FileKind::webp},
    {0, "GIF8"sv, FileKind::gif},
    {0, "BM"sv, FileKind::bmp},
    {0, "II*\0"sv, FileKind::tiff},
    {0, "MM\0*"sv, FileKind::tiff},
    {0, "\xFF\x0A"sv, FileKind::jpeg_xl},
    {0, "\0\0\0\x0CJXL "sv, FileKind::jpeg_xl},
    {0, "\0\0\1\0"sv, FileKind::icon},
    {0, "8BPS"sv, FileKind::psd},
    {0, "\x1A\x45\xDF\xA3"sv, FileKind::matroska},
    {8, "AVI "sv, FileKind::avi},
    {8, "WAVE"sv, FileKind::wav},
    {0, "FLV\1"sv, FileKind::flash_video},
    {0, "#EXTM3U"sv, FileKind::playlist},
    {0, "OggS"sv, FileKind::ogg},
    {0, "ID3"sv, FileKind::mp3},
    {0, "%PDF-"sv, FileKind::pdf},
    {0, "PK\3\4"sv, FileKind::archive},
    {0, "\x1F\x8B"sv, FileKind::archive},
    {0, "7z\xBC\xAF"sv, FileKind::archive},
    {0, "Rar!"sv, FileKind::archive},
});

bool one_of(std::string_view word, std::span<const std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// Files of boxes: still pictures and video share the form and differ in the brand.
FileKind sniff_boxes(ByteView bytes) {
  if (bytes.size() < 12) return FileKind::unknown;
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const std::string_view type = text.substr(4, 4), brand = text.substr(8, 4);
  static constexpr std::string_view kOldMovieBoxes[] = {"moov", "mdat", "wide", "free", "skip"};
  static constexpr std::string_view kHeic[] = {"heic", "heix", "heim", "heis",
                                               "hevc", "hevx", "mif1", "msf1"};
  static constexpr std::string_view kAvif[] = {"avif", "avis"};
  if (type == "ftyp") {
    if (one_of(brand, kAvif)) return FileKind::avif;
    return one_of(brand, kHeic) ? FileKind::heic : FileKind::mp4;
  }
  return one_of(type, kOldMovieBoxes) ? FileKind::mp4 : FileKind::unknown;
}

std::string lower_case_start(ByteView bytes) {
  std::string text;
  for (const uint8_t byte : bytes) text += static_cast<char>(std::tolower(byte));
  text.erase(0, std::min(text.size(), text.find_first_not_of("\xEF\xBB\xBF \t\r\n")));
  return text;
}

FileKind sniff_text(ByteView bytes) {
  const bool printable = std::all_of(bytes.begin(), bytes.end(), [](uint8_t byte) {
    return byte >= 0x20 ? byte != 0x7F : byte == '\t' || byte == '\n' || byte == '\r';
  });
  if (!printable) return FileKind::unknown;
  const std::string text = lower_case_start(bytes);
  if (text.starts_with("<!doctype html") || text.starts_with("<html")) return FileKind::html;
  if (text.starts_with("<") && text.find("<svg") != std::string::npos) return FileKind::svg;
  if (text.starts_with("{") || text.starts_with("[")) return FileKind::json;
  return FileKind::text;
}

bool is_mpeg_ts(ByteView bytes) { return bytes.size() > 188 && bytes[0] == 0x47 && bytes[188] == 0x47; }

}  // namespace

FileKind sniff(ByteView bytes) {
  if (bytes.empty()) return FileKind::empty;
  bytes = bytes.first(std::min(bytes.size(), kSniffBytes));
  for (const Signature& signature : kSignatures) {
    if (signature.offset == 8 && !ByteReader::starts_with(bytes, "RIFF")) continue;
    if (bytes.size() < signature.offset) continue;
    if (ByteReader::starts_with(bytes.subspan(signature.offset), signature.bytes)) return signature.kind;
  }
  if (is_mpeg_ts(bytes)) return FileKind::mpeg_ts;
  if (const FileKind kind = sniff_boxes(bytes); kind != FileKind::unknown) return kind;
  return sniff_text(bytes);
}

std::string_view describe(FileKind kind) {
  switch (kind) {
    case FileKind::empty:
      return "an empty file";
    case FileKind::jpeg:
      return "a JPEG picture";
    case FileKind::png:
      return "a PNG picture";
    case FileKind::webp:
      return "a WEBP picture";
    case FileKind::gif:
      return "a GIF picture";
    case FileKind::bmp:
      return "a BMP picture";
    case FileKind::tiff:
      return "a TIFF or camera raw picture";
    case FileKind::heic:
      return "a HEIC picture";
    case FileKind::avif:
      return "an AVIF picture";
    case FileKind::jpeg_xl:
      return "a JPEG XL picture";
    case FileKind::icon:
      return "an icon";
    case FileKind::psd:
      return "a Photoshop document";
    case FileKind::svg:
      return "an SVG drawing";
    case FileKind::mp4:
      return "an MP4 or QuickTime video";
    case FileKind::matroska:
      return "a WEBM or Matroska video";
    case FileKind::avi:
      return "an AVI video";
    case FileKind::flash_video:
      return "a Flash video";
    case FileKind::mpeg_ts:
      return "an MPEG transport stream";
    case FileKind::playlist:
      return "a playlist";
    case FileKind::ogg:
      return "an Ogg file";
    case FileKind::wav:
      return "a WAV sound";
    case FileKind::mp3:
      return "an MP3 sound";
    case FileKind::pdf:
      return "a PDF document";
    case FileKind::archive:
      return "an archive";
    case FileKind::html:
      return "an HTML page";
    case FileKind::json:
      return "a JSON text";
    case FileKind::text:
      return "a text file";
    case FileKind::unknown:
      return "not a file of a known kind";
  }
  return "not a file of a known kind";
}

std::string_view media_type(FileKind kind) {
  switch (kind) {
    case FileKind::jpeg:
      return "image/jpeg";
    case FileKind::png:
      return "image/png";
    case FileKind::webp:
      return "image/webp";
    case FileKind::mp4:
      return "video/mp4";
    case FileKind::matroska:
      return "video/x-matroska";
    default:
      return "";
  }
}

}  // namespace troupe::media
