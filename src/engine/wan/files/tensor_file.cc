#include "engine/wan/files/tensor_file.h"

#include <algorithm>
#include <bit>
#include <numeric>
#include <utility>

#include "engine/wan/files/contents.h"
#include "engine/wan/files/cursor.h"
#include "engine/wan/files/gguf.h"
#include "engine/wan/files/mapping.h"
#include "engine/wan/files/safetensors.h"
#include "engine/wan/files/torch_archive.h"

namespace troupe::engine::wan {

static_assert(std::endian::native == std::endian::little, "values are used as they lie in the files");

namespace {

Error unknown_format(std::string_view start, std::string_view label) {
  if (start.starts_with("version https://git-lfs")) {
    return unsupported(label, "it is a Git LFS pointer, not the weights; fetch them with `git lfs pull`");
  }
  if (start.starts_with("<")) {
    return unsupported(label, "it is a web page, not weights: the download went wrong");
  }
  const bool is_pickle = start.size() > 1 && start[0] == '\x80' && start[1] <= 5;
  if (is_pickle || start.substr(0, 512).find("ustar") != std::string_view::npos) {
    return unsupported(label,
                       "it is a torch file in the format from before PyTorch 1.6; convert it in Python: "
                       "torch.save(torch.load(old, weights_only=True), new)");
  }
  return unsupported(label, "it is no weight file that is read: safetensors, torch.save (.pth, .pt) or GGUF");
}

Result<Format> find_format(ByteSpan bytes, std::string_view label) {
  constexpr size_t kLengthBytes = 8;
  const std::string_view start = Cursor(bytes).text(std::min<size_t>(bytes.size(), 512));
  // A safetensors header of a certain length begins like a zip archive; its ninth byte tells.
  const bool has_brace = start.size() > kLengthBytes && start[kLengthBytes] == '{';
  if (start.starts_with("GGUF")) return Format::gguf;
  if (start.starts_with("PK") && !has_brace) return Format::torch;
  if (has_brace) return Format::safetensors;
  return unknown_format(start, label);
}

Result<Contents> read_contents(Format format, ByteSpan bytes, std::string_view label) {
  switch (format) {
    case Format::torch:
      return read_torch(bytes, label);
    case Format::gguf:
      return read_gguf(bytes, label);
    case Format::safetensors:
      break;
  }
  return read_safetensors(bytes, label);
}

}  // namespace

std::string_view name(Format format) {
  switch (format) {
    case Format::torch:
      return "torch";
    case Format::gguf:
      return "gguf";
    case Format::safetensors:
      break;
  }
  return "safetensors";
}

TensorFile::TensorFile() = default;
TensorFile::TensorFile(TensorFile&&) noexcept = default;
TensorFile& TensorFile::operator=(TensorFile&&) noexcept = default;
TensorFile::~TensorFile() = default;

const std::vector<TensorView>& TensorFile::tensors() const { return contents_->tensors; }
const std::map<std::string, std::string>& TensorFile::metadata() const { return contents_->metadata; }
Format TensorFile::format() const { return format_; }
bool TensorFile::damaged() const { return mapping_ && mapping_->damaged(); }
const std::string& TensorFile::label() const { return label_; }

Result<TensorFile> TensorFile::read(TensorFile file) {
  const ByteSpan bytes = file.mapping_ ? file.mapping_->bytes() : ByteSpan(file.memory_);
  TROUPE_TRY(file.format_, find_format(bytes, file.label_));
  TROUPE_TRY(Contents contents, read_contents(file.format_, bytes, file.label_));
  file.contents_ = std::make_unique<Contents>(std::move(contents));

  const std::vector<TensorView>& tensors = file.contents_->tensors;
  file.by_name_.resize(tensors.size());
  std::iota(file.by_name_.begin(), file.by_name_.end(), 0u);
  std::sort(file.by_name_.begin(), file.by_name_.end(),
            [&](uint32_t a, uint32_t b) { return tensors[a].name < tensors[b].name; });
  for (size_t i = 1; i < tensors.size(); ++i) {
    const std::string& tensor = tensors[file.by_name_[i]].name;
    if (tensor == tensors[file.by_name_[i - 1]].name) {
      return corrupt(file.label_, "it has tensor " + in_quotes(tensor) + " twice");
    }
  }
  return file;
}

Result<TensorFile> TensorFile::open(const std::filesystem::path& path) {
  TensorFile file;
  TROUPE_TRY(file.mapping_, Mapping::open(path));
  file.label_ = path.string();
  return read(std::move(file));
}

Result<TensorFile> TensorFile::from_bytes(std::vector<std::byte> bytes, std::string label) {
  TensorFile file;
  file.memory_ = std::move(bytes);
  file.label_ = std::move(label);
  return read(std::move(file));
}

const TensorView* TensorFile::find(std::string_view tensor) const {
  const std::vector<TensorView>& all = contents_->tensors;
  const auto at =
      std::lower_bound(by_name_.begin(), by_name_.end(), tensor,
                       [&](uint32_t index, std::string_view wanted) { return all[index].name < wanted; });
  return at != by_name_.end() && all[*at].name == tensor ? &all[*at] : nullptr;
}

}  // namespace troupe::engine::wan
