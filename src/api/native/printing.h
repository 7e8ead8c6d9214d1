// Values that every answer has: money, times, lists, links.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>

#include "api/native/wire.h"
#include "base/clock.h"
#include "core/media_time.h"
#include "core/money.h"

namespace troupe::api::native {

using Json = nlohmann::ordered_json;

/// An answer: indented, since people read it too. Bytes that are no UTF-8 are replaced.
std::string print_answer(const Json& json);
/// The same in one line.
std::string print_line(const Json& json);

Json money_json(const Money& money);                  ///< {"micros", "currency", "text"}
std::string_view currency_name(Currency currency);    ///< "usd", "credits"
Json time_json(const std::optional<Time>& time);      ///< null if there is none
Json text_or_null(const std::string& text);           ///< null if it is empty
Json seconds_json(MediaTime time);                    ///< 5, 3.5
Json rate_json(FrameRate rate);                       ///< 24, 29.97
Json seed_json(uint64_t seed);                        ///< a text where a number would lose digits
Json rounded(double value, double unit);              ///< null for what is no finite number
Json violation_json(const catalog::Violation& rule);  ///< {"field", "code", "rule", "fix"}

/// The object that `text` is; null if it is none.
Json object_or_null(const std::string& text);

/// {"object": "list", "data": […], "next_cursor"}; an empty cursor is null: the last page.
Json list_json(Json data, const std::string& next_cursor);

template <class T, class Print>
Json all_of(std::span<const T> items, Print print) {
  Json data = Json::array();
  for (const T& item : items) data.push_back(print(item));
  return data;
}

std::string job_url(const Links& links, const std::string& job);
Json job_json(const Job& job, const Links& links);
Json carry_over_json(const CarryOver& carried);

}  // namespace troupe::api::native
