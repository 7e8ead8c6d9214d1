// Providers' answers: whatever comes, each client understands it or says what kind of failure it is, and
// nothing that it makes of it could leave the path or the bounds of the next request.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "engine/upstream/provider.h"

namespace {

using namespace troupe;
using namespace troupe::upstream;

void require(bool condition) {
  if (!condition) std::abort();
}

void check(const Failure& failure) {
  require(!failure.message.empty() && failure.message.size() <= kFailureBytesMax);
  require(failure.retry_after.count() >= 0 && failure.retry_after.count() <= 3600);
}

void check_submitted(const Provider& provider, const Reply& reply) {
  const Outcome<std::string> task = provider.read_submitted(reply);
  if (!task.value) return check(task.failure);
  require(reply.status >= 200 && reply.status <= 299);
  require(!task.value->empty() && task.value->size() <= engine::kTaskBytesMax);
  const Call call = provider.ask(*task.value, "owner/model");
  require(call.path.starts_with("/") && call.path.find("..") == std::string::npos);
  require(call.path.find_first_of(" \r\n#") == std::string::npos);
}

void check_state(const Provider& provider, const Reply& reply) {
  const Outcome<TaskState> state = provider.read_state(reply);
  if (!state.value) return check(state.failure);
  if (state.value->kind == TaskState::Kind::failed) check(state.value->failure);
  if (state.value->kind == TaskState::Kind::done && provider.name() != "venice")
    require(!state.value->videos.empty());
  if (state.value->fraction) require(*state.value->fraction >= 0 && *state.value->fraction <= 1);
  if (state.value->charged) require(state.value->charged->micros >= 0);
  require(state.value->ask_again.count() >= 0 && state.value->ask_again.count() <= 3'600'000);
}

}  // namespace

// Which provider, the status, a line "Retry-After", one "Content-Type", the body.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  const auto names = provider_names();
  const Provider& provider = *find_provider(names[data[0] % names.size()]);
  constexpr int kStatuses[] = {200, 201, 202, 400, 401, 402, 404, 422, 429, 500, 502, 503};
  Reply reply;
  reply.status = kStatuses[data[1] % std::size(kStatuses)];
  std::string_view text(reinterpret_cast<const char*>(data + 2), size - 2);
  for (const char* header : {"retry-after", "content-type"}) {
    const size_t end = text.find('\n');
    if (end == std::string_view::npos) break;
    if (end > 0) reply.headers[header] = text.substr(0, end);
    text.remove_prefix(end + 1);
  }
  reply.headers["openai-poll-after-ms"] =
      reply.headers.contains("retry-after") ? reply.headers["retry-after"] : "";
  reply.body = text;
  check_submitted(provider, reply);
  check_state(provider, reply);
  const GenerationSpec spec;
  const BindResult bound = bind(spec);
  const Order order{spec,        bound.prompt, {},    {},           {16, 9}, 720,
                    {1280, 720}, {24, 1},      false, std::nullopt, "key"};
  const auto list = provider.read_list(reply, order, "model");
  if (!list.value) check(list.failure);
  return 0;
}
