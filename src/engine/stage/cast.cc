#include "engine/stage/cast.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>

namespace troupe::stage {
namespace {

constexpr float kSureConfidence = 0.92f;  // below it the user should look at the cut-out
constexpr size_t kViewsMax = 4;

struct Job {      // one picture to cut out
  int subject;    // the reference that the plan names
  int reference;  // whose picture it is
  size_t view;
  std::optional<Result<image::CutOut>> result;
};

std::set<int> subjects_of(const Plan& plan) {
  std::set<int> references;
  for (const ShotPlan& shot : plan.shots) {
    for (const SubjectPlan& subject : shot.subjects) references.insert(subject.reference);
  }
  return references;
}

// Every picture of a subject, up to kViewsMax: its own views, then those of references that show it again.
std::vector<Job> pictures_of(int subject, const engine::RenderRequest& request, const Plan& plan) {
  std::vector<Job> jobs;
  const auto add = [&](int reference) {
    const size_t views = request.pictures.at(static_cast<size_t>(reference)).views.size();
    for (size_t view = 0; view < views && jobs.size() < kViewsMax; ++view)
      jobs.push_back({subject, reference, view, {}});
  };
  add(subject);
  for (const FurtherView& further : plan.further_views) {
    if (further.of == subject) add(further.reference);
  }
  return jobs;
}

std::string noun_of(const Plan& plan, int reference) {
  for (const ShotPlan& shot : plan.shots) {
    for (const SubjectPlan& subject : shot.subjects) {
      if (subject.reference == reference && !subject.noun.empty()) return subject.noun;
    }
  }
  return "";
}

engine::Note about(const engine::RenderRequest& request, int reference, std::string code, std::string text,
                   std::string suggestion) {
  engine::Note note;
  note.code = std::move(code);
  note.severity = engine::Note::Severity::warning;
  note.subject = default_name(request.spec.references, reference);
  note.text = std::move(text);
  note.suggestion = std::move(suggestion);
  return note;
}

}  // namespace

Result<Cast> Cast::make(const engine::RenderRequest& request, const Plan& plan, const CancelToken& cancel) {
  std::vector<Job> jobs;
  for (const int reference : subjects_of(plan)) {
    for (Job& job : pictures_of(reference, request, plan)) jobs.push_back(std::move(job));
  }
  // On this thread, one after the other: OpenCV shares out a cut-out's work itself, and keeps scratch memory
  // for each thread that it never gives back when a thread ends.
  for (Job& job : jobs) {
    image::CutOutOptions options;
    options.cancel = cancel;
    if (job.view == 0) options.box = request.spec.references[static_cast<size_t>(job.reference)].box;
    job.result =
        image::cut_out(request.pictures[static_cast<size_t>(job.reference)].views[job.view], options);
  }
  Cast cast;
  std::map<int, std::vector<image::CutOut>> views;
  for (Job& job : jobs) {
    if (!*job.result) {
      Error error = job.result->error();
      if (error.field.empty()) error.field = "/references/" + std::to_string(job.reference);
      return error;
    }
    views[job.subject].push_back(std::move(*job.result).value());
  }
  for (auto& [reference, cut_outs] : views) {
    cast.puppets_[reference] = Puppet::make(std::move(cut_outs), noun_of(plan, reference));
    cast.add_notes(request, reference);
  }
  return cast;
}

void Cast::add_notes(const engine::RenderRequest& request, int reference) {
  const image::CutOut& cut_out = puppets_.at(reference)->cut_out();
  const std::string name = "@" + default_name(request.spec.references, reference);
  if (cut_out.method != image::CutOutMethod::alpha && cut_out.confidence < kSureConfidence) {
    notes_.push_back(about(request, reference, "matte_low_confidence",
                           "It is not certain what the subject of " + name + " is.",
                           "Give the box around it, or a picture with a plain or transparent background."));
  }
  if (puppets_.at(reference)->half_figure()) {
    notes_.push_back(
        about(request, reference, "matte_touches_edge",
              "The lower part of " + name + " is outside its picture, so it is framed from there up.",
              "Give a picture that shows the whole subject."));
  }
  const float wanted = 0.6f * 0.8f * static_cast<float>(request.size.height);
  if (static_cast<float>(cut_out.bounds.height) < wanted) {
    notes_.push_back(about(request, reference, "low_resolution_ref",
                           name + " is " + std::to_string(cut_out.bounds.height) +
                               " pixels high in its picture; close shots of it will be soft.",
                           "Give a larger picture."));
  }
}

std::vector<PictureHints> look_at_pictures(const engine::RenderRequest& request) {
  std::vector<PictureHints> hints(request.spec.references.size());
  for (size_t index = 0; index < hints.size(); ++index) {
    if (request.spec.references[index].kind != ReferenceKind::image) continue;
    if (index >= request.pictures.size() || request.pictures[index].views.empty()) continue;
    const Image& picture = request.pictures[index].views.front();
    const image::PictureFacts facts = image::look_at(picture);
    PictureHints& hint = hints[index];
    hint.known = true;
    hint.has_alpha = facts.has_alpha;
    hint.has_person = facts.has_person;
    hint.plain_backdrop = facts.plain_backdrop;
    hint.landscape = picture.width > picture.height;
  }
  return hints;
}

}  // namespace troupe::stage
