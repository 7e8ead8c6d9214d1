// open_sharded() of tensor_file.h.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <unordered_set>
#include <utility>

#include "base/bytes.h"
#include "engine/wan/files/contents.h"

namespace troupe::engine::wan {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kIndexEnding = ".safetensors.index.json";
constexpr uint64_t kIndexBytesMax = 64 << 20;

// {"metadata": …, "weight_map": {"TENSOR": "FILE"}}, event by event; all but weight_map is passed over.
class IndexReader : public nlohmann::json_sax<nlohmann::json> {
 public:
  std::map<std::string, std::string> files;  // by tensor
  std::string problem;

  bool null() override { return other(); }
  bool boolean(bool) override { return other(); }
  bool number_integer(number_integer_t) override { return other(); }
  bool number_unsigned(number_unsigned_t) override { return other(); }
  bool number_float(number_float_t, const string_t&) override { return other(); }
  bool binary(binary_t&) override { return other(); }
  bool string(string_t& text) override {
    if (!in_map_) return true;
    if (files.size() == kTensorsMax) return fail("names more tensors than are read");
    if (!files.emplace(std::move(key_), std::move(text)).second) return fail("names a tensor twice");
    return true;
  }
  bool key(string_t& text) override {
    key_ = std::move(text);
    return true;
  }
  bool start_object(std::size_t) override {
    if (in_map_) return other();
    in_map_ = depth_++ == 1 && key_ == "weight_map";
    return true;
  }
  bool end_object() override {
    --depth_;
    in_map_ = false;
    return true;
  }
  bool start_array(std::size_t) override {
    ++depth_;
    return other();
  }
  bool end_array() override {
    --depth_;
    return true;
  }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::json::exception&) override {
    return fail("is no JSON at byte " + std::to_string(position));
  }

 private:
  bool other() { return in_map_ ? fail("has something else than a file's name in its weight_map") : true; }
  bool fail(std::string what) {
    problem = std::move(what);
    return false;
  }

  int64_t depth_ = 0;
  bool in_map_ = false;
  std::string key_;
};

/// An index may name files beside it only.
bool is_plain_name(std::string_view name) {
  return !name.empty() && name != "." && name != ".." && name.find('/') == std::string_view::npos &&
         name.find('\0') == std::string_view::npos;
}

Result<std::map<std::string, std::string>> read_index(const fs::path& path) {
  TROUPE_TRY(const Bytes bytes, read_file(path, kIndexBytesMax));
  IndexReader reader;
  if (!nlohmann::json::sax_parse(bytes.begin(), bytes.end(), &reader)) {
    return corrupt(path.string(), "the index " + reader.problem);
  }
  if (reader.files.empty()) return corrupt(path.string(), "the index has no weight_map, or an empty one");
  for (const auto& [tensor, file] : reader.files) {
    if (!is_plain_name(file)) {
      return corrupt(path.string(), "the index says that tensor " + in_quotes(tensor) + " is in " +
                                        in_quotes(file) + ", which is not a file beside it");
    }
  }
  return std::move(reader.files);
}

Result<std::vector<TensorFile>> open_index(const fs::path& path) {
  TROUPE_TRY(const auto index, read_index(path));
  std::set<std::string> names;
  for (const auto& [tensor, file] : index) names.insert(file);
  std::vector<fs::path> paths;
  for (const std::string& file : names) paths.push_back(path.parent_path() / file);
  TROUPE_TRY(std::vector<TensorFile> files, open_sharded(paths));
  for (const auto& [tensor, file] : index) {
    const auto place = static_cast<size_t>(std::distance(names.begin(), names.find(file)));
    if (!files[place].find(tensor)) {
      return corrupt(files[place].label(), "tensor " + in_quotes(tensor) + " is missing, which the index " +
                                               path.string() + " says it has; download both again");
    }
  }
  return files;
}

Result<std::vector<TensorFile>> open_folder(const fs::path& folder) {
  std::vector<fs::path> indices, weights;
  std::error_code problem;
  for (fs::directory_iterator entry(folder, problem), end; !problem && entry != end;
       entry.increment(problem)) {
    const std::string file = entry->path().filename().string();
    if (file.ends_with(kIndexEnding)) indices.push_back(entry->path());
    if (file.ends_with(".safetensors")) weights.push_back(entry->path());
  }
  if (problem)
    return make_error(ErrorCode::io, folder.string() + ": the folder can't be read: " + problem.message());
  if (indices.size() > 1) {
    return make_error(
        ErrorCode::invalid_argument,
        folder.string() + " has several indices; name one of them (*" + std::string(kIndexEnding) + ")");
  }
  if (indices.size() == 1) return open_index(indices[0]);
  if (weights.empty()) {
    return make_error(ErrorCode::not_found,
                      folder.string() + " has no *.safetensors; name a file of weights");
  }
  std::sort(weights.begin(), weights.end());
  return open_sharded(weights);
}

}  // namespace

Result<std::vector<TensorFile>> open_sharded(std::span<const fs::path> paths) {
  if (paths.empty()) return make_error(ErrorCode::invalid_argument, "no file of weights was named");
  std::vector<TensorFile> files;
  std::unordered_set<std::string_view> names;
  for (const fs::path& path : paths) {
    TROUPE_TRY(TensorFile file, TensorFile::open(path));
    for (const TensorView& tensor : file.tensors()) {
      if (!names.insert(tensor.name).second) {
        return make_error(ErrorCode::invalid_argument,
                          file.label() + ": tensor " + in_quotes(tensor.name) +
                              " is also in another of the files; name only the files of "
                              "one model");
      }
    }
    files.push_back(std::move(file));
  }
  return files;
}

Result<std::vector<TensorFile>> open_sharded(const fs::path& path) {
  std::error_code problem;
  if (fs::is_directory(path, problem)) return open_folder(path);
  if (path.string().ends_with(".json")) return open_index(path);
  return open_sharded(std::span(&path, 1));
}

}  // namespace troupe::engine::wan
