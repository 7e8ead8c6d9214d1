#include "api/failure.h"

#include <utility>

namespace troupe::api {
namespace {

std::string_view label_of(FailureKind kind) {
  switch (kind) {
    case FailureKind::moderated:
      return "Refused for its content: ";
    case FailureKind::rejected:
      return "The provider does not take this request: ";
    case FailureKind::over_limit:
      return "Over the provider's limit, try again later: ";
    case FailureKind::no_credit:
      return "The operator's account at the provider is empty or closed: ";
    case FailureKind::outage:
      return "Out of service, try again later: ";
    case FailureKind::timeout:
      return "Timed out, try again later: ";
    case FailureKind::unknown:
      return "What the provider made of it is not known, do not ask for it again blindly: ";
    default:
      return "";
  }
}

std::string own_words(const Job& job) {
  std::string text =
      job.state == JobState::cancelled ? "The video was cancelled." : "The video could not be made.";
  if (job.error && !job.error->message.empty()) text = job.error->message;
  const bool parked = job.state == JobState::parked && failure_kind(job) != FailureKind::unknown;
  return parked ? with_label("The job is set aside for a person to look at: ", std::move(text)) : text;
}

}  // namespace

FailureKind failure_kind(const Job& job) {
  if (job.state == JobState::cancelled) return FailureKind::cancelled;
  if (!job.error) return FailureKind::internal;
  switch (job.error->code) {
    case ErrorCode::invalid_argument:
    case ErrorCode::unsupported:
    case ErrorCode::corrupt_input:
    case ErrorCode::not_found:
      return FailureKind::request;
    case ErrorCode::over_limit:  // a bound that a field passed, or a provider's
      return job.error->field.empty() ? FailureKind::over_limit : FailureKind::request;
    case ErrorCode::moderated:
      return FailureKind::moderated;
    case ErrorCode::rejected:
      return FailureKind::rejected;
    case ErrorCode::no_credit:
      return FailureKind::no_credit;
    case ErrorCode::unavailable:
      return FailureKind::outage;
    case ErrorCode::timeout:
      return FailureKind::timeout;
    case ErrorCode::unknown_outcome:
      return FailureKind::unknown;
    default:
      return FailureKind::internal;
  }
}

std::string with_label(std::string_view label, std::string text) {
  return text.starts_with(label) ? text : std::string(label) + text;
}

std::string failure_text(const Job& job) {
  const FailureKind kind = failure_kind(job);
  const bool always = kind == FailureKind::no_credit || kind == FailureKind::unknown;
  return always ? failure_text_with_class(job) : own_words(job);
}

std::string failure_text_with_class(const Job& job) {
  return with_label(label_of(failure_kind(job)), own_words(job));
}

}  // namespace troupe::api
