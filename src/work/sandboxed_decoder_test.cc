#include "work/sandboxed_decoder.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "base/places_for_test.h"
#include "base/random.h"
#include "core/frame_size.h"
#include "media/image_file.h"
#include "media/test_clips.h"
#include "work/prepare.h"

namespace troupe::work {
namespace {

namespace fs = std::filesystem;
using media::test::KeepOutput;

SandboxOptions worker(const std::string& which) {
  SandboxOptions options;
  options.command = {places::built("bin/decode_test_worker"), which};
  return options;
}

SandboxedDecoder real() { return SandboxedDecoder(worker(kDecodeWorkerFlag)); }

std::vector<fs::path> corpus(const char* name) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(fs::path(places::in_tree("fuzz/corpus")) / name))
    files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

Bytes bytes_of(const fs::path& file) { return media::test::read_all(file); }

// The same value or the same error.
template <class T, class Same>
void expect_equal(const Result<T>& inside, const Result<T>& outside, const std::string& what,
                  const Same& same) {
  ASSERT_EQ(inside.has_value(), outside.has_value()) << what;
  if (inside) {
    EXPECT_TRUE(same(*inside, *outside)) << what;
  } else {
    EXPECT_EQ(to_string(inside.error()), to_string(outside.error())) << what;
  }
}

void expect_same_picture(ByteView bytes, const media::ImageLimits& limits, const std::string& what) {
  const auto inside = InProcessDecoder().picture(bytes, limits, {});
  const auto outside = real().picture(bytes, limits, {});
  expect_equal(inside, outside, what, [&](const DecodedPicture& a, const DecodedPicture& b) {
    expect_equal(a.image, b.image, what, std::equal_to<Image>());
    return a.info == b.info;
  });
}

void expect_same_samples(const Bytes& bytes, const media::VideoLimits& limits, const std::string& what) {
  const auto inside = InProcessDecoder().samples(bytes, 3, limits, {});
  const auto outside = real().samples(bytes, 3, limits, {});
  expect_equal(inside, outside, what, [](const ClipSamples& a, const ClipSamples& b) {
    return a.info == b.info && a.pictures == b.pictures;
  });
}

// A worker that does not answer as it should, by what a picture's decoding says of it.
Error error_of(const SandboxOptions& options) {
  const auto decoded = SandboxedDecoder(options).picture({}, {}, {});
  if (!decoded) return decoded.error();
  return decoded->image ? make_error(ErrorCode::internal, "it decoded") : decoded->image.error();
}

size_t open_descriptors() {
  return static_cast<size_t>(std::distance(fs::directory_iterator("/proc/self/fd"), {}));
}

TEST(SandboxedDecoder, DecodesEveryKindOfPictureToTheSameBytes) {
  const std::vector<fs::path> files = corpus("image_probe");
  ASSERT_GE(files.size(), 12u) << "JPEG, PNG and WEBP; grey, CMYK, palette, alpha, 16 bit, turned, animated";
  for (const fs::path& file : files) {
    const Bytes bytes = bytes_of(file);
    EXPECT_TRUE(InProcessDecoder().picture(bytes, {}, {})) << file;
    expect_same_picture(bytes, {}, file.string());
  }
  media::ImageLimits small;
  small.decoded_side_pixels_max = 5;
  expect_same_picture(bytes_of(files.front()), small, "shrunk");
}

TEST(SandboxedDecoder, DecodesLargePictures) {
  Random random(3);
  Image picture(1500, 1100);
  for (uint8_t& value : picture.rgba) value = static_cast<uint8_t>(random.below(256));
  const auto decoded = real().picture(*media::encode_png(picture), {}, {});
  ASSERT_TRUE(decoded);
  ASSERT_TRUE(decoded->image) << to_string(decoded->image.error());
  EXPECT_EQ(*decoded->image, picture);
}

TEST(SandboxedDecoder, SamplesClipsToTheSameBytes) {
  const std::vector<fs::path> files = corpus("video_probe");
  ASSERT_GE(files.size(), 4u) << "H.264 and VP9 in MP4, WEBM and Matroska";
  for (const fs::path& file : files) {
    EXPECT_TRUE(InProcessDecoder().samples(bytes_of(file), 3, {}, {})) << file;
    expect_same_samples(bytes_of(file), {}, file.string());
  }
}

TEST(SandboxedDecoder, PlaysClipsToTheSameFramesAndSound) {
  for (const fs::path& file : corpus("video_probe")) {
    const auto outside = real().clip(bytes_of(file), {}, {});
    ASSERT_TRUE(outside) << file;
    for (const FrameRate rate : {FrameRate{24, 1}, {30000, 1001}}) {
      // Opened anew for each: a second play goes on with the sound decoder's random numbers.
      const auto inside = InProcessDecoder().clip(bytes_of(file), {}, {});
      EXPECT_EQ((*inside)->info(), (*outside)->info());
      KeepOutput here, there;
      const media::VideoClip::PlayOptions options{{48, 36}, rate, true};
      ASSERT_TRUE((*inside)->play(options, here, {}));
      const Result<void> played = (*outside)->play(options, there, {});
      ASSERT_TRUE(played) << file << ": " << to_string(played.error());
      EXPECT_EQ(here.frames, there.frames) << file;
      EXPECT_EQ(here.samples, there.samples) << file;
    }
  }
}

TEST(SandboxedDecoder, KnowsClipsAsWellAsIfTheyWereOpen) {
  const Bytes bytes = bytes_of(fs::path(places::in_tree("fuzz/corpus")) / "video_probe/sound.mkv");
  const auto inside = InProcessDecoder().clip(bytes, {}, {}), outside = real().clip(bytes, {}, {});
  ASSERT_TRUE(inside && outside);
  for (const FrameRate rate : {FrameRate{24, 1}, {30000, 1001}, {1, 1}, {7, 1}, {120, 1}}) {
    EXPECT_EQ((*inside)->frames_at(rate), (*outside)->frames_at(rate)) << print_frame_rate(rate);
  }
  const auto last = (*outside)->last_frame({});
  ASSERT_TRUE(last);
  EXPECT_EQ(*last, *(*inside)->last_frame({}));
}

TEST(SandboxedDecoder, RefusesHostileFilesInTheSameWords) {
  Random random(5);
  for (const char* name : {"alpha.png", "plain.jpg", "lossy.webp"}) {
    const Bytes whole = bytes_of(fs::path(places::in_tree("fuzz/corpus")) / "image_probe" / name);
    expect_same_picture(ByteView(whole).first(whole.size() / 3), {}, "cut early");
    expect_same_picture(ByteView(whole).first(whole.size() - 20), {}, "cut late");
    Bytes spoiled = whole;
    for (size_t i = 60; i < spoiled.size(); i += 9) spoiled[i] = static_cast<uint8_t>(random.below(256));
    expect_same_picture(spoiled, {}, "spoiled");
  }
  Bytes huge = bytes_of(fs::path(places::in_tree("fuzz/corpus")) / "image_probe/alpha.png");
  huge[18] = 0xFF;  // its width: 65 thousand pixels
  expect_same_picture(huge, {}, "huge");
  EXPECT_EQ(real().picture(huge, {}, {}).error().code, ErrorCode::over_limit);
  media::ImageLimits small;
  small.pixels_max = 10;
  expect_same_picture(bytes_of(fs::path(places::in_tree("fuzz/corpus")) / "image_probe/alpha.png"), small,
                      "over a limit");
  expect_same_picture({}, {}, "empty");
  expect_same_picture(as_bytes("<svg xmlns='http://www.w3.org/2000/svg'/>"), {}, "another kind");
}

TEST(SandboxedDecoder, RefusesHostileClipsInTheSameWords) {
  const Bytes clip = bytes_of(fs::path(places::in_tree("fuzz/corpus")) / "video_probe/sound.mp4");
  expect_same_samples({}, {}, "empty");
  expect_same_samples(Bytes(clip.begin(), clip.begin() + std::ssize(clip) / 2), {}, "cut");
  expect_same_samples(Bytes(5000, 0x42), {}, "garbage");
  media::VideoLimits small;
  small.frames_max = 1;
  expect_same_samples(clip, small, "over a limit");
  Bytes spoiled = clip;
  for (size_t i = 100; i < spoiled.size(); i += 50) spoiled[i] ^= 0x55;
  expect_same_samples(spoiled, {}, "spoiled");
}

TEST(SandboxedDecoder, SurvivesWorkersThatGoWrong) {
  const std::pair<const char*, const char*> cases[] = {{"crash", "it crashed"},
                                                       {"stop_early", "it stopped early"},
                                                       {"write_garbage", "made no sense"},
                                                       {"claim_a_huge_picture", "made no sense"},
                                                       {"claim_a_good_jail", "it stopped early"}};
  for (const auto& [which, why] : cases) {
    const Error error = error_of(worker(which));
    EXPECT_EQ(error.code, ErrorCode::corrupt_input) << which;
    EXPECT_NE(error.message.find("the decoder gave up on this file"), std::string::npos) << which;
    EXPECT_NE(error.message.find(why), std::string::npos) << error.message;
  }
}

TEST(SandboxedDecoder, KillsWorkersThatTryToGetOut) {
  const Result<std::string> held = real().protections();
  ASSERT_TRUE(held);
  if (held->find("system call filter") > held->find("NOT here")) GTEST_SKIP() << *held;
  for (const char* which : {"open_a_socket", "open_a_file", "run_a_program", "make_code"}) {
    const Error error = error_of(worker(which));
    EXPECT_EQ(error.code, ErrorCode::corrupt_input) << which << ": " << error.message;
    EXPECT_NE(error.message.find("what no decoder needs"), std::string::npos) << which << error.message;
  }
}

TEST(SandboxedDecoder, BoundsTime) {
  SandboxOptions slow = worker("hang");
  slow.wait_max = std::chrono::milliseconds(100);
  EXPECT_EQ(error_of(slow).code, ErrorCode::over_limit);
  SandboxOptions busy = worker("spin");
  busy.cpu_seconds_max = 1;
  const Error error = error_of(busy);
  EXPECT_EQ(error.code, ErrorCode::over_limit);
  EXPECT_NE(error.message.find("processor time"), std::string::npos) << error.message;
}

TEST(SandboxedDecoder, BoundsMemory) {
  const Result<std::string> held = real().protections();
  ASSERT_TRUE(held);
  if (held->find("memory limit") > held->find("NOT here")) GTEST_SKIP() << *held;
  SandboxOptions hungry = worker("eat_memory"), small = worker(kDecodeWorkerFlag);
  hungry.memory_bytes_max = 100 << 20;
  small.memory_bytes_max = 8 << 20;
  EXPECT_EQ(error_of(hungry).code, ErrorCode::over_limit);
  const Bytes png = *media::encode_png(Image(3000, 3000));
  const auto decoded = SandboxedDecoder(small).picture(png, {}, {});
  ASSERT_TRUE(decoded);
  ASSERT_FALSE(decoded->image);
  EXPECT_EQ(decoded->image.error().code, ErrorCode::over_limit) << decoded->image.error().message;
  EXPECT_TRUE(real().picture(png, {}, {})->image);
}

TEST(SandboxedDecoder, StopsAtOnceWhenCancelled) {
  CancelSource cancel;
  cancel.cancel();
  const auto start = std::chrono::steady_clock::now();
  const auto decoded = SandboxedDecoder(worker("hang")).picture({}, {}, cancel.token());
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().code, ErrorCode::cancelled);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5))
      << "long before the time limit";
}

TEST(SandboxedDecoder, LeavesNothingBehind) {
  const size_t before = open_descriptors();
  const Bytes picture = bytes_of(corpus("image_probe").front());
  for (int i = 0; i < 4; ++i) {
    EXPECT_TRUE(real().picture(picture, {}, {}));
    EXPECT_EQ(error_of(worker("stop_early")).code, ErrorCode::corrupt_input);
  }
  EXPECT_TRUE(SandboxedDecoder(worker("never_leave")).protections()) << "it hangs after it has answered";
  EXPECT_EQ(open_descriptors(), before);
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1);
  EXPECT_EQ(errno, ECHILD) << "no process is left, dead or alive";
}

TEST(SandboxedDecoder, GivesWorkersNothingOfTheServers) {
  const int open_to_children = open("/dev/null", O_RDONLY);  // NOLINT: not closed on exec, on purpose
  ASSERT_GE(open_to_children, 0);
  const int high = fcntl(open_to_children, F_DUPFD, 100);
  setenv("TROUPE_TEST_SECRET", "secret", 1);
  const Result<std::string> counted = SandboxedDecoder(worker("count_descriptors")).protections();
  unsetenv("TROUPE_TEST_SECRET");
  close(high);
  close(open_to_children);
  EXPECT_TRUE(counted) << "neither descriptors nor environment";
}

TEST(SandboxedDecoder, SaysWhatHoldsAndWhetherWorkersStart) {
  const Result<std::string> held = real().protections();
  ASSERT_TRUE(held) << to_string(held.error());
  EXPECT_TRUE(held->starts_with("process limits")) << *held;
  SandboxOptions nowhere;
  nowhere.command = {"/no/such/program"};
  EXPECT_EQ(SandboxedDecoder(nowhere).protections().error().code, ErrorCode::unavailable);
  EXPECT_EQ(error_of(nowhere).code, ErrorCode::unavailable);
}

TEST(SandboxedDecoder, DecodesOnManyThreadsAtOnce) {
  const Bytes picture = bytes_of(corpus("image_probe").front());
  const Image expected = *InProcessDecoder().picture(picture, {}, {})->image;
  const SandboxedDecoder decoder = real();
  std::vector<int> right(4);
  std::vector<std::thread> threads;
  for (int& count : right) {
    threads.emplace_back([&] {
      for (int i = 0; i < 5; ++i) {
        const auto decoded = decoder.picture(picture, {}, {});
        count += decoded && decoded->image && *decoded->image == expected;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, std::vector<int>(4, 5));
}

TEST(SandboxedDecoder, PreparesTheSameTake) {
  const media::test::TempFolder folder;
  Image place(64, 48);
  for (size_t i = 0; i < place.rgba.size(); ++i)
    place.rgba[i] = i % 4 == 3 ? 255 : static_cast<uint8_t>(i / 31);
  media::test::write_all(folder / "place.jpg", *media::encode_jpeg(place));
  media::EncoderOptions clip;
  clip.size = {64, 48};
  clip.frames = 12;
  ASSERT_TRUE(media::test::make_clip(folder / "clip.mp4", clip));
  GenerationSpec spec;
  spec.prompt = "@a walks on in @b";
  const MediaSource source{(folder / "clip.mp4").string()};
  spec.references.push_back({ReferenceKind::element, "a", {}, {}, source, {}});
  spec.references.push_back({ReferenceKind::scene, "b", {(folder / "place.jpg").string()}, {}, {}, {}});
  spec.extend = source;
  spec.duration = seconds(1);

  const catalog::Catalog catalog = *catalog::load_builtin();
  LocalMediaReader reader;
  const auto inside = prepare(catalog, spec, reader);
  const auto outside = prepare(catalog, spec, reader, real());
  ASSERT_TRUE(inside && outside);
  EXPECT_EQ(inside->violations, outside->violations);
  ASSERT_TRUE(inside->take && outside->take) << inside->violations.front().rule;
  EXPECT_EQ(inside->take->spec, outside->take->spec);
  EXPECT_EQ(inside->take->first_frame, outside->take->first_frame);
  for (size_t i = 0; i < 2; ++i) EXPECT_EQ(inside->take->pictures[i].views, outside->take->pictures[i].views);

  const auto missing =
      prepare(catalog, spec, reader, SandboxedDecoder(SandboxOptions{.command = {"/no/such"}}));
  ASSERT_FALSE(missing) << "a server's trouble is no fault of the request";
  EXPECT_EQ(missing.error().code, ErrorCode::unavailable);
}

}  // namespace
}  // namespace troupe::work
