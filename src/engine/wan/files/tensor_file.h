// Files of weights: named tensors, in the three containers that models are published in.
//
// * safetensors (huggingface/safetensors, README.md "Format"): a JSON header, then the bytes.
// * torch: what torch.save() of PyTorch 1.6 and later writes: a zip archive whose entries are stored, not
//   compressed, with a pickle that says which tensor lies where. The pickle is read by a machine that knows
//   the few instructions and names that a state dict needs; nothing of it is run, and whatever else it asks
//   for is an error (unpickler.h).
// * GGUF versions 2 and 3 (ggml-org/ggml, docs/gguf.md).
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engine/wan/files/dtype.h"

namespace troupe::engine::wan {

enum class Format { safetensors, torch, gguf };

/// "safetensors", "torch", "gguf".
std::string_view name(Format format);

/// A tensor that a TensorFile holds.
struct TensorView {
  std::string name;
  DType dtype = DType::f32;
  std::vector<int64_t> shape;  ///< outermost first; empty for a scalar; a side may be 0
  /// The values row by row, without gaps: bytes_of(dtype, shape) of them. They need not be aligned for their
  /// type, so read them with to_f32() and to_bf16() of dequantize.h, or copy them. Belong to the file.
  std::span<const std::byte> bytes;
};

class Mapping;
struct Contents;

/// One file of weights, open for reading. A file on disk is mapped: opening an 11 GB file reads its table
/// only, and what is read of the tensors can be dropped from memory by the system at any time. A file
/// that is cut while it is open, or whose disk fails, reads as zeros from there on, and is damaged(). One
/// that is removed, or replaced by renaming another one over it, stays as it was.
///
/// Everything that the file says of itself is checked when it is opened: a tensor that is there lies inside
/// the file and has as many bytes as its shape asks for. Values are not looked at, and checksums (a zip
/// archive has some) are not compared: a file that is damaged inside its values opens.
///
/// Thread-safety: const members may be called from any number of threads.
class TensorFile {
 public:
  /// Opens a file of any of the three formats, told apart by content. Never waits for a device or a pipe.
  /// Errors, each naming the file, the tensor if it is about one, and what to do: not_found (no such file, or
  /// not a regular one), io, corrupt_input (cut off or contradicting itself), over_limit (a table larger than
  /// any real model's), unsupported (another format; a kind of numbers or a compression that is not read; a
  /// pickle that asks for anything but tensors).
  static Result<TensorFile> open(const std::filesystem::path& file);

  /// The same for bytes in memory. `label` stands for the file name in errors. Any bytes may be given.
  static Result<TensorFile> from_bytes(std::vector<std::byte> bytes, std::string label);

  TensorFile(TensorFile&&) noexcept;
  TensorFile& operator=(TensorFile&&) noexcept;
  ~TensorFile();

  /// All tensors in the order of the file's table. No two have the same name. Valid, also after a move, as
  /// long as the file is open; a view's bytes as well.
  const std::vector<TensorView>& tensors() const;

  /// The tensor of that name, or null.
  const TensorView* find(std::string_view tensor) const;

  /// What the file says beside its tensors. safetensors: __metadata__. GGUF: texts, numbers and booleans as
  /// text, and arrays of up to 64 numbers as "1536,16,1,2,2"; other arrays (a vocabulary) are left out.
  /// torch: "state_dict", the key under which the tensors were found ("generator_ema"), where they were not
  /// at the top.
  const std::map<std::string, std::string>& metadata() const;

  Format format() const;

  /// Whether some of its bytes could not be read any more: what was read since it was opened may be zeros.
  bool damaged() const;

  /// The path it was opened with, or the label.
  const std::string& label() const;

 private:
  TensorFile();
  static Result<TensorFile> read(TensorFile file);

  std::string label_;
  Format format_ = Format::safetensors;
  std::unique_ptr<Mapping> mapping_;  // one of the two holds the file's bytes
  std::vector<std::byte> memory_;
  std::unique_ptr<Contents> contents_;
  std::vector<uint32_t> by_name_;  // indices of tensors, sorted by name
};

/// A model that may be split into several files. `path` is
/// * an index (`*.safetensors.index.json`): the files that its weight_map names, which lie beside it. A file
///   that is not there, or that lacks a tensor which the index says it has, is an error;
/// * a folder: its index, if it has exactly one; otherwise all its `*.safetensors`, in order of their names;
/// * any one file of weights.
/// No tensor is in two of the files. Errors: as TensorFile::open(), and invalid_argument for several indices
/// in a folder.
Result<std::vector<TensorFile>> open_sharded(const std::filesystem::path& path);

/// The files of a list, in its order. Errors: as TensorFile::open(); invalid_argument for an empty list, or
/// where two files have a tensor of the same name.
Result<std::vector<TensorFile>> open_sharded(std::span<const std::filesystem::path> files);

}  // namespace troupe::engine::wan
