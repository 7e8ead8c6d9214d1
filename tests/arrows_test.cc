#include "tests/arrows.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace troupe::tests {
namespace {

using Sentences = std::vector<std::string>;

Arrows example() {
  return Arrows(
      "# comment\n"
      "folder base:\n"
      "folder core: base\n"
      "folder engine: core\n"
      "folder engine/far: engine api/*/wire.h\n"
      "folder api: core\n"
      "folder server: *\n"
      "folder cli: *\n"
      "tests core: engine\n"
      "library vision/*: engine\n"
      "library unistd.h: *\n"
      "test-library gtest/*: *\n");
}

std::string joined(const Sentences& sentences) {
  std::string text;
  for (const std::string& sentence : sentences) text += sentence + "\n";
  return text;
}

TEST(Arrows, TreeKeepsThem) {
  const Arrows arrows(read_file("tests/arrows.txt"));
  const auto files = files_below("src", {".h", ".cc"});
  ASSERT_GT(files.size(), 50u);
  EXPECT_EQ(joined(arrows.broken(files)), "");
}

TEST(Arrows, FollowThem) {
  EXPECT_EQ(example().broken({{"src/core/a.cc", "#include <vector>\n#include \"core/a.h\"\n"},
                              {"src/core/b.cc", "#include \"base/b.h\"\n#include <unistd.h>\n"}}),
            Sentences{});
}

TEST(Arrows, RefuseAnotherFolder) {
  EXPECT_EQ(example().broken({{"src/base/a.cc", "\n  # include \"core/a.h\"\n"}}),
            Sentences{"src/base/a.cc:2: base may not include \"core/a.h\""});
}

TEST(Arrows, RefuseUnknownFolders) {
  EXPECT_EQ(example().broken({{"src/core/a.cc", "#include \"else/a.h\"\n"}}),
            Sentences{"src/core/a.cc:1: core may not include \"else/a.h\""});
  EXPECT_EQ(example().broken({{"src/else/a.cc", ""}}),
            Sentences{"src/else/a.cc: its folder has no rule in tests/arrows.txt"});
}

TEST(Arrows, LongestFolderOwns) {
  EXPECT_EQ(example().owner("engine/far/x/a.h"), "engine/far");
  EXPECT_EQ(example().owner("engine/farther/a.h"), "engine");
  EXPECT_EQ(example().owner("engines/a.h"), "");
}

TEST(Arrows, PatternsNameSingleHeaders) {
  EXPECT_EQ(example().broken({{"src/engine/far/a.cc", "#include \"api/venice/wire.h\"\n"}}), Sentences{});
  EXPECT_EQ(example().broken({{"src/engine/far/a.cc", "#include \"api/venice/accept.h\"\n"}}),
            Sentences{"src/engine/far/a.cc:1: engine/far may not include \"api/venice/accept.h\""});
}

TEST(Arrows, NothingReachesTheServer) {
  EXPECT_EQ(example().broken({{"src/server/a.cc", "#include \"api/a.h\"\n#include \"server/a.h\"\n"}}),
            Sentences{});
  EXPECT_EQ(example().broken({{"src/cli/a.cc", "#include \"server/a.h\"\n"}}),
            Sentences{"src/cli/a.cc:1: cli may not include \"server/a.h\""});
}

TEST(Arrows, TestsMayMore) {
  EXPECT_EQ(example().broken({{"src/core/a_test.cc", "#include \"engine/a.h\"\n#include <gtest/gtest.h>\n"}}),
            Sentences{});
  EXPECT_EQ(example().broken({{"src/core/a.cc", "#include \"engine/a.h\"\n#include <gtest/gtest.h>\n"}}),
            (Sentences{"src/core/a.cc:1: core may not include \"engine/a.h\"",
                       "src/core/a.cc:2: core may not include <gtest/gtest.h>"}));
}

TEST(Arrows, LibrariesHaveTheirFolders) {
  EXPECT_EQ(example().broken({{"src/engine/a.cc", "#include <vision/core.hpp>\n"}}), Sentences{});
  EXPECT_EQ(example().broken({{"src/core/a.cc", "#include <vision/core.hpp>\n#include <new.h>\n"}}),
            (Sentences{"src/core/a.cc:1: core may not include <vision/core.hpp>",
                       "src/core/a.cc:2: core may not include <new.h>"}));
}

TEST(Arrows, HeadersWithLibraryTypesArePrivate) {
  const std::vector<SourceFile> files{{"src/engine/mat.h", "#include <vision/core.hpp>\n"},
                                      {"src/engine/a.cc", "#include \"engine/mat.h\"\n"},
                                      {"src/cli/a.cc", "#include \"engine/mat.h\"\n"}};
  EXPECT_EQ(example().broken(files),
            Sentences{"src/cli/a.cc:1: \"engine/mat.h\" shows <vision/core.hpp>, which cli may not include"});
}

TEST(Arrows, RulesMustBeRules) {
  EXPECT_THROW(Arrows("folder core base\n"), std::runtime_error);
  EXPECT_THROW(Arrows("arrow core: base\n"), std::runtime_error);
}

}  // namespace
}  // namespace troupe::tests
