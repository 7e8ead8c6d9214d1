#include "cli/remote/watch_job.h"

#include <algorithm>

#include "cli/remote/job_json.h"
#include "cli/remote/json_values.h"
#include "cli/remote/plain_text.h"
#include "core/json_document.h"
#include "fetch/event_stream_reader.h"

namespace troupe::cli::remote {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kWaitUsual{1000}, kWaitMin{100}, kWaitMax{15000};
constexpr int kEventDepthMax = 32;

bool ends_watch(const std::string& type) {
  return type == "job.succeeded" || type == "job.failed" || type == "job.cancelled" || type == "job.parked" ||
         type == "job.deleted";
}

class Watch {
 public:
  Watch(Session& session, std::string id, ProgressBar& bar)
      : session_(session), target_("/v1/jobs/" + id), bar_(bar) {}

  Result<Answer> run() {
    while (!at_rest_) {
      const Result<fetch::ApiReply> reply = read_stream();
      if (at_rest_) break;
      if (reply && !passes(reply->status)) return session_.answer_of(*reply);
      if (!reply && !may_come_back(reply.error())) return reply.error();
      TROUPE_CHECK_OK(wait(reply));
    }
    Call look;
    look.target = target_;
    return session_.ask(look);
  }

 private:
  // One connection, until it ends or the job is at rest.
  Result<fetch::ApiReply> read_stream() {
    Call call;
    call.target = target_ + "/events?previews=false";
    call.headers["Accept"] = "text/event-stream";
    if (!last_event_id_.empty()) call.headers["Last-Event-ID"] = last_event_id_;
    fetch::ApiRequest request = session_.request(call);
    request.limits.idle = kStreamIdleMax;
    request.limits.size_bytes_max = fetch::kNoBound;
    fetch::EventStreamReader reader;
    request.on_head = [](const fetch::ApiReply& head) -> Result<void> {
      if (head.header("content-type").starts_with("text/event-stream")) return {};
      return make_error(ErrorCode::corrupt_input, "what comes is no event stream: is the address right?");
    };
    request.take = [&](ByteView bytes) {
      reached_ = true;
      return reader.take(bytes, [&](const fetch::ServerEvent& event) { return take(event); });
    };
    Result<fetch::ApiReply> reply = fetch::call_api(request);
    // What could not be sent back is no id.
    if (const std::string id = plain(reader.last_event_id()); id == reader.last_event_id() && !id.empty())
      last_event_id_ = id;
    if (reader.retry()) server_wait_ = std::clamp(*reader.retry(), kWaitMin, kWaitMax);
    return reply;
  }

  Result<void> take(const fetch::ServerEvent& event) {
    const JsonDocument document = parse_json(event.data, event.data.size(), kEventDepthMax);
    if (!document.errors.empty() || !document.root.is_object())
      return make_error(ErrorCode::corrupt_input, "an event of the server is no JSON object");
    lost_ = milliseconds(0);
    failures_ = 0;
    show(event.type, value_at(document.root, "data"));
    at_rest_ = ends_watch(event.type);
    // A parked job's stream stays open: it ends here.
    return at_rest_ ? Result<void>(make_error(ErrorCode::conflict, "at rest")) : Result<void>();
  }

  void show(const std::string& type, const nlohmann::json& data) {
    if (type == "job.progress") shown_ = read_progress(data);
    if (type == "job.queued") shown_ = {{"queued", 0, 0, 0}, {}};
    if (type == "job.running") shown_ = {{"starting", 0, 0, 0}, {}};
    if (type == "job.submitted") shown_.progress.stage = "sent on";
    if (type == "job.cancel_requested") shown_.progress.stage = "stopping";
    bar_.show(shown_.progress, shown_.seconds_left);
  }

  // Statuses after which the same may be asked again.
  static bool passes(int status) {
    return (status >= 200 && status < 300) || status == 429 || (status >= 502 && status <= 504);
  }

  bool may_come_back(const Error& error) const {
    return error.code == ErrorCode::unavailable || error.code == ErrorCode::timeout ||
           (error.code == ErrorCode::not_found && (reached_ || session_.has_answered()));
  }

  Result<void> wait(const Result<fetch::ApiReply>& reply) {
    milliseconds time = std::min(kWaitMax, server_wait_ * (1 << std::min(failures_, 5)));
    if (reply && reply->status >= 300) {
      const auto asked = session_.patience(reply, 1);
      time = std::max(time, asked.value_or(kWaitMax));
    }
    ++failures_;
    lost_ += time;
    if (lost_ > kLostMax) {
      return make_error(ErrorCode::unavailable, "the server at " + session_.options().server +
                                                    " has not come back; the job is kept there");
    }
    ToldProgress waiting = shown_;
    waiting.progress.stage = "connection lost";
    waiting.seconds_left.reset();
    if (failures_ > 1) bar_.show(waiting.progress, -1);  // the first time is short: it would only flicker
    return session_.pause(time);
  }

  Session& session_;
  const std::string target_;
  ProgressBar& bar_;
  std::string last_event_id_;
  milliseconds server_wait_ = kWaitUsual, lost_{0};
  int failures_ = 0;
  bool reached_ = false, at_rest_ = false;
  ToldProgress shown_;
};

}  // namespace

Result<Answer> watch_job(Session& session, const std::string& id, ProgressBar& bar) {
  Result<Answer> answer = Watch(session, id, bar).run();
  bar.clear();
  return answer;
}

}  // namespace troupe::cli::remote
