// troupe-wan-parity: compares the networks with vectors of the official implementations.
#include <iostream>
#include <map>
#include <string>

#include "engine/wan/nn/process.h"
#include "engine/wan/parity/cases.h"

namespace {

using namespace troupe;
using namespace troupe::engine::wan;
using namespace troupe::engine::wan::parity;

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
// Report's rounding. Small random networks amplify it more than trained ones.
constexpr double kBf16Rounding = 0.1, kOtherDevice = 1e-3;

struct Arguments {
  std::filesystem::path vectors, all;
  std::vector<std::filesystem::path> weights;
  std::string kind;
  Compute compute;

  double rounding() const {
    if (compute.type == at::kBFloat16) return kBf16Rounding;
    return compute.device.is_cpu() ? 0 : kOtherDevice;
  }
};

int usage(std::ostream& out, int status) {
  out << "usage: troupe-wan-parity VECTORS.safetensors --kind KIND [--weights FILE...] [OPTION...]\n"
         "       troupe-wan-parity --all TESTDATA [OPTION...]\n"
         "OPTION: --plain | --recorded | --type f32|bf16 (or --bf16) | --device cpu|cuda\n"
         "Prints a line for each tensor: name, largest difference, tolerance, ok or BAD. Exits with 1 if any "
         "is BAD.\n"
         "In bf16, and on another device, the length of the difference counts, against that of the values.\n"
         "KIND:";
  for (const auto& [name, compare] : kinds()) out << " " << name;
  out << "\n";
  return status;
}

bool read_option(const std::string& word, const std::string& value, Arguments& arguments) {
  if (word == "--kind")
    arguments.kind = value;
  else if (word == "--all")
    arguments.all = value;
  else if (word == "--type" && (value == "f32" || value == "bf16"))
    arguments.compute.type = value == "f32" ? at::kFloat : at::kBFloat16;
  else if (word == "--device" && (value == "cpu" || value == "cuda"))
    arguments.compute.device = value == "cpu" ? at::Device(at::kCPU) : at::Device(at::kCUDA, 0);
  else
    return false;
  return true;
}

std::optional<Arguments> read_arguments(int count, char** words) {
  Arguments arguments;
  bool weights = false;
  for (int i = 1; i < count; ++i) {
    const std::string word = words[i];
    if (word == "--weights") {
      weights = true;
    } else if (word == "--plain") {
      arguments.compute.plain = true;
    } else if (word == "--recorded") {
      arguments.compute.recorded = true;
    } else if (word == "--bf16") {
      arguments.compute.type = at::kBFloat16;
    } else if (word.starts_with("--")) {
      if (i + 1 >= count || !read_option(word, words[++i], arguments)) return std::nullopt;
      weights = false;
    } else if (weights) {
      arguments.weights.emplace_back(word);
    } else if (arguments.vectors.empty()) {
      arguments.vectors = word;
    } else {
      return std::nullopt;
    }
  }
  const bool one = !arguments.vectors.empty() && kinds().contains(arguments.kind);
  if (one == !arguments.all.empty()) return std::nullopt;
  return arguments;
}

void tell_unused(const std::vector<std::string>& names) {
  if (names.empty()) return;
  std::cout << "not compared:";
  for (const std::string& name : names) std::cout << " " << name;
  std::cout << "\n";
}

Result<int> compare(const std::filesystem::path& file, std::span<const std::filesystem::path> weights,
                    Compare how, const Arguments& arguments) {
  TROUPE_TRY(const Vectors vectors, Vectors::open(file));
  TROUPE_TRY(const Models models, Models::open(weights, arguments.compute));
  for (const auto& left_out : models.left_out())
    std::cerr << "troupe-wan-parity: " << left_out.string() << " holds no network that is known here\n";
  Report report(vectors, std::cout, arguments.rounding());
  TROUPE_CHECK_OK(how(vectors, models, report));
  tell_unused(vectors.unused());
  std::cout << report.compared() << " compared, " << report.bad() << " BAD\n";
  if (report.bad() > 0 && !vectors.has_config() && !weights.empty())
    std::cerr
        << "troupe-wan-parity: " << file.string()
        << " has no \"config\" in its metadata: what tensors do not tell is taken to be as in the released "
           "models\n";
  return report.bad() == 0 && report.compared() > 0 ? 0 : kBad;
}

Result<int> compare_all(const Arguments& arguments) {
  int status = 0;
  for (const Case& one : cases()) {
    std::cout << "== " << one.name << "\n";
    std::vector<std::filesystem::path> weights;
    for (const char* file : one.weights) weights.push_back(arguments.all / file);
    TROUPE_TRY(const int bad, compare(arguments.all / one.vectors, weights, one.compare, arguments));
    status = std::max(status, bad);
  }
  return status;
}

}  // namespace

int main(int count, char** words) {
  const c10::InferenceMode inference;
  if (count == 2 && std::string(words[1]) == "--help") return usage(std::cout, 0);
  const auto arguments = read_arguments(count, words);
  if (!arguments) return usage(std::cerr, kUsage);
  set_up_process();
  // Float means float: not the shorter type that GPUs may put in its place.
  at::globalContext().setAllowTF32CuBLAS(false);
  at::globalContext().setAllowTF32CuDNN(false);
  try {
    const auto status = arguments->all.empty() ? compare(arguments->vectors, arguments->weights,
                                                         kinds().at(arguments->kind), *arguments)
                                               : compare_all(*arguments);
    if (status) return *status;
    std::cerr << "troupe-wan-parity: " << to_string(status.error()) << "\n";
  } catch (const std::exception& error) {
    std::cerr << "troupe-wan-parity: " << error.what() << "\n";
  }
  return kFailed;
}
