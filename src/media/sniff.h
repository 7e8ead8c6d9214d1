// What kind of file some bytes are, by their content: names and declared types are never trusted.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"

namespace troupe::media {

enum class FileKind {
  empty,
  jpeg,
  png,
  webp,
  gif,
  bmp,
  tiff,
  heic,
  avif,
  jpeg_xl,
  icon,
  psd,
  svg,
  mp4,       ///< and QuickTime: the ISO base media files that hold video
  matroska,  ///< and WEBM
  avi,
  flash_video,
  mpeg_ts,
  playlist,  ///< HLS, a list of other files' addresses
  ogg,
  wav,
  mp3,
  pdf,
  archive,
  html,
  json,
  text,
  unknown,
};

/// The kind, from at most the first kSniffBytes bytes. Never fails; thread-safe.
FileKind sniff(ByteView bytes);
inline constexpr size_t kSniffBytes = 512;

/// For messages: "a GIF picture", "an HTML page", "an empty file".
std::string_view describe(FileKind kind);

/// "image/png", "video/mp4" …: of pictures and clips that can be decoded here; "" for everything else.
std::string_view media_type(FileKind kind);

}  // namespace troupe::media
