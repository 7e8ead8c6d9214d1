#include "jobs/event_data.h"

#include "base/utf8.h"
#include "core/short_text.h"
#include "jobs/stored_words.h"

namespace troupe::jobs {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

void append_escaped(std::string& json, unsigned char c) {
  constexpr char kHex[] = "0123456789abcdef";
  if (c == '"' || c == '\\') {
    json += '\\';
    json += static_cast<char>(c);
  } else if (c < 0x20) {
    json += "\\u00";
    json += kHex[c >> 4];
    json += kHex[c & 15];
  } else {
    json += static_cast<char>(c);
  }
}

std::string error_json(const Error& error) {
  return "{\"code\":" + json_string(name(error.code)) + ",\"message\":" + json_string(error.message) +
         ",\"field\":" + json_string(error.field) + "}";
}

}  // namespace

std::string json_string(std::string_view text) {
  std::string json = "\"";
  for (size_t offset = 0; offset < text.size();) {
    const CodePoint point = code_point_at(text, offset);
    if (point.length > 1) {
      json += text.substr(offset, point.length);
    } else if (point.value == kReplacement) {
      json += "\xEF\xBF\xBD";
    } else {
      append_escaped(json, static_cast<unsigned char>(text[offset]));
    }
    offset += point.length;
  }
  return json + '"';
}

std::string state_data(const Job& job) {
  std::string json = "{\"state\":" + json_string(name(job.state)) +
                     ",\"attempts\":" + std::to_string(job.attempts) +
                     ",\"crashes\":" + std::to_string(job.crashes) +
                     ",\"cancel_requested\":" + (job.cancel_requested ? "true" : "false");
  if (job.error) json += ",\"error\":" + error_json(*job.error);
  if (is_final(job.state)) {
    json += ",\"charged\":{\"micros\":" + std::to_string(job.charged.micros) +
            ",\"currency\":" + json_string(word(job.charged.currency)) + "}";
  }
  return json + "}";
}

std::string deleted_data(const Job& job) {
  std::string json = state_data(job);
  json.insert(json.size() - 1,
              ",\"dialect\":" + json_string(job.dialect) + ",\"model\":" + json_string(job.model) +
                  ",\"created_ms\":" + std::to_string(job.created.time_since_epoch().count()));
  return json;
}

std::string abandoned_data(const Job& job) {
  std::string json = state_data(job);
  json.insert(json.size() - 1, ",\"abandoned\":true");
  return json;
}

std::string progress_data(const JobProgress& progress) {
  std::string json = "{\"stage\":" + json_string(progress.stage) +
                     ",\"fraction\":" + print_number(progress.fraction) +
                     ",\"frames_done\":" + std::to_string(progress.frames_done) +
                     ",\"frames_total\":" + std::to_string(progress.frames_total);
  if (progress.seconds_left) json += ",\"seconds_left\":" + print_number(*progress.seconds_left);
  return json + "}";
}

}  // namespace troupe::jobs
