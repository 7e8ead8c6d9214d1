#include "engine/wan/wan_engine.h"

#include <ATen/Context.h>
#include <gtest/gtest.h>

#include <thread>

#include "engine/wan/nn/float8.h"
#include "engine/wan/take/tiny_models_for_test.h"

namespace troupe::engine::wan {
namespace {

using test::add;
using test::gradient;
using test::Kept;
using test::request_of;

class TheEngine : public testing::Test {
 protected:
  TheEngine() {
    parts_.find = [this](const std::string& model) -> Result<ModelFiles> {
      const auto changed = models_.find(model);
      if (changed != models_.end()) return changed->second;
      if (!model.starts_with("tiny-"))
        return make_error(ErrorCode::not_found, "run: troupe weights pull " + model);
      return test::tiny_model(model.substr(5));
    };
    parts_.tokens = test::letters;
    options_.device = EngineOptions::Device::cpu;
    options_.precision = EngineOptions::Precision::f32;
    run_.threads = 2;
  }
  void TearDown() override { std::filesystem::remove(checkpoint_); }

  Engine& engine() {
    if (!engine_) engine_ = make_wan_engine(parts_, options_);
    return *engine_;
  }

  // The frames; what went wrong is in error_.
  std::vector<Frame> make(const RenderRequest& request) {
    Kept output;
    const Result<RenderReport> report = engine().render(request, output, run_);
    error_ = report ? Error{} : report.error();
    if (report) report_ = *report;
    EXPECT_EQ(report.has_value(), error_.message.empty());
    return report ? output.frames : std::vector<Frame>();
  }

  EngineParts parts_;
  EngineOptions options_;
  std::map<std::string, ModelFiles> models_;
  std::unique_ptr<Engine> engine_;
  RunContext run_;
  RenderReport report_;
  Error error_;
  const std::filesystem::path checkpoint_ =
      std::filesystem::path(testing::TempDir()) /
      (std::string("wan_") + testing::UnitTest::GetInstance()->current_test_info()->name() + ".checkpoint");
};

TEST_F(TheEngine, MakesWhatWasAskedInAnySize) {
  for (const FrameSize size : {FrameSize{64, 48}, FrameSize{70, 50}, FrameSize{34, 66}}) {
    const auto frames = make(request_of("t2v", size, {6}));
    ASSERT_EQ(frames.size(), 6u) << error_.message;
    for (const Frame& frame : frames) EXPECT_EQ(frame.size, size);
  }
}

TEST_F(TheEngine, MakesTheSameOfTheSame) {
  RenderRequest request = request_of("t2v", {48, 32}, {5});
  const auto frames = make(request);
  ASSERT_EQ(frames.size(), 5u) << error_.message;
  EXPECT_EQ(make(request), frames) << "with networks that are loaded";
  engine_.reset();
  EXPECT_EQ(make(request), frames) << "and with fresh ones";
  request.seed = 8;
  EXPECT_NE(make(request), frames);
  request.seed = 7;
  request.spec.negative_prompt = "ugly";
  EXPECT_NE(make(request), frames);
}

TEST_F(TheEngine, JoinsShots) {
  const auto frames = make(request_of("t2v", {48, 32}, {5, 3}));
  ASSERT_EQ(frames.size(), 8u) << error_.message;
  const auto first = make(request_of("t2v", {48, 32}, {5}));
  EXPECT_TRUE(std::equal(first.begin(), first.end(), frames.begin()));
  EXPECT_EQ(report_.understood.size(), 1u);
}

TEST_F(TheEngine, UsesReferencesOfEachFamily) {
  for (const char* family : {"phantom", "refalign", "skyreels", "vace"}) {
    RenderRequest request = request_of(family, {48, 32}, {5});
    add(request, ReferenceKind::element, "fox", gradient(30, 40));
    const auto frames = make(request);
    ASSERT_EQ(frames.size(), 5u) << family << ": " << error_.message;
    request.pictures[0].views[0] = gradient(30, 40, 11);
    EXPECT_NE(make(request), frames) << family;
  }
}

TEST_F(TheEngine, TakesElementsOutOfTheirBackground) {
  std::vector<Image> seen;
  parts_.cut_out = [&](const Image& picture, const std::optional<BoxHint>&,
                       const CancelToken&) -> Result<SubjectPicture> {
    seen.push_back(picture);
    Image cut(picture.width, picture.height);
    std::copy_n(picture.at(2, 3), 4, cut.at(2, 3));
    return SubjectPicture{cut, true};
  };
  RenderRequest request = request_of("phantom", {48, 32}, {5});
  add(request, ReferenceKind::element, "fox", gradient(30, 40));
  add(request, ReferenceKind::scene, "wood", gradient(20, 20));
  ASSERT_EQ(make(request).size(), 5u) << error_.message;
  ASSERT_EQ(seen.size(), 1u) << "a scene stays as it is";
  EXPECT_EQ(seen[0], request.pictures[0].views[0]);
  ASSERT_EQ(report_.notes.size(), 1u);
  EXPECT_EQ(report_.notes[0].code, "matte_low_confidence");
  EXPECT_EQ(report_.notes[0].subject, "fox");
}

TEST_F(TheEngine, SaysWhichReferenceIsBad) {
  parts_.cut_out = [](const Image&, const std::optional<BoxHint>&,
                      const CancelToken&) -> Result<SubjectPicture> {
    return make_error(ErrorCode::invalid_argument, "nothing is visible");
  };
  RenderRequest request = request_of("phantom", {48, 32}, {5});
  add(request, ReferenceKind::scene, "wood", gradient(20, 20));
  add(request, ReferenceKind::element, "fox", gradient(30, 40));
  make(request);
  EXPECT_EQ(error_.field, "/references/1");
  request.pictures.pop_back();
  make(request);
  EXPECT_EQ(error_.field, "/references/1");
}

TEST_F(TheEngine, ShowsGivenFramesAsTheyAre) {
  RenderRequest request = request_of("vace", {48, 32}, {6});
  const auto free = make(request);
  request.first_frame = gradient(48, 32);
  request.last_frame = gradient(48, 32, 5);
  const auto frames = make(request);
  ASSERT_EQ(frames.size(), 6u) << error_.message;
  EXPECT_EQ(frames.front(), frame_from_image(*request.first_frame));
  EXPECT_EQ(frames.back(), frame_from_image(*request.last_frame));
  EXPECT_NE(frames[2], free[2]) << "what lies between depends on them";
  make([&] {
    RenderRequest other = request_of("t2v", {48, 32}, {6});
    other.first_frame = gradient(48, 32);
    return other;
  }());
  EXPECT_EQ(error_.field, "/first_frame");
}

TEST_F(TheEngine, GoesOnWithAClipAndWithItself) {
  RenderRequest request = request_of("vace", {48, 32}, {30});
  const auto alone = make(request);
  ASSERT_EQ(alone.size(), 30u) << error_.message << ": 17 at once, so several passes";
  for (int i = 0; i < 17; ++i) request.before.push_back(gradient(48, 32, 3 + i));
  request.first_frame = request.before.back();
  const auto frames = make(request);
  ASSERT_EQ(frames.size(), 30u) << error_.message;
  EXPECT_EQ(frames.front(), frame_from_image(request.before.back()));
  EXPECT_NE(frames[1], alone[1]);
  request.before[13] = gradient(48, 32, 40);
  EXPECT_NE(make(request)[1], frames[1]) << "not only the last frame of the clip counts";
}

TEST_F(TheEngine, TellsHowFarItIs) {
  std::vector<Progress> told;
  run_.progress = [&](const Progress& progress) { told.push_back(progress); };
  int previews = 0;
  run_.preview = [&](const Image& picture) {
    ++previews;
    EXPECT_EQ(picture.width, 48);
    EXPECT_EQ(picture.height, 32);
  };
  make(request_of("t2v", {48, 32}, {5, 5}));
  ASSERT_FALSE(told.empty()) << error_.message;
  for (size_t i = 1; i < told.size(); ++i) EXPECT_GE(told[i].fraction, told[i - 1].fraction) << told[i].stage;
  EXPECT_GT(told.back().fraction, 0.95);
  EXPECT_LE(told.back().fraction, 1);
  EXPECT_EQ(told.back().frames_total, 10);
  EXPECT_EQ(told.back().frames_done, 10);
  EXPECT_EQ(previews, 6) << "one a step";
}

TEST_F(TheEngine, StopsWhenItIsCancelled) {
  CancelSource source;
  run_.cancel = source.token();
  int steps = 0;
  run_.preview = [&](const Image&) {
    ++steps;
    source.cancel();
  };
  EXPECT_TRUE(make(request_of("t2v", {48, 32}, {5})).empty());
  EXPECT_EQ(error_.code, ErrorCode::cancelled);
  EXPECT_EQ(steps, 1);
}

TEST_F(TheEngine, StopsBetweenTwoFramesThatAreDecoded) {
  struct Stopping final : Output {
    CancelSource source;
    int frames = 0;
    Result<void> video(Frame) override {
      ++frames;
      source.cancel();
      return {};
    }
    Result<void> audio(std::span<const float>) override { return {}; }
  };
  for (const bool tiny : {false, true}) {
    options_.tiny_decoder = tiny;
    engine_.reset();
    Stopping output;
    run_.cancel = output.source.token();
    const auto report = engine().render(request_of("t2v", {48, 32}, {9}), output, run_);
    ASSERT_FALSE(report) << "a video without its last frames is none";
    EXPECT_EQ(report.error().code, ErrorCode::cancelled);
    EXPECT_EQ(output.frames, 1);
  }
}

TEST_F(TheEngine, DecodesWithTheSmallDecoderWhereThatIsWanted) {
  const RenderRequest request = request_of("t2v", {48, 32}, {6});
  const auto full = make(request);
  EXPECT_NE(report_.plan_json.find(R"("decoder":"full")"), std::string::npos) << report_.plan_json;
  options_.tiny_decoder = true;
  engine_.reset();
  const auto tiny = make(request);
  ASSERT_EQ(tiny.size(), 6u) << error_.message;
  EXPECT_NE(tiny, full);
  EXPECT_NE(report_.plan_json.find(R"("decoder":"tiny")"), std::string::npos) << report_.plan_json;
  EXPECT_TRUE(report_.notes.empty());
  models_["tiny-t2v"] = test::tiny_model("t2v");
  models_["tiny-t2v"].tiny_vae.clear();
  EXPECT_EQ(make(request), full);
  ASSERT_EQ(report_.notes.size(), 1u);
  EXPECT_EQ(report_.notes[0].code, "decoder_full");
}

TEST_F(TheEngine, SaysThatThereIsNoGpu) {
  if (at::hasCUDA()) GTEST_SKIP() << "there is one";
  options_.device = EngineOptions::Device::cuda;
  make(request_of("t2v", {48, 32}, {5}));
  EXPECT_EQ(error_.code, ErrorCode::unavailable);
  EXPECT_NE(error_.message.find("cpu"), std::string::npos);
}

TEST_F(TheEngine, MultipliesInEightBitsWhereItCan) {
  const auto request = request_of("t2v", {48, 32}, {5});
  options_.precision = EngineOptions::Precision::bf16;
  const auto half = make(request);
  ASSERT_EQ(half.size(), 5u) << error_.message;
  options_.precision = EngineOptions::Precision::fp8;
  engine_.reset();
  const auto small = make(request);
  if (!multiplies_float8(at::kCPU)) {
    EXPECT_EQ(error_.code, ErrorCode::unavailable);
    EXPECT_NE(error_.message.find("bf16"), std::string::npos);
    return;
  }
  ASSERT_EQ(small.size(), 5u) << error_.message;
  EXPECT_NE(small, half);
  EXPECT_NE(report_.plan_json.find(R"("precision":"fp8")"), std::string::npos) << report_.plan_json;
}

TEST_F(TheEngine, MakesOneTakeAtATime) {
  CancelSource waiting;
  std::thread second;
  Error said;
  run_.preview = [&](const Image&) {
    if (second.joinable()) return;
    second = std::thread([&] {
      Kept output;
      const auto report = engine().render(request_of("t2v", {48, 32}, {5}), output, {waiting.token(), {}});
      said = report ? Error{} : report.error();
    });
    // It can't have its turn while this call lasts, and yet notices that it is not wanted any more.
    waiting.cancel();
    second.join();
    second = std::thread([] {});
  };
  EXPECT_EQ(make(request_of("t2v", {48, 32}, {5})).size(), 5u);
  second.join();
  EXPECT_EQ(said.code, ErrorCode::cancelled);
}

TEST_F(TheEngine, GoesOnFromACheckpoint) {
  const RenderRequest request = request_of("t2v", {48, 32}, {5, 5});
  int steps = 0;
  run_.preview = [&](const Image&) { ++steps; };
  const auto whole = make(request);
  ASSERT_EQ(steps, 6);
  // It dies in the second shot's second step.
  run_.checkpoint = checkpoint_;
  CancelSource source;
  run_.cancel = source.token();
  steps = 0;
  run_.preview = [&](const Image&) {
    if (++steps == 5) source.cancel();
  };
  make(request);
  EXPECT_EQ(error_.code, ErrorCode::cancelled);
  ASSERT_TRUE(std::filesystem::exists(checkpoint_));
  engine_.reset();
  run_.cancel = {};
  steps = 0;
  run_.preview = [&](const Image&) { ++steps; };
  EXPECT_EQ(make(request), whole);
  EXPECT_EQ(steps, 1) << "the other five were kept";
  // Another request has nothing of it.
  steps = 0;
  RenderRequest other = request;
  other.seed = 9;
  EXPECT_NE(make(other), whole);
  EXPECT_EQ(steps, 6);
}

TEST_F(TheEngine, SaysWhatIsWrongWithTheModel) {
  RenderRequest request = request_of("t2v", {48, 32}, {5});
  request.spec.model = "absent";
  make(request);
  EXPECT_EQ(error_.code, ErrorCode::not_found);
  EXPECT_NE(error_.message.find("troupe weights pull absent"), std::string::npos);
  const auto broken = [&](auto change) {
    ModelFiles model = test::tiny_model("t2v");
    change(model);
    models_["tiny-t2v"] = model;
    make(request_of("t2v", {48, 32}, {5}));
    EXPECT_FALSE(error_.message.empty());
    return error_.code;
  };
  EXPECT_EQ(broken([](ModelFiles& model) { model.vae = model.text_encoder; }), ErrorCode::corrupt_input);
  EXPECT_EQ(broken([](ModelFiles& model) { model.family = "vace"; }), ErrorCode::corrupt_input);
  EXPECT_EQ(
      broken([](ModelFiles& model) { model.transformer = {test::testdata("vace_weights.safetensors")}; }),
      ErrorCode::corrupt_input);
  EXPECT_EQ(broken([](ModelFiles& model) { model.family = "opera"; }), ErrorCode::unsupported);
  EXPECT_EQ(broken([](ModelFiles& model) { model.solver = "magic"; }), ErrorCode::unsupported);
  EXPECT_EQ(broken([](ModelFiles& model) { model.vae = {test::testdata("no such file")}; }),
            ErrorCode::not_found);
}

TEST_F(TheEngine, NoticesATokenizerOfAnotherEncoder) {
  parts_.tokens = [](const std::filesystem::path&, const std::string&, int) -> Result<std::vector<int32_t>> {
    return std::vector<int32_t>{5, 256, 1};
  };
  make(request_of("t2v", {48, 32}, {5}));
  EXPECT_EQ(error_.code, ErrorCode::corrupt_input);
  EXPECT_NE(error_.message.find("do not belong together"), std::string::npos);
}

TEST_F(TheEngine, SaysThatAPromptIsTooLong) {
  RenderRequest request = request_of("t2v", {48, 32}, {5});
  request.spec.shots[0].prompt = std::string(200, 'a');
  request.prompt = bind(request.spec).prompt;
  ASSERT_EQ(make(request).size(), 5u) << error_.message;
  ASSERT_EQ(report_.notes.size(), 1u);
  EXPECT_EQ(report_.notes[0].code, "prompt_cut_off");
}

TEST_F(TheEngine, EncodesAPromptOnce) {
  int encoded = 0;
  parts_.tokens = [&](const std::filesystem::path& file, const std::string& prompt, int max) {
    ++encoded;
    return test::letters(file, prompt, max);
  };
  make(request_of("t2v", {48, 32}, {5}));
  EXPECT_EQ(encoded, 2) << "the prompt and the negative one";
  make(request_of("t2v", {48, 32}, {5}));
  EXPECT_EQ(encoded, 2);
}

TEST_F(TheEngine, MergesLoras) {
  const RenderRequest request = request_of("t2v", {48, 32}, {5});
  const auto plain = make(request);
  ModelFiles model = test::tiny_model("t2v");
  model.loras = {{test::testdata("lora_peft.safetensors"), 1}};
  models_["tiny-t2v"] = model;
  const auto changed = make(request);
  ASSERT_EQ(changed.size(), 5u) << error_.message;
  EXPECT_NE(changed, plain);
  model.loras[0].strength = 0;
  models_["tiny-t2v"] = model;
  EXPECT_EQ(make(request), plain);
}

TEST_F(TheEngine, RefusesWhatDoesNotFitIntoMemory) {
  options_.memory_max = 1000;
  make(request_of("t2v", {48, 32}, {5}));
  EXPECT_EQ(error_.code, ErrorCode::out_of_memory);
  EXPECT_EQ(error_.field, "/resolution");
}

TEST_F(TheEngine, RefusesRequestsThatCannotBe) {
  const auto field = [&](auto change) {
    RenderRequest request = request_of("t2v", {48, 32}, {5});
    change(request);
    make(request);
    EXPECT_FALSE(error_.message.empty());
    return error_.field;
  };
  EXPECT_EQ(field([](RenderRequest& request) { request.size = {47, 32}; }), "/resolution");
  EXPECT_EQ(field([](RenderRequest& request) { request.size = {0, 0}; }), "/resolution");
  EXPECT_EQ(field([](RenderRequest& request) { request.shot_frames = {}; }), "/shots");
  EXPECT_EQ(field([](RenderRequest& request) { request.shot_frames = {0}; }), "/shots");
  EXPECT_EQ(field([](RenderRequest& request) { request.shot_frames = {18}; }), "/duration");
  EXPECT_EQ(field([](RenderRequest& request) { request.audio = true; }), "/audio");
}

TEST_F(TheEngine, SaysWhatItWouldMake) {
  const auto plan = engine().plan(request_of("vace", {48, 32}, {30}));
  ASSERT_TRUE(plan) << to_string(plan.error());
  EXPECT_GT(plan->understood.size(), 1u);
}

}  // namespace
}  // namespace troupe::engine::wan
