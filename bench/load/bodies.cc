#include <array>
#include <atomic>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/bytes.h"
#include "base/ids.h"
#include "bench/load/client.h"
#include "bench/load/event_tail.h"
#include "bench/load/measures.h"
#include "bench/load/noise_picture.h"
#include "bench/load/sections.h"

namespace troupe::bench {
namespace {

constexpr int kSide = 2240;  // 15 MB a picture; five in base 64 are 100 MB
constexpr int kPictures = 5;
constexpr int kAtOnce = 8;
constexpr int kAnswerPatienceSeconds = 60;
constexpr double kJobPatienceSeconds = 60;
constexpr std::array<std::string_view, kPictures> kBeforePicture{
    R"({"prompt": "@a meets @b and @c", "duration": 1, "fps": 8, "resolution": "64x64", "first_frame": ")",
    R"(", "last_frame": ")", R"(", "elements": [{"name": "a", "frontal": ")",
    R"("}, {"name": "b", "frontal": ")", R"("}, {"name": "c", "frontal": ")"};
constexpr std::string_view kEnd = R"("}]})", kScheme = "data:image/png;base64,";

// What all large requests share: the pictures but for their ends.
class Pictures {
 public:
  Pictures() {
    for (int i = 0; i < kPictures; ++i) {
      std::string begin = noise_picture_begin(kSide, static_cast<uint32_t>(i));
      rests_.push_back(begin.substr(begin.size() - begin.size() % 3));
      begin.resize(begin.size() - begin.size() % 3);
      begins_.push_back(to_base64(as_bytes(begin)));
    }
  }
  const std::string& begin(int i) const { return begins_[static_cast<size_t>(i)]; }
  std::string end(int i, const std::string& mark) const {
    return to_base64(as_bytes(rests_[static_cast<size_t>(i)] + picture_end(mark)));
  }

 private:
  std::vector<std::string> begins_, rests_;
};

// One request, without a copy of the pictures.
class LargeRequest {
 public:
  LargeRequest(const Pictures& pictures, const std::string& secret, const std::string& mark) {
    for (int i = 0; i < kPictures; ++i) ends_.push_back(pictures.end(i, mark));
    for (int i = 0; i < kPictures; ++i) {
      const auto at = static_cast<size_t>(i);
      parts_.insert(parts_.end(), {kBeforePicture[at], kScheme, pictures.begin(i), ends_[at]});
    }
    parts_.push_back(kEnd);
    for (const std::string_view part : parts_) bytes_ += part.size();
    head_ = "POST /v1/jobs HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer " + secret +
            "\r\nContent-Length: " + std::to_string(bytes_) + "\r\n\r\n";
    parts_.insert(parts_.begin(), head_);
  }
  LargeRequest(const LargeRequest&) = delete;
  LargeRequest& operator=(const LargeRequest&) = delete;
  const std::vector<std::string_view>& parts() const { return parts_; }
  size_t bytes() const { return bytes_; }

 private:
  std::string head_;
  std::vector<std::string> ends_;
  std::vector<std::string_view> parts_;
  size_t bytes_ = 0;
};

// Sends `count` requests at once; how many were accepted.
int send_at_once(const Served& server, const Pictures& pictures, const std::string& secret, int count) {
  std::atomic<int> accepted = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < count; ++i) {
    threads.emplace_back([&, i] {
      const LargeRequest request(pictures, secret, std::to_string(count) + " at once, " + std::to_string(i));
      const auto answer = Client(server.port(), secret, kAnswerPatienceSeconds).send(request.parts());
      if (answer && answer->status == 202) ++accepted;
    });
  }
  for (std::thread& thread : threads) thread.join();
  return accepted;
}

// Nothing is rendered meanwhile, so that the memory is that of taking requests in.
void measure(const Ground& ground, const Served& server, const Pictures& pictures, const ServedKey& key,
             int count, Report& report) {
  const LargeRequest sample(pictures, key.secret, "sample");
  const double stored = seconds_to_store(ground.data, sample.parts(), count);
  const int64_t before = server.resident_bytes();
  server.forget_peak();
  const double processor_before = server.processor_seconds(), begin = seconds_now();
  const int accepted = send_at_once(server, pictures, key.secret, count);
  const double took = seconds_now() - begin, bytes = static_cast<double>(sample.bytes()) * count;
  const double growth = static_cast<double>(server.peak_bytes() - before);
  report.row(std::to_string(count) + " of 100 MB at once",
             {{"accepted", static_cast<double>(accepted)},
              {"peak_growth_MB", growth / 1e6},
              {"growth_to_bytes", growth / bytes},
              {"time_to_disk", took / stored},
              {"processor_s_per_100MB", (server.processor_seconds() - processor_before) / count}});
  report.must(accepted == count, std::to_string(count - accepted) + " large requests were not accepted");
}

}  // namespace

Result<void> measure_bodies(const Ground& ground, Report& report) {
  TROUPE_TRY(const ServedKey key, make_key(ground));
  const Pictures pictures;
  {
    TROUPE_TRY(Served server, Served::start(ground, 0));
    if (!Client(server.port(), key.secret).call("GET", "/v1/jobs"))
      return make_error(ErrorCode::unavailable, "the server does not answer");
    measure(ground, server, pictures, key, 1, report);
    measure(ground, server, pictures, key, kAtOnce, report);
    server.stop();
  }
  TROUPE_TRY(const Served server, Served::start(ground, 1));
  const double begin = seconds_now();
  EventTail tail(server.port(), key.secret, 0);
  std::string first;
  while (const auto event = tail.next(kJobPatienceSeconds)) {
    if (first.empty()) first = event->job;
    if (event->job != first || event->type == "job.queued" || event->type == "job.running" ||
        event->type == "job.progress")
      continue;
    report.row("its job", {{"succeeded", event->type == "job.succeeded" ? 1.0 : 0.0},
                           {"seconds", seconds_now() - begin}});
    report.must(event->type == "job.succeeded", "the job of a large request ended as " + event->type);
    return {};
  }
  return make_error(ErrorCode::timeout, "the job of a large request does not end");
}

}  // namespace troupe::bench
