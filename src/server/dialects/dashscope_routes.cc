// Alibaba's DashScope for Wan's videos: /api/v1/services/aigc/…, /api/v1/tasks/….
#include "api/dashscope/wire.h"
#include "core/short_text.h"
#include "server/answers.h"
#include "server/find_job.h"
#include "server/submissions.h"
#include "server/take_files.h"

namespace troupe::server {
namespace {

namespace dashscope = api::dashscope;

constexpr int kTasksPageMax = 50, kTasksPageUsual = 10, kTasksPagesMax = 20;

http::Response create(const Service& service, Asked& asked) {
  if (!equal_ignoring_case(asked.request.headers.get("X-DashScope-Async"), "enable")) {
    return problem_reply(
        asked.request,
        api::make_problem("forbidden",
                          "current user api does not support synchronous calls: send the header "
                          "X-DashScope-Async: enable, and ask for the task until it has ended."));
  }
  auto accepted = accept(service, asked, dashscope::kDialect, dashscope::parse_create);
  if (auto* refused = std::get_if<http::Response>(&accepted)) return std::move(*refused);
  const auto& [submitted, ignored] = std::get<Accepted>(accepted);
  http::Response response =
      json_reply(200, dashscope::print_created(submitted.job, asked.request.request_id));
  label(response, submitted.job);
  name_ignored(response, ignored);
  return response;
}

http::Response look(const Service& service, Asked& asked) {
  const std::string &id = asked.request.path_values.at("id"), &request_id = asked.request.request_id;
  TROUPE_REPLY(const std::optional<Job> job, find_job(service, asked, id), asked.request);
  if (!job) return json_reply(200, dashscope::print_unknown_task(id, request_id));
  TROUPE_REPLY(const GenerationSpec spec, spec_of(*job), asked.request);
  TROUPE_REPLY(const std::string video, fetchable_video(service, *job), asked.request);
  http::Response response = json_reply(200, dashscope::print_task(*job, spec, video, request_id));
  label(response, *job);
  return response;
}

http::Response cancel(const Service& service, Asked& asked) {
  const std::string& id = asked.request.path_values.at("id");
  TROUPE_REPLY(const std::optional<Job> job, find_job(service, asked, id), asked.request);
  if (!job) return not_found(asked.request, "task");
  if (job->state != JobState::queued) {
    return problem_reply(
        asked.request,
        api::make_problem("conflict", "Only a task that is PENDING can be cancelled; this one is not."));
  }
  TROUPE_REPLY_OK(service.store.queue().cancel(id, service.clock.now()), asked.request);
  http::Response response = json_reply(200, dashscope::print_done(asked.request.request_id));
  label(response, *job);
  return response;
}

// What the vendor calls the model, where it has it: what clients compare.
std::string name_there(const Service& service, const std::string& id) {
  const auto model = service.catalog.find(id);
  if (!model) return id;
  const auto names = (*model)->aliases.find(std::string(dashscope::kDialect));
  return names == (*model)->aliases.end() || names->second.empty() ? id : names->second.front();
}

// Pages by number, over a list that goes by cursor: the first few hundred.
http::Response list(const Service& service, Asked& asked) {
  const http::Request& request = asked.request;
  dashscope::TaskPage page;
  TROUPE_REPLY(page.page, query_number(request, "page_no", 1, 1, kTasksPagesMax), request);
  TROUPE_REPLY(page.page_size, query_number(request, "page_size", kTasksPageUsual, 1, kTasksPageMax),
               request);
  jobs::JobFilter filter;
  filter.account = asked.sees();
  const std::string_view status = request.query_value("status"), name = request.query_value("model_name");
  filter.states = dashscope::states_of(status);
  bool none = !status.empty() && filter.states.empty();
  if (!name.empty()) {
    const auto model = service.catalog.find(name, dashscope::kDialect);
    none = none || !model;
    if (model) filter.model = (*model)->id;
  }
  for (const char* time : {"start_time", "end_time"})
    if (!request.query_value(time).empty())
      return error_reply(request,
                         make_error(ErrorCode::unsupported, "is not taken here: leave it out", time));
  if (none) return json_reply(200, dashscope::print_tasks(page, request.request_id));
  std::string before;
  for (int number = 1;; ++number) {
    TROUPE_REPLY(jobs::JobPage found, service.store.queue().list(filter, before, page.page_size), request);
    page.total += static_cast<int64_t>(found.jobs.size());
    if (number == page.page) page.jobs = std::move(found.jobs);
    before = found.next;
    if (before.empty() || number >= kTasksPagesMax) break;
  }
  for (Job& job : page.jobs) job.model = name_there(service, job.model);
  return json_reply(200, dashscope::print_tasks(page, request.request_id));
}

}  // namespace

void add_dashscope_routes(const Service& service, http::Router& router) {
  const auto with = [&service](auto function) {
    return [&service, function](Asked& asked) { return function(service, asked); };
  };
  for (const char* task : {"video-generation", "image2video"}) {
    router.add(guarded(service, "POST", std::string("/api/v1/services/aigc/") + task + "/video-synthesis",
                       "jobs:write", with(create), kSubmissionBytesMax));
  }
  router.add(guarded(service, "GET", "/api/v1/tasks/{id}", "jobs:read", with(look)));
  router.add(guarded(service, "POST", "/api/v1/tasks/{id}/cancel", "jobs:write", with(cancel)));
  for (const char* path : {"/api/v1/tasks", "/api/v1/tasks/"})
    router.add(guarded(service, "GET", path, "jobs:read", with(list)));
}

}  // namespace troupe::server
