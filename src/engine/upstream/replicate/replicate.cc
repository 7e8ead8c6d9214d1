// Replicate's predictions. Source: Replicate's HTTP reference.
#include "engine/upstream/form.h"
#include "engine/upstream/providers.h"
#include "engine/upstream/replies.h"
#include "engine/upstream/wording.h"

namespace troupe::upstream {
namespace {

constexpr std::chrono::milliseconds kPoll{2000};
constexpr size_t kPage = 100;
constexpr uint64_t kInlineBytesMax = 256 << 10;  // what its documents advise

std::vector<std::string> outputs_of(const Json& json) {
  std::vector<std::string> videos;
  if (!json.contains("output")) return videos;
  const Json& output = json["output"];
  if (output.is_string()) videos.push_back(output.get<std::string>());
  if (output.is_array())
    for (const Json& one : output)
      if (one.is_string()) videos.push_back(one.get<std::string>());
  return videos;
}

std::string words_for(const Order& order) { return prompt_text(order, TagSpelling::spaced); }

class Replicate final : public Provider {
 public:
  std::string_view name() const override { return "replicate"; }
  std::string_view usual_base_url() const override { return "https://api.replicate.com/v1"; }
  engine::RemoteManners manners() const override {
    return {.inline_bytes_max = kInlineBytesMax, .can_look_up = true, .keeps_files = true};
  }
  std::pair<std::string, std::string> authorisation(std::string_view key) const override {
    return {"Authorization", "Bearer " + std::string(key)};
  }

  Result<Compiled> compile(const Order& order, const std::string& model) const override {
    if (order.spec.extend)
      return make_error(ErrorCode::unsupported, "The model goes on from no clip there.", "/extend");
    Json input{{"prompt", words_for(order)},
               {"duration", (order.duration.milliseconds + 500) / 1000},
               {"aspect_ratio", troupe::print(order.aspect_ratio)}};
    if (order.spec.resolution) input["resolution"] = std::to_string(order.tier) + "p";
    if (order.spec.audio) input["generate_audio"] = order.audio;
    if (order.seed) input["seed"] = *order.seed;
    if (!order.spec.negative_prompt.empty()) input["negative_prompt"] = order.spec.negative_prompt;
    if (order.spec.first_frame) input["start_image"] = order.spec.first_frame->uri;
    if (order.spec.last_frame) input["end_image"] = order.spec.last_frame->uri;
    for (const Reference& reference : order.spec.references) {
      if (reference.clip) {
        input["reference_videos"].push_back(reference.clip->uri);
      } else {
        input["reference_images"].push_back(reference.source.uri);
      }
    }
    return Compiled{{"POST",
                     "/models/" + model + "/predictions",
                     {{"Content-Type", "application/json"}},
                     upstream::print(Json{{"input", std::move(input)}})},
                    usual_unsaid(order)};
  }

  Outcome<std::string> read_submitted(const Reply& reply) const override {
    return read_task(reply, "/id", "/detail");
  }

  Call ask(const std::string& task, const std::string&) const override {
    return {"GET", "/predictions/" + task, {}, ""};
  }

  Outcome<TaskState> read_state(const Reply& reply) const override {
    const Json json = object_of(reply);
    if (reply.status != 200) return Outcome<TaskState>::failed(failure_of(reply, text_at(json, "/detail")));
    TaskState state;
    state.ask_again = kPoll;
    const std::string status = text_at(json, "/status");
    if (status == "starting") {
      state.kind = TaskState::Kind::waiting;
    } else if (status == "processing") {
      state.kind = TaskState::Kind::running;
    } else if (status == "canceled") {
      state.kind = TaskState::Kind::cancelled;
    } else if (status == "failed") {
      state.kind = TaskState::Kind::failed;
      state.failure = task_failure("", text_at(json, "/error"));
    } else if (status == "succeeded") {
      state.kind = TaskState::Kind::done;
      state.videos = outputs_of(json);
      if (state.videos.empty()) return Outcome<TaskState>::failed(not_understood(reply));
    } else {
      return Outcome<TaskState>::failed(not_understood(reply));
    }
    return Outcome<TaskState>::of(std::move(state));
  }

  std::optional<Call> stop(const std::string& task, const std::string&) const override {
    return Call{"POST", "/predictions/" + task + "/cancel", {}, ""};
  }

  std::optional<Call> list() const override { return Call{"GET", "/predictions", {}, ""}; }

  Outcome<Listing> read_list(const Reply& reply, const Order& order,
                             const std::string& model) const override {
    const Json json = object_of(reply);
    if (reply.status != 200) return Outcome<Listing>::failed(failure_of(reply, text_at(json, "/detail")));
    if (!json.contains("results") || !json["results"].is_array())
      return Outcome<Listing>::failed(not_understood(reply));
    Listing listing;
    for (const Json& one : json["results"]) {
      const auto created = parse_stamp(text_at(one, "/created_at"));
      const bool ours = text_at(one, "/model") == model && text_at(one, "/input/prompt") == words_for(order);
      if (created) listing.oldest = *created;
      if (ours && created) listing.seen.push_back({text_at(one, "/id"), *created});
    }
    listing.all = json["results"].size() < kPage;
    return Outcome<Listing>::of(std::move(listing));
  }

  std::optional<Call> upload(ByteView bytes, std::string_view media_type) const override {
    Form form("troupe-" + sha256_hex(bytes).substr(0, 32));
    form.file("content", media_type, bytes);
    return Call{"POST", "/files", {{"Content-Type", form.content_type()}}, form.body()};
  }

  Outcome<std::string> read_uploaded(const Reply& reply) const override {
    const Json json = object_of(reply);
    if (reply.status < 200 || reply.status > 299)
      return Outcome<std::string>::failed(failure_of(reply, text_at(json, "/detail")));
    const std::string url = text_at(json, "/urls/get");
    const bool address = url.starts_with("https://") || url.starts_with("http://");
    return address ? Outcome<std::string>::of(url) : Outcome<std::string>::failed(not_understood(reply));
  }

  Call probe() const override { return {"GET", "/predictions", {}, ""}; }
};

}  // namespace

const Provider& replicate() {
  static const Replicate provider;
  return provider;
}

}  // namespace troupe::upstream
