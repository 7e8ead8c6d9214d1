#include <gtest/gtest.h>

#include "engine/wan/files/checks_for_test.h"

namespace troupe::engine::wan {
namespace {

using enum ErrorCode;

const std::string kTwo =
    R"({"__metadata__":{"format":"pt"},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]},)"
    R"("a":{"dtype":"BF16","shape":[1,2],"data_offsets":[0,4]}})";
const std::string kTwoData = raw(uint16_t{0x3F80}) + raw(uint16_t{0xC000}) + raw(1.5f) + raw(-2.5f);

std::string one(const std::string& fields) { return "{\"a\":{" + fields + "}}"; }

TEST(Safetensors, TensorsKeepTheirOrderAndValues) {
  const auto file = opened(safetensors(kTwo, kTwoData));
  EXPECT_EQ(floats_of(file, "a"), (std::vector<float>{1, -2}));
  EXPECT_EQ(floats_of(file, "b"), (std::vector<float>{1.5, -2.5}));
  EXPECT_EQ(file->tensors()[0].name, "b");
  EXPECT_EQ(file->find("a")->shape, (std::vector<int64_t>{1, 2}));
  EXPECT_EQ(file->find("c"), nullptr);
  EXPECT_EQ(file->metadata().at("format"), "pt");
  EXPECT_EQ(file->format(), Format::safetensors);
  EXPECT_EQ(file->label(), "test file");
}

TEST(Safetensors, ScalarsEmptyTensorsAndPaddingAreRead) {
  const auto file = opened(safetensors(R"({"s":{"dtype":"I64","shape":[],"data_offsets":[0,8]},)"
                                       R"("e":{"dtype":"F16","shape":[3,0],"data_offsets":[8,8]},)"
                                       R"("f":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[8,9]}}   )",
                                       raw(int64_t{-7}) + "\x38"));
  EXPECT_EQ(floats_of(file, "s"), std::vector<float>{-7});
  EXPECT_EQ(floats_of(file, "e"), std::vector<float>{});
  EXPECT_EQ(floats_of(file, "f"), std::vector<float>{1});
  EXPECT_TRUE(opened(safetensors("{}", ""))->tensors().empty());
}

TEST(Safetensors, ViewsOutliveAMove) {
  auto file = opened(safetensors(kTwo, kTwoData));
  const TensorView* const before = file->find("a");
  const TensorFile moved = std::move(file).value();
  EXPECT_EQ(moved.find("a"), before);
  EXPECT_EQ(floats(*before), (std::vector<float>{1, -2}));
}

TEST(Safetensors, OnlyWholeFilesOpen) { expect_whole_only(safetensors(kTwo, kTwoData)); }
TEST(Safetensors, ChangedBytesAreSafe) { expect_safe_when_changed(safetensors(kTwo, kTwoData)); }

TEST(Safetensors, HeadersAreChecked) {
  const std::string data(8, '\0');
  const auto refused = [&](const std::string& header, std::string_view part) {
    expect_error(safetensors(header, data), corrupt_input, part);
  };
  refused("{", "no JSON");
  refused(one(R"("dtype":"F32","shape":[2])"), "lacks");
  refused(one(R"("dtype":"F32","shape":[2],"data_offsets":[0,8],"x":1)"), "no meaning");
  refused(one(R"("dtype":"F32","shape":[NaN],"data_offsets":[0,8])"), "no JSON");
  refused(one(R"("dtype":"F32","shape":[2.0],"data_offsets":[0,8])"), "fraction");
  refused(one(R"("dtype":"F32","shape":[-2],"data_offsets":[0,8])"), "negative");
  refused(one(R"("dtype":"F32","shape":[1e999],"data_offsets":[0,8])"), "no JSON");
  refused(one(R"("dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,8])"), "too large");
  refused(one(R"("dtype":"F32","shape":[9223372036854775807,3],"data_offsets":[0,8])"), "can't have 8 bytes");
  refused(one(R"("dtype":"F32","shape":[4611686018427387904,4,0],"data_offsets":[0,8])"), "can't have");
  refused(one(R"("dtype":"F32","shape":[4611686018427387905,2],"data_offsets":[0,8])"), "can't have");
  refused(one(R"("dtype":"F32","shape":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,2],"data_offsets":[0,8])"),
          "dimensions");
  refused(one(R"("dtype":"F32","shape":[[2]],"data_offsets":[0,8])"), "a list");
  refused(one(R"("dtype":"F32","shape":[2],"data_offsets":[0,8,8])"), "a number");
  refused(one(R"("dtype":"F32","shape":[2],"shape":[2],"data_offsets":[0,8])"), "a list");
  refused(one(R"("dtype":"F32","shape":[2],"data_offsets":[8,0])"), "outside");
  refused(one(R"("dtype":"F32","shape":[2],"data_offsets":[4,12])"), "outside");
  refused(one(R"("dtype":"F32","shape":[2],"data_offsets":[18446744073709551608,0])"), "outside");
  refused(R"({"a":1})", "a number");
  refused(R"({"__metadata__":{"a":1}})", "a number");
  refused(R"({"__metadata__":{"a":"1","a":"2"}})", "twice");
  refused(R"({"__metadata__":{},"__metadata__":{}})", "second");
  refused("{}", "behind its last");
}

TEST(Safetensors, BytesBelongToOneTensorEach) {
  const auto pair = [](const std::string& first, const std::string& second) {
    return R"({"a":{"dtype":"U8","shape":[4],"data_offsets":)" + first +
           R"(},"b":{"dtype":"U8","shape":[4],"data_offsets":)" + second + "}}";
  };
  EXPECT_TRUE(opened(safetensors(pair("[4,8]", "[0,4]"), "12345678")).has_value());
  expect_error(safetensors(pair("[0,4]", "[2,6]"), "123456"), corrupt_input, "\"b\" does not begin where");
  expect_error(safetensors(pair("[0,4]", "[0,4]"), "1234"), corrupt_input, "does not begin where");
  expect_error(safetensors(pair("[0,4]", "[5,9]"), "123456789"), corrupt_input, "does not begin where");
  expect_error(safetensors(pair("[0,4]", "[4,8]"), "123456789"), corrupt_input, "behind its last");
  const std::string empty = R"("a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]})";
  expect_error(safetensors("{" + empty + "," + empty + "}", ""), corrupt_input, "\"a\" twice");
}

TEST(Safetensors, OtherKindsOfNumbersAreNamed) {
  expect_error(safetensors(one(R"("dtype":"C64","shape":[1],"data_offsets":[0,8])"), std::string(8, '\0')),
               unsupported, "tensor \"a\" has values of type \"C64\"");
}

TEST(Safetensors, NamesInErrorsAreFitToPrint) {
  const auto file = opened(safetensors("{\"\\u001b[31m" + std::string(1000, 'x') + "\":{}}", ""));
  ASSERT_FALSE(file.has_value());
  EXPECT_EQ(file.error().message.find('\x1b'), std::string::npos);
  EXPECT_LT(file.error().message.size(), 200u);
}

TEST(Safetensors, HugeHeadersAreRefusedBeforeTheyAreRead) {
  expect_error(raw(uint64_t{101 << 20}) + "{}", over_limit, "100 MiB");
  expect_error(raw(~uint64_t{0}) + "{}", over_limit, "100 MiB");
  expect_error(safetensors("{\"a\":" + std::string(1 << 20, '['), ""), corrupt_input, "a list");
}

}  // namespace
}  // namespace troupe::engine::wan
