// Forms from strangers, in pieces of any size: what they come to never depends on the pieces, and is JSON
// that a dialect's parser can be given.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "api/form_json.h"
#include "base/utf8.h"

namespace {

using namespace troupe;

void require(bool condition) {
  if (!condition) std::abort();
}

class Counted final : public api::InlineMediaSink {
 public:
  size_t bytes = 0;
  int open = 0, begun = 0, dropped = 0;
  Result<void> begin() override {
    require(open++ == 0);
    ++begun;
    return {};
  }
  Result<void> write(ByteView more) override {
    require(open == 1);
    bytes += more.size();
    return {};
  }
  Result<void> end() override {
    require(open-- == 1);
    return {};
  }
  void drop() override {
    require(open-- == 1);
    ++dropped;
  }
};

struct Field {
  bool is_file = false;
  std::string name, value;
};

struct Outcome {
  std::string json;  // empty: refused
  size_t media = 0, bytes = 0;
  bool operator==(const Outcome&) const = default;
};

/// A field begins with the separator; a file's name with '@'; its value behind the first '='. Every 'L' of a
/// value stands for many letters, so that short inputs reach what is long.
std::vector<Field> fields_of(std::string_view text, char separator) {
  std::vector<Field> fields;
  size_t long_ones = 0;
  while (!text.empty()) {
    std::string_view part = text.substr(0, text.find(separator));
    text.remove_prefix(std::min(part.size() + 1, text.size()));
    Field field;
    field.is_file = part.starts_with('@');
    if (field.is_file) part.remove_prefix(1);
    field.name = part.substr(0, part.find('='));
    part.remove_prefix(std::min(field.name.size() + 1, part.size()));
    for (const char c : part) {
      if (c == 'L' && ++long_ones < 32) {
        field.value.append(api::kInlineMin, 'A');
      } else {
        field.value += c;
      }
    }
    fields.push_back(std::move(field));
  }
  return fields;
}

Result<api::InlineMediaText> read(const std::vector<Field>& fields, size_t piece, Counted& sink) {
  api::FormReader reader(sink, [](ByteView head) { return !head.empty() && head[0] == 0; });
  for (const Field& field : fields) {
    TROUPE_CHECK_OK(reader.begin(field.name, field.is_file));
    for (size_t at = 0; at < field.value.size(); at += piece)
      TROUPE_CHECK_OK(reader.data(as_bytes(std::string_view(field.value).substr(at, piece))));
    TROUPE_CHECK_OK(reader.end());
  }
  return reader.finish();
}

Outcome outcome(const std::vector<Field>& fields, size_t piece) {
  Counted sink;
  const auto text = read(fields, piece, sink);
  if (!text) {
    require(!text.error().message.empty() && is_utf8(text.error().message));
    return {};
  }
  require(sink.open == 0 && text->media.size() <= static_cast<size_t>(sink.begun));
  require(is_utf8(text->json) && nlohmann::json::parse(text->json).is_object());
  // How much of a broken medium was written depends on the pieces.
  return {text->json, text->media.size(), sink.dropped == 0 ? sink.bytes : 0};
}

}  // namespace

// The first byte separates the fields, the second says how their values are cut.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 2, size - 2);
  const auto fields = fields_of(text, static_cast<char>(data[0]));
  require(outcome(fields, 1 << 20) == outcome(fields, 1 + data[1] * 61u));
  return 0;
}
