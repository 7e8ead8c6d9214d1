#include "engine/stage/prompt/shots.h"

#include <algorithm>

#include "engine/stage/prompt/match.h"
#include "engine/stage/prompt/speech.h"

namespace troupe::stage::prompt {
namespace {

constexpr double kShortestCutSeconds = 0.5;   // a cut the user wrote
constexpr double kShortestPartSeconds = 1.5;  // a part that nobody asked for by name
constexpr int64_t kPartsMax = 3;

bool is_cut(const Hit& hit, const std::vector<Token>& tokens, const Vocabulary& vocabulary) {
  if (hit.value(Group::edit) != static_cast<int>(Edit::cut)) return false;
  for (int token = std::max(0, hit.first - 2); token < hit.first; ++token) {
    if (vocabulary.is(WordClass::negators, tokens[static_cast<size_t>(token)].folded)) return false;
  }
  return true;
}

bool says_something(const std::vector<Token>& tokens) {
  return std::any_of(tokens.begin(), tokens.end(),
                     [](const Token& t) { return t.kind != Token::Kind::mark; });
}

/// Ranges of tokens to leave out: the words that only separate.
struct Separator {
  size_t first = 0, end = 0;
};

std::vector<std::vector<Token>> split_at(const std::vector<Token>& tokens,
                                         const std::vector<Separator>& separators) {
  std::vector<std::vector<Token>> pieces(1);
  size_t next = 0;
  for (size_t i = 0; i < tokens.size(); ++i) {
    while (next < separators.size() && i >= separators[next].end) ++next;
    const bool inside = next < separators.size() && i >= separators[next].first;
    if (!inside) {
      pieces.back().push_back(tokens[i]);
    } else if (i == separators[next].first) {
      pieces.emplace_back();
    }
  }
  std::erase_if(pieces, [](const std::vector<Token>& piece) { return !says_something(piece); });
  if (pieces.empty()) pieces.push_back(tokens);
  return pieces;
}

std::vector<std::vector<Token>> split_at_cuts(const std::vector<Token>& tokens,
                                              const Vocabulary& vocabulary) {
  std::vector<Separator> separators;
  for (const Hit& hit : scan(tokens, vocabulary)) {
    if (!is_cut(hit, tokens, vocabulary)) continue;
    separators.push_back({static_cast<size_t>(hit.first), static_cast<size_t>(hit.last()) + 1});
  }
  return split_at(tokens, separators);
}

std::vector<std::vector<Token>> split_at_then(const std::vector<Token>& tokens) {
  std::vector<Separator> separators;
  for (size_t i = 0; i < tokens.size(); ++i) {
    const std::string& word = tokens[i].folded;
    if (word == "then" || word == "finally" || word == "afterwards" || word == "next") {
      const bool to = word == "next" && i + 1 < tokens.size() && tokens[i + 1].folded == "to";
      if (!to) separators.push_back({i, i + 1});
    }
  }
  return split_at(tokens, separators);
}

int64_t parts_that_fit(int64_t frames, FrameRate rate, double shortest_seconds) {
  const double shortest = std::max(1.0, shortest_seconds * rate.per_second());
  return std::max<int64_t>(1, static_cast<int64_t>(static_cast<double>(frames) / shortest));
}

/// Joins the last pieces until at most `limit` are left.
void join_tail(std::vector<std::vector<Token>>& pieces, int64_t limit) {
  while (static_cast<int64_t>(pieces.size()) > limit) {
    auto tail = std::move(pieces.back());
    pieces.pop_back();
    pieces.back().insert(pieces.back().end(), tail.begin(), tail.end());
  }
}

bool wants_variety(const std::vector<Token>& tokens, const engine::RenderRequest& request,
                   const Vocabulary& vocabulary) {
  const bool multi = request.spec.shot_type == ShotType::multi && request.prompt.shots.size() == 1;
  if (multi) return true;
  const auto hits = scan(tokens, vocabulary);
  return std::any_of(hits.begin(), hits.end(), [](const Hit& hit) {
    return hit.value(Group::edit) == static_cast<int>(Edit::montage);
  });
}

void split_shot(std::vector<Token> tokens, int64_t frames, const engine::RenderRequest& request,
                const Vocabulary& vocabulary, std::vector<Segment>& segments) {
  auto pieces = split_at_cuts(tokens, vocabulary);
  int64_t limit = std::min<int64_t>(parts_that_fit(frames, request.rate, kShortestCutSeconds), kShotsMax);
  const bool variety = pieces.size() == 1 && wants_variety(tokens, request, vocabulary);
  if (variety) {
    pieces = split_at_then(tokens);
    limit = std::min(parts_that_fit(frames, request.rate, kShortestPartSeconds), kPartsMax);
  }
  join_tail(pieces, limit);
  if (variety && pieces.size() == 1) {
    segments.push_back({std::move(pieces.front()), share_frames(frames, limit)});
    return;
  }
  const auto shares = share_frames(frames, static_cast<int64_t>(pieces.size()));
  for (size_t i = 0; i < pieces.size(); ++i) segments.push_back({std::move(pieces[i]), {shares[i]}});
}

}  // namespace

std::vector<int64_t> share_frames(int64_t frames, int64_t parts) {
  std::vector<int64_t> shares;
  int64_t begin = 0;
  for (int64_t part = 1; part <= parts; ++part) {
    const int64_t end = frames / parts * part + frames % parts * part / parts;
    shares.push_back(end - begin);
    begin = end;
  }
  return shares;
}

std::vector<Segment> split_request(const engine::RenderRequest& request, const Vocabulary& vocabulary) {
  std::vector<Segment> segments;
  const int references = static_cast<int>(request.spec.references.size());
  for (size_t i = 0; i < request.prompt.shots.size(); ++i) {
    const int64_t frames = i < request.shot_frames.size() ? std::max<int64_t>(1, request.shot_frames[i]) : 1;
    auto tokens = lift_speech(tokenize(request.prompt.shots[i], references), vocabulary);
    split_shot(std::move(tokens), frames, request, vocabulary, segments);
  }
  return segments;
}

}  // namespace troupe::stage::prompt
