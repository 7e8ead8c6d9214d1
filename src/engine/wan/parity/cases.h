// The comparisons whose vectors and weights are in testdata/.
#pragma once

#include <vector>

#include "engine/wan/parity/kinds.h"

namespace troupe::engine::wan::parity {

using Compare = Result<void> (*)(const Vectors&, const Models&, Report&);

struct Case {
  const char* name;
  Compare compare;
  const char* vectors;               ///< a file of testdata/
  std::vector<const char*> weights;  ///< likewise
  int tensors;                       ///< how many are compared
};

const std::vector<Case>& cases();

}  // namespace troupe::engine::wan::parity
