// The models that the neural engine knows: what each is made of, where that is published, and how it is
// sampled.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace troupe::shelf {

/// What a file of weights is for.
enum class Role { transformer, text_encoder, tokenizer, vae, tiny_vae };
/// "transformer", "text_encoder" …: as in models.json, for programs.
std::string_view name(Role role);
/// "transformer", "text encoder", "tokenizer", "video autoencoder", "small decoder": for people.
std::string_view words(Role role);

/// How references reach the network.
enum class Family { t2v, vace, phantom, refalign, skyreels };
std::string_view name(Family family);

/// Something that one download brings. Several models may need the same part.
struct Part {
  std::string id;  ///< "umt5-xxl": [a-z0-9.-], also the name of its folder
  Role role = Role::transformer;
  std::string repository;          ///< at the hub: "Wan-AI/Wan2.1-T2V-1.3B"
  std::vector<std::string> files;  ///< paths in the repository; or, instead of them,
  std::string index;               ///< the path of a *.safetensors.index.json that names the files beside it
  uint64_t size_bytes = 0;         ///< about how much it is, to be told before it is fetched; 0 = not known
  std::string sha256;              ///< of a part of one file, lower-case hex; empty = as the hub says
  bool unverified = false;         ///< nobody has seen these very paths
};

/// Values as the models' authors give them.
struct Sampling {
  int steps = 50;
  std::string solver;  ///< "unipc", "flow_match" (Euler), "unipc_diffusers"
  double shift = 5;    ///< of the noise schedule
  /// None: 1. Where both are, no guidance is computed; nor where the image's is of RefAlign, or the text's of
  /// SkyReels.
  std::optional<double> guidance_text, guidance_image;
  int fps = 16;
  int references_max = 0;
  int width = 832, height = 480;
  int frames = 81;              ///< 4n + 1
  std::string negative_prompt;  ///< empty for a model without guidance
};

struct Licence {
  std::string name, note;
  bool must_accept = false;  ///< the weights are fetched only for who says that they accept it
};

struct ModelEntry {
  std::string id;  ///< "phantom-wan-1.3b"
  Family family = Family::t2v;
  std::string size;  ///< "1.3b", "14b"
  Licence licence;
  std::vector<const Part*> parts;           ///< each role but tiny_vae once; belong to the list
  std::vector<const Part*> optional_parts;  ///< tiny_vae
  Sampling sampling;

  /// Width of the network of that size: 1536, 5120.
  int64_t width() const;
};

/// Immutable. Models point into `parts`, so a list is moved, not copied.
class ModelList {
 public:
  /// Strict: every value typed and bounded, every key known, every part known and of another role.
  /// Errors: corrupt_input, over_limit, invalid_argument; the text names `label`, the place and what is
  /// wanted.
  static Result<ModelList> parse(std::string_view label, std::string_view json);

  ModelList(ModelList&&) = default;
  ModelList& operator=(ModelList&&) = default;
  ModelList(const ModelList&) = delete;
  ModelList& operator=(const ModelList&) = delete;

  const std::vector<ModelEntry>& models() const { return models_; }
  /// Errors: not_found, with the name that was probably meant and all that there are.
  Result<const ModelEntry*> find(std::string_view id) const;

 private:
  friend class ListReader;
  ModelList() = default;
  std::vector<Part> parts_;  // filled before models_ points into it
  std::vector<ModelEntry> models_;
};

/// The list that is built in. Read once; a broken one is a defect, which a test finds.
const ModelList& builtin_models();

/// True for a path that may be asked of a hub and that names a file in a folder: parts of [A-Za-z0-9._-]
/// between
/// '/', none of them "." or "..", at most 200 bytes.
bool is_plain_path(std::string_view path);

/// The files that the index of a sharded model names, each once, in order of their names. Any bytes may be
/// given. Errors: corrupt_input (no index, or a name that is not that of a file beside it), over_limit.
Result<std::vector<std::string>> shards_of_index(std::string_view json);
inline constexpr size_t kIndexBytesMax = 16 << 20;

}  // namespace troupe::shelf
