// Venice's video API. Source: its API reference (swagger of 2026-08-21).
#include <algorithm>

#include "base/ids.h"
#include "engine/upstream/providers.h"
#include "engine/upstream/replies.h"
#include "engine/upstream/wording.h"

namespace troupe::upstream {
namespace {

constexpr std::chrono::milliseconds kPoll{5000};
constexpr uint64_t kInlineBytesMax = 10 << 20;  // of a request that may have 25 MB

// Kling's models know elements and scene images, all others one flat list.
bool has_elements(const std::string& model) { return model.starts_with("kling"); }

Json elements_json(const Order& order) {
  Json elements = Json::array();
  for (const Reference& reference : order.spec.references) {
    if (reference.kind != ReferenceKind::element) continue;
    Json element = Json::object();
    if (!reference.source.uri.empty()) element["frontal_image_url"] = reference.source.uri;
    if (reference.clip) element["video_url"] = reference.clip->uri;
    for (const MediaSource& angle : reference.angles) element["reference_image_urls"].push_back(angle.uri);
    elements.push_back(std::move(element));
  }
  return elements;
}

void add_references(Json& body, const Order& order, const std::string& model) {
  if (!has_elements(model)) {
    for (const Reference& reference : order.spec.references) {
      if (reference.clip) {
        body["reference_video_urls"].push_back(reference.clip->uri);
      } else {
        body["reference_image_urls"].push_back(reference.source.uri);
      }
    }
    return;
  }
  if (Json elements = elements_json(order); !elements.empty()) body["elements"] = std::move(elements);
  for (const Reference& reference : order.spec.references)
    if (reference.kind != ReferenceKind::element) body["scene_image_urls"].push_back(reference.source.uri);
}

class Venice final : public Provider {
 public:
  std::string_view name() const override { return "venice"; }
  std::string_view usual_base_url() const override { return "https://api.venice.ai/api/v1"; }
  engine::RemoteManners manners() const override { return {.inline_bytes_max = kInlineBytesMax}; }
  std::pair<std::string, std::string> authorisation(std::string_view key) const override {
    return {"Authorization", "Bearer " + std::string(key)};
  }

  Result<Compiled> compile(const Order& order, const std::string& model) const override {
    if (order.spec.extend)
      return make_error(ErrorCode::unsupported, "Venice goes on from no clip.", "/extend");
    Json body{{"model", model},
              {"prompt", prompt_text(order, has_elements(model) ? TagSpelling::kling : TagSpelling::spaced)},
              {"duration", whole_seconds(order.duration) + "s"},
              {"aspect_ratio", troupe::print(order.aspect_ratio)}};
    if (!order.spec.negative_prompt.empty()) body["negative_prompt"] = order.spec.negative_prompt;
    if (order.spec.resolution) body["resolution"] = std::to_string(order.tier) + "p";
    // Left out it is on for Kling there, and costs.
    if (order.spec.audio || has_elements(model)) body["audio"] = order.audio;
    if (order.spec.first_frame) body["image_url"] = order.spec.first_frame->uri;
    if (order.spec.last_frame) body["end_image_url"] = order.spec.last_frame->uri;
    add_references(body, order, model);
    Compiled compiled{{"POST", "/video/queue", {{"Content-Type", "application/json"}}, upstream::print(body)},
                      usual_unsaid(order)};
    if (order.spec.seed) compiled.unsaid.push_back("Venice takes no seed.");
    return compiled;
  }

  Outcome<std::string> read_submitted(const Reply& reply) const override {
    Outcome<std::string> task = read_task(reply, "/queue_id", "/error");
    // Some models hand their video out there and nowhere else.
    const std::string url = task.value ? text_at(object_of(reply), "/download_url") : "";
    const bool address = url.starts_with("https://") || url.starts_with("http://");
    if (address && task.value->size() + 1 + url.size() <= engine::kTaskBytesMax) *task.value += " " + url;
    return task;
  }

  Call ask(const std::string& task, const std::string& model) const override {
    const Json body{{"model", model}, {"queue_id", task.substr(0, task.find(' '))}};
    return {"POST", "/video/retrieve", {{"Content-Type", "application/json"}}, upstream::print(body)};
  }

  // A job that failed has no state of its own: the question for it fails.
  Outcome<TaskState> read_state(const Reply& reply) const override {
    TaskState state;
    state.ask_again = kPoll;
    const auto type = reply.headers.find("content-type");
    if (reply.status == 200 && type != reply.headers.end() && type->second.starts_with("video/")) {
      state.kind = TaskState::Kind::done;
      state.videos = {"data:video/mp4;base64," + to_base64(as_bytes(reply.body))};
      return Outcome<TaskState>::of(std::move(state));
    }
    const Json json = object_of(reply);
    if (reply.status == 200) return read_told(reply, json, std::move(state));
    return read_failed(reply, json, std::move(state));
  }

  std::string kept_address(const std::string& task) const override {
    const size_t space = task.find(' ');
    return space == std::string::npos ? "" : task.substr(space + 1);
  }

  // A request that means nothing: whether it is refused for that or for its key.
  Call probe() const override {
    return {"POST", "/video/queue", {{"Content-Type", "application/json"}}, "{}"};
  }

 private:
  static Outcome<TaskState> read_failed(const Reply& reply, const Json& json, TaskState state) {
    std::string message = text_at(json, "/error");
    if (message.empty()) message = text_at(json, "/error/message");
    if (message.empty()) message = text_at(json, "/message");
    const std::string code = text_at(json, "/code"), type = text_at(json, "/error/type");
    // Other answers are of the question, and not of the job.
    const bool of_job = reply.status == 422 || type == "provider_content_policy" ||
                        code == "INFERENCE_FAILED" || code == "MODEL_AT_CAPACITY" ||
                        code == "INSUFFICIENT_BALANCE";
    if (!of_job) return Outcome<TaskState>::failed(failure_of(reply, std::move(message)));
    state.kind = TaskState::Kind::failed;
    // "Inference failed" says nothing; the message may.
    state.failure =
        task_failure(code == "INFERENCE_FAILED" ? std::string() : code + type, std::move(message));
    return Outcome<TaskState>::of(std::move(state));
  }

  static Outcome<TaskState> read_told(const Reply& reply, const Json& json, TaskState state) {
    const std::string status = text_at(json, "/status");
    if (status == "PROCESSING") {
      state.kind = TaskState::Kind::running;
      const auto spent = number_at(json, "/execution_duration");
      const auto average = number_at(json, "/average_execution_time");
      if (spent && average && *average > 0) state.fraction = std::min(0.99, std::max(0.0, *spent / *average));
      return Outcome<TaskState>::of(std::move(state));
    }
    for (const char* place : {"/video_url", "/download_url", "/url"}) {
      const std::string url = text_at(json, place);
      if (status != "COMPLETED" || url.empty()) continue;
      state.kind = TaskState::Kind::done;
      state.videos = {url};
      return Outcome<TaskState>::of(std::move(state));
    }
    if (status != "COMPLETED") return Outcome<TaskState>::failed(not_understood(reply));
    state.kind = TaskState::Kind::done;
    return Outcome<TaskState>::of(std::move(state));
  }
};

}  // namespace

const Provider& venice() {
  static const Venice provider;
  return provider;
}

}  // namespace troupe::upstream
