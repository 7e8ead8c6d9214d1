#include "catalog/json_reader.h"

#include <algorithm>

#include "catalog/catalog.h"
#include "core/short_text.h"

namespace troupe::catalog {
namespace {

using nlohmann::json;

constexpr size_t kTextBytesMax = 1000;
constexpr size_t kListMax = 100;
constexpr int64_t kMicrosMax = 1'000'000'000;

/// Thrown out of the parser's callback, which has no other way to stop it; caught in parse_json().
struct Refused {
  Error error;
};

/// Watches the parser for what it would let pass: deep nesting, and a key twice in an object.
class Watch {
 public:
  bool operator()(int depth, json::parse_event_t event, const json& parsed) {
    if (depth > kCatalogDepthMax)
      throw Refused{make_error(ErrorCode::over_limit,
                               "nests deeper than " + std::to_string(kCatalogDepthMax) + " levels.")};
    if (event == json::parse_event_t::object_start) keys_.emplace_back();
    if (event == json::parse_event_t::object_end) keys_.pop_back();
    if (event == json::parse_event_t::key && !keys_.back().insert(parsed.get<std::string>()).second)
      throw Refused{
          make_error(ErrorCode::corrupt_input,
                     "has the key " + troupe::quoted(parsed.get<std::string>()) + " twice in one object.")};
    return true;
  }

 private:
  std::vector<std::set<std::string>> keys_;
};

/// Escapes a key as RFC 6901 asks.
std::string pointer_step(const std::string& key) {
  std::string step = "/";
  for (const char c : key) {
    if (c == '~')
      step += "~0";
    else if (c == '/')
      step += "~1";
    else
      step += c;
  }
  return step;
}

}  // namespace

Result<json> parse_json(std::string_view file, std::string_view text) {
  const std::string where(file);
  if (text.size() > kCatalogTextBytesMax)
    return make_error(ErrorCode::over_limit,
                      where + ": is larger than " + std::to_string(kCatalogTextBytesMax) + " bytes.", where);
  try {
    Watch watch;
    return json::parse(text, [&](int depth, json::parse_event_t event, json& parsed) {
      return watch(depth, event, parsed);
    });
  } catch (const Refused& refused) {
    return make_error(refused.error.code, where + ": " + refused.error.message, where);
  } catch (const json::exception& exception) {
    return make_error(ErrorCode::corrupt_input, where + ": is not JSON: " + exception.what(), where);
  }
}

Result<int64_t> parse_micros(std::string_view text) {
  const auto micros = parse_decimal(text, 6);
  if (!micros || *micros > kMicrosMax)
    return make_error(ErrorCode::invalid_argument,
                      "is no amount: write a decimal such as \"0.112\", at most 1000, at most six decimals");
  return *micros;
}

std::string print_micros(int64_t micros) {
  std::string decimals = std::to_string(1'000'000 + micros % 1'000'000).substr(1);
  while (!decimals.empty() && decimals.back() == '0') decimals.pop_back();
  return std::to_string(micros / 1'000'000) + (decimals.empty() ? "" : "." + decimals);
}

void Reader::fail(std::string_view pointer, std::string_view message, ErrorCode code) {
  if (error_) return;
  const std::string field = file_ + "#" + std::string(pointer);
  error_ = make_error(code, field + ": " + std::string(message), field);
}

std::string Reader::text(const Item& item) {
  if (!item) return {};
  if (!item.value->is_string()) {
    fail(item.pointer, "must be a text");
    return {};
  }
  const auto& text = item.value->get_ref<const std::string&>();
  if (text.empty() || text.size() > kTextBytesMax)
    fail(item.pointer, "must be a text of 1 to " + std::to_string(kTextBytesMax) + " bytes");
  return text;
}

int64_t Reader::integer(const Item& item, int64_t min, int64_t max) {
  if (!item) return min;
  const json& value = *item.value;
  const bool past_int64 =
      value.is_number_unsigned() && value.get<uint64_t>() > static_cast<uint64_t>(INT64_MAX);
  if (!value.is_number_integer() || past_int64 || value.get<int64_t>() < min || value.get<int64_t>() > max) {
    fail(item.pointer, "must be a whole number of " + std::to_string(min) + " to " + std::to_string(max));
    return min;
  }
  return value.get<int64_t>();
}

bool Reader::flag(const Item& item) {
  if (!item) return false;
  if (!item.value->is_boolean()) {
    fail(item.pointer, "must be true or false");
    return false;
  }
  return item.value->get<bool>();
}

MediaTime Reader::seconds(const Item& item) {
  if (!item) return {};
  if (!item.value->is_number()) {
    fail(item.pointer, "must be a number of seconds");
    return {};
  }
  const auto time = duration_from_seconds(item.value->get<double>());
  if (!time) fail(item.pointer, time.error().message);
  return time ? *time : MediaTime{};
}

std::vector<Item> Reader::list(const Item& item) {
  std::vector<Item> items;
  if (!item) return items;
  if (!item.value->is_array() || item.value->size() > kListMax) {
    fail(item.pointer, "must be a list of at most " + std::to_string(kListMax) + " items");
    return items;
  }
  for (size_t i = 0; i < item.value->size(); ++i)
    items.push_back({&(*item.value)[i], item.pointer + "/" + std::to_string(i)});
  return items;
}

Object::Object(Reader& reader, Item own, Item shared)
    : reader_(reader), own_(std::move(own)), shared_(std::move(shared)) {
  for (Item* item : {&own_, &shared_}) {
    if (!*item || item->value->is_object()) continue;
    reader_.fail(item->pointer, "must be an object");
    item->value = nullptr;
  }
}

Item Object::maybe(const std::string& key) {
  asked_.insert(key);
  const auto look = [&](const Item& object) {
    const bool there = object && object.value->contains(key);
    return there ? Item{&object.value->at(key), object.pointer + pointer_step(key)} : Item{};
  };
  const Item own = look(own_);
  const Item shared = look(shared_);
  if (own && shared) reader_.fail(own.pointer, "stands in " + shared.pointer + " too: keep one of the two");
  return own ? own : shared;
}

Item Object::need(const std::string& key) {
  Item item = maybe(key);
  if (!item && own_) reader_.fail(own_.pointer, "lacks the key " + troupe::quoted(key));
  return item;
}

void Object::finish() {
  for (const Item* object : {&own_, &shared_}) {
    if (!*object) continue;
    for (const auto& [key, value] : object->value->items())
      if (!asked_.contains(key)) reader_.fail(object->pointer, "has the unknown key " + troupe::quoted(key));
  }
}

}  // namespace troupe::catalog
