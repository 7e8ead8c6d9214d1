#include <gtest/gtest.h>

#include "core/tag.h"

namespace troupe {
namespace {

Reference element(std::string name = "") {
  return {ReferenceKind::element, std::move(name), {"e.png"}, {}, {}, {}};
}
Reference scene(std::string name = "") {
  return {ReferenceKind::scene, std::move(name), {"s.png"}, {}, {}, {}};
}
Reference image(std::string name = "") {
  return {ReferenceKind::image, std::move(name), {"i.png"}, {}, {}, {}};
}
Reference clip() { return {ReferenceKind::element, "", {}, {}, MediaSource{"c.mp4"}, {}}; }

GenerationSpec request(std::string prompt, std::vector<Reference> references) {
  GenerationSpec spec;
  spec.prompt = std::move(prompt);
  spec.references = std::move(references);
  return spec;
}

// "fox=0 street=1": the mentions of a prompt and what they bind; errors' messages where there are any.
std::string bindings(const std::string& prompt, const std::vector<Reference>& references) {
  const BindResult result = bind(request(prompt, references));
  std::string text;
  for (const Error& error : result.errors) text += "[" + error.message + "]";
  for (const BoundShot& shot : result.prompt.shots) {
    for (const PromptPart& part : shot.parts) {
      if (part.reference)
        text += (text.empty() ? "" : " ") + part.text + "=" + std::to_string(*part.reference);
    }
  }
  return text;
}

const std::vector<Reference> kMixed = {element("fox"), scene(), element(), image()};
const std::vector<Reference> kFlat = {image(), image()};

TEST(Bind, ReadsTheCanonicalName) { EXPECT_EQ(bindings("A @fox runs", kMixed), "@fox=0"); }
TEST(Bind, NamesIgnoreAsciiCase) { EXPECT_EQ(bindings("@FOX", kMixed), "@FOX=0"); }

TEST(Bind, NumbersElementsAndImagesApart) {
  EXPECT_EQ(bindings("@Element1 meets @Element2 in @Image1, @Image2", kMixed),
            "@Element1=0 @Element2=2 @Image1=1 @Image2=3");
}

TEST(Bind, NumbersAFlatListByPlace) {
  EXPECT_EQ(bindings("@Image1 @Image 2 character1 Image 2 <IMAGE_1> <IMAGE_REF_1> <<<image_1>>>", kFlat),
            "@Image1=0 @Image 2=1 character1=0 Image 2=1 <IMAGE_1>=0 <IMAGE_REF_1>=1 <<<image_1>>>=0");
}

TEST(Bind, NumbersAListOfElementsLikeAFlatOne) {
  EXPECT_EQ(bindings("@Image1 and @Image 2 and the second image", {element(), element()}),
            "@Image1=0 @Image 2=1 the second image=1");
}

TEST(Bind, CharactersCountEverything) {
  EXPECT_EQ(bindings("character1 character2 Character3 character 4", kMixed),
            "character1=0 character2=1 Character3=2 character 4=3");
}

TEST(Bind, CountsClipsApartFromPictures) {
  EXPECT_EQ(bindings("Image 1, Video 1, @Video1, the first video", {image(), clip()}),
            "Image 1=0 Video 1=1 @Video1=1 the first video=1");
}

TEST(Bind, ReadsKlingsOwnBrackets) {
  EXPECT_EQ(bindings("<<<element_2>>> in <<<image_1>>>", kMixed), "<<<element_2>>>=2 <<<image_1>>>=1");
}

TEST(Bind, ReadsProse) {
  EXPECT_EQ(
      bindings("The woman from the first image walks through the open field from the second image", kFlat),
      "the first image=0 the second image=1");
  EXPECT_EQ(bindings("The 2nd picture, the first\nreference photo, the last image", kFlat),
            "The 2nd picture=1 the first\nreference photo=0 the last image=1");
  EXPECT_EQ(bindings("a woman from first image", kFlat), "first image=0");
}

TEST(Bind, ProseCountsThePicturesThatAreNoElements) {
  EXPECT_EQ(bindings("@fox in the first image", kMixed), "@fox=0 the first image=1");
}

TEST(Bind, BindsAllWhenNothingIsMentioned) {
  const BindResult result = bind(request("They walk in a park", kFlat));
  EXPECT_TRUE(result.errors.empty());
  EXPECT_TRUE(result.prompt.binds_all);
  EXPECT_FALSE(bind(request("@Image1 walks", kFlat)).prompt.binds_all);
}

TEST(Bind, LeavesPlainTextAlone) {
  EXPECT_EQ(
      bindings("mail bob@example.com, mycharacter10x, @ noon, 5@6, the first imagery, 🦊@🦊", kFlat), "");
  EXPECT_EQ(bindings("image 9 of a reel, a video 4 minutes long, her first video", kFlat), "");
  EXPECT_EQ(bindings("the first image that comes to mind; Image 1 of 3", {}), "");
  EXPECT_EQ(bindings("<b>bold</b> 1<2 <<<>>> <IMAGE_> <_1>", kFlat), "");
  EXPECT_EQ(bindings("مرحبا بالعالم 👩‍👩‍👧 שלום", kFlat), "");
}

TEST(Bind, TagsEndAtPunctuation) {
  EXPECT_EQ(bindings("@Element1's hat, (@fox), \"@fox\". _@fox_ @fox-like @Image1-style", kMixed),
            "@Element1=0 @fox=0 @fox=0 @fox=0 @fox=0 @Image1=1");
}

TEST(Bind, TakesTheLongestName) {
  const std::vector<Reference> foxes = {element("fox"), element("fox-cub")};
  EXPECT_EQ(bindings("@fox-cub and @fox", foxes), "@fox-cub=1 @fox=0");
  EXPECT_EQ(bindings("@fox-cup", foxes),
            "[\"@fox-cup\" at character 1 is no reference's tag. Did you mean \"@fox-cub\"?]");
}

TEST(Bind, NamesEndBeforeScriptsWithoutSpaces) {
  EXPECT_EQ(bindings("@狐狸走在@Image1的街上", {element("狐狸"), scene()}), "@狐狸=0 @Image1=1");
  EXPECT_EQ(bindings("@여우가 걷는다", {element("여우")}), "@여우=0");
}

TEST(Bind, ATagWithoutASpaceBeforeItCounts) {
  EXPECT_EQ(bindings("with@Element1 and bob@fox.example", kMixed), "@Element1=0");
}

TEST(Bind, ReportsATagPastTheLast) {
  EXPECT_EQ(
      bindings("é @Element3", kMixed),
      "[\"@Element3\" at character 3 is past the last element: the request has 2. Known tags: @fox, @image1, "
      "@element2, @image2.]");
  EXPECT_EQ(
      bindings("character0", kFlat),
      "[\"character0\" at character 1 binds nothing: numbers begin at 1. Known tags: @image1, @image2.]");
  EXPECT_EQ(bindings("@Element1", kFlat),
            "[\"@Element1\" at character 1 binds nothing: the request has no element. Known tags: @image1, "
            "@image2.]");
  EXPECT_EQ(bindings("@Image1", {}),
            "[\"@Image1\" at character 1 binds nothing: the request has no image. Attach a reference for it, "
            "or remove it.]");
}

TEST(Bind, ReportsLookAlikes) {
  EXPECT_EQ(bindings("@Elemnt1", kMixed),
            "[\"@Elemnt1\" at character 1 is no reference's tag. Did you mean \"@Element1\"?]");
  EXPECT_EQ(bindings("@Imgae1", kMixed),
            "[\"@Imgae1\" at character 1 is no reference's tag. Did you mean \"@Image1\"?]");
  EXPECT_EQ(bindings("charcter1 waves", kMixed),
            "[\"charcter1\" at character 1 is no reference's tag. Did you mean \"@character1\"?]");
  EXPECT_EQ(bindings("<<<elemnt_1>>>", kMixed),
            "[\"<<<elemnt_1>>>\" at character 1 is no reference's tag. Did you mean \"@Element1\"?]");
}

TEST(Bind, ReportsUnknownNamesAndSounds) {
  EXPECT_EQ(bindings("@wolf", {element("fox")}),
            "[\"@wolf\" at character 1 is no reference's tag. Known tags: @fox. To write it as plain text, "
            "leave out the '@'.]");
  EXPECT_EQ(
      bindings("<AUDIO_0>", kFlat),
      "[\"<AUDIO_0>\" at character 1 stands for a sound, and requests have no audio references: remove it.]");
}

TEST(Bind, ReportsEveryErrorWithItsField) {
  GenerationSpec spec = request("", {element("fox"), element("Fox"), image("1st"), image("image")});
  spec.shots = {{"@fox", {}}, {"@wolf and @Image9", {}}};
  const auto errors = bind(spec).errors;
  ASSERT_EQ(errors.size(), 5u);
  EXPECT_EQ(errors[0].field, "/references/1/name");
  EXPECT_EQ(
      errors[0].message,
      "\"@Fox\" would stand for two references, this one and /references/0: give one of them another name");
  EXPECT_EQ(errors[1].field, "/references/2/name");
  EXPECT_EQ(errors[2].field, "/references/3/name");
  EXPECT_EQ(errors[3].field, "/shots/1/prompt");
  EXPECT_EQ(errors[4].field, "/shots/1/prompt");
}

TEST(Bind, RefusesANameThatReadsAsAnothersNumber) {
  EXPECT_EQ(bind(request("", {image(), image("image1")})).errors.size(), 1u);
  EXPECT_EQ(bind(request("", {image(), image("Image2")})).errors.size(), 0u);
  EXPECT_EQ(bind(request("", {element(), image("character1")})).errors.size(), 1u);
}

TEST(Bind, RefusesUnreadableRequests) {
  EXPECT_EQ(bind(request("\xff", {})).errors.at(0).message,
            "the prompt is not valid UTF-8: send it as UTF-8");
  EXPECT_EQ(bind(request(std::string(kPromptBytesMax + 1, 'a'), {})).errors.at(0).code,
            ErrorCode::over_limit);
  EXPECT_EQ(bind(request("", std::vector<Reference>(65))).errors.at(0).field, "/references");
  GenerationSpec both = request("text", {});
  both.shots = {{"more", {}}};
  EXPECT_EQ(bind(both).errors.at(0).field, "/prompt");
}

TEST(Bind, StopsCollectingErrors) {
  std::string prompt;
  for (int i = 0; i < 5000; ++i) prompt += "@no" + std::to_string(i) + " ";
  EXPECT_EQ(bind(request(prompt, kMixed)).errors.size(), kBindErrorsMax);
}

TEST(Bind, ReorderingRebindsNoName) {
  EXPECT_EQ(bindings("@fox chases @hen", {element("fox"), element("hen")}), "@fox=0 @hen=1");
  EXPECT_EQ(bindings("@fox chases @hen", {element("hen"), element("fox")}), "@fox=1 @hen=0");
}

TEST(Bind, KeepsOffsetsIntoTheShot) {
  const auto parts = bind(request("é @fox!", kMixed)).prompt.shots.at(0).parts;
  ASSERT_EQ(parts.size(), 3u);
  EXPECT_EQ(parts[1], (PromptPart{"@fox", 0, 3}));
  EXPECT_EQ(parts[2], (PromptPart{"!", {}, 7}));
}

TEST(Bind, SplitsShotLinesAndReportsPlacesInThePrompt) {
  const auto result = bind(request("Noir. @Elephant1\nShot 1 (5s): @fox\nShot 2 (0s): @wolf9", kMixed));
  ASSERT_EQ(result.prompt.shots.size(), 2u);
  EXPECT_EQ(result.prompt.shots[0].duration, seconds(5));
  ASSERT_EQ(result.errors.size(), 3u);
  EXPECT_TRUE(result.errors[0].message.starts_with("\"@Elephant1\" at character 7 "));
  EXPECT_TRUE(result.errors[1].message.starts_with("at character 36: \"0s\" is not a shot's duration"));
  EXPECT_TRUE(result.errors[2].message.starts_with("\"@wolf9\" at character 49 "));
}

TEST(DefaultName, NumbersByKind) {
  EXPECT_EQ(default_name(kMixed, 0), "fox");
  EXPECT_EQ(default_name(kMixed, 1), "image1");
  EXPECT_EQ(default_name(kMixed, 2), "element2");
  EXPECT_EQ(default_name(kMixed, 3), "image2");
}

}  // namespace
}  // namespace troupe
