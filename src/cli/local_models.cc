#include "cli/local_models.h"

#include <cmath>
#include <cstdlib>

#include "engine/wan/module/wan_module.h"
#include "image/cut_out.h"

namespace troupe::cli {
namespace {

namespace wan = engine::wan;

constexpr float kSureOfSubject = 0.92f;  // see image::CutOut::confidence
constexpr double kStrengthMax = 100;

Result<wan::SubjectPicture> cut_out(const Image& picture, const std::optional<BoxHint>& box,
                                    const CancelToken& cancel) {
  image::CutOutOptions options;
  options.box = box;
  options.cancel = cancel;
  TROUPE_TRY(image::CutOut subject, image::cut_out(picture, options));
  return wan::SubjectPicture{std::move(subject.picture), subject.confidence < kSureOfSubject};
}

wan::ModelFiles files_of(const shelf::ModelFiles& found, const LocalModelOptions& options) {
  const shelf::Sampling& sampling = found.model->sampling;
  wan::ModelFiles files;
  files.id = found.model->id;
  files.family = std::string(shelf::name(found.model->family));
  files.transformer = found.transformer;
  files.text_encoder = found.text_encoder;
  files.vae = found.vae;
  files.tiny_vae = found.tiny_vae;
  files.tokenizer = found.tokenizer;
  files.loras = options.loras;
  files.steps = options.steps.value_or(sampling.steps);
  files.solver = options.solver.value_or(sampling.solver);
  files.shift = sampling.shift;
  files.guidance_text = sampling.guidance_text;
  files.guidance_image = sampling.guidance_image;
  // A schedule for distilled models is one for models that were distilled of their guidance too.
  if (files.solver == "distilled") files.guidance_text = files.guidance_image = std::nullopt;
  files.frames = sampling.frames;
  files.negative_prompt = sampling.negative_prompt;
  return files;
}

}  // namespace

wan::EngineOptions engine_options(const server::Config& config) {
  using Device = wan::EngineOptions::Device;
  using Precision = wan::EngineOptions::Precision;
  wan::EngineOptions options;
  options.device = config.device == "cpu"    ? Device::cpu
                   : config.device == "cuda" ? Device::cuda
                                             : Device::automatic;
  options.precision = config.precision == "f32"    ? Precision::f32
                      : config.precision == "bf16" ? Precision::bf16
                      : config.precision == "fp8"  ? Precision::fp8
                                                   : Precision::automatic;
  options.tiny_decoder = config.decoder == "tiny";
  options.memory_max = config.memory_max;
  return options;
}

Result<wan::ModelLora> parse_lora(const std::string& text) {
  wan::ModelLora lora;
  lora.file = text;
  const size_t equals = text.rfind('=');
  // A file may have "=" in its name.
  if (equals == std::string::npos || std::filesystem::exists(lora.file)) return lora;
  const std::string number = text.substr(equals + 1);
  char* end = nullptr;
  lora.file = text.substr(0, equals);
  lora.strength = std::strtod(number.c_str(), &end);
  if (number.empty() || *end != 0 || !std::isfinite(lora.strength) || std::abs(lora.strength) > kStrengthMax)
    return make_error(ErrorCode::invalid_argument,
                      "the strength of a LoRA is a number such as 0.8, not \"" + number + "\"");
  return lora;
}

struct LocalModels::Parts {
  explicit Parts(const std::filesystem::path& weights) : shelf(weights) {}
  shelf::Shelf shelf;
};

LocalModels::LocalModels(const std::filesystem::path& weights, LocalModelOptions options)
    : parts_(std::make_unique<Parts>(weights)) {
  const auto module = wan::find_module();
  if (!module) return;
  Parts* const mine = parts_.get();
  wan::EngineParts parts;
  parts.find = [mine, options](const std::string& model) -> Result<wan::ModelFiles> {
    TROUPE_TRY(const shelf::ModelFiles found, mine->shelf.find(model));
    return files_of(found, options);
  };
  parts.cut_out = cut_out;
  engine_ = wan::make_module_engine(*module, std::move(parts), options.engine);
}

LocalModels::~LocalModels() = default;

Result<void> LocalModels::ready(const std::string& model) const {
  TROUPE_CHECK_OK(parts_->shelf.find(model));
  if (engine_) return {};
  return make_error(ErrorCode::unavailable,
                    model +
                        " needs the neural engine, which this build of the program does not have: install "
                        "libtorch (Debian: libtorch-dev) and build it again.");
}

}  // namespace troupe::cli
