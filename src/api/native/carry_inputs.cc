#include <algorithm>
#include <functional>
#include <map>

#include "api/native/carry_tags.h"
#include "core/tag.h"

namespace troupe::api::native {
namespace {

using catalog::InputGroup;
using catalog::Violation;
using Next = std::vector<std::optional<Reference>>;
using Wanted = std::function<bool(const Reference&)>;

std::string tag_of(const GenerationSpec& spec, size_t index) {
  return "@" + default_name(spec.references, static_cast<int>(index));
}

Wanted of_kind(ReferenceKind kind) {
  return [kind](const Reference& reference) { return reference.kind == kind; };
}

Next unchanged(const GenerationSpec& spec) { return {spec.references.begin(), spec.references.end()}; }

/// Drops the last reference that `wanted` names.
bool drop_last(Carrying& carrying, const Violation& why, const Wanted& wanted) {
  const auto& references = carrying.spec.references;
  for (size_t i = references.size(); i-- > 0;) {
    if (!wanted(references[i])) continue;
    carrying.dropped.push_back("The " + std::string(name(references[i].kind)) + " " +
                               tag_of(carrying.spec, i) + " is left out: " + reason(why));
    Next next = unchanged(carrying.spec);
    next[i].reset();
    replace_references(carrying, next);
    return true;
  }
  return false;
}

bool drop_all(Carrying& carrying, const Violation& why) {
  if (carrying.spec.references.empty()) return false;
  std::vector<std::string> tags;
  for (size_t i = 0; i < carrying.spec.references.size(); ++i) tags.push_back(tag_of(carrying.spec, i));
  carrying.dropped.push_back("The references " + listed(tags) + " are left out: " + reason(why));
  replace_references(carrying, Next(carrying.spec.references.size()));
  return true;
}

bool drop_source(Carrying& carrying, std::optional<MediaSource> GenerationSpec::*source,
                 const std::string& what, const Violation& why) {
  auto& given = carrying.spec.*source;
  if (!given) return false;
  carrying.dropped.push_back(what + " is left out: " + reason(why));
  given.reset();
  return true;
}

bool drop_frames(Carrying& carrying, const Violation& why) {
  const bool last = drop_source(carrying, &GenerationSpec::last_frame, "The last frame", why);
  return drop_source(carrying, &GenerationSpec::first_frame, "The first frame", why) || last;
}

bool drop_extend(Carrying& carrying, const Violation& why) {
  return drop_source(carrying, &GenerationSpec::extend, "The clip to extend", why);
}

/// Gives all references of one kind as another, with their pictures only.
bool change_kind(Carrying& carrying, ReferenceKind from, ReferenceKind to, const Violation& why) {
  Next next = unchanged(carrying.spec);
  std::vector<std::string> tags;
  for (size_t i = 0; i < next.size(); ++i) {
    if (next[i]->kind != from || next[i]->source.uri.empty()) continue;
    tags.push_back(tag_of(carrying.spec, i));
    if (!next[i]->angles.empty() || next[i]->clip)
      carrying.dropped.push_back("Of " + tags.back() + " only the frontal picture is used: " + reason(why));
    next[i]->kind = to;
    next[i]->angles.clear();
    next[i]->clip.reset();
  }
  if (tags.empty()) return false;
  carrying.changed.push_back(listed(tags) + (tags.size() == 1 ? " is given as " : " are given as ") +
                             std::string(to == ReferenceKind::element ? "element" : "flat image") +
                             (tags.size() == 1 ? "" : "s") + ": " + reason(why));
  replace_references(carrying, next);
  return true;
}

/// A kind that the model does not know: given as the nearest that it does, or dropped.
bool mend_kind(Carrying& carrying, ReferenceKind kind, const Violation& why) {
  const catalog::InputLimits& inputs = carrying.model.inputs;
  const bool images = inputs.images_max > 0, elements = inputs.elements_max > 0;
  if (kind != ReferenceKind::image && images && !(kind == ReferenceKind::element && elements) &&
      change_kind(carrying, kind, ReferenceKind::image, why))
    return true;
  if (kind == ReferenceKind::image && !images && elements &&
      change_kind(carrying, kind, ReferenceKind::element, why))
    return true;
  return drop_last(carrying, why, of_kind(kind));
}

bool mend_clips(Carrying& carrying, const Violation& why) {
  const auto& references = carrying.spec.references;
  const auto has_clip = [](const Reference& reference) { return reference.clip.has_value(); };
  const auto last = std::find_if(references.rbegin(), references.rend(), has_clip);
  if (last == references.rend() || last->source.uri.empty()) return drop_last(carrying, why, has_clip);
  const auto index = static_cast<size_t>(references.rend() - last - 1);
  carrying.dropped.push_back("The clip of " + tag_of(carrying.spec, index) +
                             " is left out, its picture stays: " + reason(why));
  Next next = unchanged(carrying.spec);
  next[index]->clip.reset();
  replace_references(carrying, next);
  return true;
}

bool mend_angles(Carrying& carrying, const Violation& why) {
  const auto max = static_cast<size_t>(carrying.model.inputs.angles_max);
  bool mended = false;
  for (size_t i = 0; i < carrying.spec.references.size(); ++i) {
    auto& angles = carrying.spec.references[i].angles;
    if (angles.size() <= max) continue;
    carrying.dropped.push_back("The last " + std::to_string(angles.size() - max) + " further pictures of " +
                               tag_of(carrying.spec, i) + " are left out: " + reason(why));
    angles.resize(max);
    mended = true;
  }
  return mended;
}

/// Of inputs that exclude each other the references stay, then the frames.
bool mend_exclusive(Carrying& carrying, const Violation& why) {
  const GenerationSpec& spec = carrying.spec;
  const bool frames = spec.first_frame || spec.last_frame;
  for (const auto& groups : carrying.model.inputs.exclusive) {
    const auto in = [&](InputGroup group) {
      return std::find(groups.begin(), groups.end(), group) != groups.end();
    };
    const bool references = in(InputGroup::references) && !spec.references.empty();
    const bool by_frames = in(InputGroup::frames) && frames;
    if (in(InputGroup::extend) && spec.extend && (references || by_frames)) return drop_extend(carrying, why);
    if (references && by_frames) return drop_frames(carrying, why);
  }
  return false;
}

/// A model that starts from no frame may still look at it.
bool mend_first_frame(Carrying& carrying, const Violation& why) {
  GenerationSpec& spec = carrying.spec;
  const bool as_image =
      carrying.model.has(Mode::references) && carrying.model.inputs.images_max > 0 && spec.references.empty();
  if (!as_image || !spec.first_frame) return drop_frames(carrying, why);
  Reference image;
  image.source = *spec.first_frame;
  spec.references.push_back(std::move(image));
  spec.first_frame.reset();
  carrying.changed.push_back("The first frame is given as a flat image: " + reason(why));
  return true;
}

bool mend_mode(Carrying& carrying, const Violation& why) {
  if (why.field == "/first_frame") return mend_first_frame(carrying, why);
  if (why.field == "/last_frame") return drop_frames(carrying, why);
  return why.field == "/references" ? drop_all(carrying, why) : drop_extend(carrying, why);
}

bool mend_visuals(Carrying& carrying, const Violation& why) {
  const auto any = [](const Reference&) { return true; };
  return drop_last(carrying, why, any) || drop_frames(carrying, why);
}

using Mend = bool (*)(Carrying&, const Violation&);

bool mend_too_many_images(Carrying& carrying, const Violation& why) {
  const auto picture = [](const Reference& reference) { return reference.kind != ReferenceKind::element; };
  const int max = carrying.model.inputs.images_max;
  const auto& references = carrying.spec.references;
  const auto images = std::count_if(references.begin(), references.end(), of_kind(ReferenceKind::image));
  return drop_last(carrying, why, images > max ? of_kind(ReferenceKind::image) : Wanted(picture));
}

template <ReferenceKind kind>
bool mend_kind_of(Carrying& carrying, const Violation& why) {
  return mend_kind(carrying, kind, why);
}

template <ReferenceKind kind>
bool drop_last_of(Carrying& carrying, const Violation& why) {
  return drop_last(carrying, why, of_kind(kind));
}

const std::map<std::string_view, Mend>& menders() {
  static const std::map<std::string_view, Mend> all{
      {"mode_not_supported", mend_mode},
      {"exclusive_inputs", mend_exclusive},
      {"elements_not_supported", mend_kind_of<ReferenceKind::element>},
      {"scenes_not_supported", mend_kind_of<ReferenceKind::scene>},
      {"images_not_supported", mend_kind_of<ReferenceKind::image>},
      {"too_many_elements", drop_last_of<ReferenceKind::element>},
      {"too_many_scenes", drop_last_of<ReferenceKind::scene>},
      {"too_many_images", mend_too_many_images},
      {"too_many_visual_inputs", mend_visuals},
      {"clips_not_supported", mend_clips},
      {"too_many_clips", mend_clips},
      {"too_many_angles", mend_angles},
      {"last_frame_not_supported",
       [](Carrying& carrying, const Violation& why) {
         return drop_source(carrying, &GenerationSpec::last_frame, "The last frame", why);
       }},
      {"last_frame_needs_first", [](Carrying& carrying, const Violation& why) {
         return drop_source(carrying, &GenerationSpec::last_frame, "The last frame", why);
       }}};
  return all;
}

}  // namespace

bool mend_inputs(Carrying& carrying, const Violation& violation) {
  const auto mender = menders().find(violation.code);
  return mender != menders().end() && mender->second(carrying, violation);
}

}  // namespace troupe::api::native
