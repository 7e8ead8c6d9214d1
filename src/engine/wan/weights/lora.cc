#include "engine/wan/weights/lora.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <utility>

#include "engine/wan/files/contents.h"

namespace troupe::engine::wan {
namespace {

enum class Role { down, up, alpha, weight, bias, modulation };

struct Ending {
  std::string_view text;
  Role role;
};

constexpr Ending kEndings[] = {
    {".lora_down.weight", Role::down}, {".lora_A.weight", Role::down}, {".lora_A.default.weight", Role::down},
    {".lora_up.weight", Role::up},     {".lora_B.weight", Role::up},   {".lora_B.default.weight", Role::up},
    {".alpha", Role::alpha},           {".diff", Role::weight},        {".diff_b", Role::bias},
    {".diff_m", Role::modulation},
};

constexpr std::string_view kPeftPrefix = "base_model.model.";
constexpr std::string_view kUnderscored = "lora_unet_";
constexpr int64_t kDoubleValuesMax = 1 << 20;

std::string_view tensor_ending(Role role) {
  if (role == Role::bias) return ".bias";
  return role == Role::modulation ? ".modulation" : ".weight";
}

int64_t values_in(const std::vector<int64_t>& shape) {
  return std::accumulate(shape.begin(), shape.end(), int64_t{1}, std::multiplies<>());
}

std::vector<int64_t> without_ones(std::vector<int64_t> shape) {
  std::erase(shape, 1);
  return shape;
}

// Whether up @ down has the base's shape, whose dimensions may have been put together.
bool product_fits(const std::vector<int64_t>& up, const std::vector<int64_t>& down,
                  const std::vector<int64_t>& base) {
  if (up.size() < 2 || down.size() < 2 || base.empty()) return false;
  const int64_t rank = down[0], out = up[0];
  if (rank < 1 || out < 1 || values_in(up) != out * rank) return false;
  if (base.size() == 2 && base[0] != out) return false;
  return values_in(down) % rank == 0 && values_in(base) == out * (values_in(down) / rank);
}

// The base's tensors by their names with '_' for '.', and an empty name where two would be called the same.
std::map<std::string, std::string, std::less<>> underscored_names(const Weights& base) {
  std::map<std::string, std::string, std::less<>> names;
  for (const std::string_view name : base.names()) {
    std::string key(name);
    std::ranges::replace(key, '.', '_');
    const auto [entry, added] = names.emplace(key, name);
    if (!added) entry->second.clear();
  }
  return names;
}

}  // namespace

/// The tensors of one LoRA that change one tensor of the base.
struct LoraTensors {
  std::string module, up, down, alpha, difference;
};

/// Sorts one LoRA's tensors out.
class LoraReader {
 public:
  LoraReader(const Weights& base, const std::map<std::string, std::string, std::less<>>& underscored,
             Loras& out)
      : base_(base), underscored_(underscored), out_(out) {}

  Result<void> add(const Lora& lora, size_t index) {
    label_ = lora.label;
    weights_ = lora.weights.get();
    found_.clear();
    unknown_.clear();
    if (weights_ == nullptr || weights_->part() != Part::lora) return error("is no LoRA");
    if (!std::isfinite(lora.strength)) return error("has a strength that is not a number");
    for (const std::string_view name : weights_->names()) TROUPE_CHECK_OK(take(name));
    for (const auto& [target, found] : found_) TROUPE_CHECK_OK(add_term(target, found, index, lora.strength));
    if (unknown_.empty()) return {};
    return error("does not belong to this model: " + std::to_string(unknown_.size()) +
                 " of its modules fit no tensor of the model, for instance " +
                 in_quotes(unknown_.begin()->first) + unknown_.begin()->second);
  }

 private:
  Error error(const std::string& what, ErrorCode code = ErrorCode::invalid_argument) const {
    return make_error(code, "the LoRA " + label_ + " " + what);
  }

  Result<void> take(std::string_view name) {
    const auto ending =
        std::ranges::find_if(kEndings, [&](const Ending& e) { return name.ends_with(e.text); });
    if (ending == std::end(kEndings))
      return error("has the tensor " + in_quotes(name) + ", of a kind that is not read",
                   ErrorCode::unsupported);
    const std::string_view module = name.substr(0, name.size() - ending->text.size());
    const auto target = base_name(module, ending->role);
    if (!target) {
      unknown_.emplace(module, "");
      return {};
    }
    LoraTensors& found = found_[*target];
    std::string& place = ending->role == Role::down    ? found.down
                         : ending->role == Role::up    ? found.up
                         : ending->role == Role::alpha ? found.alpha
                                                       : found.difference;
    if (!place.empty()) return error("has " + in_quotes(name) + " twice", ErrorCode::corrupt_input);
    found.module = module;
    place = name;
    return {};
  }

  // The name in the base of what a module's tensor changes, if the base has it.
  std::optional<std::string> base_name(std::string_view module, Role role) const {
    if (module.starts_with(kPeftPrefix)) module.remove_prefix(kPeftPrefix.size());
    if (module.starts_with(kUnderscored)) {
      std::string key(module.substr(kUnderscored.size()));
      key += "_" + std::string(tensor_ending(role).substr(1));
      const auto entry = underscored_.find(key);
      return entry == underscored_.end() || entry->second.empty() ? std::nullopt
                                                                  : std::optional(entry->second);
    }
    const std::string name = canonical(base_.part(), std::string(module) + std::string(tensor_ending(role)));
    return base_.shape(name) != nullptr ? std::optional(name) : std::nullopt;
  }

  Result<void> add_term(const std::string& target, const LoraTensors& found, size_t index, double strength) {
    const std::vector<int64_t>& shape = *base_.shape(target);
    auto& terms = out_.terms_[target];
    if (!found.difference.empty()) {
      if (without_ones(*weights_->shape(found.difference)) != without_ones(shape))
        unknown_.emplace(found.module, misfit(found.difference, shape));
      terms.push_back({index, {}, {}, found.difference, strength});
    }
    if (found.up.empty() && found.down.empty()) return {};
    if (found.up.empty() || found.down.empty())
      return error("has one of the two factors of " + in_quotes(found.module) + " only",
                   ErrorCode::corrupt_input);
    if (!product_fits(*weights_->shape(found.up), *weights_->shape(found.down), shape)) {
      unknown_.emplace(found.module, misfit(found.up, shape));
      return {};
    }
    TROUPE_TRY(const double scale, alpha_over_rank(found));
    terms.push_back({index, found.up, found.down, {}, strength * scale});
    return {};
  }

  std::string misfit(const std::string& tensor, const std::vector<int64_t>& wanted) const {
    return ", which has the shape " + shape_text(*weights_->shape(tensor)) + " for " + shape_text(wanted);
  }

  Result<double> alpha_over_rank(const LoraTensors& found) const {
    if (found.alpha.empty()) return 1.0;
    TROUPE_TRY(const at::Tensor alpha,
               weights_->read(found.alpha, *weights_->shape(found.alpha), at::kFloat, at::kCPU));
    if (alpha.numel() != 1 || !std::isfinite(alpha.item<float>()))
      return error("has an alpha of " + in_quotes(found.module) + " that is not a number",
                   ErrorCode::corrupt_input);
    return double{alpha.item<float>()} / static_cast<double>(weights_->shape(found.down)->front());
  }

  const Weights& base_;
  const std::map<std::string, std::string, std::less<>>& underscored_;
  Loras& out_;
  std::string label_;
  const Weights* weights_ = nullptr;
  std::map<std::string, LoraTensors> found_;                 // by the base's name
  std::map<std::string, std::string, std::less<>> unknown_;  // modules, and what is wrong with them
};

Result<std::shared_ptr<const Loras>> Loras::make(const Weights& base, std::vector<Lora> loras) {
  auto made = std::make_shared<Loras>();
  const auto underscored = underscored_names(base);
  LoraReader reader(base, underscored, *made);
  for (size_t i = 0; i < loras.size(); ++i) TROUPE_CHECK_OK(reader.add(loras[i], i));
  std::erase_if(made->terms_, [](const auto& entry) { return entry.second.empty(); });
  made->loras_ = std::move(loras);
  return std::shared_ptr<const Loras>(std::move(made));
}

at::Tensor Loras::delta(const Term& term, const at::Tensor& weight) const {
  const Weights& file = *loras_[term.lora].weights;
  const auto type = weight.numel() <= kDoubleValuesMax ? at::kDouble : at::kFloat;
  const auto read = [&](const std::string& name, at::IntArrayRef shape) {
    auto tensor = file.read(name, shape, at::kFloat, at::kCPU);
    TORCH_CHECK(tensor, tensor.error().message);
    return tensor->to(type);
  };
  if (!term.difference.empty()) return read(term.difference, weight.sizes()) * term.factor;
  const at::Tensor up = read(term.up, *file.shape(term.up)), down = read(term.down, *file.shape(term.down));
  const int64_t rank = down.size(0);
  return (at::matmul(up.reshape({-1, rank}), down.reshape({rank, -1})) * term.factor).view(weight.sizes());
}

at::Tensor Loras::apply(std::string_view name, const at::Tensor& weight) const {
  const auto terms = terms_.find(name);
  if (terms == terms_.end()) return weight;
  at::Tensor sum;
  for (const Term& term : terms->second) {
    const at::Tensor one = delta(term, weight);
    sum = sum.defined() ? sum + one : one;
  }
  return (weight + sum).to(at::kFloat);
}

}  // namespace troupe::engine::wan
