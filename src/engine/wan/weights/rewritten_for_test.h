// Weights as they would be if their file were another one.
#pragma once

#include <ATen/ATen.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/wan/files/writers_for_test.h"
#include "engine/wan/weights/weights.h"

namespace troupe::engine::wan {

using NamedTensor = std::pair<std::string, at::Tensor>;

/// What `change` makes of every tensor, in float: another name, other values, or nothing at all; the file's
/// words on itself stay. Errors: as Weights::open().
inline Result<std::shared_ptr<Weights>> try_rewritten(
    const Weights& from, const std::function<std::optional<NamedTensor>(NamedTensor)>& change) {
  nlohmann::json header = {{"__metadata__", {{"config", from.config()}}}};
  std::string bytes;
  for (const std::string_view name : from.names()) {
    const at::Tensor tensor = from.read(name, *from.shape(name), at::kFloat, at::kCPU).value();
    const auto changed = change({std::string(name), tensor});
    if (!changed) continue;
    const at::Tensor values = changed->second.contiguous();
    const size_t begin = bytes.size();
    if (values.numel() > 0) bytes.append(static_cast<const char*>(values.data_ptr()), values.nbytes());
    header[changed->first] = {
        {"dtype", "F32"}, {"shape", values.sizes().vec()}, {"data_offsets", {begin, bytes.size()}}};
  }
  const auto path =
      std::filesystem::temp_directory_path() / ("troupe_rewritten_" + std::to_string(::getpid()));
  std::ofstream(path, std::ios::binary) << safetensors(header.dump(), bytes);
  std::vector<TensorFile> files;
  files.push_back(TensorFile::open(path).value());
  std::filesystem::remove(path);  // it stays mapped
  TROUPE_TRY(Weights weights, Weights::open(std::move(files)));
  return std::make_shared<Weights>(std::move(weights));
}
inline std::shared_ptr<Weights> rewritten(
    const Weights& from, const std::function<std::optional<NamedTensor>(NamedTensor)>& change) {
  return try_rewritten(from, change).value();
}

/// Without the tensors of such names.
inline std::shared_ptr<Weights> without(const Weights& from,
                                        const std::function<bool(const std::string&)>& of) {
  return rewritten(from, [&](NamedTensor tensor) {
    return of(tensor.first) ? std::nullopt : std::optional(std::move(tensor));
  });
}

}  // namespace troupe::engine::wan
