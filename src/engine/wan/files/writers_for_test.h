// Small weight files for tests, written byte by byte, so that any rule can be broken.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace troupe::engine::wan {

inline std::vector<std::byte> bytes_from(std::string_view text) {
  const auto* const begin = reinterpret_cast<const std::byte*>(text.data());
  return {begin, begin + text.size()};
}

/// A number's own bytes, little-endian.
template <class T>
std::string raw(T value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

template <class T>
std::string raw_all(const std::vector<T>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

inline std::string safetensors(std::string_view header, std::string_view data) {
  return raw(uint64_t{header.size()}) + std::string(header) + std::string(data);
}

/// A zip archive of stored entries.
class ZipWriter {
 public:
  uint16_t method = 0, flags = 0;
  bool zip64 = false;

  void add(const std::string& name, const std::string& bytes) {
    const auto size = static_cast<uint32_t>(bytes.size());
    const uint32_t listed = zip64 ? 0xFFFFFFFF : size;
    const std::string sizes =
        raw(uint32_t{0}) + raw(listed) + raw(listed) + raw(static_cast<uint16_t>(name.size()));
    const std::string head = raw(uint16_t{0}) + raw(flags) + raw(method) + raw(uint32_t{0});
    const std::string extra = raw(uint16_t{1}) + raw(uint16_t{24}) + raw(uint64_t{size}) +
                              raw(uint64_t{size}) + raw(uint64_t{body_.size()});
    directory_ += "PK\1\2" + raw(uint16_t{0}) + head + sizes +
                  raw(static_cast<uint16_t>(zip64 ? extra.size() : 0)) + std::string(10, '\0') +
                  raw(zip64 ? 0xFFFFFFFF : static_cast<uint32_t>(body_.size())) + name + (zip64 ? extra : "");
    body_ += "PK\3\4" + head + sizes + raw(uint16_t{0}) + name + bytes;
    ++entries_;
  }

  std::string finish() const {
    const auto size = static_cast<uint32_t>(directory_.size()), offset = static_cast<uint32_t>(body_.size());
    std::string end;
    if (zip64) {
      end = "PK\6\6" + raw(uint64_t{44}) + std::string(12, '\0') + raw(uint64_t{entries_}) +
            raw(uint64_t{entries_}) + raw(uint64_t{size}) + raw(uint64_t{offset});
      end += "PK\6\7" + raw(uint32_t{0}) + raw(uint64_t{body_.size() + directory_.size()}) + raw(uint32_t{1});
    }
    const uint16_t count = zip64 ? 0xFFFF : entries_;
    end += "PK\5\6" + raw(uint32_t{0}) + raw(count) + raw(count) + raw(zip64 ? 0xFFFFFFFF : size) +
           raw(zip64 ? 0xFFFFFFFF : offset) + raw(uint16_t{0});
    return body_ + directory_ + end;
  }

 private:
  std::string body_, directory_;
  uint16_t entries_ = 0;
};

// --- Pickles, as torch.save writes them
// -----------------------------------------------------------------------------

inline std::string pickle_text(std::string_view text) {
  return "X" + raw(static_cast<uint32_t>(text.size())) + std::string(text);
}
inline std::string pickle_int(int32_t value) { return "J" + raw(value); }
inline std::string pickle_tuple(const std::vector<int32_t>& values) {
  std::string text = "(";
  for (const int32_t value : values) text += pickle_int(value);
  return text + "t";
}
inline std::string pickle_storage(std::string_view type, std::string_view key, int32_t values) {
  return "(" + pickle_text("storage") + "ctorch\n" + std::string(type) + "\n" + pickle_text(key) +
         pickle_text("cpu") + pickle_int(values) + "tQ";
}
inline std::string pickle_tensor(const std::string& storage, int32_t offset,
                                 const std::vector<int32_t>& shape, const std::vector<int32_t>& strides) {
  return "ctorch._utils\n_rebuild_tensor_v2\n(" + storage + pickle_int(offset) + pickle_tuple(shape) +
         pickle_tuple(strides) + "\x89" + "ccollections\nOrderedDict\n)RtR";
}
/// A plain dict of texts to what the pickles in `items` make.
inline std::string pickle_dict(const std::vector<std::pair<std::string, std::string>>& items) {
  std::string text = "}(";
  for (const auto& [key, value] : items) text += pickle_text(key) + value;
  return text + "u";
}
inline std::string pickle_file(const std::string& value) { return "\x80\x02" + value + "."; }

/// A torch file of this pickle and these storages.
inline std::string torch_file(const std::string& pickle,
                              const std::vector<std::pair<std::string, std::string>>& storages = {},
                              const std::string& byte_order = "little") {
  ZipWriter zip;
  zip.add("model/data.pkl", pickle);
  zip.add("model/byteorder", byte_order);
  for (const auto& [key, bytes] : storages) zip.add("model/data/" + key, bytes);
  zip.add("model/version", "3\n");
  return zip.finish();
}

// --- GGUF
// -----------------------------------------------------------------------------------------------------------

inline std::string gguf_text(std::string_view text) { return raw(uint64_t{text.size()}) + std::string(text); }
inline std::string gguf_key(std::string_view key, uint32_t type, const std::string& value) {
  return gguf_text(key) + raw(type) + value;
}
/// `sides` innermost first, as in the file.
inline std::string gguf_tensor(std::string_view name, const std::vector<uint64_t>& sides, uint32_t type,
                               uint64_t offset) {
  return gguf_text(name) + raw(static_cast<uint32_t>(sides.size())) + raw_all(sides) + raw(type) +
         raw(offset);
}
inline std::string gguf(const std::vector<std::string>& keys, const std::vector<std::string>& tensors,
                        const std::string& data, uint32_t version = 3, size_t alignment = 32) {
  std::string file = "GGUF" + raw(version) + raw(uint64_t{tensors.size()}) + raw(uint64_t{keys.size()});
  for (const std::string& key : keys) file += key;
  for (const std::string& tensor : tensors) file += tensor;
  file.resize((file.size() + alignment - 1) / alignment * alignment);
  return file + data;
}

}  // namespace troupe::engine::wan
