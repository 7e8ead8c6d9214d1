// "no rain", "without fog or snow", "never stops".
#include "engine/stage/prompt/reading.h"

namespace troupe::stage::prompt {
namespace {

constexpr int kReach = 2;  // words before a phrase in which a negator counts

bool negator_before(const Reading& reading, const Hit& hit, const Vocabulary& vocabulary) {
  for (int token = hit.first - 1; token >= hit.first - kReach; --token) {
    if (!reading.is_word(token)) return false;
    if (reading.is(token, WordClass::negators, vocabulary)) return reading.word(token + 1) != "only";
  }
  return false;
}

/// True if the hit is joined by "or" to the one before: "no rain or snow".
bool joined_by_or(const Reading& reading, const Hit& before, const Hit& hit) {
  const int between = before.last() + 1;
  if (between == hit.first) return false;
  for (int token = between; token < hit.first; ++token) {
    const std::string& word = reading.word(token);
    if (word != "or" && word != "nor" && !(reading.is_stop(token) && hit.first - between > 1)) return false;
  }
  return true;
}

}  // namespace

void cancel_negated(Reading& reading, const Vocabulary& vocabulary) {
  const Hit* before = nullptr;
  for (Hit& hit : reading.hits) {
    hit.negated = negator_before(reading, hit, vocabulary) ||
                  (before && before->negated && joined_by_or(reading, *before, hit));
    before = &hit;
  }
}

}  // namespace troupe::stage::prompt
