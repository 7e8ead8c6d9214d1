// Vercel's AI Gateway, by its asynchronous calls. Source: @ai-sdk/gateway 4.0.146.
#include "engine/upstream/providers.h"
#include "engine/upstream/replies.h"
#include "engine/upstream/wording.h"

namespace troupe::upstream {
namespace {

constexpr std::chrono::milliseconds kPoll{5000};
constexpr uint64_t kInlineBytesMax = 48 << 10;  // several fit a request, which may have 300 KiB there

bool is_wan26(const std::string& model) { return model.find("wan-v2.6") != std::string::npos; }
bool is_kling(const std::string& model) { return model.starts_with("klingai/"); }

// An address, or the bytes of a data URL.
Json file_json(const std::string& source) {
  constexpr std::string_view kBase64 = ";base64,";
  const size_t comma = source.find(kBase64);
  if (!source.starts_with("data:") || comma == std::string::npos) return {{"type", "url"}, {"url", source}};
  return {{"type", "file"},
          {"mediaType", source.substr(5, comma - 5)},
          {"data", source.substr(comma + kBase64.size())}};
}

std::map<std::string, std::string> headers_for(const std::string& model) {
  return {{"Content-Type", "application/json"},
          {"ai-model-id", model},
          {"ai-gateway-auth-method", "api-key"},
          {"ai-gateway-protocol-version", "0.0.1"},
          {"ai-video-model-specification-version", "4"}};
}

TagSpelling spelling_of(const std::string& model) {
  if (is_wan26(model)) return TagSpelling::character;
  if (model.find("wan-v") != std::string::npos) return TagSpelling::wan27;
  if (is_kling(model)) return TagSpelling::kling_native;
  return model.starts_with("spacexai/") ? TagSpelling::xai : TagSpelling::spaced;
}

Json provider_options(const Order& order, const std::string& model) {
  Json options = Json::object();
  if (is_wan26(model) && !order.spec.references.empty()) {
    for (const std::string& source : all_sources(order))
      options["alibaba"]["referenceUrls"].push_back(source);
  }
  if (is_wan26(model) && (order.spec.shot_type || order.prompt.shots.size() > 1)) {
    const bool multi = order.prompt.shots.size() > 1 || order.spec.shot_type == ShotType::multi;
    options["alibaba"]["shotType"] = multi ? "multi" : "single";
  }
  if (is_kling(model) && order.prompt.shots.size() > 1) {
    Json& kling = options["klingai"];
    kling = {{"multiShot", true}, {"shotType", "customize"}};
    const std::vector<std::string> texts = shot_texts(order, TagSpelling::kling_native);
    for (size_t i = 0; i < texts.size(); ++i)
      kling["multiPrompt"].push_back(
          {{"index", i + 1}, {"prompt", texts[i]}, {"duration", whole_seconds(order.shot_durations.at(i))}});
  }
  if (!order.spec.negative_prompt.empty() && (is_wan26(model) || is_kling(model)))
    options[is_kling(model) ? "klingai" : "alibaba"]["negativePrompt"] = order.spec.negative_prompt;
  return options;
}

class Gateway final : public Provider {
 public:
  std::string_view name() const override { return "gateway"; }
  std::string_view usual_base_url() const override { return "https://ai-gateway.vercel.sh/v4/ai"; }
  engine::RemoteManners manners() const override {
    return {.inline_bytes_max = kInlineBytesMax, .repeat_is_safe = true};
  }
  std::pair<std::string, std::string> authorisation(std::string_view key) const override {
    return {"Authorization", "Bearer " + std::string(key)};
  }

  Result<Compiled> compile(const Order& order, const std::string& model) const override {
    if (order.spec.extend)
      return make_error(ErrorCode::unsupported, "The gateway goes on from no clip.", "/extend");
    const bool exact = order.size.width > 0;
    Json body{{"prompt", prompt_text(order, spelling_of(model))},
              {"n", 1},
              {"aspectRatio", troupe::print(order.aspect_ratio)},
              {"duration", order.duration.seconds()}};
    if (exact)
      body["resolution"] = std::to_string(order.size.width) + "x" + std::to_string(order.size.height);
    if (order.seed) body["seed"] = *order.seed;
    if (order.spec.audio) body["generateAudio"] = order.audio;
    add_media(body, order, model);
    body["providerOptions"] = provider_options(order, model);
    Compiled compiled{{"POST", "/video-model/start", headers_for(model), upstream::print(body)},
                      usual_unsaid(order)};
    compiled.call.headers["idempotency-key"] = order.idempotency_key;
    return compiled;
  }

  Outcome<std::string> read_submitted(const Reply& reply) const override {
    const Json json = object_of(reply);
    if (reply.status < 200 || reply.status > 299)
      return Outcome<std::string>::failed(failure_of(reply, text_at(json, "/error/message")));
    if (!json.contains("operation") || json["operation"].is_null())
      return Outcome<std::string>::failed(not_understood(reply));
    std::string task = upstream::print(json["operation"]);
    if (task.size() > engine::kTaskBytesMax) return Outcome<std::string>::failed(not_understood(reply));
    return Outcome<std::string>::of(std::move(task));
  }

  // The task is whatever JSON the start answered, sent back as it came.
  Call ask(const std::string& task, const std::string& model) const override {
    return {"POST", "/video-model/status", headers_for(model), R"({"operation":)" + task + "}"};
  }

  Outcome<TaskState> read_state(const Reply& reply) const override {
    const Json json = object_of(reply);
    if (reply.status != 200)
      return Outcome<TaskState>::failed(failure_of(reply, text_at(json, "/error/message")));
    TaskState state;
    state.ask_again = kPoll;
    const std::string status = text_at(json, "/status");
    if (status == "pending") {
      state.kind = TaskState::Kind::running;
    } else if (status == "cancelled") {
      state.kind = TaskState::Kind::cancelled;
    } else if (status == "error") {
      state.kind = TaskState::Kind::failed;
      state.failure = task_failure("", text_at(json, "/error"));
    } else if (status == "completed" && json.contains("videos") && json["videos"].is_array()) {
      state.kind = TaskState::Kind::done;
      for (const Json& video : json["videos"]) {
        if (text_at(video, "/type") == "url") state.videos.push_back(text_at(video, "/url"));
        if (text_at(video, "/type") == "base64")
          state.videos.push_back("data:video/mp4;base64," + text_at(video, "/data"));
      }
    }
    if (state.kind == TaskState::Kind::waiting ||
        (state.kind == TaskState::Kind::done && state.videos.empty()))
      return Outcome<TaskState>::failed(not_understood(reply));
    return Outcome<TaskState>::of(std::move(state));
  }

  Call probe() const override { return {"GET", "/config", {}, ""}; }

 private:
  static void add_media(Json& body, const Order& order, const std::string& model) {
    if (!is_wan26(model))
      for (const std::string& source : all_sources(order))
        body["inputReferences"].push_back(file_json(source));
    // Once: clients that repeat it among the frames send it here as well, and a request may not be large.
    if (order.spec.first_frame) body["image"] = file_json(order.spec.first_frame->uri);
    if (order.spec.last_frame)
      body["frameImages"].push_back(
          {{"image", file_json(order.spec.last_frame->uri)}, {"frameType", "last_frame"}});
  }
};

}  // namespace

const Provider& gateway() {
  static const Gateway provider;
  return provider;
}

}  // namespace troupe::upstream
