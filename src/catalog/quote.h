// What a request costs, line by line, in exact integers.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "catalog/model.h"
#include "core/media_time.h"
#include "core/money.h"

namespace troupe::catalog {

struct QuoteLine {
  std::string what;      ///< "video with audio", "content moderation"
  int64_t quantity = 0;  ///< in thousandths of `unit`: 10 s are 10000
  std::string unit;      ///< "s", "take"
  Money rate;            ///< for one unit
  Money amount;
  bool kept_on_rejection = false;  ///< stays charged when the provider rejects the take
  std::string note;                ///< what the reader should know of the rate, or empty
  bool operator==(const QuoteLine&) const = default;
};

struct Quote {
  Money total;  ///< sum of the lines
  std::vector<QuoteLine> lines;
  bool complete = true;  ///< false: the vendor's price is not published, so `total` says nothing of the bill
  std::string note;
  bool operator==(const Quote&) const = default;
};

/// What of a request decides its price.
struct Billed {
  MediaTime duration;  ///< of one take
  int tier = 0;
  bool audio = false;
  int count = 1;  ///< takes
};

/// Each take is rounded to the nearest micro, halves up, and then multiplied, so that the quote is the sum of
/// what its takes cost one by one. REQUIRES a duration of 0 … kDurationMax and a count of 1 … 64.
Quote price(const Model& model, const Billed& billed);

/// "video with audio: 10 s × $0.14 = $1.40" and so on, one line each, then the total.
std::string print(const Quote& quote);

}  // namespace troupe::catalog
