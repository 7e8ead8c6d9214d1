// Bodies from strangers, cut anywhere: what stays and what is taken out never depends on the cuts, nothing
// that is short is touched, and what is taken out is what a data URL's decoder would give.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "api/inline_media.h"

namespace {

using namespace troupe;

void require(bool condition) {
  if (!condition) std::abort();
}

class Counted final : public api::InlineMediaSink {
 public:
  std::string bytes;  // of all that ended; how much of a broken one comes depends on the cuts
  int open = 0, begun = 0;
  Result<void> begin() override {
    require(open++ == 0);
    ++begun;
    medium_.clear();
    return {};
  }
  Result<void> write(ByteView more) override {
    require(open == 1 && !more.empty());
    medium_.append(more.begin(), more.end());
    return {};
  }
  Result<void> end() override {
    require(open-- == 1);
    bytes += medium_ + '|';
    return {};
  }
  void drop() override {
    require(open-- == 1);
    bytes += '!';
  }

 private:
  std::string medium_;
};

struct Outcome {
  bool read = false;
  std::string json, bytes;
  size_t media = 0;
  bool operator==(const Outcome&) const = default;
};

Outcome read(std::string_view body, size_t piece) {
  Counted sink;
  api::InlineMediaReader reader(sink, [](ByteView head) { return !head.empty() && head[0] == 0x89; });
  for (size_t at = 0; at < body.size(); at += piece)
    if (!reader.read(body.substr(at, piece))) return {};
  const api::InlineMediaText text = reader.finish();
  require(sink.open == 0 && text.media.size() <= static_cast<size_t>(sink.begun));
  return {true, text.json, sink.bytes, text.media.size()};
}

}  // namespace

// The first byte says how the rest is cut; every 'L' in it stands for many letters, so that short inputs
// reach what is long.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  std::string body;
  for (size_t i = 1; i < size && body.size() < (1 << 20); ++i) {
    if (data[i] == 'L') {
      body.append(api::kInlineMin / 2, 'A');
    } else {
      body += static_cast<char>(data[i]);
    }
  }
  const Outcome whole = read(body, body.size() + 1);
  require(whole == read(body, 1 + data[0] * 61u));
  if (body.size() < api::kInlineMin) require(whole.json == body && whole.media == 0);
  return 0;
}
