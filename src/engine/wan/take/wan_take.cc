#include "engine/wan/take/wan_take.h"

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/frame.h"
#include "core/spec_json.h"
#include "engine/wan/pixels/cover.h"
#include "engine/wan/pixels/tensors.h"
#include "engine/wan/take/shot_texts.h"
#include "engine/wan/take/subjects.h"

namespace troupe::engine::wan {
namespace {

constexpr int kSizeStep = 16;  // the model's sizes are multiples of it
// Shares of the whole: reading, and of each pass denoising before decoding.
constexpr double kReading = 0.04, kDenoising = 0.9;

using std::chrono::steady_clock;

double seconds_since(steady_clock::time_point start) {
  return std::chrono::duration<double>(steady_clock::now() - start).count();
}

Error given_up() { return make_error(ErrorCode::cancelled, "cancelled"); }

int rounded_up(int side) { return (side + kSizeStep - 1) / kSizeStep * kSizeStep; }

SamplingSettings settings_of(const ModelFiles& files) {
  SamplingSettings settings;
  settings.rule = rule_of(files.solver).value_or(SamplingSettings::Rule::unipc);
  settings.steps = files.steps;
  settings.shift = files.shift;
  settings.guidance = {files.guidance_text.value_or(1), files.guidance_image.value_or(1)};
  return settings;
}

const char* precision_of(const Compute& compute) {
  return compute.float8 ? "fp8" : compute.type == at::kFloat ? "f32" : "bf16";
}

// FNV-1a: enough to notice that pictures are others.
uint64_t hash_of(const std::vector<uint8_t>& bytes, uint64_t hash) {
  for (const uint8_t byte : bytes) hash = (hash ^ byte) * 0x100000001b3ULL;
  return hash;
}

Rgb frame_of(const at::Tensor& bytes, int64_t index) {
  const at::Tensor one = bytes.select(0, index).contiguous();
  Rgb frame(static_cast<int>(one.size(1)), static_cast<int>(one.size(0)));
  std::copy_n(one.data_ptr<uint8_t>(), frame.values.size(), frame.values.begin());
  return frame;
}

Note cut_off(size_t shot, int64_t tokens) {
  Note note;
  note.code = "prompt_cut_off";
  note.severity = Note::Severity::warning;
  note.shot = static_cast<int>(shot);
  note.text =
      "The model reads the first " + std::to_string(tokens) + " tokens of a prompt; the rest had no effect.";
  note.suggestion = "Shorten the prompt, or say what matters first.";
  return note;
}

Note no_tiny_decoder(const std::string& model) {
  Note note;
  note.code = "decoder_full";
  note.severity = Note::Severity::info;
  note.text = "There is no small decoder here for this model: it was decoded with the full one.";
  note.suggestion = "Run: troupe weights pull " + model + " --tiny-vae";
  return note;
}

}  // namespace

WanTake::WanTake(const TakeTools& tools, const OpenModel& model, const RenderRequest& request, Output& output,
                 const RunContext& run)
    : tools_(tools), model_(model), request_(request), output_(output), run_(run) {
  made_size_ = {rounded_up(request.size.width), rounded_up(request.size.height)};
  for (const int64_t frames : request.shot_frames) frames_total_ += frames;
}

Result<RenderReport> WanTake::make() {
  TROUPE_CHECK_OK(plan());
  if (!run_.checkpoint.empty()) {
    key_ = make_key();
    if (auto kept = load_checkpoint(run_.checkpoint, key_)) checkpoint_ = std::move(*kept);
  }
  const auto timed = [&](const char* name, Result<void> (WanTake::*part)()) -> Result<void> {
    const auto start = steady_clock::now();
    TROUPE_CHECK_OK((this->*part)());
    report_.timings[name] = seconds_since(start);
    return run_.cancel.cancelled() ? Result<void>(given_up()) : Result<void>();
  };
  TROUPE_CHECK_OK(timed("references", &WanTake::look_at_references));
  TROUPE_CHECK_OK(timed("read prompt", &WanTake::read_texts));
  TROUPE_CHECK_OK(make_passes());
  report_plan();
  return std::move(report_);
}

Result<void> WanTake::plan() {
  TROUPE_TRY(passes_, plan_passes(model_.family, request_, model_.files.frames));
  VideoSize video;
  video.size = made_size_;
  video.references = static_cast<int64_t>(request_.spec.references.size());
  video.text_tokens = model_.config.text_len;
  video.tiny_decoder = uses_tiny_decoder();
  for (const Pass& pass : passes_) video.frames = std::max(video.frames, pass.frames);
  TROUPE_TRY(memory_, tools_.room.plan(model_, video));
  return {};
}

Result<void> WanTake::look_at_references() {
  tell("look", 0);
  TROUPE_TRY(references_, reference_pictures(request_, tools_.parts, run_.cancel, report_.notes));
  if (request_.first_frame) {
    TROUPE_TRY(first_, covered(rgb_on_white(*request_.first_frame), request_.size));
  }
  if (request_.last_frame) {
    TROUPE_TRY(last_, covered(rgb_on_white(*request_.last_frame), request_.size));
  }
  return {};
}

Result<void> WanTake::read_texts() {
  tell("read prompt", 0);
  const std::vector<ShotText> shots = shot_texts(request_.prompt, request_.spec.references);
  std::vector<std::string> texts;
  for (const ShotText& shot : shots) {
    texts.push_back(shot.prompt);
    shot_references_.push_back(shot.references);
  }
  const std::string& given = request_.spec.negative_prompt;
  texts.push_back(given.empty() ? model_.files.negative_prompt : given);
  const auto load = [&] { return tools_.room.load_text(model_, memory_); };
  TROUPE_TRY(prompts_, tools_.texts.encode(model_.files, texts, static_cast<int>(model_.config.text_len),
                                           tools_.parts, load));
  TROUPE_CHECK_OK(model_.text->intact());
  negative_ = prompts_.back().states;
  prompts_.pop_back();
  for (size_t i = 0; i < prompts_.size(); ++i) {
    if (prompts_[i].cut_off) report_.notes.push_back(cut_off(i, model_.config.text_len));
    std::string words = "shot " + std::to_string(i + 1) + ": " + shots[i].prompt;
    for (const int reference : shots[i].references)
      words += (reference == shots[i].references.front() ? " (shown: " : ", ") +
               default_name(request_.spec.references, reference);
    report_.understood.push_back(words + (shots[i].references.empty() ? "" : ")"));
  }
  return {};
}

Result<void> WanTake::make_passes() {
  tell("load model", 0);
  const auto start = steady_clock::now();
  TROUPE_TRY(const LoadedModel* loaded, tools_.room.load(model_, memory_));
  if (tools_.room.tiny_decoder() && !loaded->tiny) report_.notes.push_back(no_tiny_decoder(model_.files.id));
  report_.timings["load model"] = seconds_since(start);
  for (pass_ = 0; pass_ < passes_.size(); ++pass_) {
    auto began = steady_clock::now();
    TROUPE_TRY(const at::Tensor latents, latents_of(pass_, *loaded));
    report_.timings["denoise"] += seconds_since(began);
    began = steady_clock::now();
    TROUPE_CHECK_OK(show(passes_[pass_], latents, *loaded));
    report_.timings["decode"] += seconds_since(began);
  }
  return {};
}

Result<at::Tensor> WanTake::latents_of(size_t index, const LoadedModel& loaded) {
  if (index < checkpoint_.done.size()) return checkpoint_.done[index];
  TROUPE_TRY(const VideoRequest video, request_of(passes_[index]));
  const std::optional<Sampled> start = std::exchange(checkpoint_.next, std::nullopt);
  tell("denoise", 0);
  const Networks networks{&*loaded.transformer, &*loaded.vae};
  const auto steps = [&](const StepReport& step) { return after_step(step, loaded); };
  Result<at::Tensor> latents = sample(networks, video, steps, run_.cancel, start ? &*start : nullptr);
  // What was kept does not fit after all: from the beginning, then.
  if (!latents && latents.error().code == ErrorCode::corrupt_input && start)
    latents = sample(networks, video, steps, run_.cancel);
  if (!latents) return latents;
  checkpoint_.done.push_back(*latents);
  keep(nullptr);
  return latents;
}

Result<VideoRequest> WanTake::request_of(const Pass& pass) {
  VideoRequest video;
  video.family = model_.family;
  video.size = made_size_;
  video.frames = pass.frames;
  video.prompt = prompts_[pass.shot].states;
  video.negative = negative_;
  for (const int reference : shot_references_[pass.shot])
    video.references.push_back(references_[static_cast<size_t>(reference)]);
  TROUPE_TRY(video.given, given_frames(pass));
  video.sampling = settings_of(model_.files);
  video.seed = pass.seed;
  return video;
}

Result<std::vector<GivenFrame>> WanTake::given_frames(const Pass& pass) const {
  std::vector<GivenFrame> given;
  const auto add = [&](const Rgb& frame) {
    given.push_back({static_cast<int64_t>(given.size()), padded(frame, made_size_)});
  };
  if (pass.goes_on) {
    for (auto frame = shown_.end() - pass.given; frame != shown_.end(); ++frame) add(*frame);
  } else if (&pass == &passes_.front() && !request_.before.empty()) {
    for (auto frame = request_.before.end() - pass.given - 1; frame != request_.before.end(); ++frame) {
      TROUPE_TRY(const Rgb cover, covered(rgb_on_white(*frame), request_.size));
      add(cover);
    }
  } else if (&pass == &passes_.front() && first_) {
    add(*first_);
  }
  // Behind the last frame stands the same one, so that nothing moves on where nobody looks.
  for (int64_t i = pass.given + pass.shown - 1; pass.last_frame && i < pass.frames; ++i)
    given.push_back({i, padded(*last_, made_size_)});
  return given;
}

Result<void> WanTake::show(const Pass& pass, const at::Tensor& latents, const LoadedModel& loaded) {
  int64_t index = 0;
  Result<void> shown;
  const auto sink = [&](const at::Tensor& some) {
    if (run_.cancel.cancelled()) shown = given_up();
    const at::Tensor bytes = to_bytes(some);
    for (int64_t i = 0; shown && i < bytes.size(0); ++i, ++index) {
      if (index < pass.given || index >= pass.given + pass.shown) continue;
      shown = show_frame(middle(frame_of(bytes, i), request_.size));
      tell("decode",
           kDenoising + (1 - kDenoising) * static_cast<double>(index) / static_cast<double>(pass.frames));
    }
    return shown.has_value() && index < pass.given + pass.shown;
  };
  decode(latents, sink, loaded);
  // A file that was cut meanwhile reads as zeros.
  TROUPE_CHECK_OK((uses_tiny_decoder() ? model_.tiny : model_.vae)->intact());
  // Decoding stops between two frames as well, where nothing tells the sink.
  if (shown && index < pass.given + pass.shown) return given_up();
  return shown;
}

bool WanTake::uses_tiny_decoder() const { return tools_.room.tiny_decoder() && model_.tiny != nullptr; }

bool WanTake::decode(const at::Tensor& latents, const FrameSink& sink, const LoadedModel& loaded) const {
  if (uses_tiny_decoder()) return loaded.tiny->decode(latents, sink, run_.cancel);
  return loaded.vae->decode(latents, sink, {}, run_.cancel);
}

Result<void> WanTake::show_frame(Rgb frame) {
  // A frame that was given is in the video as it was given, and not as the autoencoder saw it.
  if (first_ && frames_done_ == 0) frame = *first_;
  if (last_ && frames_done_ == frames_total_ - 1) frame = *last_;
  TROUPE_CHECK_OK(output_.video(frame_from_image(to_image(frame))));
  ++frames_done_;
  shown_.push_back(std::move(frame));
  if (static_cast<int64_t>(shown_.size()) > kFramesBefore) shown_.erase(shown_.begin());
  return {};
}

bool WanTake::after_step(const StepReport& step, const LoadedModel& loaded) {
  keep(&step.so_far);
  tell("denoise", kDenoising * static_cast<double>(step.done) / static_cast<double>(step.steps));
  if (run_.preview && loaded.tiny) {
    const at::Tensor still = step.clean.narrow(1, step.clean.size(1) / 2, 1);
    run_.preview(to_image(frame_of(to_bytes(loaded.tiny->preview(still)), 0)));
  }
  return !run_.cancel.cancelled();
}

// A take that can't be kept is made all the same.
void WanTake::keep(const Sampled* next) {
  if (run_.checkpoint.empty()) return;
  checkpoint_.next = next != nullptr ? std::optional(*next) : std::nullopt;
  (void)save(checkpoint_, key_, run_.checkpoint);
  checkpoint_.next.reset();
}

void WanTake::tell(const std::string& stage, double share_of_pass) {
  if (!run_.progress) return;
  const double passes = static_cast<double>(std::max<size_t>(1, passes_.size()));
  const bool begun = share_of_pass > 0 || stage == "denoise";
  const double done = (static_cast<double>(pass_) + share_of_pass) / passes;
  run_.progress(
      {stage, begun ? kReading + (1 - kReading) * done : kReading / 2, frames_done_, frames_total_});
}

void WanTake::report_plan() {
  nlohmann::ordered_json plan{{"model", model_.files.id},
                              {"device", tools_.room.compute().device.str()},
                              {"precision", precision_of(tools_.room.compute())},
                              {"steps", model_.files.steps},
                              {"solver", model_.files.solver},
                              {"shift", model_.files.shift},
                              {"decoder", uses_tiny_decoder() ? "tiny" : "full"},
                              {"made_size", {made_size_.width, made_size_.height}},
                              {"memory", memory_.describe()}};
  for (const Pass& pass : passes_)
    plan["passes"].push_back({{"shot", pass.shot + 1}, {"frames", pass.frames}, {"shown", pass.shown}});
  report_.plan_json = plan.dump();
}

std::string WanTake::make_key() const {
  uint64_t pictures = 0xcbf29ce484222325ULL;
  for (const ReferencePictures& reference : request_.pictures)
    for (const Image& view : reference.views) pictures = hash_of(view.rgba, pictures);
  for (const auto* frame : {&request_.first_frame, &request_.last_frame})
    if (*frame) pictures = hash_of((*frame)->rgba, pictures);
  for (const Image& frame : request_.before) pictures = hash_of(frame.rgba, pictures);
  const Compute& compute = tools_.room.compute();
  std::string text = std::string(kEngineVersion) + "\n" + model_.stamp + "\n" + spec_hash(request_.spec) +
                     "\n" + std::to_string(request_.seed) + " " + std::to_string(pictures) + " " +
                     std::to_string(request_.size.width) + "x" + std::to_string(request_.size.height) + " " +
                     compute.device.str() + " " + precision_of(compute);
  for (const int64_t frames : request_.shot_frames) text += " " + std::to_string(frames);
  return text;
}

}  // namespace troupe::engine::wan
