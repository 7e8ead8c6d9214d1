#include <gtest/gtest.h>

#include <cstring>

#include "base/places_for_test.h"
#include "engine/wan/files/checks_for_test.h"

namespace troupe::engine::wan {
namespace {

using enum ErrorCode;
using Floats = std::vector<float>;

const std::string kSix = raw_all(Floats{0, 1, 2, 3, 4, 5});
const std::string kStorage = pickle_storage("FloatStorage", "0", 6);
const std::string kTensor = pickle_tensor(kStorage, 0, {2, 3}, {3, 1});

std::string six(const std::string& value) { return torch_file(pickle_file(value), {{"0", kSix}}); }
std::string six_as(const std::string& tensor) { return six(pickle_dict({{"w", tensor}})); }

TEST(TorchArchive, GoldenFilesEqualTheirSafetensors) {
  const std::filesystem::path folder = places::in_tree("src/engine/wan/testdata");
  for (const auto& [torch_name, other_name] : {std::pair("t5_weights.pth", "t5_weights.safetensors"),
                                               std::pair("vae_weights_f32.pth", "vae_weights.safetensors")}) {
    const auto torch = TensorFile::open(folder / torch_name), other = TensorFile::open(folder / other_name);
    ASSERT_TRUE(torch.has_value()) << torch.error().message;
    ASSERT_TRUE(other.has_value()) << other.error().message;
    EXPECT_EQ(torch->format(), Format::torch);
    EXPECT_EQ(torch->tensors().size(), other->tensors().size());
    EXPECT_GT(torch->tensors().size(), 30u);
    for (const TensorView& expected : other->tensors()) {
      const TensorView* const tensor = torch->find(expected.name);
      ASSERT_NE(tensor, nullptr) << expected.name;
      EXPECT_EQ(tensor->shape, expected.shape) << expected.name;
      const Floats a = floats(*tensor), b = floats(expected);
      ASSERT_EQ(a.size(), b.size());
      EXPECT_EQ(std::memcmp(a.data(), b.data(), a.size() * sizeof(float)), 0) << expected.name;
    }
  }
}

TEST(TorchArchive, StateDictsAreFoundUnderTheirUsualKeys) {
  const std::string weights = pickle_dict({{"w", kTensor}, {"step", pickle_int(3)}});
  EXPECT_EQ(floats_of(opened(six(weights)), "w"), (Floats{0, 1, 2, 3, 4, 5}));
  EXPECT_TRUE(opened(six(weights))->metadata().empty());
  for (const char* const key : {"state_dict", "model", "model_state_dict", "generator", "generator_ema"}) {
    const auto file = opened(six(pickle_dict({{"epoch", "N"}, {key, weights}})));
    EXPECT_EQ(floats_of(file, "w").size(), 6u) << key;
    EXPECT_EQ(file->metadata().at("state_dict"), key);
  }
  const auto deep = opened(six(
      pickle_dict({{"generator", pickle_dict({})}, {"generator_ema", pickle_dict({{"model", weights}})}})));
  EXPECT_EQ(floats_of(deep, "w").size(), 6u);
  EXPECT_EQ(deep->metadata().at("state_dict"), "generator_ema.model");
}

TEST(TorchArchive, ParametersAttributesAndLaterProtocolsAreRead) {
  const std::string ordered = "ccollections\nOrderedDict\n)R(" + pickle_text("w") +
                              "ctorch._utils\n_rebuild_parameter\n(" + kTensor + "\x88" +
                              "ccollections\nOrderedDict\n)RtRu";
  const std::string metadata = pickle_dict({{"_metadata", "ccollections\nOrderedDict\n)R"}}) + "b";
  EXPECT_EQ(floats_of(opened(six(ordered + metadata)), "w").size(), 6u);

  const std::string text =
      "\x8c\x0b"
      "collections\x8c\x0bOrderedDict\x93\x94)R\x94";
  const std::string framed = "\x80\x04\x95" + raw(uint64_t{99}) + text + pickle_text("w") + kTensor + "s.";
  EXPECT_EQ(floats_of(opened(torch_file(framed, {{"0", kSix}})), "w").size(), 6u);
}

TEST(TorchArchive, StridesAreStraightenedOut) {
  EXPECT_EQ(floats_of(opened(six_as(pickle_tensor(kStorage, 0, {3, 2}, {1, 3}))), "w"),
            (Floats{0, 3, 1, 4, 2, 5}));
  EXPECT_EQ(floats_of(opened(six_as(pickle_tensor(kStorage, 1, {2, 2}, {3, 1}))), "w"), (Floats{1, 2, 4, 5}));
  EXPECT_EQ(floats_of(opened(six_as(pickle_tensor(kStorage, 5, {2, 2}, {0, 0}))), "w"), (Floats{5, 5, 5, 5}));
  EXPECT_EQ(floats_of(opened(six_as(pickle_tensor(kStorage, 2, {1, 3, 1}, {77, 1, 99}))), "w"),
            (Floats{2, 3, 4}));
  EXPECT_EQ(floats_of(opened(six_as(pickle_tensor(kStorage, 3, {}, {}))), "w"), Floats{3});
  EXPECT_EQ(floats_of(opened(six_as(pickle_tensor(kStorage, 0, {0, 5}, {5, 1}))), "w"), Floats{});
  // A moved file still owns its copies.
  auto file = opened(six_as(pickle_tensor(kStorage, 0, {3, 2}, {1, 3})));
  const TensorFile moved = std::move(file).value();
  EXPECT_EQ(floats(*moved.find("w")), (Floats{0, 3, 1, 4, 2, 5}));
}

TEST(TorchArchive, TensorsLieInsideTheirStorage) {
  const auto refused = [](const std::string& tensor, std::string_view part) {
    expect_error(six_as(tensor), corrupt_input, part);
  };
  refused(pickle_tensor(kStorage, 1, {2, 3}, {3, 1}), "outside its values");
  refused(pickle_tensor(kStorage, 0, {2, 3}, {4, 1}), "outside its values");
  refused(pickle_tensor(kStorage, 0, {2147483647, 2}, {2147483647, 1}), "outside its values");
  refused(pickle_tensor(kStorage, -1, {2}, {1}), "shape that can't be");
  refused(pickle_tensor(kStorage, 0, {-2}, {1}), "damaged");
  refused(pickle_tensor(kStorage, 0, {2}, {-1}), "damaged");
  refused(pickle_tensor(kStorage, 0, {2}, {1, 1}), "damaged");
  refused(pickle_tensor(pickle_storage("FloatStorage", "0", 5), 0, {2}, {1}), "not in the archive");
  refused(pickle_tensor(pickle_storage("DoubleStorage", "0", 6), 0, {2}, {1}), "not in the archive");
  refused(pickle_tensor(pickle_storage("FloatStorage", "1", 6), 0, {2}, {1}), "not in the archive");
  expect_error(six(pickle_dict({{"w", kTensor}, {"w", kTensor}})), corrupt_input, "\"w\" twice");
}

TEST(TorchArchive, RepeatedValuesAreBounded) {
  expect_error(six_as(pickle_tensor(kStorage, 0, {1 << 20, 1 << 20}, {0, 0})), over_limit, "contiguous()");
  // So is their sum.
  std::vector<std::pair<std::string, std::string>> many;
  for (int i = 0; i < 6; ++i)
    many.emplace_back(std::to_string(i), pickle_tensor(kStorage, 0, {1 << 20}, {0}));
  expect_error(six(pickle_dict(many)), over_limit, "contiguous()");
}

TEST(TorchArchive, OnlyWholeFilesOpen) { expect_whole_only(six_as(kTensor)); }
TEST(TorchArchive, ChangedBytesAreSafe) {
  expect_safe_when_changed(six_as(pickle_tensor(kStorage, 0, {3, 2}, {1, 3})));
}

TEST(TorchArchive, OtherArchivesAreRefused) {
  const std::string state = pickle_file(pickle_dict({{"w", kTensor}}));
  expect_error(torch_file(state, {{"0", kSix}}, "big"), unsupported, "big-endian");
  expect_error(torch_file(pickle_file("]")), unsupported, "no state dict");
  expect_error(torch_file(pickle_file(pickle_dict({{"optimizer", "}"}}))), unsupported, "\"optimizer\"");
  ZipWriter script;
  script.add("m/data.pkl", state);
  script.add("m/constants.pkl", "");
  expect_error(script.finish(), unsupported, "TorchScript");
  ZipWriter other;
  other.add("word/document.xml", "");
  expect_error(other.finish(), unsupported, "no data.pkl");
}

TEST(TorchArchive, ZipsAreReadStrictly) {
  const std::string state = pickle_file(pickle_dict({{"w", kTensor}}));
  const auto zip = [&](ZipWriter writer, bool twice) {
    writer.add("m/data.pkl", state);
    writer.add("m/data/0", kSix);
    if (twice) writer.add("m/data/0", kSix);
    return writer.finish();
  };
  ZipWriter large, deflated, encrypted;
  large.zip64 = true;
  EXPECT_EQ(floats_of(opened(zip(large, false)), "w").size(), 6u);
  expect_safe_when_changed(zip(large, false));
  deflated.method = 8;
  expect_error(zip(deflated, false), unsupported, "\"m/data.pkl\" in the archive is compressed");
  encrypted.flags = 1;
  expect_error(zip(encrypted, false), unsupported, "encrypted");
  expect_error(zip({}, true), corrupt_input, "twice");

  // Both lines of the directory lead to the same bytes: the trick of zip bombs.
  std::string shared = zip({}, true);
  const size_t last = shared.rfind("PK\1\2");
  const size_t second = shared.rfind("PK\1\2", last - 1);
  std::memcpy(&shared[last + 42], &shared[second + 42], 4);
  expect_error(shared, corrupt_input, "share bytes");
}

}  // namespace
}  // namespace troupe::engine::wan
