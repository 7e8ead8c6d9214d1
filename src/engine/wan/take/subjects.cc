#include "engine/wan/take/subjects.h"

#include <algorithm>

namespace troupe::engine::wan {
namespace {

constexpr uint8_t kVisible = 8;        // of alpha
constexpr double kMarginShare = 0.04;  // of the longer side, around a subject

// The part of the picture in which something is visible, with a margin; all of it where nothing is.
Image trimmed(const Image& picture) {
  int left = picture.width, top = picture.height, right = -1, bottom = -1;
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < picture.width; ++x) {
      if (picture.at(x, y)[3] < kVisible) continue;
      left = std::min(left, x);
      right = std::max(right, x);
      top = std::min(top, y);
      bottom = std::max(bottom, y);
    }
  }
  if (right < 0) return picture;
  const int margin = static_cast<int>(std::max(right - left, bottom - top) * kMarginShare);
  left = std::max(0, left - margin);
  top = std::max(0, top - margin);
  right = std::min(picture.width - 1, right + margin);
  bottom = std::min(picture.height - 1, bottom + margin);
  Image part(right - left + 1, bottom - top + 1);
  for (int y = 0; y < part.height; ++y)
    std::copy_n(picture.at(left, top + y), static_cast<size_t>(part.width) * 4, part.at(0, y));
  return part;
}

Note doubtful(const std::string& name) {
  Note note;
  note.code = "matte_low_confidence";
  note.severity = Note::Severity::warning;
  note.subject = name;
  note.text = "It is not sure what in the picture of " + name + " is the subject.";
  note.suggestion = "Give a picture with a plain background, or say where the subject is with a box.";
  return note;
}

}  // namespace

Result<std::vector<Rgb>> reference_pictures(const RenderRequest& request, const EngineParts& parts,
                                            const CancelToken& cancel, std::vector<Note>& notes) {
  const std::vector<Reference>& references = request.spec.references;
  std::vector<Rgb> pictures;
  for (size_t i = 0; i < references.size(); ++i) {
    const std::string field = "/references/" + std::to_string(i);
    if (i >= request.pictures.size() || request.pictures[i].views.empty())
      return make_error(ErrorCode::invalid_argument, "a reference has no picture", field);
    const Image& view = request.pictures[i].views.front();
    if (references[i].kind != ReferenceKind::element || !parts.cut_out) {
      pictures.push_back(rgb_on_white(view));
      continue;
    }
    Result<SubjectPicture> subject = parts.cut_out(view, references[i].box, cancel);
    if (!subject) {
      Error error = subject.error();
      if (error.field.empty()) error.field = field;
      return error;
    }
    if (subject->doubtful) notes.push_back(doubtful(default_name(references, static_cast<int>(i))));
    pictures.push_back(rgb_on_white(trimmed(subject->picture)));
  }
  return pictures;
}

}  // namespace troupe::engine::wan
