#include "bench/load/event_tail.h"

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "bench/load/client.h"
#include "bench/load/measures.h"

namespace troupe::bench {
namespace {

constexpr std::string_view kData = "data: ";

std::string value_of(std::string_view line, std::string_view before) {
  const size_t at = line.find(before);
  if (at == std::string_view::npos) return "";
  const size_t begin = at + before.size();
  return std::string(line.substr(begin, line.find_first_of("\",", begin) - begin));
}

}  // namespace

double milliseconds_of(const std::string& timestamp) {
  std::tm date{};
  double seconds = 0;
  std::sscanf(timestamp.c_str(), "%d-%d-%dT%d:%d:%lfZ", &date.tm_year, &date.tm_mon, &date.tm_mday,
              &date.tm_hour, &date.tm_min, &seconds);
  date.tm_year -= 1900;
  date.tm_mon -= 1;
  return (static_cast<double>(::timegm(&date)) + seconds) * 1000;
}

std::optional<Event> parse_event(std::string_view line) {
  if (!line.starts_with(kData) || line.find(R"("object":"event")") == std::string_view::npos)
    return std::nullopt;
  return Event{std::atoll(value_of(line, R"("id":)").c_str()), value_of(line, R"("type":")"),
               value_of(line, R"("job":")"), milliseconds_of(value_of(line, R"("timestamp":")"))};
}

EventTail::EventTail(uint16_t port, const std::string& secret, int64_t after) : socket_(connect_to({port})) {
  const std::string target = "/v1/events?previews=false&after=" + std::to_string(after);
  const std::string text = request_text("GET", target, secret);
  if (::send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL) < 0) socket_.reset();
}

std::optional<Event> EventTail::take_line() {
  for (size_t end; (end = text_.find('\n')) != std::string::npos;) {
    std::optional<Event> event = parse_event(std::string_view(text_).substr(0, end));
    text_.erase(0, end + 1);
    if (event) return event;
  }
  return std::nullopt;
}

std::optional<Event> EventTail::next(double patience_seconds) {
  const double end = seconds_now() + patience_seconds;
  while (socket_.is_open()) {
    if (auto event = take_line()) return event;
    pollfd wanted{socket_.get(), POLLIN, 0};
    const double left = end - seconds_now();
    if (left <= 0) break;
    const int ready = ::poll(&wanted, 1, static_cast<int>(left * 1000) + 1);
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) break;
    char block[16384];
    const ssize_t count = ::recv(socket_.get(), block, sizeof block, 0);
    if (count <= 0) {
      socket_.reset();
      break;
    }
    text_.append(block, static_cast<size_t>(count));
  }
  return std::nullopt;
}

std::optional<Event> EventTail::next_of(const std::string& type, const std::string& job,
                                        double patience_seconds) {
  const double end = seconds_now() + patience_seconds;
  while (auto event = next(end - seconds_now())) {
    if (event->type == type && (job.empty() || event->job == job)) return event;
  }
  return std::nullopt;
}

}  // namespace troupe::bench
