// An order's prompt and references in a provider's words. Private to engine/upstream/.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/upstream/provider.h"

namespace troupe::upstream {

/// The whole prompt in one text: shots, if there are several, as lines "Shot 1 (5s): …".
std::string prompt_text(const Order& order, TagSpelling spelling);
/// Each shot's own text.
std::vector<std::string> shot_texts(const Order& order, TagSpelling spelling);

/// "5", "8": whole seconds, which every provider takes.
std::string whole_seconds(MediaTime time);

/// Sources of the references of one kind, in order; clips where they are that.
std::vector<std::string> sources_of(const Order& order, ReferenceKind kind);
/// Those of all references.
std::vector<std::string> all_sources(const Order& order);

/// Sentences for what of an order no remote provider is told: where a subject is in its picture, a frame rate
/// that is not its own.
std::vector<std::string> usual_unsaid(const Order& order);

}  // namespace troupe::upstream
