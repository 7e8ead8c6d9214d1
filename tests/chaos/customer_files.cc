// A customer's pictures: whole, in pieces, and as an element.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "media/image_file.h"
#include "tests/chaos/customer.h"

namespace troupe::chaos {
namespace {

constexpr int kSide = 48;

// A disc on nothing, of a colour of its own, so that no two files are the same object.
std::string picture(Random& random) {
  const uint8_t colour[3] = {static_cast<uint8_t>(random.below(256)), static_cast<uint8_t>(random.below(256)),
                             static_cast<uint8_t>(random.below(256))};
  Image image(kSide, kSide);
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x) {
      const int dx = 2 * x - kSide, dy = 2 * y - kSide;
      const bool inside = dx * dx + dy * dy < kSide * kSide / 2;
      uint8_t* pixel = image.at(x, y);
      std::copy_n(colour, 3, pixel);
      pixel[3] = inside ? 255 : 0;
    }
  }
  const auto png = media::encode_png(image);
  return {png->begin(), png->end()};
}

}  // namespace

bool Customer::add_file(const Api& api) {
  const auto begun =
      std::find_if(files_.begin(), files_.end(), [](const SentFile& file) { return !file.complete; });
  if (begun != files_.end()) return go_on(api, *begun);
  SentFile file;
  file.bytes = picture(random_);
  const bool whole = random_.below(2) == 0;
  const std::string announced = Json{{"size_bytes", file.bytes.size()}, {"name", "fox.png"}}.dump();
  const auto answer = whole
                          ? api.call("POST", "/v1/uploads?name=fox.png", file.bytes)
                          : api.call("POST", "/v1/uploads", announced, "Content-Type: application/json\r\n");
  if (!answer) return false;
  if (!is_one_of(*answer, {201}, "uploading")) return true;
  file.id = json_of(*answer).value("id", "");
  file.complete = whole;
  files_.push_back(std::move(file));
  ++tally_.files;
  return true;
}

bool Customer::go_on(const Api& api, SentFile& file) {
  const auto seen = api.call("GET", "/v1/uploads/" + file.id);
  if (!seen) return false;
  if (!is_one_of(*seen, {200}, "asking how far an upload is")) return true;
  const std::string text(seen->headers.get("Upload-Offset"));
  const uint64_t offset = std::strtoull(text.c_str(), nullptr, 10);
  EXPECT_GE(offset, file.safe_bytes) << file.id << " lost bytes that were acknowledged";
  file.complete = json_of(*seen).value("complete", false);
  if (file.complete) return true;
  const size_t rest = file.bytes.size() - offset;
  const size_t count = rest > 1 && random_.below(2) == 0 ? rest / 2 : rest;
  const auto answer = api.call("PATCH", "/v1/uploads/" + file.id, file.bytes.substr(offset, count),
                               "Upload-Offset: " + text + "\r\n");
  if (!answer) return false;
  // 409: a process that was just started, or is just ending, still has the file open; it is gone on with
  // later.
  if (!is_one_of(*answer, {200, 409}, "sending a piece") || answer->status == 409) return true;
  file.safe_bytes = offset + count;
  file.complete = count == rest;
  return true;
}

bool Customer::add_element(const Api& api) {
  const auto frontal =
      std::find_if(files_.begin(), files_.end(), [](const SentFile& file) { return file.complete; });
  if (has_element_ || frontal == files_.end()) return true;
  const auto answer =
      api.call("POST", "/v1/elements", Json{{"name", "fox" + name_}, {"frontal", frontal->id}}.dump());
  if (!answer) return false;
  // 409: an earlier answer was lost.
  has_element_ = is_one_of(*answer, {201, 409}, "adding an element");
  return true;
}

}  // namespace troupe::chaos
