// How long the functions of a C++ text are.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace troupe::tests {

struct FunctionLength {
  std::string head;  ///< what stands before the brace, blanks squeezed: "int add(int a, int b)"
  int line = 0;      ///< of the head's first word, from 1
  int lines = 0;     ///< from there to the closing brace, both counted
};

/// Every function with a body, in the order of their ends; a lambda belongs to the function around it.
/// Reads braces, not C++: it takes for a function what has parentheses before its brace and stands in no
/// other block than a namespace, class, struct or union.
std::vector<FunctionLength> function_lengths(std::string_view text);

/// The text with comments and the insides of literals blanked out, and preprocessor lines too. Lines stay.
std::string without_comments_and_literals(std::string_view text);

}  // namespace troupe::tests
