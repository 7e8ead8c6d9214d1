// The folder in which the neural engine's weights lie, and which models are complete in it.
//
//   SHELF/parts/PART/…         files of weights, each part once, however many models need it
//   SHELF/models/MODEL.json    which files make up the model's parts, with sizes and checksums
//   SHELF/lock                 held by the command that changes something
//
// Files are data: nothing that lies here is ever run.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/cancel.h"
#include "base/result.h"
#include "engine/shelf/model_list.h"

namespace troupe::shelf {

struct PartState {
  const Part* part = nullptr;  ///< of the model list
  bool optional = false;
  bool complete = false;     ///< every file is there with the size that was recorded
  bool shared = false;       ///< another model that is on the shelf needs it too
  uint64_t size_bytes = 0;   ///< of its files on the shelf
  uint64_t begun_bytes = 0;  ///< of a download that was interrupted
  std::vector<std::filesystem::path> files;
};

struct ModelState {
  const ModelEntry* model = nullptr;
  bool complete = false;  ///< every part that is not optional is
  bool licence_accepted = false;
  uint64_t size_bytes = 0;
  std::vector<PartState> parts;  ///< in the order of the model list, optional ones last

  /// Parts that are needed and not complete.
  std::vector<const Part*> missing() const;
};

/// What an engine opens. Lists are for wan::open_sharded().
struct ModelFiles {
  const ModelEntry* model = nullptr;
  std::vector<std::filesystem::path> transformer, text_encoder, vae;
  std::vector<std::filesystem::path> tiny_vae;  ///< empty: there is none
  std::filesystem::path tokenizer;
};

/// How files of the user's come onto the shelf.
enum class Placing {
  hard_link,      ///< or a copy, where that can't be
  symbolic_link,  ///< they stay where they are and must not go
  move
};

struct AddRequest {
  std::string model;
  std::vector<std::filesystem::path> sources;  ///< files, and folders, which are searched three levels deep
  Placing placing = Placing::hard_link;
};

struct AddReport {
  std::vector<const Part*> added, linked;          ///< linked: was on the shelf already
  std::vector<std::filesystem::path> passed_over;  ///< files that are no weights of this model
  std::vector<std::string> warnings;
  ModelState state;
};

/// A file that is not as it should be.
struct Trouble {
  std::string part;
  std::filesystem::path file;
  std::string what;
};

struct VerifyReport {
  uint64_t files = 0, checksums = 0;  ///< that were looked at
  std::vector<Trouble> troubles;
};

struct RemoveReport {
  uint64_t freed_bytes = 0;
  std::vector<std::string> removed, kept;  ///< parts; kept: another model needs them
};

/// Told of what a long call is at: how many bytes of how many.
using OnBytes = std::function<void(const std::string& what, uint64_t done, uint64_t total)>;

/// A shelf is its folder: objects of this class and other processes may be used at once. Reading sees all of
/// a change or nothing of it; changes exclude each other. Thread-safety: safe.
class Shelf {
 public:
  /// The folder need not exist. `models` outlives the shelf.
  explicit Shelf(std::filesystem::path folder, const ModelList& models = builtin_models());

  const std::filesystem::path& folder() const { return folder_; }
  const ModelList& models() const { return models_; }

  /// Every model that is known. Errors: corrupt_input (what the shelf remembers is damaged), io.
  Result<std::vector<ModelState>> list() const;
  /// Errors as well: not_found (no such model).
  Result<ModelState> state(const std::string& model) const;

  /// What to open for a model. Does not open it. Errors as well: not_found, with the command to run, if
  /// anything that it needs is missing.
  Result<ModelFiles> find(const std::string& model) const;

  /// Takes files that the user has. Each file is opened, and its part told from its tensors (tokenizers from
  /// their name); parts that are found replace the model's own; parts that are not are linked if another
  /// model has them. Errors: invalid_argument (weights of another model, two files with the same tensors,
  /// nothing found), corrupt_input, unsupported (a file that can't be read), conflict, io, unavailable (disk
  /// full), cancelled. After an error the shelf is as it was.
  Result<AddReport> add(const AddRequest& request, const OnBytes& on_bytes = {},
                        const CancelToken& cancel = {});

  /// Opens every file, checks its table and, where one is recorded, its checksum. `model` empty: all.
  /// Errors: not_found (no such model), corrupt_input, cancelled. What is wrong with files is in the report.
  Result<VerifyReport> verify(const std::string& model, const OnBytes& on_bytes = {},
                              const CancelToken& cancel = {}) const;

  /// Forgets a model and deletes what no other model on the shelf needs, begun downloads included.
  /// Errors: not_found (no such model, or nothing of it is here), conflict, io.
  Result<RemoveReport> remove(const std::string& model);

 private:
  std::filesystem::path folder_;
  const ModelList& models_;
};

}  // namespace troupe::shelf
