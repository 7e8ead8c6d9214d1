#include <algorithm>

#include "catalog/checking.h"

namespace troupe::catalog {
namespace {

std::string_view in_words(Currency currency) {
  return currency == Currency::usd ? "US dollars" : "a provider's credits";
}

bool told_before(const std::vector<Violation>& violations, const Violation& again) {
  return std::any_of(violations.begin(), violations.end(), [&](const Violation& violation) {
    return violation.code == again.code && violation.rule == again.rule;
  });
}

GenerationSpec asked_of(const GenerationSpec& spec, const Model& model) {
  GenerationSpec asked = spec;
  asked.model = model.id;
  asked.fallback_models.clear();
  return asked;
}

class Fallbacks {
 public:
  explicit Fallbacks(Checking& checking) : checking_(checking), seen_{checking.model.id} {}

  void check(const std::string& name, const std::string& field) {
    const auto model = checking_.catalog.find(name);
    if (!model)
      return checking_.add(field, std::string(troupe::name(model.error().code)), model.error().message, "");
    const Model& other = **model;
    if (std::find(seen_.begin(), seen_.end(), other.id) != seen_.end())
      return checking_.add(field, "fallback_twice", other.name + " is named twice.", "Leave it out here.");
    seen_.push_back(other.id);
    if (other.engine != EngineKind::upstream)
      return checking_.add(field, "fallback_not_possible",
                           other.name + " is made here and by no provider, so it can't stand in.",
                           "Name a model that providers make.");
    if (other.price.currency != checking_.model.price.currency)
      return checking_.add(field, "fallback_currency",
                           other.name + " is paid in " + std::string(in_words(other.price.currency)) +
                               ", and " + checking_.model.name + " in " +
                               std::string(in_words(checking_.model.price.currency)) + ".",
                           "Name one that is paid in the same.");
    check_limits(other, field);
  }

 private:
  void check_limits(const Model& other, const std::string& field) {
    for (const Violation& broken : checking_.catalog.check(asked_of(checking_.spec, other), other))
      if (!told_before(checking_.violations, broken))
        checking_.add(field, broken.code, other.name + " can't stand in. " + broken.rule, broken.fix);
  }

  Checking& checking_;
  std::vector<std::string> seen_;
};

}  // namespace

void check_fallbacks(Checking& checking) {
  const std::vector<std::string>& names = checking.spec.fallback_models;
  if (names.empty()) return;
  if (checking.model.engine != EngineKind::upstream)
    return checking.add("/fallback_models", "fallback_not_possible",
                        checking.model.name + " is made here and by no provider: nothing stands in for it.",
                        "Leave the fallback models out.");
  if (names.size() > static_cast<size_t>(kFallbackModelsMax))
    return checking.add("/fallback_models", "too_many_fallback_models",
                        "A request names at most " + std::to_string(kFallbackModelsMax) +
                            " fallback models; this one names " + std::to_string(names.size()) + ".",
                        "Name fewer.");
  Fallbacks fallbacks(checking);
  for (size_t i = 0; i < names.size(); ++i)
    fallbacks.check(names[i], "/fallback_models/" + std::to_string(i));
}

Result<Quote> Catalog::dearest_quote(const GenerationSpec& spec, const Model& model) const {
  TROUPE_TRY(const Resolved resolved, resolve(spec, model));
  Quote dearest = price(model, resolved);
  const Model* which = &model;
  bool complete = dearest.complete;
  for (const std::string& name : spec.fallback_models) {
    TROUPE_TRY(const Model* const other, find(name));
    TROUPE_TRY(const Resolved others, resolve(asked_of(spec, *other), *other));
    Quote quote = price(*other, others);
    complete = complete && quote.complete;
    if (quote.total.micros <= dearest.total.micros) continue;
    dearest = std::move(quote);
    which = other;
  }
  dearest.complete = complete;
  if (spec.fallback_models.empty()) return dearest;
  dearest.note += std::string(dearest.note.empty() ? "" : " ") + "This is the price of " + which->name +
                  ", the dearest of the models that may make it; what is paid is that of the one that does.";
  return dearest;
}

}  // namespace troupe::catalog
