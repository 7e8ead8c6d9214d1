#include "engine/stage/take.h"

#include <algorithm>
#include <chrono>
#include <numeric>

#include "base/random.h"
#include "engine/stage/shot_speech.h"

namespace troupe::stage {
namespace {

constexpr double kPreparedFraction = 0.08;  // of the whole job, when the first frame is about to be made
constexpr int64_t kDissolveFrames = 12, kFadeFrames = 8;
constexpr size_t kAudioChunk = static_cast<size_t>(kAudioRate) * kAudioChannels;

int64_t total_frames(const Plan& plan) {
  return std::accumulate(plan.shots.begin(), plan.shots.end(), int64_t{0},
                         [](int64_t sum, const ShotPlan& shot) { return sum + shot.frames; });
}

// Adds the time of a scope to a stage's sum.
class Stopwatch {
 public:
  explicit Stopwatch(double& sum) : sum_(sum), start_(std::chrono::steady_clock::now()) {}
  ~Stopwatch() { sum_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }
  Stopwatch(const Stopwatch&) = delete;

 private:
  double& sum_;
  std::chrono::steady_clock::time_point start_;
};

// A subject in a first frame is already in the picture: only who comes in from outside is added to it.
void keep_only_entering(ShotPlan& shot, std::vector<engine::Note>& notes, int index) {
  const size_t before = shot.subjects.size();
  std::erase_if(shot.subjects, [](const SubjectPlan& s) {
    return s.path != Path::enter_left && s.path != Path::enter_right;
  });
  if (shot.subjects.size() == before) return;
  for (Speech& line : shot.speech) line.speaker = -1;
  notes.push_back({"subject_in_first_frame", engine::Note::Severity::info, index, "",
                   "The first frame is taken to show its subjects already; they are not added again.",
                   "Let a subject enter from the left or right, or leave the first frame out."});
}

}  // namespace

Take::Take(const engine::RenderRequest& request, Plan plan, Cast cast, TaskQueue& queue, Output& output,
           const engine::RunContext& run)
    : request_(request),
      plan_(std::move(plan)),
      cast_(std::move(cast)),
      queue_(queue),
      output_(output),
      run_(run),
      scenes_(request),
      frame_count_(total_frames(plan_)),
      ends_(request, frame_count_),
      target_(request.size),
      other_(request.size) {}

Result<void> Take::run() {
  Shot previous;
  int64_t begin = 0;
  for (size_t i = 0; i < plan_.shots.size(); ++i) {
    if (run_.cancel.cancelled()) return make_error(ErrorCode::cancelled, "cancelled");
    TROUPE_TRY(Shot shot, prepare(i, begin));
    TROUPE_CHECK_OK(render_shot(shot, i > 0 ? &previous : nullptr));
    begin += plan_.shots[i].frames;
    previous = std::move(shot);
  }
  return request_.audio ? write_sound() : Result<void>();
}

std::shared_ptr<const Scene> Take::scene_for(size_t index, const ShotPlan& shot, float tallest) {
  if (index == 0 && ends_.has_first()) return scenes_.scene_of(ends_.first(), shot, tallest);
  return scenes_.scene_for(shot, tallest);
}

Result<Take::Shot> Take::prepare(size_t index, int64_t begin) {
  const Stopwatch watch(timings_["paint"]);
  report_progress("paint", kPreparedFraction, begin);
  ShotPlan& plan = plan_.shots[index];
  const bool starts = index == 0 && ends_.has_first();
  if (starts) keep_only_entering(plan, notes_, static_cast<int>(index));

  ShotInput input;
  float tallest = 0;
  for (const SubjectPlan& subject : plan.subjects) {
    input.puppets.push_back(cast_.puppet(subject.reference));
    tallest = std::max(tallest, input.puppets.back()->height());
  }
  if (tallest == 0) tallest = 1.7f;
  input.scene = scene_for(index, plan, tallest);
  TROUPE_TRY(input.speech, speech_of(plan, seconds_at(plan.frames), run_.cancel, notes_));
  speech_ = input.speech;
  input.plan = plan;
  input.size = request_.size;
  input.rate = request_.rate;
  input.seed = derive_seed(request_.seed, "shot") + index;
  input.anchor = starts ? Anchor::start : Anchor::free;

  Shot shot;
  shot.index = index;
  shot.begin = begin;
  shot.finisher = std::make_unique<Finisher>(input.scene->look().grade, request_.size, input.seed);
  shot.renderer = std::make_unique<ShotRenderer>(std::move(input), queue_);
  for (engine::Note note : shot.renderer->staging().notes) {
    note.shot = static_cast<int>(index);
    notes_.push_back(std::move(note));
  }
  if (index + 1 == plan_.shots.size() && ends_.has_last()) prepare_closing(plan);
  if (request_.audio) note_sound(shot);
  return shot;
}

// Towards a last picture: one move if it shows the first one's scene, else a stage of its own, whose camera
// comes to rest on it, to dissolve into.
void Take::prepare_closing(const ShotPlan& shot) {
  if (plan_.shots.size() == 1 && ends_.has_first() && shot.subjects.empty()) {
    morph_ = PictureMorph::make(ends_.first(), ends_.last());
    if (morph_) return;
  }
  ShotInput input;
  input.plan = shot;
  input.plan.subjects.clear();
  input.plan.speech.clear();
  input.plan.size.reset();
  input.scene = scenes_.scene_of(ends_.last(), shot, 1.7f);
  input.size = request_.size;
  input.rate = request_.rate;
  input.seed = request_.seed;
  input.anchor = Anchor::end;
  closing_ = std::make_unique<ShotRenderer>(std::move(input), queue_);
  notes_.push_back({"end_frame_dissolve",
                    engine::Note::Severity::info,
                    {},
                    "",
                    "The last frame is reached by a dissolve.",
                    "Give a first frame of the same scene."});
}

Result<void> Take::render_shot(const Shot& shot, const Shot* previous) {
  const int64_t frames = plan_.shots[shot.index].frames;
  for (int64_t frame = 0; frame < frames; ++frame) {
    if (run_.cancel.cancelled()) return make_error(ErrorCode::cancelled, "cancelled");
    const int64_t index = shot.begin + frame;
    std::optional<Frame> exact = ends_.exact(index);
    TROUPE_CHECK_OK(output_.video(exact ? std::move(*exact) : make_frame(shot, previous, frame)));
    report_progress("render",
                    kPreparedFraction + (1 - kPreparedFraction) * static_cast<double>(index + 1) /
                                            static_cast<double>(frame_count_),
                    index + 1);
  }
  return {};
}

void Take::draw_shot(const Shot& shot, int64_t frame, float amount) {
  if (!morph_) return shot.renderer->draw(seconds_at(frame), amount, target_);
  const auto last = static_cast<float>(std::max<int64_t>(1, frame_count_ - 1));
  morph_->draw(eased(static_cast<float>(frame) / last, 0.12f), queue_, target_);
}

Frame Take::make_frame(const Shot& shot, const Shot* previous, int64_t frame) {
  const int64_t index = shot.begin + frame;
  const float amount = ends_.amount(index);
  {
    const Stopwatch watch(timings_["render"]);
    draw_shot(shot, frame, amount);
    const float closing = closing_ ? ends_.closing(index) : 0;
    if (closing > 0) {
      closing_->draw(seconds_at(frame), amount, other_);
      blend_into(target_, other_, closing);
    }
    apply_transition(shot, previous, frame);
  }
  const Stopwatch watch(timings_["finish"]);
  return shot.finisher->finish(target_, index, amount, queue_);
}

void Take::apply_transition(const Shot& shot, const Shot* previous, int64_t frame) {
  const ShotPlan& plan = plan_.shots[shot.index];
  const auto progress = [&](int64_t length) {
    return static_cast<float>(frame + 1) / static_cast<float>(std::min(length, plan.frames) + 1);
  };
  switch (plan.transition) {
    case Transition::cut:
      return;
    case Transition::fade_in:
      if (frame < kFadeFrames) darken(target_, progress(kFadeFrames));
      return;
    case Transition::fade_out: {
      const int64_t left = plan.frames - 1 - frame;
      if (left < kFadeFrames) darken(target_, static_cast<float>(left) / kFadeFrames);
      return;
    }
    case Transition::dissolve:
      if (!previous || frame >= kDissolveFrames) return;
      previous->renderer->draw(seconds_at(plan_.shots[previous->index].frames + frame), 1, other_);
      blend_into(target_, other_, 1 - progress(kDissolveFrames));
      return;
  }
}

void Take::note_sound(const Shot& shot) {
  const ShotPlan& plan = plan_.shots[shot.index];
  const double begin = seconds_at(shot.begin);
  ShotSound sound;
  sound.begin = begin;
  sound.end = seconds_at(shot.begin + plan.frames);
  sound.ambience = plan.ambience ? shot.renderer->look().ambience : "";
  sound.weather = plan.weather;
  sound.music = plan.music;
  sound_.shots.push_back(std::move(sound));
  if (plan.footsteps) {
    for (Footstep step : shot.renderer->footsteps()) {
      step.seconds += begin;
      sound_.footsteps.push_back(step);
    }
  }
  for (ActorSpeech& speech : speech_) {
    if (!speech.audible || plan.speech.empty()) continue;
    speech.line.seconds += begin;
    sound_.lines.push_back(std::move(speech.line));
  }
}

Result<void> Take::write_sound() {
  const Stopwatch watch(timings_["sound"]);
  sound_.seed = request_.seed;
  // Samples are counted in whole numbers: frames * rate * denominator / numerator.
  sound_.sample_count = frame_count_ * kAudioRate * request_.rate.denominator / request_.rate.numerator;
  TROUPE_TRY(const std::vector<float> mix, mix_sound(sound_, run_.cancel));
  for (size_t at = 0; at < mix.size(); at += kAudioChunk) {
    const size_t count = std::min(kAudioChunk, mix.size() - at);
    TROUPE_CHECK_OK(output_.audio(std::span<const float>(mix).subspan(at, count)));
  }
  return {};
}

void Take::report_progress(const char* stage, double fraction, int64_t frames_done) {
  if (!run_.progress) return;
  const double done =
      static_cast<double>(frames_done) / static_cast<double>(std::max<int64_t>(1, frame_count_));
  run_.progress({stage, std::max(fraction, kPreparedFraction + (1 - kPreparedFraction) * done), frames_done,
                 frame_count_});
}

std::vector<engine::Note> Take::notes() const {
  std::vector<engine::Note> all = cast_.notes();
  all.insert(all.end(), scenes_.notes().begin(), scenes_.notes().end());
  all.insert(all.end(), notes_.begin(), notes_.end());
  return all;
}

}  // namespace troupe::stage
