#include "engine/wan/take/checkpoint.h"

#include <cstring>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <system_error>

#include "engine/wan/files/tensor_file.h"

namespace troupe::engine::wan {
namespace {

constexpr const char* kMetadata = "__metadata__";
constexpr size_t kEarlierMax = 8;    // clean samples that any sampler remembers, and more
constexpr size_t kPassesMax = 4096;  // of a take

using Tensors = std::vector<std::pair<std::string, at::Tensor>>;

Tensors tensors_of(const Checkpoint& checkpoint) {
  Tensors tensors;
  for (size_t i = 0; i < checkpoint.done.size(); ++i)
    tensors.emplace_back("done." + std::to_string(i), checkpoint.done[i]);
  if (!checkpoint.next) return tensors;
  tensors.emplace_back("latents", checkpoint.next->latents);
  const SamplerState& sampler = checkpoint.next->sampler;
  for (size_t i = 0; i < sampler.clean.size(); ++i)
    tensors.emplace_back("clean." + std::to_string(i), sampler.clean[i]);
  if (sampler.before.defined()) tensors.emplace_back("before", sampler.before);
  return tensors;
}

// All as floats on the CPU, without gaps.
std::string header_of(Tensors& tensors, const Checkpoint& checkpoint, const std::string& key) {
  nlohmann::ordered_json header;
  header[kMetadata] = {{"key", key},
                       {"step", std::to_string(checkpoint.next ? checkpoint.next->sampler.step : 0)}};
  int64_t offset = 0;
  for (auto& [name, tensor] : tensors) {
    tensor = tensor.to(at::kCPU, at::kFloat).contiguous();
    const int64_t end = offset + static_cast<int64_t>(tensor.nbytes());
    header[name] = {{"dtype", "F32"}, {"shape", tensor.sizes().vec()}, {"data_offsets", {offset, end}}};
    offset = end;
  }
  return header.dump();
}

at::Tensor tensor_of(const TensorFile& file, const std::string& name) {
  const TensorView* view = file.find(name);
  if (view == nullptr || view->dtype != DType::f32) return {};
  at::Tensor tensor = at::empty(view->shape, at::kFloat);
  std::memcpy(tensor.data_ptr(), view->bytes.data(), view->bytes.size());
  return tensor;
}

// done.0, done.1 … up to the first that is not there.
std::vector<at::Tensor> list_of(const TensorFile& file, const std::string& name, size_t most) {
  std::vector<at::Tensor> list;
  while (list.size() < most) {
    const at::Tensor tensor = tensor_of(file, name + "." + std::to_string(list.size()));
    if (!tensor.defined()) break;
    list.push_back(tensor);
  }
  return list;
}

}  // namespace

Result<void> save(const Checkpoint& checkpoint, const std::string& key, const std::filesystem::path& file) {
  Tensors tensors = tensors_of(checkpoint);
  const std::string header = header_of(tensors, checkpoint, key);
  std::filesystem::path part = file;
  part += ".part";
  {
    std::ofstream out(part, std::ios::binary | std::ios::trunc);
    const uint64_t size = header.size();
    out.write(reinterpret_cast<const char*>(&size), sizeof size);
    out << header;
    for (const auto& [name, tensor] : tensors)
      out.write(static_cast<const char*>(tensor.data_ptr()), static_cast<std::streamsize>(tensor.nbytes()));
    if (!out.flush()) return make_error(ErrorCode::io, "writing " + part.string() + " failed");
  }
  std::error_code failed;
  std::filesystem::rename(part, file, failed);
  if (failed) return make_error(ErrorCode::io, "writing " + file.string() + ": " + failed.message());
  return {};
}

std::optional<Checkpoint> load_checkpoint(const std::filesystem::path& file, const std::string& key) {
  const Result<TensorFile> opened = TensorFile::open(file);
  if (!opened) return std::nullopt;
  const auto& metadata = opened->metadata();
  const auto its_key = metadata.find("key");
  const auto step = metadata.find("step");
  if (its_key == metadata.end() || its_key->second != key || step == metadata.end()) return std::nullopt;
  Checkpoint checkpoint;
  checkpoint.done = list_of(*opened, "done", kPassesMax);
  const at::Tensor latents = tensor_of(*opened, "latents");
  if (!latents.defined()) return checkpoint;
  Sampled next;
  next.latents = latents;
  next.sampler.step = std::strtoll(step->second.c_str(), nullptr, 10);
  next.sampler.clean = list_of(*opened, "clean", kEarlierMax);
  next.sampler.before = tensor_of(*opened, "before");
  checkpoint.next = std::move(next);
  return checkpoint;
}

}  // namespace troupe::engine::wan
