#include "api/native/printing.h"

namespace troupe::api::native {
namespace {

Json problem_error_json(const catalog::Violation& error) {
  return {{"pointer", error.field}, {"code", error.code}, {"detail", error.rule}, {"fix", error.fix}};
}

}  // namespace

std::string print_problem(const Problem& problem) {
  return print_answer({{"type", "/docs#problem-" + problem.code},
                       {"title", problem.title},
                       {"status", problem.status},
                       {"detail", problem.detail},
                       {"code", problem.code},
                       {"retryable", problem.retryable},
                       {"errors", all_of(std::span(problem.errors), problem_error_json)},
                       {"request_id", text_or_null(problem.request_id)}});
}

}  // namespace troupe::api::native
