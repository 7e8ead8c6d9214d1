#include "work/prepare.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <string>
#include <utility>

namespace troupe::work {
namespace {

constexpr int kPictureSideMax = 2560;  // more than any frame shows; bounds memory to 26 MB a picture
constexpr int kClipSamples = 3;        // pictures taken from an element's clip

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

// Reads the media of one spec, collecting what is wrong with each.
class MediaLoader {
 public:
  MediaLoader(const catalog::Model& model, MediaReader& reader, const MediaDecoder& decoder,
              const CancelToken& cancel)
      : model_(model), reader_(reader), decoder_(decoder), cancel_(cancel) {}

  std::vector<catalog::Violation> violations;
  /// Set where this machine failed, and not a medium.
  std::optional<Error> trouble;

  std::optional<Image> picture(const MediaSource& source, const std::string& field) {
    media::ImageLimits limits;
    limits.decoded_side_pixels_max = kPictureSideMax;
    const Result<Bytes> bytes = reader_.read(source, limits.size_bytes_max);
    if (!bytes) return refuse(field, bytes.error());
    Result<DecodedPicture> picture = decoder_.picture(*bytes, limits, cancel_);
    if (!picture) return refuse_decoded(field, picture.error());
    const media::ImageInfo& info = picture->info;
    const catalog::PictureFacts facts{lower(media::name(info.format)), static_cast<int64_t>(bytes->size()),
                                      info.width, info.height};
    std::vector<catalog::Violation> broken = catalog::check_picture(model_, field, facts);
    if (!broken.empty()) {
      violations.insert(violations.end(), broken.begin(), broken.end());
      return std::nullopt;
    }
    if (!picture->image) return refuse_decoded(field, picture->image.error());
    return std::move(*picture->image);
  }

  std::unique_ptr<PlayableClip> clip(const MediaSource& source, const std::string& field) {
    const media::VideoLimits limits;
    Result<Bytes> bytes = reader_.read(source, limits.size_bytes_max);
    if (!bytes) {
      refuse(field, bytes.error());
      return nullptr;
    }
    Result<std::unique_ptr<PlayableClip>> opened = decoder_.clip(std::move(*bytes), limits, cancel_);
    if (!opened) {
      refuse_decoded(field, opened.error());
      return nullptr;
    }
    return std::move(*opened);
  }

  engine::ReferencePictures reference(const Reference& reference, const std::string& field) {
    engine::ReferencePictures pictures;
    if (!reference.source.uri.empty()) add(picture(reference.source, field + "/source"), pictures);
    for (size_t i = 0; i < reference.angles.size(); ++i) {
      add(picture(reference.angles[i], field + "/angles/" + std::to_string(i)), pictures);
    }
    if (reference.clip) add_samples(*reference.clip, field + "/clip", pictures);
    return pictures;
  }

  std::optional<Image> refuse(const std::string& field, const Error& error) {
    violations.push_back({field, std::string(name(error.code)), error.message, ""});
    return std::nullopt;
  }

 private:
  static void add(std::optional<Image> image, engine::ReferencePictures& pictures) {
    if (image) pictures.views.push_back(std::move(*image));
  }

  std::optional<Image> refuse_decoded(const std::string& field, const Error& error) {
    if (error.code == ErrorCode::unavailable || error.code == ErrorCode::internal) trouble = error;
    return refuse(field, error);
  }

  void add_samples(const MediaSource& source, const std::string& field, engine::ReferencePictures& pictures) {
    const media::VideoLimits limits;
    Result<Bytes> bytes = reader_.read(source, limits.size_bytes_max);
    if (!bytes) {
      refuse(field, bytes.error());
      return;
    }
    Result<ClipSamples> samples = decoder_.samples(std::move(*bytes), kClipSamples, limits, cancel_);
    if (!samples) {
      refuse_decoded(field, samples.error());
      return;
    }
    for (Image& sample : samples->pictures) pictures.views.push_back(std::move(sample));
  }

  const catalog::Model& model_;
  MediaReader& reader_;
  const MediaDecoder& decoder_;
  const CancelToken& cancel_;
};

// The model's aspect ratio nearest to a picture's, or the picture's own where any is allowed.
std::optional<AspectRatio> nearest_aspect(const catalog::AspectRules& rules, int width, int height) {
  if (rules.choices.empty())
    return parse_aspect_ratio(std::to_string(width) + ":" + std::to_string(height)).value();
  const auto distance = [&](AspectRatio ratio) {
    return std::abs(std::log(static_cast<double>(ratio.width) / ratio.height) -
                    std::log(static_cast<double>(width) / height));
  };
  return *std::min_element(rules.choices.begin(), rules.choices.end(),
                           [&](AspectRatio a, AspectRatio b) { return distance(a) < distance(b); });
}

int even(int side) { return side - side % 2; }

// A clip is gone on with in its own size and pace, as far as the model makes that.
void follow_clip(const catalog::Catalog& catalog, const catalog::Model& model, const media::VideoInfo& clip,
                 GenerationSpec& spec) {
  const auto keep_if_allowed = [&](GenerationSpec changed) {
    if (catalog.check(changed, model).empty()) spec = std::move(changed);
  };
  if (!spec.resolution && !spec.aspect_ratio) {
    GenerationSpec sized = spec;
    sized.resolution = Resolution{0, {even(clip.size.width), even(clip.size.height)}};
    keep_if_allowed(std::move(sized));
  }
  if (!spec.fps) {
    GenerationSpec paced = spec;
    paced.fps = clip.rate;
    keep_if_allowed(std::move(paced));
  }
}

void follow_frame(const catalog::Catalog& catalog, const PreparedTake& take, GenerationSpec& spec) {
  const std::optional<Image>& frame = take.first_frame ? take.first_frame : take.last_frame;
  if (!frame || spec.aspect_ratio || (spec.resolution && spec.resolution->exact.width > 0)) return;
  GenerationSpec shaped = spec;
  shaped.aspect_ratio = nearest_aspect(take.model->aspect_ratio, frame->width, frame->height);
  if (catalog.check(shaped, *take.model).empty()) spec = std::move(shaped);
}

void load(PreparedTake& take, MediaLoader& loader) {
  const GenerationSpec& spec = take.spec;
  for (size_t i = 0; i < spec.references.size(); ++i) {
    take.pictures.push_back(loader.reference(spec.references[i], "/references/" + std::to_string(i)));
  }
  if (spec.first_frame) take.first_frame = loader.picture(*spec.first_frame, "/first_frame");
  if (spec.last_frame) take.last_frame = loader.picture(*spec.last_frame, "/last_frame");
  if (spec.extend) take.extend = loader.clip(*spec.extend, "/extend");
}

}  // namespace

Result<Preparation> prepare(const catalog::Catalog& catalog, GenerationSpec spec, MediaReader& reader,
                            const CancelToken& cancel) {
  return prepare(catalog, std::move(spec), reader, InProcessDecoder(), cancel);
}

Result<Preparation> prepare(const catalog::Catalog& catalog, GenerationSpec spec, MediaReader& reader,
                            const MediaDecoder& decoder, const CancelToken& cancel) {
  TROUPE_TRY(const catalog::Model* const model, catalog.find(spec.model));
  Preparation preparation;
  preparation.violations = catalog.check(spec, *model);
  PreparedTake take;
  // What the take follows its pictures in is the model's own: the others find it out for themselves.
  const std::vector<std::string> fallback_models = std::exchange(spec.fallback_models, {});
  take.spec = std::move(spec);
  take.model = model;
  MediaLoader loader(*model, reader, decoder, cancel);
  // Of a request with far too many references the media are not worth reading.
  if (take.spec.references.size() <= static_cast<size_t>(kReferencesMax)) load(take, loader);
  if (cancel.cancelled()) return make_error(ErrorCode::cancelled, "cancelled");
  if (loader.trouble) return *loader.trouble;
  preparation.violations.insert(preparation.violations.end(), loader.violations.begin(),
                                loader.violations.end());
  if (!preparation.violations.empty()) return preparation;
  if (take.extend) {
    Result<Image> last = take.extend->last_frame(cancel);
    if (!last) {
      preparation.violations.push_back(
          {"/extend", std::string(name(last.error().code)), last.error().message, ""});
      return preparation;
    }
    follow_clip(catalog, *model, take.extend->info(), take.spec);
    take.first_frame = std::move(*last);
  } else {
    follow_frame(catalog, take, take.spec);
  }
  TROUPE_TRY(take.resolved, catalog.resolve(take.spec, *model));
  take.quote = catalog::price(*model, take.resolved);
  take.spec.fallback_models = fallback_models;
  preparation.take = std::move(take);
  return preparation;
}

}  // namespace troupe::work
