// The subjects of a request, cut out and rigged.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "base/cancel.h"
#include "engine/engine.h"
#include "engine/stage/plan.h"
#include "engine/stage/subject/puppet.h"

namespace troupe::stage {

/// Puppets by reference, and what should be said about their pictures. Immutable once made.
class Cast {
 public:
  /// Cuts out every reference that `plan` uses as a subject: 0.3 … 2 s of CPU a picture, shared out over
  /// `queue`. Errors: cancelled; what image::cut_out says of a picture, with the field of the reference.
  static Result<Cast> make(const engine::RenderRequest& request, const Plan& plan, const CancelToken& cancel);

  /// REQUIRES that the plan has `reference` as a subject.
  std::shared_ptr<const Puppet> puppet(int reference) const { return puppets_.at(reference); }
  const std::vector<engine::Note>& notes() const { return notes_; }

 private:
  void add_notes(const engine::RenderRequest& request, int reference);

  std::map<int, std::shared_ptr<const Puppet>> puppets_;
  std::vector<engine::Note> notes_;
};

/// Looks at the flat images of a request, whose role the prompt may leave open. One entry for each reference.
std::vector<PictureHints> look_at_pictures(const engine::RenderRequest& request);

}  // namespace troupe::stage
