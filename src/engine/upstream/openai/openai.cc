// Servers that speak OpenAI's videos API: vLLM-Omni, SGLang, OpenAI while it lasted. Source:
// openai-node 7.55.0, src/resources/videos.ts; vLLM-Omni's video server.
#include <algorithm>

#include "base/ids.h"
#include "engine/upstream/form.h"
#include "engine/upstream/providers.h"
#include "engine/upstream/replies.h"
#include "engine/upstream/wording.h"

namespace troupe::upstream {
namespace {

constexpr std::chrono::milliseconds kPoll{2000};
constexpr uint64_t kInlineBytesMax = 32 << 20;
constexpr size_t kPage = 50;

// The first frame as a file where its bytes are here, else as an address.
Result<void> add_frame(Form& form, const std::string& source) {
  constexpr std::string_view kBase64 = ";base64,";
  const size_t comma = source.find(kBase64);
  if (!source.starts_with("data:") || comma == std::string::npos) {
    form.text("input_reference[image_url]", source);
    return {};
  }
  TROUPE_TRY(const Bytes bytes, from_base64(std::string_view(source).substr(comma + kBase64.size())));
  form.file("input_reference", source.substr(5, comma - 5), bytes);
  return {};
}

std::string words_for(const Order& order) { return prompt_text(order, TagSpelling::spaced); }

class OpenAi final : public Provider {
 public:
  std::string_view name() const override { return "openai"; }
  std::string_view usual_base_url() const override { return "https://api.openai.com/v1"; }
  engine::RemoteManners manners() const override {
    return {
        .inline_bytes_max = kInlineBytesMax, .takes_urls = false, .can_look_up = true, .stop_deletes = true};
  }
  std::pair<std::string, std::string> authorisation(std::string_view key) const override {
    return {"Authorization", "Bearer " + std::string(key)};
  }

  Result<Compiled> compile(const Order& order, const std::string& model) const override {
    if (!order.spec.references.empty())
      return make_error(ErrorCode::unsupported, "The API has no reference pictures.", "/references");
    if (order.spec.extend || order.spec.last_frame)
      return make_error(ErrorCode::unsupported, "The API takes a first frame and no other.",
                        order.spec.extend ? "/extend" : "/last_frame");
    Form form("troupe-" + order.idempotency_key);
    form.text("model", model);
    form.text("prompt", words_for(order));
    form.text("seconds", whole_seconds(order.duration));
    form.text("size", std::to_string(order.size.width) + "x" + std::to_string(order.size.height));
    if (order.spec.first_frame) TROUPE_CHECK_OK(add_frame(form, order.spec.first_frame->uri));
    Compiled compiled{{"POST", "/videos", {{"Content-Type", form.content_type()}}, form.body()},
                      usual_unsaid(order)};
    compiled.prompt = words_for(order);
    if (order.spec.seed) compiled.unsaid.push_back("The API takes no seed.");
    return compiled;
  }

  Outcome<std::string> read_submitted(const Reply& reply) const override {
    return read_task(reply, "/id", "/error/message");
  }

  Call ask(const std::string& task, const std::string&) const override {
    return {"GET", "/videos/" + task, {}, ""};
  }

  Outcome<TaskState> read_state(const Reply& reply) const override {
    const Json json = object_of(reply);
    if (reply.status != 200)
      return Outcome<TaskState>::failed(failure_of(reply, text_at(json, "/error/message")));
    TaskState state;
    state.ask_again = advised(reply);
    const std::string status = text_at(json, "/status"), id = text_at(json, "/id");
    state.fraction = fraction_of_percent(number_at(json, "/progress"));
    if (status == "queued") {
      state.kind = TaskState::Kind::waiting;
    } else if (status == "in_progress") {
      state.kind = TaskState::Kind::running;
    } else if (status == "failed") {
      state.kind = TaskState::Kind::failed;
      state.failure = task_failure(text_at(json, "/error/code"), text_at(json, "/error/message"));
    } else if (status == "completed" && !id.empty()) {
      state.kind = TaskState::Kind::done;
      state.videos = {"/videos/" + id + "/content"};
    } else {
      return Outcome<TaskState>::failed(not_understood(reply));
    }
    return Outcome<TaskState>::of(std::move(state));
  }

  std::optional<Call> stop(const std::string& task, const std::string&) const override {
    return Call{"DELETE", "/videos/" + task, {}, ""};
  }

  // A video that is being made is told to stop, and can be deleted once it has.
  engine::StopAnswer read_stopped(const Reply& reply) const override {
    return reply.status == 409 ? engine::StopAnswer::stopping : Provider::read_stopped(reply);
  }

  std::optional<Call> list() const override { return Call{"GET", "/videos?limit=50&order=desc", {}, ""}; }

  Outcome<Listing> read_list(const Reply& reply, const Order& order,
                             const std::string& model) const override {
    const Json json = object_of(reply);
    if (reply.status != 200)
      return Outcome<Listing>::failed(failure_of(reply, text_at(json, "/error/message")));
    if (!json.contains("data") || !json["data"].is_array())
      return Outcome<Listing>::failed(not_understood(reply));
    Listing listing;
    for (const Json& one : json["data"]) {
      const auto created = number_at(one, "/created_at");
      const std::string prompt = text_at(one, "/prompt");  // not every server tells it
      const bool ours = text_at(one, "/model") == model && (prompt.empty() || prompt == words_for(order));
      if (created) listing.oldest = time_of_millis(*created * 1000);
      if (ours && created)
        listing.seen.push_back({text_at(one, "/id"), time_of_millis(*created * 1000), !prompt.empty()});
    }
    listing.all = json["data"].size() < kPage;
    return Outcome<Listing>::of(std::move(listing));
  }

  std::string read_prompt(const Reply& reply) const override { return text_at(object_of(reply), "/prompt"); }

  Call probe() const override { return {"GET", "/videos?limit=1", {}, ""}; }

 private:
  static std::chrono::milliseconds advised(const Reply& reply) {
    const auto header = reply.headers.find("openai-poll-after-ms");
    if (header == reply.headers.end()) return kPoll;
    const long advice = std::strtol(header->second.c_str(), nullptr, 10);
    return std::chrono::milliseconds(std::clamp(advice, 500L, 60'000L));
  }
};

}  // namespace

const Provider& openai() {
  static const OpenAi provider;
  return provider;
}

}  // namespace troupe::upstream
