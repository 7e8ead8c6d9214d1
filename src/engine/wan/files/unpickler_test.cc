#include "engine/wan/files/unpickler.h"

#include <gtest/gtest.h>

#include "engine/wan/files/writers_for_test.h"

namespace troupe::engine::wan {
namespace {

using enum ErrorCode;

struct Read {
  std::vector<std::byte> bytes;
  Result<Pickle> pickle;
};

Read read(const std::string& text) {
  std::vector<std::byte> bytes = bytes_from(text);
  auto pickle = unpickle(bytes, "test file");
  return {std::move(bytes), std::move(pickle)};
}

void expect_refused(const std::string& text, ErrorCode code, std::string_view part) {
  const Read got = read(text);
  ASSERT_FALSE(got.pickle.has_value()) << part;
  EXPECT_EQ(got.pickle.error().code, code) << got.pickle.error().message;
  EXPECT_NE(got.pickle.error().message.find(part), std::string::npos) << got.pickle.error().message;
}

template <class T>
T value_of(const std::string& text) {
  const Read got = read(pickle_file(text));
  EXPECT_TRUE(got.pickle.has_value()) << (got.pickle ? "" : got.pickle.error().message);
  const T* const value = got.pickle ? got.pickle->as<T>(got.pickle->root) : nullptr;
  EXPECT_NE(value, nullptr);
  return value ? *value : T();
}

TEST(Unpickler, NumbersAreRead) {
  using namespace std::string_literals;
  EXPECT_EQ(value_of<int64_t>("K\xFF"), 255);
  EXPECT_EQ(value_of<int64_t>("M\xFF\xFF"), 65535);
  EXPECT_EQ(value_of<int64_t>("J\xFE\xFF\xFF\xFF"), -2);
  EXPECT_EQ(value_of<int64_t>("\x8a\x00"s), 0);
  EXPECT_EQ(value_of<int64_t>("\x8a\x01\xFF"), -1);
  EXPECT_EQ(value_of<int64_t>("\x8a\x05\x00\x00\x00\x00\x01"s), int64_t{1} << 32);
  EXPECT_EQ(value_of<int64_t>("\x8a\x08\x00\x00\x00\x00\x00\x00\x00\x80"s), INT64_MIN);
  EXPECT_EQ(value_of<double>("G\x3f\xf8\x00\x00\x00\x00\x00\x00"s), 1.5);
  EXPECT_EQ(value_of<bool>("\x88"), true);
}

TEST(Unpickler, ContainersAreFilled) {
  EXPECT_EQ(value_of<List>("](NNe").items.size(), 2u);
  EXPECT_EQ(value_of<List>("]Na").items.size(), 1u);
  EXPECT_EQ(value_of<Tuple>("NNN\x87").items.size(), 3u);
  EXPECT_EQ(value_of<Tuple>("(NNNNt").items.size(), 4u);
  EXPECT_EQ(value_of<Dict>("}(NNNNu").items.size(), 2u);
  EXPECT_EQ(value_of<Dict>("}NNs").items.size(), 1u);
  EXPECT_EQ(value_of<Tuple>("Nq\x05h\x05\x86").items.size(), 2u);
  EXPECT_EQ(value_of<Tuple>("(NN1)").items.size(), 0u);
}

TEST(Unpickler, NothingElseIsLookedUp) {
  expect_refused(
      "\x80\x02"
      "cos\nsystem\n(" +
          pickle_text("ls") + "tR.",
      unsupported, "\"os.system\"");
  expect_refused("cos\nsystem\n.", unsupported, "nothing of it was run");
  expect_refused("cbuiltins\neval\n.", unsupported, "\"builtins.eval\"");
  expect_refused("ctorch\nFloatStorage \n.", unsupported, "\"torch.FloatStorage \"");
  expect_refused("ctorch\nComplexFloatStorage\n.", unsupported, "\"torch.ComplexFloatStorage\"");
  expect_refused("\x8c\x05posix\x8c\x06system\x93.", unsupported, "\"posix.system\"");
  expect_refused("ctorch\nFloatStorage\n)R.", unsupported, "calls something");
  expect_refused("N)R.", unsupported, "calls something");
  expect_refused("N}b.", unsupported, "attributes");
  expect_refused("ccollections\nOrderedDict\n(]tR.", unsupported, "OrderedDict");
  for (const char* const op : {"\x81", "\x92", "i", "o", "P", "\x82", "I", "\x98"}) {
    expect_refused(std::string("N") + op + "\x01\x02\x03", unsupported, "instruction");
  }
  expect_refused("\x80\x06.", unsupported, "protocol");
  expect_refused(
      "\x8a\x09"
      "123456789.",
      unsupported, "64 bits");
}

TEST(Unpickler, DamageIsAnError) {
  for (const char* const text : {"",
                                 ".",
                                 "NN.",
                                 "(",
                                 "(.",
                                 "N(.",
                                 "0.",
                                 "t.",
                                 "u.",
                                 "e.",
                                 "s.",
                                 "a.",
                                 "N(Nu.",
                                 "}(Nu.",
                                 "N(NNu.",
                                 "](NNu.",
                                 "}(NNe.",
                                 "(\x85.",
                                 "N(\x85.",
                                 "h\x01.",
                                 "q\x01.",
                                 "(q\x01.",
                                 "Q.",
                                 "NQ.",
                                 ")Q.",
                                 "R.",
                                 "NR.",
                                 "b.",
                                 "1.",
                                 "c",
                                 "ca\n",
                                 "\x93.",
                                 "NN\x93.",
                                 "X\xff\xff\xff\xffz.",
                                 "ctorch._utils\n_rebuild_parameter\n)R.",
                                 "ctorch._utils\n_rebuild_tensor_v2\n)R.",
                                 "ctorch._utils\n_rebuild_tensor_v2\n(NNNNtR.",
                                 "Nr\xff\xff\xff\xff."}) {
    expect_refused(text, corrupt_input, "damaged");
  }
}

TEST(Unpickler, CyclesAndBombsAreOnlyData) {
  // A dict that is its own value, and a list of lists of the same list, 60 deep.
  EXPECT_EQ(value_of<Dict>("}q\x01(" + pickle_text("me") + "h\x01u").items.size(), 1u);
  std::string bomb = "]q\x01";
  for (int i = 0; i < 60; ++i)
    bomb +=
        "0](h\x01h\x01"
        "eq\x01";
  EXPECT_EQ(value_of<List>(bomb).items.size(), 2u);
  expect_refused(std::string(2'100'000, 'N') + ".", over_limit, "more values");
  expect_refused(
      "N" + std::string("q\x01") +
          [] {
            std::string gets;
            for (int i = 0; i < 2'100'000; ++i) gets += "h\x01";
            return gets;
          }(),
      over_limit, "more values");
  expect_refused(std::string(33 << 20, 'N'), over_limit, "larger");
}

TEST(Unpickler, ManyMarksAreBounded) {
  expect_refused(std::string(3'000'000, '('), over_limit, "more values");
}

}  // namespace
}  // namespace troupe::engine::wan
