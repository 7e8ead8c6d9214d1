#include "media/probe.h"

#include <algorithm>
#include <utility>

#include "media/image_headers.h"
#include "media/sniff.h"

namespace troupe::media {
namespace {

Error refuse(FileKind kind) {
  if (kind == FileKind::empty) {
    return make_error(ErrorCode::corrupt_input,
                      "the picture is an empty file; send a JPEG, PNG or WEBP picture");
  }
  return make_error(ErrorCode::unsupported,
                    "this is " + std::string(describe(kind)) + "; send a JPEG, PNG or WEBP picture");
}

Result<ImageInfo> read_header(ByteView bytes) {
  switch (const FileKind kind = sniff(bytes)) {
    case FileKind::jpeg:
      return read_jpeg_header(bytes);
    case FileKind::png:
      return read_png_header(bytes);
    case FileKind::webp:
      return read_webp_header(bytes);
    default:
      return refuse(kind);
  }
}

Result<void> check_limits(const ImageInfo& info, const ImageLimits& limits) {
  if (info.width < 1 || info.height < 1) {
    return make_error(ErrorCode::corrupt_input, "the picture's header gives it no pixels; export it again");
  }
  const int64_t pixels = int64_t{info.width} * info.height;
  if (std::max(info.width, info.height) <= limits.side_pixels_max && pixels <= limits.pixels_max) return {};
  return make_error(ErrorCode::over_limit, "the picture is " + std::to_string(info.width) + " x " +
                                               std::to_string(info.height) + " pixels; at most " +
                                               std::to_string(limits.side_pixels_max) + " a side and " +
                                               std::to_string(limits.pixels_max / 1'000'000) +
                                               " million in all are taken: scale it down");
}

}  // namespace

std::string_view name(ImageFormat format) {
  switch (format) {
    case ImageFormat::jpeg:
      return "JPEG";
    case ImageFormat::png:
      return "PNG";
    case ImageFormat::webp:
      return "WEBP";
  }
  return "";
}

Result<ImageInfo> probe_image(ByteView bytes, const ImageLimits& limits) {
  if (bytes.size() > limits.size_bytes_max) {
    return make_error(ErrorCode::over_limit, "the picture has " + std::to_string(bytes.size()) +
                                                 " bytes; at most " + std::to_string(limits.size_bytes_max) +
                                                 " are taken: scale it down or compress it more");
  }
  TROUPE_TRY(ImageInfo info, read_header(bytes));
  TROUPE_CHECK_OK(check_limits(info, limits));
  if (info.orientation >= 5) std::swap(info.width, info.height);
  return info;
}

}  // namespace troupe::media
