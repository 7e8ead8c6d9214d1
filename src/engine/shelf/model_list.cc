#include "engine/shelf/model_list.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iostream>

#include "core/look_alike.h"
#include "core/short_text.h"
#include "engine/shelf/list_reader.h"

extern "C" {
extern const unsigned char troupe_shelf_models[], troupe_shelf_models_end[];
}

namespace troupe::shelf {
namespace {

constexpr size_t kPathBytesMax = 200;
constexpr int64_t kWidthSmall = 1536, kWidthLarge = 5120;

bool plain_step(std::string_view step) {
  return !step.empty() && step != "." && step != ".." && std::all_of(step.begin(), step.end(), [](char c) {
    return ascii_alnum(c) || c == '.' || c == '_' || c == '-';
  });
}

}  // namespace

std::string_view name(Role role) {
  constexpr std::array<std::string_view, 5> kNames = {"transformer", "text_encoder", "tokenizer", "vae",
                                                      "tiny_vae"};
  return kNames[static_cast<size_t>(role)];
}

std::string_view words(Role role) {
  constexpr std::array<std::string_view, 5> kWords = {"transformer", "text encoder", "tokenizer",
                                                      "video autoencoder", "small decoder"};
  return kWords[static_cast<size_t>(role)];
}

std::string_view name(Family family) {
  constexpr std::array<std::string_view, 5> kNames = {"t2v", "vace", "phantom", "refalign", "skyreels"};
  return kNames[static_cast<size_t>(family)];
}

int64_t ModelEntry::width() const { return size == "14b" ? kWidthLarge : kWidthSmall; }

bool is_plain_path(std::string_view path) {
  if (path.size() > kPathBytesMax) return false;
  for (size_t at = 0; at <= path.size();) {
    const size_t end = std::min(path.find('/', at), path.size());
    if (!plain_step(path.substr(at, end - at))) return false;
    at = end + 1;
  }
  return true;
}

Result<ModelList> ModelList::parse(std::string_view label, std::string_view json) {
  return ListReader(label).read(json);
}

Result<const ModelEntry*> ModelList::find(std::string_view id) const {
  std::vector<std::string> ids;
  for (const ModelEntry& model : models_) {
    if (model.id == id) return &model;
    ids.push_back(model.id);
  }
  const auto meant = look_alike(std::string(id), ids);
  std::string text = "there are no weights of a model " + troupe::quoted(id);
  if (meant) return make_error(ErrorCode::not_found, text + "; did you mean \"" + *meant + "\"?");
  for (size_t i = 0; i < ids.size(); ++i) text += (i == 0 ? ". Known: " : ", ") + ids[i];
  return make_error(ErrorCode::not_found, text + ".");
}

const ModelList& builtin_models() {
  static const ModelList list = [] {
    const auto* begin = reinterpret_cast<const char*>(troupe_shelf_models);
    const auto* end = reinterpret_cast<const char*>(troupe_shelf_models_end);
    auto parsed = ModelList::parse("models.json", {begin, static_cast<size_t>(end - begin)});
    if (!parsed) {
      std::cerr << "troupe: the built-in list of weights is broken: " << parsed.error().message << "\n";
      std::abort();
    }
    return std::move(*parsed);
  }();
  return list;
}

}  // namespace troupe::shelf
