#include <algorithm>
#include <cmath>

#include "catalog/checking.h"

namespace troupe::catalog {
namespace {

struct Counts {
  int elements = 0, scenes = 0, images = 0, clips = 0;
  int frames = 0;  ///< first and last

  explicit Counts(const GenerationSpec& spec) {
    for (const Reference& reference : spec.references) {
      elements += reference.kind == ReferenceKind::element;
      scenes += reference.kind == ReferenceKind::scene;
      images += reference.kind == ReferenceKind::image;
      clips += reference.clip.has_value();
    }
    frames = static_cast<int>(spec.first_frame.has_value()) + static_cast<int>(spec.last_frame.has_value());
  }
};

void refuse_mode(Checking& checking, const std::string& field, Mode mode, const std::string& fix) {
  if (checking.model.has(mode)) return;
  checking.add(field, "mode_not_supported",
               checking.model.name + " does not work from " + in_words(mode) + ".",
               checking.or_use(fix, "works from " + in_words(mode),
                               [&](const Model& other) { return other.has(mode); }));
}

void check_modes(Checking& checking) {
  const GenerationSpec& spec = checking.spec;
  if (spec.first_frame) refuse_mode(checking, "/first_frame", Mode::first_frame, "Remove the first frame");
  if (spec.last_frame && !spec.first_frame)
    refuse_mode(checking, "/last_frame", Mode::first_frame, "Remove the last frame");
  if (!spec.references.empty())
    refuse_mode(checking, "/references", Mode::references, "Remove the references");
  if (spec.extend) refuse_mode(checking, "/extend", Mode::extend, "Remove the clip");
  if (mode_of(spec) != Mode::text || checking.model.has(Mode::text)) return;
  std::vector<std::string> wanted;
  for (const Mode mode : checking.model.modes) wanted.push_back(in_words(mode));
  checking.add("/references", "visual_input_missing",
               checking.model.name + " needs at least one visual input: " + any_of_words(wanted) + ".",
               checking.or_use("Attach one", "works from text alone",
                               [](const Model& other) { return other.has(Mode::text); }));
}

/// One kind of reference against its limit.
void check_kind(Checking& checking, ReferenceKind kind, int count, int max, const std::string& condition) {
  if (count <= max) return;
  const std::string thing = kind == ReferenceKind::scene   ? "scene image"
                            : kind == ReferenceKind::image ? "flat image"
                                                           : "element";
  if (max == 0) {
    const auto takes = [&](const Model& other) {
      const InputLimits& inputs = other.inputs;
      return (kind == ReferenceKind::scene   ? inputs.scenes_max
              : kind == ReferenceKind::image ? inputs.images_max
                                             : inputs.elements_max) > 0;
    };
    const bool flat = checking.model.inputs.images_max > 0;
    checking.add(
        "/references", std::string(name(kind)) + "s_not_supported",
        checking.model.name + " takes no " + thing + "s; the request has " + std::to_string(count) + ".",
        checking.or_use(flat ? "Give the pictures as flat images" : "Remove them", "takes " + thing + "s",
                        takes));
    return;
  }
  checking.add("/references", "too_many_" + std::string(name(kind)) + "s",
               checking.model.name + " takes at most " + counted(max, thing) + condition +
                   "; the request has " + std::to_string(count) + ".",
               "Remove " + counted(count - max, thing) + ".");
}

/// All visual inputs together, as they would be once the limits of each kind are kept: a request with too
/// many elements is told so once.
void check_total(Checking& checking, const Counts& counts, int elements_max) {
  const InputLimits& inputs = checking.model.inputs;
  const int pictures =
      std::min(counts.scenes, inputs.scenes_max) + std::min(counts.images, inputs.images_max);
  const int total = counts.frames + std::min(counts.elements, elements_max) +
                    std::min(pictures, inputs.scenes_and_images_max);
  const bool clip = counts.clips > 0 && inputs.visuals_with_clip_max < inputs.visuals_max;
  const int max = clip ? inputs.visuals_with_clip_max : inputs.visuals_max;
  if (total <= max) return;
  checking.add("/references", "too_many_visual_inputs",
               checking.model.name + " takes at most " + counted(max, "visual input") +
                   (clip ? " when one is a clip" : "") +
                   " (first frame, last frame and references together); the request has " +
                   std::to_string(total) + ".",
               "Remove " + std::to_string(total - max) + " of them.");
}

void check_counts(Checking& checking) {
  const InputLimits& inputs = checking.model.inputs;
  const Counts counts(checking.spec);
  const bool fewer = counts.frames > 0 && inputs.elements_with_frame_max < inputs.elements_max;
  const int elements_max = fewer ? inputs.elements_with_frame_max : inputs.elements_max;
  check_kind(checking, ReferenceKind::element, counts.elements, elements_max,
             fewer ? " beside a first or last frame" : "");
  check_kind(checking, ReferenceKind::scene, counts.scenes, inputs.scenes_max, "");
  check_kind(checking, ReferenceKind::image, counts.images, inputs.images_max, "");
  const int pictures =
      std::min(counts.scenes, inputs.scenes_max) + std::min(counts.images, inputs.images_max);
  if (pictures > inputs.scenes_and_images_max)
    checking.add("/references", "too_many_images",
                 checking.model.name + " takes at most " + counted(inputs.scenes_and_images_max, "image") +
                     ", scene images and flat images together; the request has " + std::to_string(pictures) +
                     ".",
                 "Remove " + counted(pictures - inputs.scenes_and_images_max, "image") + ".");
  if (counts.clips > inputs.clips_max)
    checking.add("/references", inputs.clips_max == 0 ? "clips_not_supported" : "too_many_clips",
                 checking.model.name + " takes " +
                     (inputs.clips_max == 0 ? "no clips" : "at most " + counted(inputs.clips_max, "clip")) +
                     " as references; the request has " + std::to_string(counts.clips) + ".",
                 checking.or_use("Give pictures instead", "takes as many",
                                 [&](const Model& other) { return other.inputs.clips_max >= counts.clips; }));
  check_total(checking, counts, elements_max);
}

/// Where the inputs of a group stand in the request; empty if there are none.
std::string field_of(const GenerationSpec& spec, InputGroup group) {
  if (group == InputGroup::extend) return spec.extend ? "/extend" : "";
  if (group == InputGroup::references) return spec.references.empty() ? "" : "/references";
  return spec.first_frame ? "/first_frame" : spec.last_frame ? "/last_frame" : "";
}

void check_exclusive(Checking& checking) {
  for (const auto& groups : checking.model.inputs.exclusive) {
    std::vector<std::string> words;
    std::string last_field;
    for (const InputGroup group : groups) {
      const std::string field = field_of(checking.spec, group);
      if (field.empty()) continue;
      words.push_back(in_words(group));
      last_field = field;
    }
    if (words.size() < 2) continue;
    checking.add(last_field, "exclusive_inputs",
                 checking.model.name + " cannot use " + any_of_words(words, "and") + " together.",
                 "Keep one of them.");
  }
}

void check_last_frame(Checking& checking) {
  const GenerationSpec& spec = checking.spec;
  if (!spec.last_frame || !checking.model.has(Mode::first_frame)) return;
  const LastFrame rule = checking.model.inputs.last_frame;
  if (rule == LastFrame::none)
    checking.add("/last_frame", "last_frame_not_supported", checking.model.name + " takes no last frame.",
                 checking.or_use("Remove it", "takes one", [](const Model& other) {
                   return other.inputs.last_frame != LastFrame::none;
                 }));
  if (rule == LastFrame::with_first && !spec.first_frame)
    checking.add("/last_frame", "last_frame_needs_first",
                 checking.model.name + " takes a last frame only beside a first frame.",
                 checking.or_use("Add a first frame", "takes a last frame alone", [](const Model& other) {
                   return other.inputs.last_frame == LastFrame::alone;
                 }));
}

void check_source(Checking& checking, const std::string& field, const MediaSource& source) {
  if (source.uri.empty())
    checking.add(field, "source_missing", "No picture or clip is named here.", "Give a file, URL or upload.");
}

bool is_inside(const BoxHint& box) {
  const auto side = [](float start, float length) {
    constexpr float kRounding = 1e-4f;  // sums of decimal fractions pass 1 by a hair
    return start >= 0 && length > 0 && start + length <= 1 + kRounding;  // false for NaN
  };
  return side(box.left, box.width) && side(box.top, box.height);
}

void check_reference(Checking& checking, const Reference& reference, const std::string& field) {
  const bool element = reference.kind == ReferenceKind::element;
  if (reference.clip)
    check_source(checking, field + "/clip", *reference.clip);
  else
    check_source(checking, field + "/source", reference.source);
  for (size_t i = 0; i < reference.angles.size() && i < kAnglesMax; ++i)
    check_source(checking, field + "/angles/" + std::to_string(i), reference.angles[i]);
  if (!element && (reference.clip || !reference.angles.empty()))
    checking.add(field + "/kind", "element_expected", "Only an element may have angles or a clip.",
                 "Make the reference an element.");
  if (reference.clip && !reference.angles.empty())
    checking.add(field + "/angles", "angles_and_clip", "An element has angles or a clip, not both.",
                 "Remove one of the two.");
  const int angles_max = checking.model.inputs.angles_max;
  if (element && checking.model.inputs.elements_max > 0 &&
      reference.angles.size() > static_cast<size_t>(angles_max))
    checking.add(field + "/angles", "too_many_angles",
                 checking.model.name + " takes at most " + counted(angles_max, "further picture") +
                     " of an element; this one has " + std::to_string(reference.angles.size()) + ".",
                 angles_max == 0 ? "Keep the frontal picture only."
                                 : "Keep the " + std::to_string(angles_max) + " that show it best.");
  if (reference.box && !is_inside(*reference.box))
    checking.add(field + "/box", "box_outside_picture",
                 "The box must lie inside the picture, in fractions 0 to 1.",
                 "Use left + width <= 1 and top + height <= 1, both sides over 0.");
}

}  // namespace

void check_inputs(Checking& checking) {
  const GenerationSpec& spec = checking.spec;
  check_modes(checking);
  if (checking.model.has(Mode::references)) check_counts(checking);
  check_exclusive(checking);
  check_last_frame(checking);
  if (spec.first_frame) check_source(checking, "/first_frame", *spec.first_frame);
  if (spec.last_frame) check_source(checking, "/last_frame", *spec.last_frame);
  if (spec.extend) check_source(checking, "/extend", *spec.extend);
}

void check_references(Checking& checking) {
  const auto& references = checking.spec.references;
  const size_t looked_at = std::min(references.size(), static_cast<size_t>(kReferencesMax));
  for (size_t i = 0; i < looked_at; ++i)
    check_reference(checking, references[i], "/references/" + std::to_string(i));
  if (looked_at < references.size())
    checking.add("/references", "too_many_references",
                 "A request may have " + counted(kReferencesMax, "reference") + "; this one has " +
                     std::to_string(references.size()) + ".",
                 "Remove some.");
}

}  // namespace troupe::catalog
