#include <gtest/gtest.h>

#include "core/tag.h"

namespace troupe {
namespace {

// An element, a scene, a clip, a picture: @fox, @image1, @element2, @image2.
std::vector<Reference> references() {
  return {{ReferenceKind::element, "fox", {"f.png"}, {}, {}, {}},
          {ReferenceKind::scene, "", {"s.png"}, {}, {}, {}},
          {ReferenceKind::element, "", {}, {}, MediaSource{"c.mp4"}, {}},
          {ReferenceKind::image, "", {"i.png"}, {}, {}, {}}};
}

std::string rewritten(const std::string& prompt, TagSpelling spelling) {
  GenerationSpec spec;
  spec.prompt = prompt;
  spec.references = references();
  const BindResult result = bind(spec);
  EXPECT_EQ(result.errors, std::vector<Error>{});
  return print(result.prompt.shots.at(0), spec.references, spelling);
}

TEST(PrintTags, WritesEverySpelling) {
  const std::string prompt = "@fox, @Image1, @Element2 and @Image2.";
  EXPECT_EQ(rewritten(prompt, TagSpelling::canonical), "@fox, @image1, @element2 and @image2.");
  EXPECT_EQ(rewritten(prompt, TagSpelling::kling), "@Element1, @Image1, @Element2 and @Image2.");
  EXPECT_EQ(rewritten(prompt, TagSpelling::spaced), "@Image 1, @Image 2, @Video 1 and @Image 3.");
  EXPECT_EQ(rewritten(prompt, TagSpelling::character), "character1, character2, character3 and character4.");
  EXPECT_EQ(rewritten(prompt, TagSpelling::wan27), "Image 1, Image 2, Video 1 and Image 3.");
  EXPECT_EQ(rewritten(prompt, TagSpelling::kling_native),
            "<<<element_1>>>, <<<image_1>>>, <<<element_2>>> and <<<image_2>>>.");
  EXPECT_EQ(rewritten(prompt, TagSpelling::xai), "<IMAGE_1>, <IMAGE_2>, <VIDEO_1> and <IMAGE_3>.");
  EXPECT_EQ(rewritten(prompt, TagSpelling::gemini),
            "<IMAGE_REF_0>, <IMAGE_REF_1>, <VIDEO_REF_0> and <IMAGE_REF_2>.");
  EXPECT_EQ(rewritten(prompt, TagSpelling::prose),
            "The first image, the second image, the first video and the third image.");
}

TEST(PrintTags, KeepsTheTextBetween) {
  EXPECT_EQ(rewritten("🦊 @fox\n\tهنا  @Image1 ", TagSpelling::kling),
            "🦊 @Element1\n\tهنا  @Image1 ");
}

TEST(PrintTags, PutsASpaceWhereATagWouldRunIntoItsNeighbour) {
  EXPECT_EQ(rewritten("a<IMAGE_1>b", TagSpelling::canonical), "a @image1 b");
  EXPECT_EQ(rewritten("<IMAGE_1>2", TagSpelling::kling), "@Image1 2");
  EXPECT_EQ(rewritten("@fox<IMAGE_1>", TagSpelling::character), "character1 character2");
  EXPECT_EQ(rewritten("@fox 2 times", TagSpelling::prose), "The first image, 2 times");
}

TEST(PrintTags, LeavesACanonicalPromptAlone) {
  EXPECT_EQ(rewritten("@fox-like @image1走", TagSpelling::canonical), "@fox-like @image1走");
}

}  // namespace
}  // namespace troupe
