// The catalog: every model with its limits and its price, read from data/*.json; and what follows from them:
// which requests a model takes, what exactly it will make of one, and what that costs.
// Thread-safety: a Catalog never changes after parse(); all calls may run at once. Nothing here blocks.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "catalog/model.h"
#include "catalog/quote.h"
#include "core/generation_spec.h"
#include "core/tag.h"

namespace troupe::catalog {

/// One rule that a request breaks.
struct Violation {
  std::string field;  ///< JSON Pointer into the spec: "/prompt", "/references/2/angles", "/shots/1/duration"
  std::string code;   ///< stable, for programs: "too_many_elements", "duration_not_allowed" …
  std::string rule;   ///< what the model asks and what the request says, a sentence
  std::string fix;    ///< what to do, a sentence; empty where the rule says it already
  bool operator==(const Violation&) const = default;
};

/// The violation as an Error of code invalid_argument or over_limit.
Error to_error(const Violation& violation);

/// A request with nothing left open: what the engine will make.
struct Resolved {
  Mode mode = Mode::text;
  MediaTime duration;
  AspectRatio aspect_ratio;
  int tier = 0;  ///< the resolution tier whose price applies
  FrameSize size;
  FrameRate fps;
  bool audio = false;
  int count = 1;
  uint64_t seed = 0;
  bool seed_given = false;  ///< false: derived from the spec, so that the same spec gives the same frames
  BoundPrompt prompt;
  std::vector<MediaTime> shot_durations;  ///< of each of prompt.shots; their sum is `duration`
  std::vector<int64_t> shot_frames;       ///< each >= 1; their sum is frame_count(duration, fps)
  bool operator==(const Resolved&) const = default;
};

/// What is known of a picture after looking into its bytes.
struct PictureFacts {
  std::string format;  ///< "jpeg", "png", "webp", "bmp" … in lower case
  int64_t bytes = 0;
  int width = 0;
  int height = 0;
};

/// Bounds on catalog files, whoever wrote them.
inline constexpr size_t kCatalogTextBytesMax = 1 << 20;
inline constexpr int kCatalogDepthMax = 12;
inline constexpr size_t kCatalogModelsMax = 1000;

struct CatalogText {
  std::string name;  ///< of the file, for messages
  std::string_view json;
};

class Catalog {
 public:
  /// Reads catalog files. A file is one model, or {"shared": {…}, "models": [{…}, …]} where the keys of
  /// "shared" hold for every model of the file. README.md names the keys.
  /// Errors: corrupt_input (not JSON, a key twice, too deep), invalid_argument (unknown or missing key, wrong
  /// type, figures that contradict each other, an id or alias used twice), over_limit (file size, number of
  /// models); each names the file and the JSON Pointer in it.
  static Result<Catalog> parse(std::span<const CatalogText> files);

  /// This catalog with the models of one more file: one that has the id of a model here takes its place, the
  /// others come behind. Errors: as parse().
  Result<Catalog> with(const CatalogText& file) const;

  /// In the order of the files.
  const std::vector<Model>& models() const { return models_; }

  /// The model of that id, or else of that alias: of `dialect` first, if one is named, then of any dialect in
  /// which it means one model only. The pointer lives as long as the catalog.
  /// Errors: not_found, with the names most like it; invalid_argument: the alias means several models.
  Result<const Model*> find(std::string_view name, std::string_view dialect = {}) const;

  /// Every rule of `model` that `spec` breaks, in a fixed order; empty = the model takes it.
  /// Which inputs are attached decides the mode; where the model has none for them, the violation says which
  /// models do. Of fallback models it is told as well what each of them does not take. Looks at no file and
  /// no network: pictures are checked by check_picture() once they are read.
  std::vector<Violation> check(const GenerationSpec& spec, const Model& model) const;

  /// Fills in what the spec leaves open. Errors: the first violation of check().
  Result<Resolved> resolve(const GenerationSpec& spec, const Model& model) const;

  /// What a request of `model` holds: the price of that model or of the one of its fallbacks that costs most,
  /// which the note then names. Errors: as resolve().
  Result<Quote> dearest_quote(const GenerationSpec& spec, const Model& model) const;

  bool operator==(const Catalog&) const = default;

 private:
  std::vector<Model> models_;
};

/// The models that Troupe comes with. Errors: as parse(); none in a build whose tests pass.
Result<Catalog> load_builtin();

/// The rules that one picture breaks; `field` is where in the spec it stands.
std::vector<Violation> check_picture(const Model& model, std::string_view field, const PictureFacts& facts);

/// What the resolved request costs.
Quote price(const Model& model, const Resolved& resolved);

}  // namespace troupe::catalog
