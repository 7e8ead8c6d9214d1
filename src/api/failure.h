// Why a job has no video, in the classes that every dialect has its own words for, and the text beside them.
#pragma once

#include <string>
#include <string_view>

#include "core/job.h"

namespace troupe::api {

enum class FailureKind {
  request,     ///< what was asked for cannot be made, or what it names cannot be read
  moderated,   ///< a provider refused its content
  rejected,    ///< a provider does not take it
  over_limit,  ///< more than a provider takes at once: later
  no_credit,   ///< the operator's account at a provider is empty, or its key is not taken
  outage,      ///< something outside is down: later
  timeout,     ///< it took too long: later
  unknown,     ///< what a provider made of it cannot be found out: to ask again may be to pay twice
  cancelled,
  internal,  ///< all else
};

/// REQUIRES a job that has ended without a video, or is parked.
FailureKind failure_kind(const Job& job);

/// The job's own words; never empty. Of an account, an unknown outcome or a parked job they say so first, as
/// no dialect's own word does.
std::string failure_text(const Job& job);
/// The same with its class first, for where a dialect has no word for that.
std::string failure_text_with_class(const Job& job);

/// `label` before a text that does not begin with it: it may have come from a server like this one.
std::string with_label(std::string_view label, std::string text);

}  // namespace troupe::api
