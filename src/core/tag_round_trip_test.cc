// Properties over random requests: nothing of a prompt is lost by binding, and every spelling binds back.
#include <gtest/gtest.h>

#include <array>

#include "base/random.h"
#include "core/tag.h"

namespace troupe {
namespace {

constexpr int kRequests = 4000;

constexpr std::array kSpellings = {TagSpelling::canonical, TagSpelling::kling,  TagSpelling::spaced,
                                   TagSpelling::character, TagSpelling::wan27,  TagSpelling::kling_native,
                                   TagSpelling::xai,       TagSpelling::gemini, TagSpelling::prose};

constexpr std::array kNames = {"",       "",     "",         "",      "fox", "fox-cub", "Zoë", "狐狸",
                               "image1", "girl", "element2", "robot", "a_b", "the",     "x1",  "첫째"};

// Text that lies next to tags in prompts, and text that would change a tag's meaning if it ran into one.
constexpr std::array kTexts = {
    " ",  " walks ",     "s",      "'s ",          ". ",    "-",      "_",  ".example ", " 2 ",  "3",
    "é",  "走在",        "@",      "@@",           "<",     ">",      "<<", ">>",        "🦊", "مرحبا",
    "\n", " and ",       " the ",  " from first ", "(",     ") ",     ", ", ": ",        "bob",  " image",
    "#",  "the second ", " video", "Shot 1: ",     "Image", "-like ", "`",  "\u00A0",    "** ",  " first "};

template <class Values>
auto pick(Random& random, const Values& values) {
  return values[static_cast<size_t>(random.below(static_cast<int>(values.size())))];
}

Reference random_reference(Random& random) {
  Reference reference;
  reference.kind =
      pick(random, std::array{ReferenceKind::element, ReferenceKind::scene, ReferenceKind::image});
  reference.name = pick(random, kNames);
  reference.source.uri = "a.png";
  if (random.below(5) == 0) reference.clip = MediaSource{"a.mp4"};
  return reference;
}

GenerationSpec random_request(Random& random) {
  GenerationSpec spec;
  const int references = random.below(6);
  for (int i = 0; i < references; ++i) spec.references.push_back(random_reference(random));
  const int pieces = random.below(10);
  for (int i = 0; i < pieces; ++i) {
    if (references > 0 && random.below(2) == 0) {
      const BoundShot mention{{{"", random.below(references), 0}}, {}};
      spec.prompt += print(mention, spec.references, pick(random, kSpellings));
    } else {
      spec.prompt += pick(random, kTexts);
    }
  }
  return spec;
}

std::string joined(const BoundShot& shot) {
  std::string text;
  for (const PromptPart& part : shot.parts) {
    EXPECT_EQ(part.offset, text.size());
    text += part.text;
  }
  return text;
}

std::vector<int> mentions(const BoundShot& shot) {
  std::vector<int> indices;
  for (const PromptPart& part : shot.parts) {
    if (part.reference) indices.push_back(*part.reference);
  }
  return indices;
}

bool numbers_a_flat_list(TagSpelling spelling) {
  return spelling == TagSpelling::spaced || spelling == TagSpelling::wan27 || spelling == TagSpelling::xai ||
         spelling == TagSpelling::gemini || spelling == TagSpelling::prose;
}

// The request that a prompt written in `spelling` belongs to: one shot, and the list that its numbers count.
GenerationSpec written_request(const GenerationSpec& spec, const BoundShot& shot, TagSpelling spelling) {
  GenerationSpec written;
  written.references = spec.references;
  written.shots = {{print(shot, spec.references, spelling), {}}};
  if (!numbers_a_flat_list(spelling)) return written;
  for (Reference& reference : written.references) reference.kind = ReferenceKind::image;
  // Names that say a number of one list may clash with the numbers of the other.
  for (Reference& reference : written.references) reference.name.clear();
  return written;
}

// Words like "image 2" are text where no second image is, and a mention in a list that has one: then a prompt
// for one list cannot be judged in the other.
bool texts_mention_nothing(const BoundShot& shot, const std::vector<Reference>& references) {
  GenerationSpec texts;
  texts.references = references;
  for (const PromptPart& part : shot.parts) {
    if (!part.reference) texts.shots.push_back({part.text, {}});
  }
  return bind(texts).prompt.binds_all;
}

TEST(TagRoundTrip, BindingLosesNoByte) {
  Random random(1);
  for (int i = 0; i < kRequests; ++i) {
    const GenerationSpec spec = random_request(random);
    const BindResult result = bind(spec);
    const std::vector<Shot> shots = split_shots(spec.prompt);
    ASSERT_EQ(result.prompt.shots.size(), shots.size());
    for (size_t s = 0; s < shots.size(); ++s) ASSERT_EQ(joined(result.prompt.shots[s]), shots[s].prompt);
  }
}

TEST(TagRoundTrip, EverySpellingBindsBack) {
  Random random(2);
  int bound = 0;
  for (int i = 0; i < kRequests; ++i) {
    const GenerationSpec spec = random_request(random);
    const BindResult result = bind(spec);
    if (!result.errors.empty()) continue;
    for (const BoundShot& shot : result.prompt.shots) {
      for (const TagSpelling spelling : kSpellings) {
        const GenerationSpec written = written_request(spec, shot, spelling);
        if (!texts_mention_nothing(shot, written.references)) continue;
        const BindResult again = bind(written);
        ASSERT_EQ(mentions(again.prompt.shots.at(0)), mentions(shot))
            << "from: " << joined(shot) << "\n  to: " << written.shots[0].prompt;
        ASSERT_EQ(again.errors, std::vector<Error>{}) << written.shots[0].prompt;
        bound += static_cast<int>(mentions(shot).size());
      }
    }
  }
  EXPECT_GT(bound, kRequests);  // most requests must have been worth binding
}

TEST(TagRoundTrip, CanonicalTextStaysAsItIs) {
  Random random(3);
  for (int i = 0; i < kRequests; ++i) {
    GenerationSpec spec = random_request(random);
    const BindResult result = bind(spec);
    if (!result.errors.empty()) continue;
    const std::string once = print(result.prompt.shots[0], spec.references, TagSpelling::canonical);
    spec.shots = {{once, {}}};
    spec.prompt.clear();
    ASSERT_EQ(print(bind(spec).prompt.shots.at(0), spec.references, TagSpelling::canonical), once);
  }
}

TEST(TagRoundTrip, ReorderingRebindsNoCanonicalTag) {
  Random random(4);
  for (int i = 0; i < kRequests; ++i) {
    GenerationSpec spec = random_request(random);
    for (size_t r = 0; r < spec.references.size(); ++r)
      spec.references[r].name = "name" + std::string(r + 1, 'x');
    const BindResult before = bind(spec);
    if (!before.errors.empty()) continue;
    std::vector<std::string> named;
    for (const int index : mentions(before.prompt.shots[0]))
      named.push_back(default_name(spec.references, index));
    spec.shots = {{print(before.prompt.shots[0], spec.references, TagSpelling::canonical), {}}};
    spec.prompt.clear();
    std::reverse(spec.references.begin(), spec.references.end());
    std::vector<std::string> renamed;
    const BindResult after = bind(spec);
    for (const int index : mentions(after.prompt.shots.at(0)))
      renamed.push_back(default_name(spec.references, index));
    ASSERT_EQ(renamed, named);
  }
}

}  // namespace
}  // namespace troupe
