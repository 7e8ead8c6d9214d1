// Prompts from strangers: binding loses no byte, and every spelling of what was bound binds again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "core/tag.h"

namespace {

using troupe::TagSpelling;

void require(bool condition) {
  if (!condition) std::abort();
}

// The first byte chooses how many references there are and of which kinds; one in two carries a name.
std::vector<troupe::Reference> references(uint8_t choice) {
  static const char* const kNames[] = {"fox", "", "fox-cub", "", "狐狸", "", "image2"};
  std::vector<troupe::Reference> list;
  for (int i = 0; i < choice % 8; ++i) {
    troupe::Reference reference;
    reference.kind = static_cast<troupe::ReferenceKind>((choice / 8 + i) % 3);
    if (choice >= 128) reference.kind = troupe::ReferenceKind::image;
    reference.name = kNames[i];
    reference.source.uri = "a.png";
    list.push_back(reference);
  }
  return list;
}

std::vector<int> check_parts(const troupe::BoundShot& shot, const std::string& prompt, size_t count) {
  std::string joined;
  std::vector<int> mentions;
  for (const troupe::PromptPart& part : shot.parts) {
    require(part.offset == joined.size());
    joined += part.text;
    if (!part.reference) continue;
    require(*part.reference >= 0 && static_cast<size_t>(*part.reference) < count);
    mentions.push_back(*part.reference);
  }
  require(joined == prompt);
  return mentions;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  troupe::GenerationSpec spec;
  spec.references = references(data[0]);
  spec.prompt.assign(reinterpret_cast<const char*>(data) + 1, size - 1);
  const troupe::BindResult result = troupe::bind(spec);
  const std::vector<troupe::Shot> shots = troupe::split_shots(spec.prompt);
  if (!result.errors.empty()) return 0;

  require(result.prompt.shots.size() == shots.size());
  for (size_t i = 0; i < shots.size(); ++i) {
    const auto mentions = check_parts(result.prompt.shots[i], shots[i].prompt, spec.references.size());
    for (const TagSpelling spelling :
         {TagSpelling::canonical, TagSpelling::kling, TagSpelling::kling_native, TagSpelling::character}) {
      troupe::GenerationSpec written;
      written.references = spec.references;
      written.shots = {{troupe::print(result.prompt.shots[i], spec.references, spelling), {}}};
      const troupe::BindResult again = troupe::bind(written);
      if (written.shots[0].prompt.size() > troupe::kPromptBytesMax) continue;
      require(again.errors.empty());
      require(check_parts(again.prompt.shots[0], written.shots[0].prompt, spec.references.size()) ==
              mentions);
    }
    for (const TagSpelling spelling : {TagSpelling::spaced, TagSpelling::wan27, TagSpelling::xai,
                                       TagSpelling::gemini, TagSpelling::prose}) {
      troupe::print(result.prompt.shots[i], spec.references, spelling);
    }
  }
  return 0;
}
