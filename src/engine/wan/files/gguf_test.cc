#include <gtest/gtest.h>

#include "engine/wan/files/checks_for_test.h"

namespace troupe::engine::wan {
namespace {

using enum ErrorCode;
using Floats = std::vector<float>;

constexpr uint32_t kF32 = 0, kF16 = 1, kQ4_0 = 2, kQ8_0 = 8, kQ4_K = 12, kI8 = 24;
constexpr uint32_t kU32Key = 4, kI32Key = 5, kF32Key = 6, kBoolKey = 7, kTextKey = 8, kListKey = 9,
                   kU64Key = 10;

const std::string kSix = raw_all(Floats{0, 1, 2, 3, 4, 5});

std::string list(uint32_t type, uint64_t count, const std::string& items) {
  return raw(type) + raw(count) + items;
}

// Two tensors, the second in a place of its own alignment, and keys of each kind.
std::string example() {
  const std::string padding(8, '\0');
  return gguf({gguf_key("general.architecture", kTextKey, gguf_text("wan")),
               gguf_key("general.file_type", kU32Key, raw(uint32_t{15})),
               gguf_key("tokenizer.tokens", kListKey, list(kTextKey, 2, gguf_text("a") + gguf_text("bc")))},
              {gguf_tensor("b", {3, 2}, kF32, 0), gguf_tensor("a", {2}, kF16, 32)},
              kSix + padding + raw(uint16_t{0x3C00}) + raw(uint16_t{0xC000}));
}

TEST(Gguf, ShapesAreOutermostFirst) {
  const auto file = opened(example());
  EXPECT_EQ(floats_of(file, "b"), (Floats{0, 1, 2, 3, 4, 5}));
  EXPECT_EQ(floats_of(file, "a"), (Floats{1, -2}));
  EXPECT_EQ(file->find("b")->shape, (std::vector<int64_t>{2, 3}));
  EXPECT_EQ(file->tensors()[0].name, "b");
  EXPECT_EQ(file->format(), Format::gguf);
  EXPECT_EQ(floats_of(opened(gguf({}, {gguf_tensor("w", {6}, kF32, 0)}, kSix, 2)), "w").size(), 6u);
  EXPECT_EQ(floats_of(opened(gguf({}, {gguf_tensor("w", {}, kF32, 0)}, kSix)), "w"), Floats{0});
}

TEST(Gguf, MetadataIsText) {
  std::vector<std::string> keys = {
      gguf_key("text", kTextKey, gguf_text("wan")),
      gguf_key("int", kI32Key, raw(int32_t{-5})),
      gguf_key("real", kF32Key, raw(0.25f)),
      gguf_key("yes", kBoolKey, "\1"),
      gguf_key("large", kU64Key, raw(~uint64_t{0})),
      gguf_key("list", kListKey, list(kI32Key, 3, raw(int32_t{1}) + raw(int32_t{-2}) + raw(int32_t{3}))),
      gguf_key("none", kListKey, list(kI32Key, 0, "")),
      gguf_key("long", kListKey, list(0, 65, std::string(65, 'x'))),
      gguf_key("words", kListKey, list(kTextKey, 1, gguf_text("a")))};
  const auto file = opened(gguf(keys, {}, ""));
  ASSERT_TRUE(file.has_value()) << file.error().message;
  EXPECT_EQ(file->metadata(), (std::map<std::string, std::string>{{"text", "wan"},
                                                                  {"int", "-5"},
                                                                  {"real", "0.25"},
                                                                  {"yes", "true"},
                                                                  {"large", "18446744073709551615"},
                                                                  {"list", "1,-2,3"},
                                                                  {"none", ""}}));
}

std::string with_shape(const std::vector<int32_t>& sides) {
  return gguf({gguf_key("comfy.gguf.orig_shape.w", kListKey, list(kI32Key, sides.size(), raw_all(sides)))},
              {gguf_tensor("w", {3, 2}, kF32, 0)}, kSix);
}

TEST(Gguf, OriginalShapesAreRestored) {
  const auto file = opened(with_shape({1, 3, 1, 1, 2}));
  EXPECT_EQ(floats_of(file, "w").size(), 6u);
  EXPECT_EQ(file->find("w")->shape, (std::vector<int64_t>{1, 3, 1, 1, 2}));
  for (const auto& sides : {std::vector<int32_t>{1, 3, 3}, {-6, -1}, {}, std::vector<int32_t>(17, 1)}) {
    expect_error(with_shape(sides), corrupt_input, "original shape");
  }
  expect_error(gguf({gguf_key("comfy.gguf.orig_shape.w", kTextKey, gguf_text("2x3"))},
                    {gguf_tensor("w", {6}, kF32, 0)}, kSix),
               corrupt_input, "original shape \"2x3\"");
}

TEST(Gguf, AlignmentIsTheFilesOwn) {
  const auto aligned = [](uint32_t alignment, uint64_t offset) {
    return gguf({gguf_key("general.alignment", kU32Key, raw(alignment))},
                {gguf_tensor("w", {2}, kF32, offset)}, kSix, 3, alignment == 0 ? 1 : alignment);
  };
  EXPECT_EQ(floats_of(opened(aligned(8, 8)), "w"), (Floats{2, 3}));
  EXPECT_EQ(floats_of(opened(aligned(128, 0)), "w"), (Floats{0, 1}));
  expect_error(aligned(8, 4), corrupt_input, "alignment");
  expect_error(aligned(0, 0), corrupt_input, "power of two");
  expect_error(aligned(24, 0), corrupt_input, "power of two");
  expect_error(gguf({gguf_key("general.alignment", kI32Key, raw(int32_t{32}))}, {}, ""), corrupt_input,
               "no u32");
}

TEST(Gguf, OnlyWholeFilesOpen) { expect_whole_only(example()); }
TEST(Gguf, ChangedBytesAreSafe) { expect_safe_when_changed(example()); }

TEST(Gguf, OtherVersionsAndTypesAreNamed) {
  expect_error(gguf({}, {}, "", 1), unsupported, "version 1");
  expect_error(gguf({}, {}, "", 4), unsupported, "version 4");
  expect_error(gguf({}, {}, "", 0x03000000), unsupported, "big-endian");
  expect_error(gguf({}, {gguf_tensor("w", {32}, kQ4_0, 0)}, kSix), unsupported, "\"w\" is of GGML type Q4_0");
  expect_error(gguf({}, {gguf_tensor("w", {32}, 4711, 0)}, kSix), unsupported, "number 4711");
}

TEST(Gguf, TensorsLieInsideTheFile) {
  const auto tensor = [](const std::vector<uint64_t>& sides, uint32_t type, uint64_t offset) {
    return gguf({}, {gguf_tensor("w", sides, type, offset)}, kSix);
  };
  expect_error(tensor({7}, kF32, 0), corrupt_input, "outside the file");
  expect_error(tensor({6}, kF32, 32), corrupt_input, "outside the file");
  expect_error(tensor({1}, kI8, ~uint64_t{31}), corrupt_input, "outside the file");
  expect_error(tensor({uint64_t{1} << 62, 4}, kI8, 0), corrupt_input, "shape");
  expect_error(tensor({uint64_t{1} << 63}, kI8, 0), corrupt_input, "shape");
  expect_error(tensor({16, 2}, kQ8_0, 0), corrupt_input, "can't have values of type q8_0");
  expect_error(tensor({128, 2}, kQ4_K, 0), corrupt_input, "can't have values of type q4_k");
  expect_error(tensor({1, 1, 1, 1, 6}, kF32, 0), corrupt_input, "5 dimensions");
  expect_error(gguf({}, {gguf_tensor("a", {4}, kF32, 0), gguf_tensor("b", {4}, kF32, 0)}, kSix),
               corrupt_input, "share bytes");
  expect_error(gguf({}, {gguf_tensor("a", {0}, kF32, 0), gguf_tensor("a", {0}, kF32, 0)}, kSix),
               corrupt_input, "\"a\" twice");
}

TEST(Gguf, CountsAreBounded) {
  const auto head = [](uint64_t tensors, uint64_t keys, const std::string& rest) {
    return "GGUF" + raw(uint32_t{3}) + raw(tensors) + raw(keys) + rest;
  };
  expect_error(head(~uint64_t{0}, 0, ""), corrupt_input, "cut off");
  expect_error(head(0, ~uint64_t{0}, ""), corrupt_input, "cut off");
  expect_error(head(0, 70'000, std::string(1 << 20, '\0')), over_limit, "keys");
  expect_error(head(0, 1, raw(~uint64_t{0}) + std::string(20, 'x')), corrupt_input, "cut off");
  expect_error(head(0, 1, raw(uint64_t{70'000}) + std::string(80'000, 'x')), over_limit, "70000 bytes");
  const auto keyed = [](const std::string& value) { return gguf({gguf_key("k", kListKey, value)}, {}, ""); };
  expect_error(keyed(list(kI32Key, uint64_t{1} << 62, "")), corrupt_input, "cut off");
  expect_error(keyed(list(kTextKey, uint64_t{1} << 62, "")), corrupt_input, "cut off");
  expect_error(keyed(list(kListKey, 1, list(0, 1, "x"))), unsupported, "list of lists");
  expect_error(gguf({gguf_key("k", 13, "")}, {}, ""), corrupt_input, "cut off");
  const std::string key = gguf_key("k", kBoolKey, "\1");
  expect_error(gguf({key, key}, {}, ""), corrupt_input, "\"k\" twice");
}

}  // namespace
}  // namespace troupe::engine::wan
