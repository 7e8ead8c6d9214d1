#include "cli/weights_text.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/terminal.h"

namespace troupe::cli {
namespace {

using WeightsJson = nlohmann::ordered_json;
using shelf::ModelState;
using shelf::Part;
using shelf::PartState;

std::string shown(const WeightsJson& json) {
  return json.dump(2, ' ', false, WeightsJson::error_handler_t::replace) + "\n";
}

std::string padded(std::string text, size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

std::string roles_of(const std::vector<const Part*>& parts) {
  std::string text;
  for (const Part* part : parts) text += (text.empty() ? "" : ", ") + std::string(words(part->role));
  return text;
}

bool has_begun(const ModelState& model) {
  return std::any_of(model.parts.begin(), model.parts.end(),
                     [](const PartState& p) { return !p.optional && !p.complete && p.begun_bytes > 0; });
}

// "complete", "lacks transformer", "not here": and the colour for it.
std::pair<std::string, const char*> state_words(const ModelState& model) {
  if (model.complete) return {"complete", "32"};
  const std::vector<const Part*> missing = model.missing();
  const auto needed =
      std::count_if(model.parts.begin(), model.parts.end(), [](auto& p) { return !p.optional; });
  const std::string begun = has_begun(model) ? " (begun)" : "";
  if (static_cast<size_t>(needed) == missing.size()) return {"not here" + begun, "2"};
  return {"lacks " + roles_of(missing) + begun, "33"};
}

std::string sizes_of(const ModelState& model) {
  uint64_t to_fetch = 0;
  for (const Part* part : model.missing()) to_fetch += part->size_bytes;
  std::string text = model.size_bytes > 0 ? print_size(model.size_bytes) : "-";
  if (to_fetch > 0) text += ", about " + print_size(to_fetch) + " to fetch";
  return text;
}

WeightsJson part_json(const PartState& state) {
  WeightsJson files = WeightsJson::array();
  for (const auto& file : state.files) files.push_back(file.string());
  return {{"id", state.part->id},
          {"role", name(state.part->role)},
          {"optional", state.optional},
          {"complete", state.complete},
          {"shared", state.shared},
          {"size_bytes", state.size_bytes},
          {"begun_bytes", state.begun_bytes},
          {"repository", state.part->repository},
          {"unverified", state.part->unverified},
          {"files", std::move(files)}};
}

WeightsJson sampling_json(const shelf::Sampling& sampling) {
  WeightsJson json = {{"steps", sampling.steps},
                      {"solver", sampling.solver},
                      {"shift", sampling.shift},
                      {"fps", sampling.fps},
                      {"references_max", sampling.references_max},
                      {"width", sampling.width},
                      {"height", sampling.height},
                      {"frames", sampling.frames},
                      {"negative_prompt", sampling.negative_prompt}};
  if (sampling.guidance_text) json["guidance_text"] = *sampling.guidance_text;
  if (sampling.guidance_image) json["guidance_image"] = *sampling.guidance_image;
  return json;
}

WeightsJson model_state_json(const ModelState& state) {
  WeightsJson parts = WeightsJson::array(), missing = WeightsJson::array();
  for (const PartState& part : state.parts) parts.push_back(part_json(part));
  for (const Part* part : state.missing()) missing.push_back(name(part->role));
  const shelf::Licence& licence = state.model->licence;
  return {{"id", state.model->id},
          {"family", name(state.model->family)},
          {"size", state.model->size},
          {"complete", state.complete},
          {"missing", std::move(missing)},
          {"size_bytes", state.size_bytes},
          {"licence",
           {{"name", licence.name},
            {"note", licence.note},
            {"must_accept", licence.must_accept},
            {"accepted", state.licence_accepted}}},
          {"parts", std::move(parts)},
          {"sampling", sampling_json(state.model->sampling)}};
}

WeightsJson ids_of(const std::vector<const Part*>& parts) {
  WeightsJson ids = WeightsJson::array();
  for (const Part* part : parts) ids.push_back(part->id);
  return ids;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

// "refalign-1.3b is complete (15 GB)." and what is still missing.
std::string outcome(const ModelState& state) {
  const std::string& id = state.model->id;
  if (state.complete) return id + " is complete (" + print_size(state.size_bytes) + ").\n";
  return id + " still lacks: " + roles_of(state.missing()) + ". Fetch it with \"troupe weights pull " + id +
         "\", or add files that you have.\n";
}

}  // namespace

std::string weights_table(const std::vector<ModelState>& models, std::FILE* stream) {
  size_t name_width = 0, state_width = 0, size_width = 0;
  for (const ModelState& model : models) {
    name_width = std::max(name_width, model.model->id.size() + 2);
    state_width = std::max(state_width, state_words(model).first.size() + 2);
    size_width = std::max(size_width, sizes_of(model).size() + 2);
  }
  std::string text;
  for (const ModelState& model : models) {
    const auto [state, color] = state_words(model);
    text += padded(model.model->id, name_width) + colored(state, color, stream) +
            std::string(state_width - state.size(), ' ') + padded(sizes_of(model), size_width) +
            model.model->licence.name + "\n";
  }
  return text;
}

std::string weights_json(const std::filesystem::path& folder, const std::vector<ModelState>& models) {
  WeightsJson list = WeightsJson::array();
  for (const ModelState& model : models) list.push_back(model_state_json(model));
  return shown({{"folder", folder.string()}, {"models", std::move(list)}});
}

std::string print_added(const shelf::AddReport& report) {
  std::string text;
  if (!report.added.empty()) text += "added: " + roles_of(report.added) + "\n";
  if (!report.linked.empty()) text += "was here already: " + roles_of(report.linked) + "\n";
  return text + outcome(report.state);
}

std::string added_json(const shelf::AddReport& report) {
  WeightsJson passed_over = WeightsJson::array();
  for (const auto& file : report.passed_over) passed_over.push_back(file.string());
  return shown({{"added", ids_of(report.added)},
                {"linked", ids_of(report.linked)},
                {"passed_over", std::move(passed_over)},
                {"warnings", report.warnings},
                {"model", model_state_json(report.state)}});
}

std::string print_pulled(const shelf::PullReport& report) {
  std::string text;
  if (!report.fetched.empty()) {
    text += "fetched: " + roles_of(report.fetched) + " (" + print_size(report.fetched_bytes);
    if (report.resumed_bytes > 0)
      text += ", after " + print_size(report.resumed_bytes) + " of an earlier time";
    text += ")\n";
  }
  if (!report.linked.empty()) text += "was here already: " + roles_of(report.linked) + "\n";
  return text + outcome(report.state);
}

std::string pulled_json(const shelf::PullReport& report) {
  return shown({{"fetched", ids_of(report.fetched)},
                {"linked", ids_of(report.linked)},
                {"fetched_bytes", report.fetched_bytes},
                {"resumed_bytes", report.resumed_bytes},
                {"model", model_state_json(report.state)}});
}

std::string print_verified(const shelf::VerifyReport& report) {
  if (report.files == 0) return "There are no weights here.\n";
  return std::to_string(report.files) + " files looked at, " + std::to_string(report.checksums) +
         " with a checksum: " +
         (report.troubles.empty() ? "all good"
                                  : std::to_string(report.troubles.size()) + " not as they should be") +
         ".\n";
}

std::string print_troubles(const shelf::VerifyReport& report) {
  std::string text;
  for (const shelf::Trouble& trouble : report.troubles) {
    const bool named = trouble.what.find(trouble.file.string()) != std::string::npos;
    text += trouble.part + ": " + (named ? "" : trouble.file.string() + " ") + trouble.what + "\n";
  }
  return text;
}

std::string verified_json(const shelf::VerifyReport& report) {
  WeightsJson troubles = WeightsJson::array();
  for (const shelf::Trouble& trouble : report.troubles)
    troubles.push_back({{"part", trouble.part}, {"file", trouble.file.string()}, {"what", trouble.what}});
  return shown({{"files", report.files}, {"checksums", report.checksums}, {"troubles", std::move(troubles)}});
}

std::string print_removed(const std::string& model, const shelf::RemoveReport& report) {
  std::string text = model + " is removed: " + print_size(report.freed_bytes) + " freed.";
  if (!report.kept.empty()) text += " Other models still need " + joined(report.kept) + ".";
  return text + "\n";
}

std::string removed_json(const shelf::RemoveReport& report) {
  return shown({{"removed", report.removed}, {"kept", report.kept}, {"freed_bytes", report.freed_bytes}});
}

}  // namespace troupe::cli
