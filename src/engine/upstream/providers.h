// Every provider that there is. Private to engine/upstream/.
#pragma once

#include "engine/upstream/provider.h"

namespace troupe::upstream {

const Provider& venice();
const Provider& gateway();
const Provider& dashscope();
const Provider& pictory();
const Provider& fal();
const Provider& replicate();
const Provider& openai();

}  // namespace troupe::upstream
