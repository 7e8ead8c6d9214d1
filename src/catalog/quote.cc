#include "catalog/quote.h"

#include "catalog/catalog.h"
#include "catalog/compare.h"
#include "catalog/json_reader.h"
#include "catalog/phrases.h"

namespace troupe::catalog {
namespace {

constexpr int64_t kThousandths = 1000;

QuoteLine video_line(const Model& model, const Billed& billed, const Rate& rate) {
  const Currency currency = model.price.currency;
  QuoteLine line;
  line.what = billed.audio ? "video with audio" : "video";
  if (rate.tier) line.what += ", " + std::to_string(*rate.tier) + "p";
  if (billed.count > 1) line.what += ", " + counted(billed.count, "take");
  line.quantity = billed.duration.milliseconds * billed.count;
  line.unit = "s";
  line.rate = {rate.micros_per_second, currency};
  const int64_t one =
      (rate.micros_per_second * billed.duration.milliseconds + kThousandths / 2) / kThousandths;
  line.amount = {one * billed.count, currency};
  return line;
}

QuoteLine fee_line(const Fee& fee, Currency currency, int count) {
  QuoteLine line;
  line.what = fee.name;
  line.quantity = count * kThousandths;
  line.unit = "take";
  line.rate = {fee.micros, currency};
  line.amount = {fee.micros * count, currency};
  line.kept_on_rejection = fee.kept_on_rejection;
  line.note = fee.note;
  return line;
}

std::string print_quantity(const QuoteLine& line) {
  return print_micros(line.quantity * kThousandths) + " " + line.unit;
}

}  // namespace

Quote price(const Model& model, const Billed& billed) {
  Quote quote;
  quote.total.currency = model.price.currency;
  quote.complete = model.price.published;
  quote.note = model.price.note;
  if (const Rate* rate = rate_of(model.price, billed.tier, billed.audio))
    quote.lines.push_back(video_line(model, billed, *rate));
  for (const Fee& fee : model.price.fees)
    quote.lines.push_back(fee_line(fee, model.price.currency, billed.count));
  for (const QuoteLine& line : quote.lines) quote.total.micros += line.amount.micros;
  return quote;
}

Quote price(const Model& model, const Resolved& resolved) {
  return price(model, Billed{resolved.duration, resolved.tier, resolved.audio, resolved.count});
}

std::string print(const Quote& quote) {
  std::string text;
  for (const QuoteLine& line : quote.lines) {
    text += line.what + ": " + print_quantity(line) + " × " + print(line.rate) + " = " + print(line.amount);
    if (line.kept_on_rejection) text += " (also if the take is rejected)";
    if (!line.note.empty()) text += ". " + line.note;
    text += "\n";
  }
  if (quote.complete)
    return text + "total: " + print(quote.total) + (quote.note.empty() ? "" : ". " + quote.note) + "\n";
  return text + "total: not known. " + quote.note + "\n";
}

}  // namespace troupe::catalog
