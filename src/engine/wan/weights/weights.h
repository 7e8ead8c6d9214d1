// The tensors of one network, whatever files they lie in, under the names of the model's authors.
#pragma once

#include <ATen/ATen.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engine/wan/files/tensor_file.h"
#include "engine/wan/nn/compute.h"
#include "engine/wan/nn/ops.h"
#include "engine/wan/weights/names.h"

namespace troupe::engine::wan {

/// What is added to a weight when it is read: the sum of LoRAs (lora.h).
class WeightDeltas {
 public:
  virtual ~WeightDeltas() = default;
  /// Whether something is to be added to this tensor.
  virtual bool changes(std::string_view name) const = 0;
  /// The tensor with it, in float; `weight` is float and is not changed.
  virtual at::Tensor apply(std::string_view name, const at::Tensor& weight) const = 0;
};

/// One network's tensors. Reading copies and converts only where it must: a tensor that has the wanted type
/// already and lies on the CPU is a view of the mapped file, and must not be written to. Scaled 8-bit floats
/// ("scale_weight", "weight_scale") are multiplied out. Thread-safety: const members may be called from
/// several threads.
class Weights {
 public:
  /// Takes the files of one network. Errors: unsupported (no network that is known, several, or scales of a
  /// kind that is not read), conflict (one tensor in two files).
  static Result<Weights> open(std::vector<TensorFile> files);

  Part part() const { return part_; }
  bool has(std::string_view name) const { return entries_.contains(name); }

  /// The shape of a tensor, or null.
  const std::vector<int64_t>* shape(std::string_view name) const;

  /// Whether read() on the CPU gives a view of the file instead of a copy.
  bool in_place(std::string_view name, at::ScalarType type) const;
  /// Whether read() works scales or deltas into the tensor, which takes some copies in float for a moment.
  bool changed(std::string_view name) const;

  /// How many blocks there are of "blocks.": 1 + the largest number behind it, 0 if there is none.
  int64_t count(std::string_view list) const;

  /// "config" of safetensors' metadata, or empty.
  const std::string& config() const { return config_; }

  /// Reads one tensor. `shape`: what the network needs; one that holds the same values with other sides of
  /// size 1, or flattened (as GGUF stores five dimensions), is taken. Errors, naming the tensor: not_found,
  /// corrupt_input (another shape), unsupported; io, as intact(). Throws what ATen throws when memory runs
  /// out.
  Result<at::Tensor> read(std::string_view name, at::IntArrayRef shape, at::ScalarType type,
                          at::Device device) const;

  /// From now on read() adds these. May be null.
  void set_deltas(std::shared_ptr<const WeightDeltas> deltas) { deltas_ = std::move(deltas); }

  /// Whether all files can still be read as they were opened: io, naming the file, where one was cut
  /// meanwhile or its disk failed; what was read since, views too, may be zeros then. read() asks for what it
  /// reads.
  Result<void> intact() const;

  /// Bytes of all tensors as stored.
  int64_t bytes() const;

  /// Every name, in order.
  std::vector<std::string_view> names() const;

 private:
  struct Entry {
    const TensorView* view = nullptr;
    std::shared_ptr<const TensorFile> file;
    const TensorView* scale = nullptr;
    std::shared_ptr<const TensorFile> scale_file;
  };

  Result<void> add(const std::shared_ptr<const TensorFile>& file, int residuals);
  Result<at::Tensor> read_float(const std::string& name, const Entry& entry) const;

  Part part_ = Part::transformer;
  std::map<std::string, Entry, std::less<>> entries_;
  std::string config_;
  std::shared_ptr<const WeightDeltas> deltas_;
};

/// Reads the tensors of a module and keeps the first error, so that a network is put together without a test
/// behind every tensor: undefined tensors are returned after an error, and status() tells it.
class Reader {
 public:
  Reader(const Weights& weights, const Compute& compute) : weights_(weights), compute_(compute) {}

  /// Weights of matrix products, in the computing type.
  at::Tensor weight(const std::string& name, at::IntArrayRef shape);
  /// Norms, modulations: always in float.
  at::Tensor precise(const std::string& name, at::IntArrayRef shape);
  /// name.weight [out, in] and, if `bias`, name.bias [out].
  Linear linear(const std::string& name, int64_t out, int64_t in, bool bias = true);
  /// The same, in 8-bit floats where the computing is in those and the sides allow it.
  Linear small_linear(const std::string& name, int64_t out, int64_t in);
  /// The same, computed in float whatever the computing type.
  Linear precise_linear(const std::string& name, int64_t out, int64_t in);

  Result<void> status() const;

 private:
  at::Tensor read(const std::string& name, at::IntArrayRef shape, at::ScalarType type);

  const Weights& weights_;
  const Compute& compute_;
  std::optional<Error> error_;
};

}  // namespace troupe::engine::wan
