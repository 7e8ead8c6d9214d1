// troupe-wan-parity: compares the networks with vectors of the official implementations.
#include <iostream>
#include <map>
#include <string>

#include "engine/wan/parity/kinds.h"

namespace {

using namespace troupe;
using namespace troupe::engine::wan;
using namespace troupe::engine::wan::parity;

using Compare = Result<void> (*)(const Vectors&, const Models&, Report&);

const std::map<std::string, Compare>& kinds() {
  static const std::map<std::string, Compare> all = {
      {"t5", compare_text_encoder},   {"vae", compare_vae},           {"taehv", compare_tiny_vae},
      {"t2v", compare_text_to_video}, {"vace", compare_vace},         {"vace_prep", compare_vace_preparation},
      {"phantom", compare_phantom},   {"refalign", compare_refalign}, {"skyreels", compare_skyreels},
      {"sched", compare_schedules},   {"pipeline", compare_pipeline}, {"lora", compare_lora},
  };
  return all;
}

constexpr int kBad = 1, kUsage = 2, kFailed = 3;

struct Arguments {
  std::filesystem::path vectors;
  std::vector<std::filesystem::path> weights;
  std::string kind;
  Compute compute;
};

int usage(std::ostream& out, int status) {
  out << "usage: troupe-wan-parity VECTORS.safetensors --kind KIND [--weights FILE...] [--plain] [--bf16]\n"
         "Prints a line for each tensor: name, largest difference, tolerance, ok or BAD. Exits with 1 if any "
         "is BAD.\n"
         "KIND:";
  for (const auto& [name, compare] : kinds()) out << " " << name;
  out << "\n";
  return status;
}

std::optional<Arguments> read_arguments(int count, char** words) {
  Arguments arguments;
  bool weights = false;
  for (int i = 1; i < count; ++i) {
    const std::string word = words[i];
    if (word == "--kind" && i + 1 < count)
      arguments.kind = words[++i], weights = false;
    else if (word == "--weights")
      weights = true;
    else if (word == "--plain")
      arguments.compute.plain = true;
    else if (word == "--bf16")
      arguments.compute.type = at::kBFloat16;
    else if (word.starts_with("--"))
      return std::nullopt;
    else if (weights)
      arguments.weights.emplace_back(word);
    else if (arguments.vectors.empty())
      arguments.vectors = word;
    else
      return std::nullopt;
  }
  if (arguments.vectors.empty() || !kinds().contains(arguments.kind)) return std::nullopt;
  return arguments;
}

Result<int> compare(const Arguments& arguments) {
  TROUPE_TRY(const Vectors vectors, Vectors::open(arguments.vectors));
  TROUPE_TRY(const Models models, Models::open(arguments.weights, arguments.compute));
  Report report(vectors, std::cout);
  TROUPE_CHECK_OK(kinds().at(arguments.kind)(vectors, models, report));
  std::cout << report.compared() << " compared, " << report.bad() << " BAD\n";
  return report.bad() == 0 && report.compared() > 0 ? 0 : kBad;
}

}  // namespace

int main(int count, char** words) {
  const c10::InferenceMode inference;
  if (count == 2 && std::string(words[1]) == "--help") return usage(std::cout, 0);
  const auto arguments = read_arguments(count, words);
  if (!arguments) return usage(std::cerr, kUsage);
  try {
    const auto status = compare(*arguments);
    if (status) return *status;
    std::cerr << "troupe-wan-parity: " << to_string(status.error()) << "\n";
  } catch (const std::exception& error) {
    std::cerr << "troupe-wan-parity: " << error.what() << "\n";
  }
  return kFailed;
}
