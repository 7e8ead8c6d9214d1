// Money and credits as exact integers.
#pragma once

#include <cstdint>
#include <string>

namespace troupe {

enum class Currency { usd, credits };

/// An amount in millionths of a US dollar or of a provider's credit. Adding two currencies is a defect.
struct Money {
  int64_t micros = 0;
  Currency currency = Currency::usd;
  bool operator==(const Money&) const = default;
};

/// "$1.40", "$0.504", "32 credits": at least two decimals for dollars, no more than needed past that.
std::string print(const Money& money);

}  // namespace troupe
