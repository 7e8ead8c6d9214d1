// Bodies of vendors' APIs from strangers: read or refused with a reason that every dialect can print, and
// what is wrong with a spec that was read is told at a place of the body that the caller can find.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "api/dashscope/wire.h"
#include "api/fal/wire.h"
#include "api/gateway/wire.h"
#include "api/openai/wire.h"
#include "api/openrouter/wire.h"
#include "api/pictory/wire.h"
#include "api/replicate/wire.h"
#include "api/venice/wire.h"
#include "api/xai/wire.h"
#include "base/utf8.h"
#include "core/spec_json.h"

namespace {

using namespace troupe;
using Errors = std::vector<Error>;

void require(bool condition) {
  if (!condition) std::abort();
}

const catalog::Catalog& models() {
  static const catalog::Catalog builtin = catalog::load_builtin().value();
  return builtin;
}

void print_everywhere(const api::Problem& problem) {
  for (const auto print :
       {api::venice::print_problem, api::gateway::print_problem, api::dashscope::print_problem,
        api::pictory::print_problem, api::openai::print_problem, api::fal::print_problem,
        api::replicate::print_problem, api::openrouter::print_problem}) {
    const api::Answer answer = print(problem);
    require(answer.status >= 400 && answer.status < 600);
    require(answer.json.starts_with('{') && is_utf8(answer.json));
  }
}

/// What every parser promises: an error exactly if there is no value, the first of all, in words.
template <class T>
bool is_read(const Result<T>& result, const Errors& all) {
  require(result.has_value() == all.empty());
  for (const Error& error : all) {
    require(!error.message.empty() && is_utf8(error.message) && is_utf8(error.field));
    require(error.field.empty() || error.field.front() == '/');
  }
  if (result) return true;
  require(result.error() == all.front());
  print_everywhere(api::problem_of(all));
  return false;
}

void keeps_bounds(const api::Submission& submission) {
  const GenerationSpec& spec = submission.spec;
  require(spec.model.size() <= kModelBytesMax && spec.count >= 1 && spec.count <= kCountMax);
  require(submission.webhook_url.size() <= api::kUrlBytesMax);
  require(!spec.duration || spec.duration->milliseconds > 0);
  for (const Shot& shot : spec.shots) require(!shot.duration || shot.duration->milliseconds > 0);
  for (const std::string& field : submission.ignored) require(is_utf8(field));
  require(is_utf8(print_spec(spec)));
}

void submission(const Result<api::Submission>& result, const Errors& all, std::string_view dialect) {
  if (!is_read(result, all)) return;
  keeps_bounds(*result);
  // By the model that was asked for, and by three of which each breaks at another rule.
  std::vector<const catalog::Model*> judges{&models().models().front(), &models().models().back(),
                                            *models().find("kling-o3-pro-reference-to-video")};
  if (const auto named = models().find(result->spec.model, dialect)) judges.push_back(*named);
  for (const catalog::Model* model : judges) {
    const auto broken = models().check(result->spec, *model);
    for (const catalog::Violation& violation : broken) {
      const std::string place = result->fields.in_body(violation.field);
      require(is_utf8(place) && (place.empty() || place.front() == '/'));
    }
    if (!broken.empty()) print_everywhere(api::problem_of(broken, result->fields));
  }
}

void venice_queue(std::string_view body) {
  Errors all;
  const auto result = api::venice::parse_queue(body, &all);
  submission(result, all, api::venice::kDialect);
}

void venice_quote(std::string_view body) {
  Errors all;
  const auto result = api::venice::parse_quote(body, &all);
  if (is_read(result, all)) require(result->model.size() <= kModelBytesMax);
}

void venice_retrieval(std::string_view body) {
  Errors all;
  const auto result = api::venice::parse_retrieval(body, &all);
  if (is_read(result, all)) require(result->queue_id.size() <= kModelBytesMax);
}

void gateway_video(std::string_view body) {
  for (const char* model : {"alibaba/wan-v2.6-r2v", ""}) {
    Errors all;
    const auto result = api::gateway::parse_video(body, model, &all);
    require(*model != '\0' || !result);
    submission(result, all, api::gateway::kDialect);
    if (!result) continue;
    const Job job;
    require(is_utf8(api::gateway::print_started({job, result->ignored}, "")));
    require(is_utf8(api::gateway::print_result({job, result->ignored}, {})));
  }
}

void gateway_status(std::string_view body) {
  Errors all;
  const auto result = api::gateway::parse_status(body, &all);
  if (is_read(result, all)) require(is_utf8(*result));
}

void dashscope_create(std::string_view body) {
  Errors all;
  const auto result = api::dashscope::parse_create(body, &all);
  submission(result, all, api::dashscope::kDialect);
  if (result) require(is_utf8(api::dashscope::print_task({}, result->spec, "", "")));
}

void pictory_video(std::string_view body) {
  Errors all;
  auto result = api::pictory::parse_video(body, &all);
  if (result) api::pictory::fill_in(models(), result->spec);
  submission(result, all, api::pictory::kDialect);
}

void openai_create(std::string_view body) {
  Errors all;
  const auto result = api::openai::parse_create(body, &all);
  submission(result, all, api::openai::kDialect);
  const Job job;
  if (result)
    require(is_utf8(api::openai::print_video({job, result->spec.model, {}, {}, result->spec.prompt})));
}

void openai_change(std::string_view body) {
  Errors all;
  const auto result = api::openai::parse_change(body, &all);
  if (is_read(result, all)) require(is_utf8(result->prompt) && result->video_id.size() <= kModelBytesMax);
}

void openai_character(std::string_view body) {
  Errors all;
  const auto result = api::openai::parse_character(body, &all);
  if (is_read(result, all)) require(result->name.size() <= kModelBytesMax);
}

/// A corpus names them by their place: new ones come last.
void fal_input(std::string_view body) {
  Errors all;
  const auto result = api::fal::parse_input(body, "fal-ai/kling-video/o3/pro/reference-to-video", &all);
  submission(result, all, api::fal::kDialect);
  const auto target = api::fal::parse_target(body);
  if (target) require(!target->app.empty() && (target->model.empty() != target->request_id.empty()));
}

void replicate_prediction(std::string_view body) {
  for (const char* model : {"x/kling-o3-pro-reference-to-video", ""}) {
    Errors all;
    const auto result = api::replicate::parse_prediction(body, model, &all);
    submission(result, all, api::replicate::kDialect);
  }
}

void openrouter_create(std::string_view body) {
  Errors all;
  const auto result = api::openrouter::parse_create(body, &all);
  submission(result, all, api::openrouter::kDialect);
  api::openrouter::is_ours(body);
}

void xai_generation(std::string_view body) {
  Errors all;
  const auto result = api::xai::parse_generation(body, &all);
  submission(result, all, api::xai::kDialect);
}

// New ones go behind the others: the corpus names them by their place.
constexpr std::array kParsers{venice_queue,      venice_quote,     venice_retrieval, gateway_video,
                              gateway_status,    dashscope_create, pictory_video,    openai_create,
                              openai_change,     openai_character, fal_input,        replicate_prediction,
                              openrouter_create, xai_generation};

}  // namespace

// The first byte picks the parser, the rest is the body.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0 || data[0] >= kParsers.size()) return -1;
  kParsers[data[0]]({reinterpret_cast<const char*>(data) + 1, size - 1});
  return 0;
}
