// Pictory's AI Studio. Source: Pictory's API reference, "Generate video" and "Get job".
#include "engine/upstream/providers.h"
#include "engine/upstream/replies.h"
#include "engine/upstream/wording.h"

namespace troupe::upstream {
namespace {

constexpr std::chrono::milliseconds kPoll{15000};

class Pictory final : public Provider {
 public:
  std::string_view name() const override { return "pictory"; }
  std::string_view usual_base_url() const override { return "https://api.pictory.ai/pictoryapis"; }
  engine::RemoteManners manners() const override { return {.inline_bytes_max = 0}; }
  std::pair<std::string, std::string> authorisation(std::string_view key) const override {
    return {"Authorization", std::string(key)};  // without a scheme
  }

  Result<Compiled> compile(const Order& order, const std::string& model) const override {
    Json body{{"prompt", prompt_text(order, TagSpelling::prose)},
              {"model", model},
              {"aspectRatio", troupe::print(order.aspect_ratio)},
              {"duration", whole_seconds(order.duration) + "s"}};
    for (const std::string& source : all_sources(order)) body["referenceImageUrls"].push_back(source);
    if (order.spec.first_frame) body["firstFrameImageUrl"] = order.spec.first_frame->uri;
    if (order.spec.extend) body["extendVideoUrl"] = order.spec.extend->uri;
    Compiled compiled{
        {"POST", "/v1/aistudio/videos", {{"Content-Type", "application/json"}}, upstream::print(body)},
        usual_unsaid(order)};
    if (order.spec.seed) compiled.unsaid.push_back("Pictory takes no seed.");
    return compiled;
  }

  Outcome<std::string> read_submitted(const Reply& reply) const override {
    return read_task(reply, "/data/jobId", "/message");
  }

  Call ask(const std::string& task, const std::string&) const override {
    return {"GET", "/v1/jobs/" + task, {}, ""};
  }

  Outcome<TaskState> read_state(const Reply& reply) const override {
    const Json json = object_of(reply);
    if (reply.status != 200) return Outcome<TaskState>::failed(failure_of(reply, text_at(json, "/message")));
    TaskState state;
    state.ask_again = kPoll;
    const std::string status = text_at(json, "/data/status"), url = text_at(json, "/data/url");
    if (status == "in-progress") {
      state.kind = TaskState::Kind::running;
      state.fraction = fraction_of_percent(number_at(json, "/data/renderProgress"));
    } else if (status == "failed") {
      state.kind = TaskState::Kind::failed;
      state.failure = task_failure(text_at(json, "/data/error_code"), text_at(json, "/data/error_message"));
    } else if (status == "completed" && !url.empty()) {
      state.kind = TaskState::Kind::done;
      state.videos = {url};
      if (const auto credits = number_at(json, "/data/aiCreditsUsed"))
        state.charged = money_of(*credits, Currency::credits);
    } else {
      return Outcome<TaskState>::failed(not_understood(reply));
    }
    return Outcome<TaskState>::of(std::move(state));
  }

  Call probe() const override { return ask("00000000-0000-0000-0000-000000000000", ""); }
};

}  // namespace

const Provider& pictory() {
  static const Pictory provider;
  return provider;
}

}  // namespace troupe::upstream
