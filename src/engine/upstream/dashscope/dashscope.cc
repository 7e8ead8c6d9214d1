// Alibaba's DashScope for Wan. Source: Model Studio's API reference of wan2.6 and wan2.7.
#include "engine/upstream/providers.h"
#include "engine/upstream/replies.h"
#include "engine/upstream/wording.h"

namespace troupe::upstream {
namespace {

constexpr std::chrono::milliseconds kPoll{15000};
constexpr uint64_t kInlineBytesMax = 10 << 20;
constexpr size_t kPage = 50;

bool is_wan27(const std::string& model) { return model.starts_with("wan2.7"); }

Json media_json(const Order& order) {
  Json media = Json::array();
  for (const Reference& reference : order.spec.references)
    media.push_back({{"type", reference.clip ? "reference_video" : "reference_image"},
                     {"url", reference.clip ? reference.clip->uri : reference.source.uri}});
  if (order.spec.first_frame)
    media.push_back({{"type", "first_frame"}, {"url", order.spec.first_frame->uri}});
  if (order.spec.last_frame) media.push_back({{"type", "last_frame"}, {"url", order.spec.last_frame->uri}});
  if (order.spec.extend) media.push_back({{"type", "first_clip"}, {"url", order.spec.extend->uri}});
  return media;
}

Json input_json(const Order& order, const std::string& model) {
  const bool wan27 = is_wan27(model);
  Json input{{"prompt", prompt_text(order, wan27 ? TagSpelling::wan27 : TagSpelling::character)}};
  if (!order.spec.negative_prompt.empty()) input["negative_prompt"] = order.spec.negative_prompt;
  if (wan27) {
    if (Json media = media_json(order); !media.empty()) input["media"] = std::move(media);
    return input;
  }
  for (const std::string& source : all_sources(order)) input["reference_urls"].push_back(source);
  if (order.spec.first_frame) input["img_url"] = order.spec.first_frame->uri;
  return input;
}

Json parameters_json(const Order& order, const std::string& model) {
  Json parameters{{"duration", (order.duration.milliseconds + 500) / 1000}};
  const std::string tier = std::to_string(order.tier) + "P";
  if (is_wan27(model)) {
    parameters["resolution"] = tier;
    if (!order.spec.first_frame) parameters["ratio"] = troupe::print(order.aspect_ratio);
  } else if (order.spec.first_frame) {
    parameters["resolution"] = tier;
  } else {
    parameters["size"] = std::to_string(order.size.width) + "*" + std::to_string(order.size.height);
  }
  if (order.seed) parameters["seed"] = *order.seed;
  if (is_wan27(model)) return parameters;
  if (order.spec.audio) parameters["audio"] = order.audio;
  const bool several = order.prompt.shots.size() > 1;
  if (order.spec.shot_type || several)
    parameters["shot_type"] = several || order.spec.shot_type == ShotType::multi ? "multi" : "single";
  return parameters;
}

class Dashscope final : public Provider {
 public:
  std::string_view name() const override { return "dashscope"; }
  std::string_view usual_base_url() const override { return "https://dashscope-intl.aliyuncs.com/api/v1"; }
  engine::RemoteManners manners() const override {
    return {.inline_bytes_max = kInlineBytesMax, .can_look_up = true};
  }
  std::pair<std::string, std::string> authorisation(std::string_view key) const override {
    return {"Authorization", "Bearer " + std::string(key)};
  }

  Result<Compiled> compile(const Order& order, const std::string& model) const override {
    if (order.spec.extend && !is_wan27(model))
      return make_error(ErrorCode::unsupported, "Wan 2.6 goes on from no clip.", "/extend");
    const Json body{
        {"model", model}, {"input", input_json(order, model)}, {"parameters", parameters_json(order, model)}};
    Compiled compiled{{"POST",
                       "/services/aigc/video-generation/video-synthesis",
                       {{"Content-Type", "application/json"},
                        {"X-DashScope-Async", "enable"},
                        {"X-DashScope-ClientToken", order.idempotency_key}},
                       upstream::print(body)},
                      usual_unsaid(order)};
    compiled.prompt = text_at(body, "/input/prompt");
    return compiled;
  }

  Outcome<std::string> read_submitted(const Reply& reply) const override {
    Outcome<std::string> task = read_task(reply, "/output/task_id", "/message");
    if (!task.value && reply.status >= 400) task.failure = refusal(reply, object_of(reply));
    return task;
  }

  Call ask(const std::string& task, const std::string&) const override {
    return {"GET", "/tasks/" + task, {}, ""};
  }

  Outcome<TaskState> read_state(const Reply& reply) const override {
    const Json json = object_of(reply);
    if (reply.status != 200) return Outcome<TaskState>::failed(refusal(reply, json));
    TaskState state;
    state.ask_again = kPoll;
    const std::string status = text_at(json, "/output/task_status");
    const std::string url = text_at(json, "/output/video_url");
    if (status == "PENDING") {
      state.kind = TaskState::Kind::waiting;
    } else if (status == "RUNNING") {
      state.kind = TaskState::Kind::running;
    } else if (status == "CANCELED") {
      state.kind = TaskState::Kind::cancelled;
    } else if (status == "FAILED") {
      state.kind = TaskState::Kind::failed;
      state.failure = task_failure(text_at(json, "/output/code"), text_at(json, "/output/message"));
    } else if (status == "SUCCEEDED" && !url.empty()) {
      state.kind = TaskState::Kind::done;
      state.videos = {url};
    } else {
      // "UNKNOWN" too: the task is not known, or not any more.
      return Outcome<TaskState>::failed(not_understood(reply));
    }
    return Outcome<TaskState>::of(std::move(state));
  }

  // Only a task that still waits is stopped.
  std::optional<Call> stop(const std::string& task, const std::string&) const override {
    return Call{"POST", "/tasks/" + task + "/cancel", {}, ""};
  }

  std::optional<Call> list() const override { return Call{"GET", "/tasks/?page_no=1&page_size=50", {}, ""}; }

  // The list does not tell prompts.
  Outcome<Listing> read_list(const Reply& reply, const Order&, const std::string& model) const override {
    const Json json = object_of(reply);
    if (reply.status != 200) return Outcome<Listing>::failed(refusal(reply, json));
    if (!json.contains("data") || !json["data"].is_array())
      return Outcome<Listing>::failed(not_understood(reply));
    Listing listing;
    for (const Json& task : json["data"]) {
      const auto created = number_at(task, "/gmt_create");
      if (created) listing.oldest = time_of_millis(*created);
      if (text_at(task, "/model_name") != model || !created) continue;
      listing.seen.push_back({text_at(task, "/task_id"), time_of_millis(*created), false});
    }
    listing.all = json["data"].size() < kPage;
    return Outcome<Listing>::of(std::move(listing));
  }

  std::string read_prompt(const Reply& reply) const override {
    return text_at(object_of(reply), "/output/orig_prompt");
  }

  Call probe() const override { return ask("00000000-0000-0000-0000-000000000000", ""); }

 private:
  static Failure refusal(const Reply& reply, const Json& json) {
    const std::string code = text_at(json, "/code"), message = text_at(json, "/message");
    Failure failure = failure_of(reply, code.empty() ? message : code + ": " + message);
    if (code.starts_with("Throttling")) failure.kind = FailureClass::over_limit;
    return failure;
  }
};

}  // namespace

const Provider& dashscope() {
  static const Dashscope provider;
  return provider;
}

}  // namespace troupe::upstream
