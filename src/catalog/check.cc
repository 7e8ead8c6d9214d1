#include "base/random.h"
#include "catalog/checking.h"
#include "catalog/compare.h"

namespace troupe::catalog {
namespace {

Checking examine(const GenerationSpec& spec, const Model& model, const Catalog& catalog) {
  Checking checking{spec, model, catalog, {}, {}, {}, {}, {}, {}};
  check_prompt(checking);
  check_inputs(checking);
  check_references(checking);
  check_times(checking);
  check_picture_size(checking);
  check_settings(checking);
  check_fallbacks(checking);
  return checking;
}

/// Depends on everything that shapes the picture but on no model, so that a draft and the take made from it
/// share their seed. 31 bits: a seed that every provider accepts and that people can read out.
uint64_t seed_of(const GenerationSpec& spec) {
  std::string content;
  const auto put = [&](std::string_view text) {
    content += std::to_string(text.size()) + ":" + std::string(text);
  };
  const auto put_source = [&](const std::optional<MediaSource>& source) { put(source ? source->uri : ""); };
  put(spec.prompt);
  for (const Shot& shot : spec.shots) {
    put(shot.prompt);
    put(shot.duration ? print_seconds(*shot.duration) : "");
  }
  put(spec.negative_prompt);
  for (const Reference& reference : spec.references) {
    put(name(reference.kind));
    put(reference.name);
    put(reference.source.uri);
    for (const MediaSource& angle : reference.angles) put(angle.uri);
    put_source(reference.clip);
  }
  put_source(spec.first_frame);
  put_source(spec.last_frame);
  put_source(spec.extend);
  constexpr uint64_t kSeedBits = 0x7fffffff;
  return derive_seed(0, content) & kSeedBits;
}

}  // namespace

Error to_error(const Violation& violation) {
  const bool bound = violation.code.rfind("too_", 0) == 0;
  return make_error(bound ? ErrorCode::over_limit : ErrorCode::invalid_argument,
                    violation.rule + (violation.fix.empty() ? "" : " " + violation.fix), violation.field);
}

std::vector<Violation> Catalog::check(const GenerationSpec& spec, const Model& model) const {
  return examine(spec, model, *this).violations;
}

Result<Resolved> Catalog::resolve(const GenerationSpec& spec, const Model& model) const {
  Checking checking = examine(spec, model, *this);
  if (!checking.violations.empty()) return to_error(checking.violations.front());
  Resolved resolved;
  resolved.mode = mode_of(spec);
  resolved.duration = checking.times->total;
  resolved.aspect_ratio = checking.picture.ratio;
  resolved.tier = checking.picture.tier;
  resolved.size = checking.picture.size;
  resolved.fps = checking.fps;
  resolved.audio = spec.audio.value_or(model.audio.fallback);
  resolved.count = spec.count;
  resolved.seed = spec.seed ? *spec.seed : seed_of(spec);
  resolved.seed_given = spec.seed.has_value();
  resolved.prompt = std::move(checking.prompt);
  resolved.shot_durations = std::move(checking.times->shots);
  resolved.shot_frames = shot_frames(resolved.shot_durations, resolved.fps);
  return resolved;
}

}  // namespace troupe::catalog
