#include "engine/upstream/replies.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <ctime>

namespace troupe::upstream {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

constexpr int kDepthMax = 32;  // of an answer

bool has_any(const std::string& text, std::initializer_list<const char*> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](const char* word) { return text.find(word) != std::string::npos; });
}

// Words by which providers tell a failure's class, in codes and in sentences; those of servers like this one
// too.
std::optional<FailureClass> class_of_words(const std::string& text) {
  if (has_any(text, {"unknownoutcome", "unknown_outcome", "provider made of it is not known"}))
    return FailureClass::unknown;
  if (has_any(text, {"moderat", "content policy", "content_policy", "datainspectionfailed", "safety", "nsfw",
                     "inappropriate", "sensitive content", "flagged as sensitive", "violates",
                     "refused for its content"}))
    return FailureClass::moderated;
  if (has_any(text, {"insufficient_", "insufficient balance", "insufficient credit", "insufficient fund",
                     "insufficient quota", "exceeded your current quota", "arrearage", "operator's account"}))
    return FailureClass::no_credit;
  if (has_any(text, {"throttl", "rate limit", "rate_limit", "too many", "at_capacity", "at capacity",
                     "runner_scheduling", "over the provider's limit"}))
    return FailureClass::over_limit;
  if (has_any(text, {"invalid", "unsupported", "parameter", "not_found", "corrupt", "value_error",
                     "does not take this request"}))
    return FailureClass::rejected;
  if (has_any(text, {"unavailable", "out of service", "timeout", "timed out", "server_error", "internal"}))
    return FailureClass::outage;
  return std::nullopt;
}

std::string cut(std::string message) {
  if (message.size() <= kFailureBytesMax) return message;
  size_t end = kFailureBytesMax;
  while (end > 0 && (static_cast<unsigned char>(message[end]) & 0xC0) == 0x80) --end;
  message.resize(end);
  return message;
}

void remove_key(std::string& text, const std::string& key) {
  constexpr std::string_view kInstead = "(key)";
  for (size_t at = text.find(key); at != std::string::npos; at = text.find(key, at + kInstead.size()))
    text.replace(at, key.size(), kInstead);
}

// A provider may repeat the key that it was sent, and its words are shown to whoever asked for the job.
// Looked for where nothing is escaped or cut yet.
void remove_key(Json& json, const std::string& key) {
  if (json.is_string()) return remove_key(json.get_ref<std::string&>(), key);
  if (!json.is_structured()) return;
  for (Json& inner : json) remove_key(inner, key);
}

}  // namespace

Json object_of(const Reply& reply) {
  if (reply.body.size() > kStateBytesMax) return nullptr;
  bool deep = false;
  const Json::parser_callback_t at_most = [&](int depth, Json::parse_event_t, Json&) {
    deep = deep || depth > kDepthMax;
    return !deep;
  };
  Json json = Json::parse(reply.body, at_most, false);
  if (deep || !json.is_object()) return nullptr;
  constexpr size_t kSearchedBytesMin = 4;
  if (reply.key.size() >= kSearchedBytesMin) remove_key(json, reply.key);
  return json;
}

std::string text_at(const Json& json, const char* pointer) {
  const Json::json_pointer place(pointer);
  if (!json.contains(place)) return "";
  const Json& value = json.at(place);
  return value.is_string() ? value.get<std::string>() : "";
}

std::optional<double> number_at(const Json& json, const char* pointer) {
  const Json::json_pointer place(pointer);
  if (!json.contains(place) || !json.at(place).is_number()) return std::nullopt;
  return json.at(place).get<double>();
}

Outcome<std::string> read_task(const Reply& reply, const char* id, const char* error) {
  constexpr size_t kIdBytesMax = 256;
  const Json json = object_of(reply);
  if (reply.status < 200 || reply.status > 299)
    return Outcome<std::string>::failed(failure_of(reply, text_at(json, error)));
  const std::string task = text_at(json, id);
  const bool plain = std::all_of(task.begin(), task.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' || c == '.' || c == ':';
  });
  const bool dots = task.find("..") != std::string::npos;
  if (task.empty() || task.size() > kIdBytesMax || !plain || dots)
    return Outcome<std::string>::failed(not_understood(reply));
  return Outcome<std::string>::of(task);
}

std::chrono::seconds retry_after(const Reply& reply) {
  const auto header = reply.headers.find("retry-after");
  if (header == reply.headers.end()) return std::chrono::seconds(0);
  constexpr int kMost = 3600;
  int seconds = 0;
  const std::string& text = header->second;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error == std::errc::result_out_of_range) return std::chrono::seconds(kMost);
  if (error != std::errc() || end != text.data() + text.size() || seconds < 0) return std::chrono::seconds(0);
  return std::chrono::seconds(std::min(seconds, kMost));
}

Failure failure_of(const Reply& reply, std::string message) {
  const int status = reply.status;
  Failure failure;
  if (status == 401 || status == 402 || status == 403) {
    failure.kind = FailureClass::no_credit;
  } else if (status == 408 || status == 429) {
    failure.kind = FailureClass::over_limit;
  } else if (status >= 400 && status < 500) {
    failure.kind = FailureClass::rejected;
  } else {
    failure.kind = FailureClass::outage;
  }
  const auto words = class_of_words(lower(message));
  if (status >= 400 && status < 500 && words == FailureClass::moderated)
    failure.kind = FailureClass::moderated;
  if (failure.kind == FailureClass::rejected && words == FailureClass::no_credit)
    failure.kind = FailureClass::no_credit;
  failure.message = message.empty() ? "The provider answered with HTTP status " + std::to_string(status) + "."
                                    : cut(std::move(message));
  failure.retry_after = retry_after(reply);
  return failure;
}

Failure not_understood(const Reply& reply) {
  return {FailureClass::unknown,
          "The provider answered with HTTP status " + std::to_string(reply.status) +
              " and something that is not its usual answer.",
          retry_after(reply)};
}

Failure task_failure(std::string_view code, std::string message) {
  Failure failure;
  const auto by_code = class_of_words(lower(code));
  failure.kind = by_code.value_or(class_of_words(lower(message)).value_or(FailureClass::outage));
  failure.message = message.empty() ? "The provider could not make the video." : cut(std::move(message));
  return failure;
}

std::optional<double> fraction_of_percent(std::optional<double> percent) {
  if (!percent) return std::nullopt;
  return std::clamp(*percent / 100, 0.0, 1.0);
}

Money money_of(double amount, Currency currency) {
  constexpr double kMost = 1e9;
  return {static_cast<int64_t>(std::clamp(amount, 0.0, kMost) * 1e6 + 0.5), currency};
}

Time time_of_millis(double millis) {
  constexpr double kMost = 4e12;  // the year 2096
  return Time(std::chrono::milliseconds(static_cast<int64_t>(std::clamp(millis, 0.0, kMost))));
}

std::optional<Time> parse_stamp(const std::string& text) {
  std::tm parts{};
  const char* end = ::strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
  if (end == nullptr) return std::nullopt;
  return Time(std::chrono::seconds(::timegm(&parts)));
}

std::string print(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace troupe::upstream
