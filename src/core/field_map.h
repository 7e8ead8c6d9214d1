// Where in the body of a request the parts of its spec stood.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace troupe {

/// Where in the caller's own body the parts of a spec stood, as JSON Pointers: what is wrong with a spec is
/// told in the caller's words.
class FieldMap {
 public:
  /// What is at `spec` and below was at `body` and below.
  void add(std::string spec, std::string body);
  /// Whatever is at `spec` and below was made of the one field `body`.
  void fold(std::string spec, std::string body);
  /// The place of `spec` in the body, by the longest pointer that was added and leads to it (of two that are
  /// the same, the later); the body itself ("") if there is none.
  std::string in_body(std::string_view spec) const;

  bool empty() const { return entries_.empty(); }

  /// As one line of JSON, for a job to keep; "" of an empty one.
  std::string print() const;
  /// What print() gave. Of any other text: empty.
  static FieldMap parse(std::string_view text);

 private:
  struct Entry {
    std::string spec, body;
    bool folded = false;
  };
  std::vector<Entry> entries_;
};

}  // namespace troupe
