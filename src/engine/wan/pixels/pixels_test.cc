#include <gtest/gtest.h>

#include "engine/wan/parity/vectors_for_test.h"
#include "engine/wan/pixels/letterbox.h"
#include "engine/wan/pixels/resize.h"
#include "engine/wan/pixels/tensors.h"
#include "engine/wan/pixels/vace.h"

namespace troupe::engine::wan {
namespace {

const Vectors& vectors() {
  static const Vectors all = official("pixels");
  return all;
}

bool has(const std::string& name) { return vectors().has(name); }

Rgb picture(const std::string& name) { return vectors().picture(name); }

// Every reference of a family, prepared by `prepare`, is bit for bit what the official code made.
template <class Prepare>
void expect_exact(const std::string& family, const std::string& kind, int count, const Prepare& prepare) {
  int compared = 0;
  for (int i = 0; i < 5; ++i) {
    const std::string ref = "/ref" + std::to_string(i) + "_u8";
    if (!has(family + kind + ref)) continue;
    const Rgb wanted = picture(family + kind + ref);
    const Result<Rgb> made =
        prepare(picture(family + "/input" + ref), FrameSize{wanted.width, wanted.height});
    ASSERT_TRUE(made) << made.error().message;
    EXPECT_TRUE(*made == wanted) << family << kind << ref;
    ++compared;
  }
  EXPECT_EQ(compared, count);
}

TEST(PixelsTest, LetterboxIsPhantoms) { expect_exact("phantom", "/letterbox", 5, letterboxed); }
TEST(PixelsTest, LetterboxIsRefAligns) { expect_exact("refalign", "/padded", 4, letterboxed); }
TEST(PixelsTest, LetterboxIsSkyReels) { expect_exact("skyreels", "/padded", 5, letterboxed); }
TEST(PixelsTest, StretchIsRefAligns) { expect_exact("refalign", "/stretched", 1, stretched); }
TEST(PixelsTest, BicubicIsBerninis) {
  expect_exact("bernini", "/resized", 5, [](const Rgb& image, FrameSize wanted) {
    EXPECT_EQ(bernini_size({image.width, image.height}, 64).value(), wanted);
    return stretched(image, wanted);
  });
}

TEST(PixelsTest, SizesOfSkyReels) {
  const auto rows = numbers<int64_t>(vectors(), "skyreels/size_table");
  ASSERT_EQ(rows.size(), 90U * 5);
  for (size_t i = 0; i < rows.size(); i += 5) {
    const FrameSize reference = {static_cast<int>(rows[i]), static_cast<int>(rows[i + 1])},
                    wanted = {static_cast<int>(rows[i + 4]), static_cast<int>(rows[i + 3])};
    const auto tier = rows[i + 2] == 480   ? SkyReelsTier::p480
                      : rows[i + 2] == 540 ? SkyReelsTier::p540
                                           : SkyReelsTier::p720;
    EXPECT_EQ(skyreels_size(reference, tier).value(), wanted) << reference.width << "x" << reference.height;
  }
}

TEST(PixelsTest, SizesOfBernini) {
  const auto rows = numbers<int64_t>(vectors(), "bernini/size_table");
  ASSERT_EQ(rows.size(), 96U * 5);
  for (size_t i = 0; i < rows.size(); i += 5) {
    const auto side = [&](size_t column) { return static_cast<int>(rows[i + column]); };
    EXPECT_EQ(bernini_size({side(0), side(1)}, side(2)).value(), (FrameSize{side(3), side(4)}))
        << side(0) << "x" << side(1);
  }
}

TEST(PixelsTest, RefusesWhatHasNoPixels) {
  EXPECT_FALSE(resized(Rgb(), 4, 4, Filter::lanczos));
  EXPECT_FALSE(resized(Rgb(4, 4), 0, 4, Filter::lanczos));
  EXPECT_FALSE(resized(Rgb(4, 4), 4, kResizeSideMax + 1, Filter::lanczos));
  Rgb short_of_values(4, 4);
  short_of_values.values.pop_back();
  EXPECT_FALSE(resized(short_of_values, 2, 2, Filter::bicubic));
  EXPECT_FALSE(letterboxed(Rgb(2000, 1), {64, 64}));
  EXPECT_FALSE(vace_canvas(Rgb(2000, 1), {64, 64}));
  EXPECT_FALSE(vace_canvas(short_of_values, {64, 64}));
  EXPECT_FALSE(skyreels_size({0, 5}, SkyReelsTier::p480));
  EXPECT_FALSE(bernini_size({5, 5}, 0));
}

TEST(PixelsTest, ExtremesOfOneColourStay) {
  for (const Filter filter : {Filter::bicubic, Filter::lanczos})
    for (const uint8_t value : {uint8_t{0}, uint8_t{255}})
      EXPECT_TRUE(resized(Rgb(7, 5, value), 31, 2, filter).value() == Rgb(31, 2, value));
}

TEST(PixelsTest, TransparentIsWhite) {
  Image image(2, 1);
  image.at(1, 0)[0] = 10;
  image.at(1, 0)[3] = 255;
  EXPECT_EQ(rgb_on_white(image).values, (std::vector<uint8_t>{255, 255, 255, 10, 0, 0}));
}

TEST(PixelsTest, CanvasIsVaces) {
  for (int i = 0; i < 5; ++i) {
    const std::string ref = "ref" + std::to_string(i);
    const auto made = vace_canvas(picture("vace/input/" + ref + "_u8"), {48, 32});
    ASSERT_TRUE(made);
    EXPECT_LE(difference(*made, vectors().real("vace/canvas/" + ref)), 1e-5) << ref;
  }
}

TEST(PixelsTest, PlacesOnVacesCanvas) {
  const auto rows = numbers<int64_t>(vectors(), "vace/ref_canvas");
  ASSERT_EQ(rows.size(), 100U * 8);
  for (size_t i = 0; i < rows.size(); i += 8) {
    const auto n = [&](size_t column) { return static_cast<int>(rows[i + column]); };
    const auto place = vace_place({n(3), n(2)}, {n(1), n(0)});
    SCOPED_TRACE(std::to_string(n(3)) + "x" + std::to_string(n(2)));
    EXPECT_EQ(place.has_value(),
              n(4) > 0 && n(5) > 0);  // the official code fails later where nothing is left
    if (place) {
      EXPECT_EQ(*place, (VacePlace{{n(5), n(4)}, n(7), n(6)}));
    }
  }
  const auto short_ones = numbers<int64_t>(vectors(), "vace/short_by_one");
  for (size_t i = 0; i < short_ones.size(); i += 3) {
    const int canvas = static_cast<int>(short_ones[i]), side = static_cast<int>(short_ones[i + 1]);
    EXPECT_EQ(vace_place({side, side}, {canvas, canvas}).value().size.height, short_ones[i + 2]) << side;
  }
}

TEST(PixelsTest, MaskFramesAreVaces) {
  const auto rows = numbers<int64_t>(vectors(), "vace/mask_frame_index");
  ASSERT_GT(rows.size(), 100U);
  for (size_t i = 0; i < rows.size(); i += 3)
    EXPECT_EQ(vace_mask_frame(rows[i], rows[i + 1]), rows[i + 2]) << rows[i];
}

TEST(PixelsTest, MaskChannelsAreVaces) {
  const at::Tensor soft = vace_mask(vectors().real("vace/input/mask_soft_u8").to(at::kByte)),
                   binary = vace_mask(vectors().real("vace/input/mask_binary_u8").to(at::kByte));
  EXPECT_LE(difference(soft.narrow(1, 0, 1), vectors().real("vace/frames/mask_soft")), 1e-6);
  EXPECT_LE(difference(vace_mask_channels(binary, 3), vectors().real("vace/P3/mask_channels")), 1e-6);
  EXPECT_LE(difference(vace_mask_channels(soft, 1), vectors().real("vace/P4/mask_channels")), 1e-6);
  EXPECT_LE(difference(vace_mask_channels(at::ones_like(soft), 0), vectors().real("vace/P5/mask_channels")),
            1e-6);
  EXPECT_THROW((void)vace_mask_channels(at::ones({1, 1, 24, 16}), 0), c10::Error);
}

TEST(PixelsTest, MaskOfTheClipsIsThresholded) {
  const at::Tensor video = at::full({3, 1, 1, 3}, 0.5F);
  const VaceClips clips = vace_clips(video, at::arange(3, at::kFloat).view({1, 1, 1, 3}) / 2);  // 0, 0.5, 1
  EXPECT_EQ(difference(clips.inactive[0].flatten(), at::tensor({0.5F, 0.5F, 0.0F})), 0);
  EXPECT_EQ(difference(clips.reactive[0].flatten(), at::tensor({0.0F, 0.0F, 0.5F})), 0);
}

TEST(PixelsTest, BytesThereAndBack) {
  const at::Tensor bytes = vectors().real("vace/input/video_u8").to(at::kByte), clip = normalised(bytes);
  EXPECT_LE(difference(clip, vectors().real("vace/frames/video")), 1e-6);
  EXPECT_LE(difference(to_bytes(clip), bytes), 1);
  EXPECT_EQ(difference(to_bytes(at::tensor({-2.0F, 0.0F, 2.0F}).view({3, 1, 1, 1})).flatten(),
                       at::tensor({0.0F, 127.0F, 255.0F})),
            0);
}

}  // namespace
}  // namespace troupe::engine::wan
