#include "work/remote_record.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace troupe::work {
namespace {

using Json = nlohmann::ordered_json;

Json take_json(const RemoteTake& take) {
  Json json{{"provider", take.route.provider}, {"model", take.route.model}};
  if (!take.task.empty()) json["task"] = take.task;
  if (take.sent) json["sent"] = take.sent->time_since_epoch().count();
  if (take.seed) json["seed"] = *take.seed;
  if (!take.kind.empty()) json["kind"] = take.kind;
  if (take.stop_sent) json["stop_sent"] = true;
  if (!take.stand_in.empty()) json["stand_in"] = take.stand_in;
  return json;
}

RemoteTake take_of(const Json& json) {
  RemoteTake take;
  take.route = {json.at("provider").get<std::string>(), json.at("model").get<std::string>()};
  take.task = json.value("task", "");
  if (json.contains("sent")) take.sent = Time(std::chrono::milliseconds(json["sent"].get<int64_t>()));
  if (json.contains("seed")) take.seed = json["seed"].get<uint64_t>();
  take.kind = json.value("kind", "");
  take.stop_sent = json.value("stop_sent", false);
  take.stand_in = json.value("stand_in", "");
  return take;
}

}  // namespace

std::string print_record(const RemoteRecord& record) {
  Json json{{"takes", Json::array()}};
  for (const RemoteTake& take : record.takes) json["takes"].push_back(take_json(take));
  if (!record.notes.empty()) json["notes"] = record.notes;
  if (record.given_up) json["given_up"] = true;
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<RemoteRecord> parse_record(std::string_view text) {
  RemoteRecord record;
  if (text.empty()) return record;
  try {
    const Json json = Json::parse(text);
    for (const Json& take : json.at("takes")) record.takes.push_back(take_of(take));
    if (json.contains("notes")) record.notes = json["notes"].get<std::vector<std::string>>();
    record.given_up = json.value("given_up", false);
  } catch (const Json::exception&) {
    return make_error(ErrorCode::corrupt_input, "What was kept of the provider's task can't be read.");
  }
  return record;
}

void add_note(RemoteRecord& record, std::string note) {
  const bool known = std::find(record.notes.begin(), record.notes.end(), note) != record.notes.end();
  if (!known && record.notes.size() < kRemoteNotesMax) record.notes.push_back(std::move(note));
}

}  // namespace troupe::work
