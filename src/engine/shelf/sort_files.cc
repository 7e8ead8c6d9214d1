#include "engine/shelf/sort_files.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <set>
#include <system_error>

#include "core/short_text.h"
#include "engine/wan/files/tensor_file.h"
#include "engine/wan/weights/names.h"

namespace troupe::shelf {
namespace {

namespace fs = std::filesystem;
namespace wan = engine::wan;

constexpr int kFolderDepthMax = 3;
constexpr size_t kFolderFilesMax = 10000;
constexpr uintmax_t kTokenizerBytesMin = 16, kTokenizerBytesMax = 64 << 20;
constexpr char kTokenizerFirstByte = 0x0A;  // field 1 of a ModelProto: the pieces
constexpr size_t kShardSuffix = std::string_view("-00001-of-00006").size();

struct Source {
  fs::path file;
  bool named = false;  // by the user, not met in a folder
};

bool is_weights_name(const fs::path& file) {
  constexpr std::array<std::string_view, 5> kEndings = {".safetensors", ".pth", ".pt", ".bin", ".gguf"};
  const std::string ending = lower_ascii(file.extension().string());
  return std::find(kEndings.begin(), kEndings.end(), ending) != kEndings.end();
}

Result<void> walk(const fs::path& folder, std::vector<Source>& out) {
  std::error_code error;
  fs::recursive_directory_iterator it(folder, fs::directory_options::follow_directory_symlink, error);
  for (; !error && it != fs::recursive_directory_iterator(); it.increment(error)) {
    // A link that leads nowhere, or to itself, is nothing to go into.
    if (it.depth() >= kFolderDepthMax || !it->is_directory(error)) it.disable_recursion_pending();
    if (it->is_regular_file(error)) out.push_back({it->path(), false});
    if (out.size() > kFolderFilesMax)
      return make_error(ErrorCode::over_limit,
                        folder.string() + " has more than 10,000 files: name the model's.");
  }
  if (error) return make_error(ErrorCode::io, folder.string() + " can't be searched: " + error.message());
  return {};
}

Result<std::vector<Source>> collect(std::span<const fs::path> sources) {
  std::vector<Source> all;
  for (const fs::path& source : sources) {
    std::error_code error;
    if (fs::is_directory(source, error)) {
      TROUPE_CHECK_OK(walk(source, all));
    } else if (fs::is_regular_file(source, error)) {
      all.push_back({source, true});
    } else if (error && error != std::errc::no_such_file_or_directory) {
      return make_error(ErrorCode::io, source.string() + " can't be read: " + error.message());
    } else {
      return make_error(ErrorCode::not_found, source.string() + ": there is no such file or folder.");
    }
  }
  // Of two names of one file, the one that the user gave counts.
  std::sort(all.begin(), all.end(), [](const Source& a, const Source& b) {
    return std::pair(!a.named, a.file) < std::pair(!b.named, b.file);
  });
  return all;
}

// "x-00002-of-00006.safetensors" as "x.safetensors": what the shards of one file have in common.
fs::path without_shard(const fs::path& file) {
  const std::string stem = file.stem().string();
  if (stem.size() <= kShardSuffix) return file;
  std::string shape = stem.substr(stem.size() - kShardSuffix);
  std::replace_if(shape.begin(), shape.end(), ascii_digit, '0');
  if (shape != "-00000-of-00000") return file;
  return file.parent_path() / (stem.substr(0, stem.size() - kShardSuffix) + file.extension().string());
}

Result<void> check_tokenizer(const fs::path& file) {
  std::error_code error;
  const auto size = fs::file_size(file, error);
  char first = 0;
  std::ifstream(file, std::ios::binary).get(first);
  if (!error && size >= kTokenizerBytesMin && size <= kTokenizerBytesMax && first == kTokenizerFirstByte)
    return {};
  return make_error(ErrorCode::corrupt_input, file.string() + " is no SentencePiece model.");
}

std::vector<std::string_view> names_in(const std::vector<wan::TensorFile>& files) {
  std::vector<std::string_view> names;
  for (const wan::TensorFile& file : files)
    for (const wan::TensorView& tensor : file.tensors()) names.push_back(tensor.name);
  return names;
}

std::optional<Role> role_of(wan::Part part) {
  switch (part) {
    case wan::Part::transformer:
      return Role::transformer;
    case wan::Part::text_encoder:
      return Role::text_encoder;
    case wan::Part::vae:
      return Role::vae;
    case wan::Part::tiny_vae:
      return Role::tiny_vae;
    case wan::Part::lora:
      return std::nullopt;
  }
  return std::nullopt;
}

// What a transformer's own tensors say of its shape.
void look_at_transformer(const std::vector<wan::TensorFile>& files, SortedPart& part) {
  for (const wan::TensorFile& file : files) {
    for (const wan::TensorView& tensor : file.tensors()) {
      const std::string own = wan::canonical(wan::Part::transformer, tensor.name);
      const bool telling = own == "patch_embedding.weight" || own == "blocks.0.self_attn.q.weight";
      if (telling && !tensor.shape.empty()) part.width = tensor.shape[0];
      part.vace = part.vace || own.starts_with("vace_blocks.");
    }
  }
}

// How many values the encoder gives for a token.
void look_at_text_encoder(const std::vector<wan::TensorFile>& files, SortedPart& part) {
  for (const wan::TensorFile& file : files) {
    for (const wan::TensorView& tensor : file.tensors()) {
      const bool table = wan::canonical(wan::Part::text_encoder, tensor.name) == "token_embedding.weight";
      if (table && tensor.shape.size() == 2) part.width = tensor.shape[1];
    }
  }
}

// What shards of one file, or one file, are; nothing for weights of something else.
Result<std::optional<SortedPart>> tell(const std::vector<fs::path>& files) {
  TROUPE_TRY(const std::vector<wan::TensorFile> opened, wan::open_sharded(files));
  const auto part = wan::part_of(names_in(opened));
  if (part == wan::Part::lora)
    return make_error(ErrorCode::invalid_argument,
                      files.front().string() +
                          " is a LoRA, which is no part of a model: it is named when a video is "
                          "made.");
  if (!part) return std::optional<SortedPart>();
  SortedPart sorted{*role_of(*part), files, 0, false};
  if (sorted.role == Role::transformer) look_at_transformer(opened, sorted);
  if (sorted.role == Role::text_encoder) look_at_text_encoder(opened, sorted);
  return std::optional(std::move(sorted));
}

// Takes what was found into the list, joined with what is there of the same part.
Result<void> join(SortedPart found, std::vector<SortedPart>& parts) {
  const auto same = std::find_if(parts.begin(), parts.end(), [&](auto& p) { return p.role == found.role; });
  if (same == parts.end()) {
    parts.push_back(std::move(found));
    return {};
  }
  std::vector<fs::path> both = same->files;
  both.insert(both.end(), found.files.begin(), found.files.end());
  const bool apart = found.role != Role::tokenizer && wan::open_sharded(both).has_value();
  if (!apart)
    return make_error(ErrorCode::invalid_argument,
                      same->files.front().string() + " and " + found.files.front().string() +
                          " are both the " + std::string(words(found.role)) +
                          ": name the files that you mean instead of their folder.");
  same->files = std::move(both);
  same->vace = same->vace || found.vace;
  same->width = std::max(same->width, found.width);
  return {};
}

class Sorter {
 public:
  Result<Sorted> sort(const std::vector<Source>& sources) {
    std::map<fs::path, std::vector<fs::path>> groups;
    std::set<fs::path> named;
    for (const Source& source : sources) {
      const bool tokenizer = source.file.extension() == ".model";
      const bool weights = !tokenizer && (source.named || is_weights_name(source.file));
      if ((tokenizer || weights) && !is_new(source.file)) continue;
      if (tokenizer) {
        TROUPE_CHECK_OK(take_tokenizer(source));
      } else if (weights) {
        groups[without_shard(source.file)].push_back(source.file);
        if (source.named) named.insert(without_shard(source.file));
      } else {
        sorted_.passed_over.push_back(source.file);
      }
    }
    for (const auto& [group, files] : groups) TROUPE_CHECK_OK(take(files, named.count(group) > 0));
    return std::move(sorted_);
  }

 private:
  // False for a file that was met before under another name: by a link, or in a folder that was named twice.
  bool is_new(const fs::path& file) {
    struct stat status {};
    return ::stat(file.c_str(), &status) != 0 || met_.emplace(status.st_dev, status.st_ino).second;
  }

  Result<void> take_tokenizer(const Source& source) {
    const Result<void> good = check_tokenizer(source.file);
    if (good) return join({Role::tokenizer, {source.file}, 0, false}, sorted_.parts);
    if (source.named) return good;
    sorted_.passed_over.push_back(source.file);
    return {};
  }

  Result<void> take(const std::vector<fs::path>& files, bool named) {
    Result<std::optional<SortedPart>> found = tell(files);
    if (found && *found) return join(std::move(**found), sorted_.parts);
    const bool damaged = !found && found.error().code != ErrorCode::unsupported &&
                         found.error().code != ErrorCode::invalid_argument;
    if (!found && (named || damaged)) return found.error();
    if (named)
      return make_error(ErrorCode::unsupported,
                        files.front().string() + ": its tensors are of no network that is known here.");
    sorted_.passed_over.insert(sorted_.passed_over.end(), files.begin(), files.end());
    return {};
  }

  Sorted sorted_;
  std::set<std::pair<dev_t, ino_t>> met_;
};

}  // namespace

Result<Sorted> sort_files(std::span<const fs::path> sources) {
  TROUPE_TRY(const std::vector<Source> all, collect(sources));
  return Sorter().sort(all);
}

Result<SortedPart> check_files(Role role, const std::vector<fs::path>& files) {
  if (role == Role::tokenizer) {
    for (const fs::path& file : files) TROUPE_CHECK_OK(check_tokenizer(file));
    return SortedPart{role, files, 0, false};
  }
  TROUPE_TRY(std::optional<SortedPart> found, tell(files));
  if (found && found->role == role) return std::move(*found);
  return make_error(ErrorCode::corrupt_input, files.front().string() + ": its tensors are " +
                                                  (found ? "those of a " + std::string(words(found->role))
                                                         : "of no network that is known here") +
                                                  ", not those of a " + std::string(words(role)) + ".");
}

}  // namespace troupe::shelf
