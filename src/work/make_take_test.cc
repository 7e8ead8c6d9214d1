#include "work/make_take.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>

#include "base/random.h"
#include "engine/stage/stage_engine.h"
#include "media/image_file.h"

namespace troupe::work {
namespace {

namespace fs = std::filesystem;

// A folder of its own for each test, with pictures drawn into it.
class MakeTake : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::path(::testing::TempDir()) / (std::string("make_take_") + info->name());
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    catalog_ = std::move(*catalog::load_builtin());
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string write(const std::string& name, const Image& image) {
    const Bytes png = *media::encode_png(image);
    const fs::path path = folder_ / name;
    std::ofstream(path, std::ios::binary).write(reinterpret_cast<const char*>(png.data()), std::ssize(png));
    return path.string();
  }

  // A figure with two legs on a transparent ground.
  std::string figure(const std::string& name) {
    Image image(200, 400);
    const auto fill = [&](int x0, int y0, int x1, int y1, uint8_t r, uint8_t g, uint8_t b) {
      for (int y = y0; y < y1; ++y) {
        for (int x = x0; x < x1; ++x) {
          const uint8_t pixel[4] = {uint8_t(r + (x * y) % 40), g, uint8_t(b + (y % 9) * 5), 255};
          std::copy_n(pixel, 4, image.at(x, y));
        }
      }
    };
    fill(70, 20, 130, 90, 200, 160, 120);
    fill(55, 90, 145, 220, 180, 40, 40);
    fill(58, 220, 95, 380, 40, 40, 120);
    fill(105, 220, 142, 380, 40, 40, 120);
    return write(name, image);
  }

  std::string landscape(const std::string& name, uint64_t seed) {
    Random random(seed);
    Image image(640, 360);
    for (int y = 0; y < 360; ++y) {
      for (int x = 0; x < 640; ++x) {
        const auto base = static_cast<uint8_t>(y < 160 ? 150 + y / 4 : 90 + random.below(40));
        const uint8_t pixel[4] = {base, uint8_t(base + (x / 40) % 3 * 20), uint8_t(y < 160 ? 220 : 60), 255};
        std::copy_n(pixel, 4, image.at(x, y));
      }
    }
    return write(name, image);
  }

  Preparation prepared(GenerationSpec spec) {
    LocalMediaReader reader;
    spec.resolution = spec.resolution ? spec.resolution : Resolution{0, {160, 90}};
    spec.fps = spec.fps ? spec.fps : FrameRate{8, 1};
    Result<Preparation> preparation = prepare(catalog_, std::move(spec), reader);
    EXPECT_TRUE(preparation);
    return std::move(*preparation);
  }

  Result<TakeReport> make(PreparedTake& take, CancelToken cancel = {}) {
    stage::StageEngine engine;
    TakeOptions options;
    options.output = folder_ / "out.mp4";
    options.threads = 2;
    options.cancel = cancel;
    return make_take(take, engine, options);
  }

  size_t files() const {
    return static_cast<size_t>(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }

  GenerationSpec walk() {
    GenerationSpec spec;
    spec.prompt = "@fig walks through a park";
    spec.references.push_back({ReferenceKind::element, "fig", {figure("fig.png")}, {}, {}, {}});
    spec.duration = seconds(1);
    return spec;
  }

  fs::path folder_;
  catalog::Catalog catalog_;
};

TEST_F(MakeTake, WritesWhatWasAsked) {
  GenerationSpec spec = walk();
  spec.audio = true;
  spec.seed = 42;
  Preparation preparation = prepared(spec);
  ASSERT_TRUE(preparation.take);
  const Result<TakeReport> report = make(*preparation.take);
  ASSERT_TRUE(report) << to_string(report.error());
  EXPECT_EQ(report->frames, 8);
  EXPECT_EQ(report->seed, 42u);
  const auto info = media::probe_video(report->output);
  ASSERT_TRUE(info);
  EXPECT_EQ(info->frames, 8);
  EXPECT_EQ(info->size, (FrameSize{160, 90}));
  EXPECT_EQ(info->duration, seconds(1));
  EXPECT_TRUE(info->audio);
  const auto metadata = media::read_metadata(report->output);
  ASSERT_TRUE(metadata);
  EXPECT_EQ(metadata->engine, "stage");
  EXPECT_EQ(metadata->seed, 42u);
  EXPECT_TRUE(metadata->draft);
  EXPECT_EQ(metadata->source, media::DigitalSource::composite_synthetic);
}

TEST_F(MakeTake, ACancelledTakeLeavesNothing) {
  Preparation preparation = prepared(walk());
  CancelSource cancel;
  cancel.cancel();
  EXPECT_EQ(make(*preparation.take, cancel.token()).error().code, ErrorCode::cancelled);
  EXPECT_EQ(files(), 1u) << "only the picture";
}

TEST_F(MakeTake, ExtendingJoinsTheClipAndTheNewPart) {
  Preparation first = prepared(walk());
  ASSERT_TRUE(make(*first.take));
  fs::rename(folder_ / "out.mp4", folder_ / "clip.mp4");
  GenerationSpec spec;
  spec.prompt = "the camera pulls back";
  spec.extend = MediaSource{(folder_ / "clip.mp4").string()};
  spec.duration = seconds(1);
  LocalMediaReader reader;
  Result<Preparation> preparation = prepare(catalog_, spec, reader);
  ASSERT_TRUE(preparation && preparation->take);
  EXPECT_EQ(preparation->take->resolved.size, (FrameSize{160, 90})) << "the clip's own size";
  EXPECT_EQ(preparation->take->resolved.fps, (FrameRate{8, 1})) << "and pace";
  const Result<TakeReport> report = make(*preparation->take);
  ASSERT_TRUE(report) << to_string(report.error());
  EXPECT_EQ(report->frames, 16);
  EXPECT_EQ(media::probe_video(report->output)->frames, 16);
}

TEST_F(MakeTake, AFirstFrameGivesItsShape) {
  GenerationSpec spec;
  spec.prompt = "slow push in";
  Image tall(90, 160);
  for (size_t i = 3; i < tall.rgba.size(); i += 4) tall.rgba[i] = 255;
  spec.first_frame = MediaSource{write("tall.png", tall)};
  spec.duration = seconds(1);
  spec.resolution = Resolution{480, {}};
  Preparation preparation = prepared(spec);
  ASSERT_TRUE(preparation.take);
  EXPECT_EQ(preparation.take->resolved.aspect_ratio, (AspectRatio{9, 16}));
}

TEST_F(MakeTake, TellsAllThatIsWrongAtOnce) {
  GenerationSpec spec;
  spec.prompt = "@fig and @nobody walk";
  spec.references.push_back(
      {ReferenceKind::element, "fig", {(folder_ / "missing.png").string()}, {}, {}, {}});
  std::ofstream(folder_ / "text.png") << "this is no picture";
  spec.references.push_back({ReferenceKind::scene, "place", {(folder_ / "text.png").string()}, {}, {}, {}});
  spec.duration = MediaTime{999'000};
  const Preparation preparation = prepared(spec);
  EXPECT_FALSE(preparation.take);
  std::vector<std::string> fields;
  for (const auto& violation : preparation.violations) fields.push_back(violation.field);
  for (const char* field : {"/prompt", "/duration", "/references/0/source", "/references/1/source"}) {
    EXPECT_EQ(std::count(fields.begin(), fields.end(), field), 1) << field;
  }
}

TEST_F(MakeTake, TheLastFrameStandsInTheFile) {
  GenerationSpec spec;
  spec.prompt = "the camera moves";
  spec.first_frame = MediaSource{landscape("a.png", 1)};
  spec.last_frame = MediaSource{landscape("b.png", 2)};
  spec.duration = seconds(1);
  spec.resolution = Resolution{0, {320, 180}};
  Preparation preparation = prepared(spec);
  ASSERT_TRUE(preparation.take);
  const Image last = *preparation.take->last_frame;
  const Result<TakeReport> report = make(*preparation.take);
  ASSERT_TRUE(report);
  auto clip = media::VideoClip::open(report->output);
  ASSERT_TRUE(clip);
  const Image shown = *clip->last_frame();
  double error = 0;
  for (int y = 0; y < 180; ++y) {
    for (int x = 0; x < 320; ++x) {
      // The picture is twice the frame's size: compare with the mean of its four pixels.
      int sum = 0;
      for (int k = 0; k < 4; ++k) sum += last.at(2 * x + k % 2, 2 * y + k / 2)[1];
      const double difference = sum / 4.0 - shown.at(x, y)[1];
      error += difference * difference;
    }
  }
  const double psnr = 10 * std::log10(255 * 255 / (error / (320 * 180)));
  EXPECT_GT(psnr, 36) << "green only; luma passes 40 dB";
}

}  // namespace
}  // namespace troupe::work
