// fal's queue, for Kling's reference-to-video model. Source: @fal-ai/client 1.10.1 and the model's page.
#include "engine/upstream/providers.h"
#include "engine/upstream/replies.h"
#include "engine/upstream/wording.h"

namespace troupe::upstream {
namespace {

constexpr std::chrono::milliseconds kPoll{3000};
constexpr uint64_t kInlineBytesMax = 10 << 20;

// "fal-ai/kling-video/o3/pro/reference-to-video" → "fal-ai/kling-video": what requests are found below.
std::string app_of(const std::string& model) {
  const size_t first = model.find('/');
  const size_t second = first == std::string::npos ? first : model.find('/', first + 1);
  return model.substr(0, second);
}

Json element_json(const Reference& reference) {
  Json element = Json::object();
  if (!reference.source.uri.empty()) element["frontal_image_url"] = reference.source.uri;
  if (reference.clip) {
    element["video_url"] = reference.clip->uri;
    return element;
  }
  // At least one is wanted: the frontal picture itself, where there is no other.
  for (const MediaSource& angle : reference.angles) element["reference_image_urls"].push_back(angle.uri);
  if (reference.angles.empty()) element["reference_image_urls"].push_back(reference.source.uri);
  return element;
}

void add_prompt(Json& body, const Order& order) {
  if (order.prompt.shots.size() == 1) {
    body["prompt"] = prompt_text(order, TagSpelling::kling);
    body["duration"] = whole_seconds(order.duration);
    return;
  }
  const std::vector<std::string> texts = shot_texts(order, TagSpelling::kling);
  for (size_t i = 0; i < texts.size(); ++i)
    body["multi_prompt"].push_back(
        {{"prompt", texts[i]}, {"duration", whole_seconds(order.shot_durations.at(i))}});
  body["shot_type"] = "customize";
}

class Fal final : public Provider {
 public:
  std::string_view name() const override { return "fal"; }
  std::string_view usual_base_url() const override { return "https://queue.fal.run"; }
  engine::RemoteManners manners() const override { return {.inline_bytes_max = kInlineBytesMax}; }
  std::pair<std::string, std::string> authorisation(std::string_view key) const override {
    return {"Authorization", "Key " + std::string(key)};
  }

  Result<Compiled> compile(const Order& order, const std::string& model) const override {
    if (order.spec.extend)
      return make_error(ErrorCode::unsupported, "Kling on fal goes on from no clip.", "/extend");
    Json body{{"aspect_ratio", troupe::print(order.aspect_ratio)}, {"generate_audio", order.audio}};
    add_prompt(body, order);
    for (const Reference& reference : order.spec.references) {
      if (reference.kind == ReferenceKind::element) {
        body["elements"].push_back(element_json(reference));
      } else {
        body["image_urls"].push_back(reference.source.uri);
      }
    }
    if (order.spec.first_frame) body["start_image_url"] = order.spec.first_frame->uri;
    if (order.spec.last_frame) body["end_image_url"] = order.spec.last_frame->uri;
    Compiled compiled{{"POST", "/" + model, {{"Content-Type", "application/json"}}, upstream::print(body)},
                      usual_unsaid(order)};
    if (order.spec.seed) compiled.unsaid.push_back("Kling on fal takes no seed.");
    return compiled;
  }

  Outcome<std::string> read_submitted(const Reply& reply) const override {
    Outcome<std::string> task = read_task(reply, "/request_id", "/detail");
    if (!task.value && reply.status >= 400) task.failure = failure_of(reply, detail_of(object_of(reply)));
    return task;
  }

  // The result alone tells everything: while there is none, that it is in progress.
  Call ask(const std::string& task, const std::string& model) const override {
    return {"GET", "/" + app_of(model) + "/requests/" + task, {}, ""};
  }

  Outcome<TaskState> read_state(const Reply& reply) const override {
    const Json json = object_of(reply);
    TaskState state;
    state.ask_again = kPoll;
    const std::string detail = detail_of(json);
    if (reply.status == 200 && !text_at(json, "/video/url").empty()) {
      state.kind = TaskState::Kind::done;
      state.videos = {text_at(json, "/video/url")};
    } else if (detail.find("still in progress") != std::string::npos) {
      state.kind = TaskState::Kind::running;
    } else if (const std::string type = failure_type(json); !type.empty() || reply.status == 402) {
      state.kind = type == "client_cancelled" ? TaskState::Kind::cancelled : TaskState::Kind::failed;
      state.failure = task_failure(reply.status == 402 ? "insufficient_credit" : type, detail);
    } else {
      return Outcome<TaskState>::failed(reply.status == 200 ? not_understood(reply)
                                                            : failure_of(reply, detail));
    }
    return Outcome<TaskState>::of(std::move(state));
  }

  std::optional<Call> stop(const std::string& task, const std::string& model) const override {
    return Call{"PUT", "/" + app_of(model) + "/requests/" + task + "/cancel", {}, ""};
  }

  Call probe() const override {
    return ask("00000000-0000-0000-0000-000000000000", "fal-ai/kling-video/o3/pro/reference-to-video");
  }

 private:
  // What the model or the queue calls a failure of the request itself; "" = it is one of the question.
  static std::string failure_type(const Json& json) {
    const std::string type = text_at(json, "/detail/0/type");
    return type.empty() ? text_at(json, "/error_type") : type;
  }

  static std::string detail_of(const Json& json) {
    const std::string text = text_at(json, "/detail");
    return text.empty() ? text_at(json, "/detail/0/msg") : text;
  }
};

}  // namespace

const Provider& fal() {
  static const Fal provider;
  return provider;
}

}  // namespace troupe::upstream
