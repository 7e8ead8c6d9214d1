#include "work/decode/request.h"

#include <charconv>

namespace troupe::work {
namespace {

constexpr std::string_view kTasks[] = {"check", "picture", "samples", "clip", "last_frame", "play"};

// The one list of a request's numbers, in the order of its arguments.
template <class Request, class Visit>
void visit_numbers(Request& request, const Visit& visit) {
  visit(request.memory_bytes_max);
  visit(request.cpu_seconds_max);
  visit(request.image.size_bytes_max);
  visit(request.image.side_pixels_max);
  visit(request.image.pixels_max);
  visit(request.image.decoded_side_pixels_max);
  visit(request.video.size_bytes_max);
  visit(request.video.duration_max.milliseconds);
  visit(request.video.side_pixels_max);
  visit(request.video.pixels_max);
  visit(request.video.frames_max);
  visit(request.count);
  visit(request.play.size.width);
  visit(request.play.size.height);
  visit(request.play.rate.numerator);
  visit(request.play.rate.denominator);
}

}  // namespace

std::vector<std::string> to_arguments(const DecodeRequest& request) {
  std::vector<std::string> arguments = {std::string(kTasks[static_cast<size_t>(request.task)])};
  visit_numbers(request, [&](const auto& number) { arguments.push_back(std::to_string(number)); });
  arguments.push_back(request.play.audio ? "sound" : "silent");
  return arguments;
}

Result<DecodeRequest> parse_request(std::span<const std::string> arguments) {
  const Error wrong = make_error(ErrorCode::invalid_argument, "this is no request to a decode worker");
  if (arguments.empty()) return wrong;
  DecodeRequest request;
  size_t task = 0;
  while (task < std::size(kTasks) && kTasks[task] != arguments[0]) ++task;
  if (task == std::size(kTasks)) return wrong;
  request.task = static_cast<DecodeTask>(task);
  size_t at = 1;
  bool good = true;
  visit_numbers(request, [&](auto& number) {
    if (at >= arguments.size()) {
      good = false;
      return;
    }
    const std::string& text = arguments[at++];
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    good = good && error == std::errc() && end == text.data() + text.size();
  });
  if (!good || at + 1 != arguments.size()) return wrong;
  request.play.audio = arguments[at] == "sound";
  return request;
}

}  // namespace troupe::work
