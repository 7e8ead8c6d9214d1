#include "engine/shelf/shelf.h"

#include "engine/shelf/record.h"
#include "engine/shelf/shelf_for_test.h"

namespace troupe::shelf::test {
namespace {

class Adding : public ShelfTest {
 protected:
  Shelf shelf() const { return Shelf(root_ / "weights", small_list()); }
  Result<AddReport> add(const std::string& model, std::vector<fs::path> sources,
                        Placing placing = Placing::hard_link) const {
    return shelf().add({model, std::move(sources), placing});
  }
};

TEST_F(Adding, AnEmptyShelfSaysWhatToRun) {
  const auto files = shelf().find("first");
  ASSERT_FALSE(files);
  EXPECT_EQ(files.error().code, ErrorCode::not_found);
  EXPECT_NE(files.error().message.find("troupe weights pull first"), std::string::npos);
  EXPECT_NE(files.error().message.find("troupe weights add first DIR"), std::string::npos);
  EXPECT_FALSE(fs::exists(root_ / "weights")) << "looking makes nothing";
}

TEST_F(Adding, AFolderBecomesAModel) {
  const auto report = add("first", {folder_with(transformer())});
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->added.size(), 4u);
  ASSERT_EQ(report->warnings.size(), 1u);
  EXPECT_NE(report->warnings[0].find("text encoder's width"), std::string::npos)
      << "the test's is a small one";
  EXPECT_EQ(report->passed_over, std::vector<fs::path>{root_ / "mine" / "README.md"});
  const auto files = shelf().find("first");
  ASSERT_TRUE(files) << files.error().message;
  EXPECT_EQ(read_text(files->transformer.at(0)), transformer());
  EXPECT_EQ(read_text(files->tokenizer), words_model());
  EXPECT_TRUE(files->tiny_vae.empty());
  EXPECT_EQ(fs::hard_link_count(files->transformer.at(0)), 2u) << "linked, not copied";
}

TEST_F(Adding, AnotherWidthIsAWarning) {
  const auto report = add("first", {folder_with(transformer(64))});
  ASSERT_TRUE(report) << report.error().message;
  ASSERT_EQ(report->warnings.size(), 2u);
  EXPECT_NE(report->warnings[0].find("width is 64"), std::string::npos);
  EXPECT_TRUE(report->state.complete);
}

TEST_F(Adding, WeightsOfAnotherModelAreRefused) {
  const auto large = add("first", {folder_with(transformer(5120))});
  ASSERT_FALSE(large);
  EXPECT_NE(large.error().message.find("another size"), std::string::npos);
  const auto vace = add("first", {folder_with(vace_transformer())});
  ASSERT_FALSE(vace);
  EXPECT_NE(vace.error().message.find("VACE branch"), std::string::npos);
  const auto plain = add("vace", {folder_with(transformer())});
  ASSERT_FALSE(plain);
  EXPECT_EQ(plain.error().code, ErrorCode::invalid_argument);
  EXPECT_FALSE(shelf().find("first"));
}

TEST_F(Adding, TwoOfAPartAreRefused) {
  const fs::path folder = folder_with(transformer());
  write_text(folder / "other.safetensors", transformer(1536, 7));
  const auto report = add("first", {folder});
  ASSERT_FALSE(report);
  EXPECT_NE(report.error().message.find("are both the transformer"), std::string::npos);
}

TEST_F(Adding, ShardsAndAModuleOfVaceAreOnePart) {
  write_text(root_ / "m-00001-of-00002.safetensors", tensors({{"patch_embedding.weight", {1536, 2}}}));
  write_text(root_ / "m-00002-of-00002.safetensors", tensors({{"blocks.9.self_attn.q.weight", {1536, 2}}}));
  write_text(root_ / "module.safetensors",
             tensors({{"vace_patch_embedding.weight", {4, 4}}, {"vace_blocks.0.x", {1}}}));
  const auto report = add("vace", {root_ / "m-00001-of-00002.safetensors",
                                   root_ / "m-00002-of-00002.safetensors", root_ / "module.safetensors"});
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->state.parts.at(0).files.size(), 3u);
  EXPECT_EQ(report->state.missing().size(), 3u);
}

TEST_F(Adding, WhatIsNoWeightsIsRefusedByName) {
  write_text(root_ / "notes.txt", "hello, this is no file of weights at all");
  EXPECT_FALSE(add("first", {root_ / "notes.txt"}));
  write_text(root_ / "lora.safetensors", tensors({{"diffusion_model.blocks.0.x.lora_A.weight", {2, 2}}}));
  const auto lora = add("first", {root_ / "lora.safetensors"});
  ASSERT_FALSE(lora);
  EXPECT_NE(lora.error().message.find("LoRA"), std::string::npos);
  const auto gone = add("first", {root_ / "gone"});
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().code, ErrorCode::not_found);
  write_text(root_ / "cut.safetensors", transformer().substr(0, 200));
  const auto cut = add("first", {root_ / "cut.safetensors"});
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().code, ErrorCode::corrupt_input);
}

TEST_F(Adding, MovedFilesAreGoneAndLinkedOnesStay) {
  ASSERT_TRUE(add("first", {folder_with(transformer())}, Placing::move));
  EXPECT_FALSE(fs::exists(root_ / "mine" / "model.safetensors"));
  EXPECT_TRUE(fs::exists(root_ / "mine" / "README.md"));
  write_text(root_ / "two.safetensors", transformer(1536, 2));
  ASSERT_TRUE(add("second", {root_ / "two.safetensors"}, Placing::symbolic_link));
  const auto files = shelf().find("second");
  ASSERT_TRUE(files) << files.error().message;
  EXPECT_TRUE(fs::is_symlink(files->transformer.at(0)));
  ASSERT_TRUE(shelf().remove("second"));
  EXPECT_TRUE(fs::exists(root_ / "two.safetensors"));
}

TEST_F(Adding, AddingAgainReplacesAndSharesWhatIsTheSame) {
  ASSERT_TRUE(add("first", {folder_with(transformer())}));
  const auto again = add("first", {folder_with(transformer(1536, 9), "newer")});
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->added.size(), 1u);
  EXPECT_EQ(again->linked.size(), 3u);
  EXPECT_EQ(read_text(shelf().find("first")->transformer.at(0)), transformer(1536, 9));
  EXPECT_EQ(std::distance(fs::directory_iterator(root_ / "weights" / "parts"), {}), 4)
      << "the old one is gone";
}

TEST_F(Adding, RemovingKeepsWhatAnotherModelNeeds) {
  ASSERT_TRUE(add("first", {folder_with(transformer())}));
  write_text(root_ / "two.safetensors", transformer(1536, 2));
  const auto second = add("second", {root_ / "two.safetensors"});
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_EQ(second->linked.size(), 3u);
  EXPECT_TRUE(second->state.parts.at(1).shared);
  const auto removed = shelf().remove("first");
  ASSERT_TRUE(removed) << removed.error().message;
  EXPECT_EQ(removed->removed, std::vector<std::string>{"first"});
  EXPECT_EQ(removed->kept, (std::vector<std::string>{"text", "vae", "words"}));
  EXPECT_EQ(removed->freed_bytes, transformer().size());
  EXPECT_FALSE(shelf().find("first"));
  EXPECT_TRUE(shelf().find("second"));
  ASSERT_TRUE(shelf().remove("second"));
  EXPECT_TRUE(fs::is_empty(root_ / "weights" / "parts"));
  EXPECT_EQ(shelf().remove("second").error().code, ErrorCode::not_found);
}

TEST_F(Adding, VerifyFindsAChangedByteAGoneFileAndACutOne) {
  ASSERT_TRUE(add("first", {folder_with(transformer())}));
  const auto good = shelf().verify("");
  ASSERT_TRUE(good);
  EXPECT_EQ(good->files, 4u);
  EXPECT_EQ(good->checksums, 4u);
  EXPECT_TRUE(good->troubles.empty());
  const ModelFiles files = *shelf().find("first");
  std::string bytes = read_text(files.transformer.at(0));
  bytes.back() ^= 1;
  write_text(files.transformer.at(0), bytes);
  fs::remove(files.tokenizer);
  fs::resize_file(files.vae.at(0), 1000);
  const auto bad = shelf().verify("first");
  ASSERT_TRUE(bad);
  ASSERT_EQ(bad->troubles.size(), 3u);
  EXPECT_NE(bad->troubles[0].what.find("checksum"), std::string::npos);
  EXPECT_NE(bad->troubles[1].what.find("missing"), std::string::npos);
  EXPECT_NE(bad->troubles[2].what.find("1000 bytes"), std::string::npos);
  EXPECT_FALSE(shelf().find("first")) << "a cut file is as good as none";
}

TEST_F(Adding, CommandsThatChangeExcludeEachOther) {
  ASSERT_TRUE(add("first", {folder_with(transformer())}));
  const auto on_bytes = [&](const std::string&, uint64_t, uint64_t) {
    const auto removed = shelf().remove("first");
    ASSERT_FALSE(removed);
    EXPECT_EQ(removed.error().code, ErrorCode::conflict);
    EXPECT_TRUE(shelf().find("first")) << "readers go on";
  };
  ASSERT_TRUE(shelf().add({"first", {folder_with(transformer(1536, 3), "b")}, {}}, on_bytes));
}

TEST_F(Adding, ACancelledOneLeavesNothing) {
  CancelSource cancel;
  cancel.cancel();
  const auto report = shelf().add({"first", {folder_with(transformer())}, {}}, {}, cancel.token());
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::cancelled);
  EXPECT_FALSE(fs::exists(root_ / "weights" / "parts"));
  EXPECT_TRUE(fs::exists(root_ / "mine" / "model.safetensors"));
}

TEST_F(Adding, ADamagedRecordSaysWhichFile) {
  ASSERT_TRUE(add("first", {folder_with(transformer())}));
  write_text(root_ / "weights" / "models" / "first.json",
             R"({"version": 1, "parts": {"x": {"folder": ".."}}})");
  const auto models = shelf().list();
  ASSERT_FALSE(models);
  EXPECT_NE(models.error().message.find("first.json is damaged"), std::string::npos);
}

TEST_F(Adding, LinksThatLeadBackOrNowhereArePassedOver) {
  const fs::path folder = folder_with(transformer());
  fs::create_directory_symlink(".", folder / "again");
  fs::create_symlink("model.safetensors", folder / "other.safetensors");
  fs::create_symlink("gone.safetensors", folder / "dangling.safetensors");
  fs::create_symlink("round.safetensors", folder / "round.safetensors");
  const auto report = add("first", {folder, folder});
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_TRUE(report->state.complete);
  EXPECT_EQ(report->state.parts.at(0).files.size(), 1u);
  const auto round = add("first", {folder / "round.safetensors"});
  ASSERT_FALSE(round);
  EXPECT_EQ(round.error().code, ErrorCode::io);
}

TEST_F(Adding, AFileOfAnyNameIsTaken) {
  for (const char* name : {"模型 ä.safetensors", "bad\xff.safetensors", ".hidden.safetensors", "x.json",
                           "x.part", "x.new", "no ending", "..safetensors"}) {
    SCOPED_TRACE(name);
    write_text(root_ / name, transformer());
    const auto report = add("first", {root_ / name, folder_with(transformer(), "rest") / "t5_weights.pth"});
    ASSERT_TRUE(report) << report.error().message;
    const auto state = shelf().state("first");
    ASSERT_TRUE(state) << state.error().message;
    ASSERT_EQ(state->parts.at(0).files.size(), 1u);
    EXPECT_EQ(read_text(state->parts.at(0).files[0]), transformer());
    EXPECT_EQ(state->parts.at(0).begun_bytes, 0u);
    EXPECT_TRUE(shelf().verify("first")->troubles.empty());
    ASSERT_TRUE(shelf().remove("first"));
  }
}

TEST_F(Adding, AFullDiskLeavesTheShelfAsItWas) {
  ASSERT_TRUE(add("first", {folder_with(transformer())}));
  const fs::path newer = folder_with(transformer(1536, 9), "newer");
  {
    const FullDisk full(10);
    const auto report = add("first", {newer});
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code, ErrorCode::unavailable) << report.error().message;
  }
  EXPECT_EQ(read_text(shelf().find("first")->transformer.at(0)), transformer());
  EXPECT_EQ(std::distance(fs::directory_iterator(root_ / "weights" / "parts"), {}), 4);
  EXPECT_EQ(std::distance(fs::directory_iterator(root_ / "weights" / "models"), {}), 1);
  EXPECT_TRUE(fs::exists(newer / "model.safetensors"));
}

TEST_F(Adding, AShelfThatIsNoFolderSaysSo) {
  fs::create_directories(root_ / "weights");
  fs::create_symlink("parts", root_ / "weights" / "parts");
  const auto report = add("first", {folder_with(transformer())});
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::io);
  EXPECT_NE(report.error().message.find("parts"), std::string::npos) << report.error().message;
}

TEST(Record, ReadsWhatItPrints) {
  Record record;
  record.licence_accepted = true;
  record.parts["a"] = {"a-2", {{"x.pth", 12, "ab"}, {"y.model", 3, ""}}};
  const auto read = parse_record(print_record(record));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(*read, record);
}

}  // namespace
}  // namespace troupe::shelf::test
