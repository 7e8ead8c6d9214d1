#include "tests/function_lengths.h"

#include <gtest/gtest.h>

namespace troupe::tests {
namespace {

// "head@line+lines" of each function.
std::vector<std::string> found(std::string_view text) {
  std::vector<std::string> list;
  for (const FunctionLength& function : function_lengths(text)) {
    list.push_back(function.head + "@" + std::to_string(function.line) + "+" +
                   std::to_string(function.lines));
  }
  return list;
}

using List = std::vector<std::string>;

TEST(FunctionLengths, CountFromHeadToBrace) {
  EXPECT_EQ(found("int one() { return 1; }\n"), List{"int one()@1+1"});
  EXPECT_EQ(found("\nint add(int a,\n        int b) {\n  return a + b;\n}\n"),
            List{"int add(int a, int b)@2+4"});
}

TEST(FunctionLengths, LookIntoNamespacesAndClasses) {
  EXPECT_EQ(found("namespace a {\nclass B final : public C {\n  void f() {\n  }\n};\n}\n"),
            List{"void f()@3+2"});
  EXPECT_EQ(found("template <class T>\nstruct B {\n  void f() {}\n};\n"), List{"void f()@3+1"});
}

TEST(FunctionLengths, InnerBlocksBelongToTheOuter) {
  EXPECT_EQ(found("void f() {\n  if (x) {\n    g([] { return 1; });\n  }\n}\n"), List{"void f()@1+5"});
}

TEST(FunctionLengths, TablesAreNone) {
  EXPECT_EQ(found("const int kTable[] = {\n  f(1),\n  g{2},\n};\nenum class E { a, b };\n"), List{});
}

TEST(FunctionLengths, BracesInLiteralsAndCommentsAreNone) {
  EXPECT_EQ(found("void f() {  // }\n  /* } */ g('}', \"}\\\"}\");\n}\n"), List{"void f()@1+3"});
  EXPECT_EQ(found("void f() {\n  g(R\"x(}\")x\");\n  int n = 1'000;\n}\n"), List{"void f()@1+4"});
  EXPECT_EQ(found("#define OPEN {\\\n  {\nvoid f() {\n}\n"), List{"void f()@3+2"});
}

TEST(FunctionLengths, BlankingKeepsLines) {
  EXPECT_EQ(without_comments_and_literals("a /* b\nc */ d\n#x\n\"e\" // f\n"),
            "a     \n     d\n  \n        \n");
}

}  // namespace
}  // namespace troupe::tests
