#include "engine/wan/take/shot_texts.h"

#include <algorithm>
#include <set>

namespace troupe::engine::wan {
namespace {

// '_' and '-' of a name are spaces to the text encoder: "red_fox" is a red fox.
std::string spoken(const std::vector<Reference>& references, int index) {
  std::string name = default_name(references, index);
  std::replace(name.begin(), name.end(), '_', ' ');
  std::replace(name.begin(), name.end(), '-', ' ');
  return name;
}

void add_once(std::vector<int>& list, int reference) {
  if (std::find(list.begin(), list.end(), reference) == list.end()) list.push_back(reference);
}

}  // namespace

std::vector<ShotText> shot_texts(const BoundPrompt& prompt, const std::vector<Reference>& references) {
  std::set<int> mentioned;
  std::vector<ShotText> texts;
  std::vector<int> before;
  for (const BoundShot& shot : prompt.shots) {
    ShotText text;
    for (const PromptPart& part : shot.parts) {
      text.prompt += part.reference ? spoken(references, *part.reference) : part.text;
      if (!part.reference) continue;
      add_once(text.references, *part.reference);
      mentioned.insert(*part.reference);
    }
    if (text.references.empty()) text.references = before;
    before = text.references;
    texts.push_back(std::move(text));
  }
  for (int i = 0; i < static_cast<int>(references.size()); ++i) {
    if (mentioned.contains(i)) continue;
    for (ShotText& text : texts) add_once(text.references, i);
  }
  return texts;
}

}  // namespace troupe::engine::wan
