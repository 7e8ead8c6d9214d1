#include "engine/wan/take/shot_texts.h"

#include <gtest/gtest.h>

namespace troupe::engine::wan {
namespace {

Reference element(std::string name) {
  Reference reference;
  reference.kind = ReferenceKind::element;
  reference.name = std::move(name);
  return reference;
}

std::vector<ShotText> texts_of(const std::vector<Reference>& references,
                               const std::vector<std::string>& prompts) {
  GenerationSpec spec;
  spec.references = references;
  for (const std::string& prompt : prompts) spec.shots.push_back({prompt, std::nullopt});
  const BindResult bound = bind(spec);
  EXPECT_TRUE(bound.errors.empty());
  return shot_texts(bound.prompt, references);
}

TEST(ShotTexts, WriteTagsAsNames) {
  const auto texts =
      texts_of({element("fox"), element("old_man")}, {"The @old_man feeds the @fox, then @fox runs"});
  ASSERT_EQ(texts.size(), 1u);
  EXPECT_EQ(texts[0].prompt, "The old man feeds the fox, then fox runs");
  EXPECT_EQ(texts[0].references, (std::vector<int>{1, 0})) << "in the order in which they are mentioned";
}

TEST(ShotTexts, MeanEveryReferenceWhereNoneIsMentioned) {
  const auto texts = texts_of({element("fox"), element("owl")}, {"Snow falls"});
  EXPECT_EQ(texts[0].prompt, "Snow falls");
  EXPECT_EQ(texts[0].references, (std::vector<int>{0, 1}));
}

TEST(ShotTexts, CarryReferencesFromShotToShot) {
  const auto texts = texts_of({element("fox"), element("owl"), Reference{}},
                              {"@fox sleeps", "close-up", "@owl lands", "wide shot of both"});
  ASSERT_EQ(texts.size(), 4u);
  EXPECT_EQ(texts[0].references, (std::vector<int>{0, 2}))
      << "2 is mentioned nowhere and so meant everywhere";
  EXPECT_EQ(texts[1].references, (std::vector<int>{0, 2}));
  EXPECT_EQ(texts[2].references, (std::vector<int>{1, 2}));
  EXPECT_EQ(texts[3].references, (std::vector<int>{1, 2}));
}

TEST(ShotTexts, NeedNoReferences) {
  const auto texts = texts_of({}, {"a street", "a river"});
  EXPECT_EQ(texts[1].prompt, "a river");
  EXPECT_TRUE(texts[1].references.empty());
}

}  // namespace
}  // namespace troupe::engine::wan
