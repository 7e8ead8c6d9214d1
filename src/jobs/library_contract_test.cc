// What every store's Library must do.
#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "jobs/jobs_for_test.h"
#include "jobs/text_rules.h"

namespace troupe::jobs {
namespace {

std::string object(const std::string& bytes) { return sha256_hex(as_bytes(bytes)); }

/// Ids in the order of their numbers.
std::string numbered(const std::string& prefix, int number) {
  std::string digits = std::to_string(number);
  return prefix + std::string(6 - digits.size(), '0') + digits;
}

Upload announced(const std::string& account, const std::string& id) {
  return {.id = id,
          .account = account,
          .object = "",
          .name = "a.png",
          .media_type = "",
          .size_bytes = 9,
          .created = test_time()};
}

Element plain(const std::string& account, const std::string& id, const std::string& name) {
  Element element;
  element.id = id;
  element.account = account;
  element.name = name;
  element.created = element.updated = test_time();
  return element;
}

class LibraryContract : public StoreContract {
 protected:
  Library& library() { return store_->library(); }

  void complete(const std::string& account, const std::string& id) {
    ASSERT_TRUE(library().add_upload(announced(account, id)));
    ASSERT_TRUE(library().complete_upload(account, id, object(id), 5, "image/png"));
  }
};
TROUPE_FOR_EACH_STORE(LibraryContract);

std::string outcome(const Result<void>& result) {
  if (result) return "ok";
  return std::string(name(result.error().code)) + " " + result.error().field;
}

TEST_P(LibraryContract, CompletesAnUploadOnce) {
  ASSERT_TRUE(library().add_upload(announced("A", "upl_1")));
  EXPECT_EQ(library().find_upload("A", "upl_1").value(), announced("A", "upl_1"));
  ASSERT_TRUE(library().complete_upload("A", "upl_1", object("x"), 7, "video/mp4"));
  ASSERT_TRUE(library().complete_upload("A", "upl_1", object("x"), 7, "video/mp4"));
  EXPECT_EQ(outcome(library().complete_upload("A", "upl_1", object("y"), 7, "video/mp4")), "conflict ");
  EXPECT_EQ(outcome(library().complete_upload("A", "upl_2", object("x"), 7, "")), "not_found ");
  EXPECT_EQ(outcome(library().complete_upload("A", "upl_1", "../x", 7, "")), "invalid_argument /object");
  Upload complete = announced("A", "upl_1");
  complete.object = object("x");
  complete.size_bytes = 7;
  complete.media_type = "video/mp4";
  EXPECT_EQ(library().find_upload("A", "upl_1").value(), complete);
}

TEST_P(LibraryContract, ShowsNobodyAnotherAccountsThings) {
  complete("A", "upl_1");
  ASSERT_TRUE(library().add_element(plain("A", "elm_1", "fox")));
  EXPECT_EQ(library().find_upload("B", "upl_1").value(), std::nullopt);
  EXPECT_EQ(outcome(library().complete_upload("B", "upl_1", object("x"), 7, "")), "not_found ");
  EXPECT_EQ(outcome(library().remove_upload("B", "upl_1")), "not_found ");
  EXPECT_TRUE(library().list_uploads("B", "", 10).value().empty());
  EXPECT_EQ(library().find_element("B", "elm_1").value(), std::nullopt);
  EXPECT_EQ(library().find_element_by_name("B", "fox").value(), std::nullopt);
  EXPECT_EQ(outcome(library().remove_element("B", "elm_1")), "not_found ");
  EXPECT_TRUE(library().list_elements("B", "", 10).value().empty());
  Element stolen = plain("B", "elm_1", "fox");
  stolen.version = 2;
  EXPECT_EQ(outcome(library().replace_element(stolen)), "not_found ");
  stolen = plain("B", "elm_2", "fox");
  stolen.frontal = "upl_1";
  EXPECT_EQ(outcome(library().add_element(stolen)), "not_found /frontal");
  EXPECT_TRUE(library().find_element("A", "elm_1").value());
  EXPECT_TRUE(library().find_upload("A", "upl_1").value());
}

TEST_P(LibraryContract, PagesStayRightWhileThingsComeAndGo) {
  for (int i = 0; i < 250; ++i) {
    ASSERT_TRUE(library().add_upload(announced(i % 5 == 0 ? "B" : "A", numbered("upl_", i))));
  }
  std::vector<std::string> seen;
  std::string before;
  for (int page = 0; page < 20; ++page) {
    const auto uploads = library().list_uploads("A", before, 13).value();
    if (uploads.empty()) break;
    for (const Upload& upload : uploads) seen.push_back(upload.id);
    before = uploads.back().id;
    ASSERT_TRUE(library().add_upload(announced("A", numbered("upl_", 300 + page))));
    ASSERT_TRUE(library().remove_upload("A", before));
  }
  ASSERT_EQ(seen.size(), 200u);
  EXPECT_EQ(seen.front(), "upl_000249");
  EXPECT_EQ(seen.back(), "upl_000001");
  EXPECT_TRUE(std::is_sorted(seen.rbegin(), seen.rend()));
  EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()).size(), 200u);
}

Upload attached(const std::string& account, const std::string& id, const std::string& bytes, int seconds) {
  Upload upload = announced(account, id);
  upload.object = object(bytes);
  upload.created = test_time(seconds);
  upload.attached = true;
  return upload;
}

TEST_P(LibraryContract, AttachesTheSameBytesOnce) {
  complete("A", "upl_1");
  EXPECT_EQ(library().attach_upload(attached("A", "upl_2", "upl_1", 5))->id, "upl_1") << "the listed one";
  EXPECT_EQ(library().attach_upload(attached("A", "upl_3", "x", 5))->id, "upl_3");
  const Upload again = library().attach_upload(attached("A", "upl_4", "x", 9)).value();
  EXPECT_EQ(again, attached("A", "upl_3", "x", 9)) << "created at the later time";
  EXPECT_EQ(library().find_upload("A", "upl_3").value(), again);
  EXPECT_EQ(library().attach_upload(attached("A", "upl_4", "x", 1))->created, test_time(9));
  EXPECT_EQ(library().attach_upload(attached("B", "upl_5", "x", 9))->id, "upl_5") << "another account's";
  EXPECT_EQ(library().attach_upload(attached("A", "upl_3", "y", 9)).error().code, ErrorCode::conflict);
  EXPECT_EQ(library().attach_upload(announced("A", "upl_6")).error().code, ErrorCode::invalid_argument);
  ASSERT_EQ(library().list_uploads("A", "", 10)->size(), 1u) << "what is attached is not listed";
  EXPECT_EQ(library().objects_in_use()->size(), 2u);
}

TEST_P(LibraryContract, KeepsWhatIsAttachedWhileAJobNamesIt) {
  add_key(*store_, "A");
  ASSERT_TRUE(library().attach_upload(attached("A", "upl_1", "x", 5)));
  ASSERT_TRUE(library().attach_upload(attached("A", "upl_2", "y", 5)));
  complete("A", "upl_3");
  NewJob job = new_job("job_1", "A");
  job.uploads = {"upl_1", "upl_3", "upl_1"};
  ASSERT_EQ(submit(*store_, job), "job_1");
  EXPECT_EQ(library().prune_attached(test_time(5)).value(), 0);
  EXPECT_EQ(library().prune_attached(test_time(6)).value(), 1);
  EXPECT_FALSE(library().find_upload("A", "upl_2").value());
  const auto refused = library().remove_upload("A", "upl_3");
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("job_1"), std::string::npos) << refused.error().message;
  ASSERT_TRUE(store_->queue().cancel("job_1", test_time(7)));
  EXPECT_TRUE(library().remove_upload("A", "upl_3"));
  EXPECT_EQ(library().prune_attached(test_time(8)).value(), 0) << "the job may be tried again";
  ASSERT_TRUE(store_->queue().remove("job_1", test_time(8)));
  EXPECT_EQ(library().prune_attached(test_time(8)).value(), 1);
  EXPECT_TRUE(library().objects_in_use()->empty());
}

TEST_P(LibraryContract, NoJobNamesAnUploadThatIsNotThere) {
  add_key(*store_, "A");
  ASSERT_TRUE(library().add_upload(announced("A", "upl_1")));
  complete("B", "upl_2");
  for (const char* upload : {"upl_1", "upl_2", "upl_9"}) {
    NewJob job = new_job("job_1", "A", 7);
    job.uploads = {upload};
    EXPECT_EQ(submit(*store_, job), "not_found") << upload;
  }
  EXPECT_TRUE(store_->ledger().lines("A", 0, 10)->empty());
  EXPECT_TRUE(store_->events().since(0, {}, 10)->empty());
}

TEST_P(LibraryContract, RefusesPagesOutOfBounds) {
  for (const int limit : {0, -1, 201}) {
    EXPECT_EQ(library().list_uploads("A", "", limit).error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(library().list_elements("A", "", limit).error().code, ErrorCode::invalid_argument);
  }
  EXPECT_TRUE(library().list_uploads("A", "", 200));
}

TEST_P(LibraryContract, KeepsAnElementWithAllItsViewsInOrder) {
  for (const char* id : {"upl_1", "upl_2", "upl_3", "upl_4"}) complete("A", id);
  Element element = plain("A", "elm_1", "fox");
  element.frontal = "upl_3";
  element.angles = {"upl_4", "upl_1", "upl_4"};
  element.clip = "upl_2";
  element.description = "red";
  ASSERT_TRUE(library().add_element(element));
  EXPECT_EQ(library().find_element("A", "elm_1").value(), element);
  EXPECT_EQ(library().find_element_by_name("A", "fox").value(), element);
  EXPECT_EQ(library().find_element_by_name("A", "FoX").value(), element);
  EXPECT_EQ(library().find_element_by_name("A", "fo").value(), std::nullopt);
  EXPECT_EQ(library().list_elements("A", "", 1).value(), std::vector<Element>{element});
}

TEST_P(LibraryContract, NamesTheUploadThatAnElementLacks) {
  complete("A", "upl_1");
  ASSERT_TRUE(library().add_upload(announced("A", "upl_2")));
  Element element = plain("A", "elm_1", "fox");
  element.frontal = "upl_2";
  EXPECT_EQ(outcome(library().add_element(element)), "not_found /frontal");
  element.frontal = "upl_1";
  element.angles = {"upl_1", "upl_9"};
  EXPECT_EQ(outcome(library().add_element(element)), "not_found /angles/1");
  element.angles.clear();
  element.clip = "upl_2";
  EXPECT_EQ(outcome(library().add_element(element)), "not_found /clip");
  EXPECT_TRUE(library().list_elements("A", "", 10).value().empty());
}

TEST_P(LibraryContract, GivesANameOnceInAnAccount) {
  ASSERT_TRUE(library().add_element(plain("A", "elm_1", "fox")));
  ASSERT_TRUE(library().add_element(plain("B", "elm_2", "fox")));
  EXPECT_EQ(outcome(library().add_element(plain("A", "elm_3", "fox"))), "conflict /name");
  EXPECT_EQ(outcome(library().add_element(plain("A", "elm_3", "Fox"))), "conflict /name");
  EXPECT_EQ(outcome(library().add_element(plain("A", "elm_1", "owl"))), "conflict /id");
  ASSERT_TRUE(library().add_element(plain("A", "elm_3", "owl")));
  Element renamed = plain("A", "elm_3", "fox");
  renamed.version = 2;
  EXPECT_EQ(outcome(library().replace_element(renamed)), "conflict /name");
  ASSERT_TRUE(library().remove_element("A", "elm_1"));
  EXPECT_EQ(outcome(library().replace_element(renamed)), "ok");
}

TEST_P(LibraryContract, ReplacesTheVersionThatWasRead) {
  for (const char* id : {"upl_1", "upl_2"}) complete("A", id);
  Element element = plain("A", "elm_1", "fox");
  element.angles = {"upl_1", "upl_2"};
  ASSERT_TRUE(library().add_element(element));
  element.version = 2;
  element.angles = {"upl_2"};
  element.description = "older now";
  element.updated = test_time(60);
  Element changed = element;
  changed.created = test_time(999);
  ASSERT_TRUE(library().replace_element(changed));
  EXPECT_EQ(library().find_element("A", "elm_1").value(), element) << "all of it but `created`";
  EXPECT_EQ(outcome(library().replace_element(element)), "conflict /version");
  element.version = 4;
  EXPECT_EQ(outcome(library().replace_element(element)), "conflict /version");
  EXPECT_EQ(outcome(library().replace_element(plain("A", "elm_9", "owl"))), "not_found ");
}

TEST_P(LibraryContract, KeepsUploadsThatAnElementUses) {
  for (const char* id : {"upl_1", "upl_2"}) complete("A", id);
  Element element = plain("A", "elm_1", "fox");
  element.angles = {"upl_1"};
  element.clip = "upl_2";
  ASSERT_TRUE(library().add_element(element));
  const auto refused = library().remove_upload("A", "upl_1");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::conflict);
  EXPECT_NE(refused.error().message.find("fox"), std::string::npos) << refused.error().message;
  element.version = 2;
  element.angles.clear();
  ASSERT_TRUE(library().replace_element(element));
  EXPECT_TRUE(library().remove_upload("A", "upl_1"));
  EXPECT_EQ(outcome(library().remove_upload("A", "upl_2")), "conflict ");
  ASSERT_TRUE(library().remove_element("A", "elm_1"));
  EXPECT_TRUE(library().remove_upload("A", "upl_2"));
  EXPECT_EQ(outcome(library().remove_upload("A", "upl_2")), "not_found ");
}

TEST_P(LibraryContract, ListsObjectsInUseOnce) {
  EXPECT_TRUE(library().objects_in_use().value().empty());
  for (const char* id : {"upl_1", "upl_2", "upl_3"}) ASSERT_TRUE(library().add_upload(announced("A", id)));
  ASSERT_TRUE(library().complete_upload("A", "upl_1", object("same"), 1, ""));
  ASSERT_TRUE(library().complete_upload("A", "upl_2", object("same"), 1, ""));
  EXPECT_EQ(library().objects_in_use().value(), std::vector<std::string>{object("same")});
  ASSERT_TRUE(library().remove_upload("A", "upl_1"));
  EXPECT_EQ(library().objects_in_use().value().size(), 1u);
  ASSERT_TRUE(library().remove_upload("A", "upl_2"));
  EXPECT_TRUE(library().objects_in_use().value().empty());
}

TEST_P(LibraryContract, CountsObjectsOfTakesAsInUse) {
  add_account(*store_, "A");
  submit_job(*store_, "A", "job_1");
  const auto lease = store_->queue().lease({.worker = "w", .engines = {"stage"}}, test_time(1)).value();
  ASSERT_TRUE(lease);
  Outcome outcome{.kind = Outcome::Kind::succeeded,
                  .takes = {},
                  .report_json = "{}",
                  .error = {},
                  .charge = {},
                  .kept = {},
                  .kept_reason = ""};
  Take silent, full;
  silent.video = full.video = object("v1");
  full.thumbnail = object("t");
  full.last_frame = object("l");
  full.spritesheet = object("s");
  outcome.takes = {silent, full};
  ASSERT_TRUE(store_->queue().finish(*lease, outcome, test_time(2)));
  auto objects = library().objects_in_use().value();
  std::sort(objects.begin(), objects.end());
  std::vector<std::string> expected{object("v1"), object("t"), object("l"), object("s")};
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(objects, expected);
  ASSERT_TRUE(store_->queue().remove("job_1", test_time(3)));
  EXPECT_TRUE(library().objects_in_use().value().empty());
}

TEST_P(LibraryContract, KeepsHostileTextsAndRefusesWhatIsNoText) {
  for (const std::string& text : hostile_texts()) {
    Upload upload = announced(text, text);
    upload.name = upload.media_type = text;
    ASSERT_TRUE(library().add_upload(upload)) << text;
    EXPECT_EQ(library().find_upload(text, text).value(), upload) << text;
    EXPECT_EQ(library().list_uploads(text, "", 5).value().size(), 1u) << text;
    Element element = plain(text, text, text);
    element.description = text;
    ASSERT_TRUE(library().add_element(element)) << text;
    EXPECT_EQ(library().find_element_by_name(text, text).value(), element) << text;
  }
  for (const std::string& text : refused_texts()) {
    Upload upload = announced("A", "upl_x");
    upload.name = text;
    EXPECT_EQ(outcome(library().add_upload(upload)), "invalid_argument /name");
    EXPECT_EQ(outcome(library().add_element(plain("A", "elm_x", text))), "invalid_argument /name");
    EXPECT_EQ(library().find_upload(text, text).value(), std::nullopt);
    EXPECT_EQ(library().find_element_by_name("A", text).value(), std::nullopt);
  }
}

TEST_P(LibraryContract, BoundsWhatItKeeps) {
  Upload upload = announced("A", "upl_1");
  upload.name = std::string(kTextBytesMax, 'n');
  ASSERT_TRUE(library().add_upload(upload));
  EXPECT_EQ(library().find_upload("A", "upl_1").value(), upload);
  upload.id = "upl_2";
  upload.name += 'n';
  EXPECT_EQ(outcome(library().add_upload(upload)), "over_limit /name");
  upload.name = "";
  upload.size_bytes = ~uint64_t{0};
  EXPECT_EQ(outcome(library().add_upload(upload)), "over_limit /size_bytes");
  EXPECT_EQ(outcome(library().add_upload(announced("A", "upl_1"))), "conflict /id");
  EXPECT_EQ(outcome(library().add_upload(announced("", "upl_2"))), "invalid_argument /account");
  Element element = plain("A", "elm_1", std::string(kIndexedTextBytesMax + 1, 'n'));
  EXPECT_EQ(outcome(library().add_element(element)), "over_limit /name");
  element = plain("A", "elm_1", "fox");
  element.angles.assign(kListMax + 1, "upl_1");
  EXPECT_EQ(outcome(library().add_element(element)), "over_limit /angles");
}

TEST_P(LibraryContract, LetsOneOfManyWritersWin) {
  ASSERT_TRUE(library().add_element(plain("A", "elm_1", "fox")));
  const auto other = place_->open();
  std::atomic<int> replaced = 0, named = 0, failed = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      Library& mine = i % 2 == 0 ? library() : other->library();
      Element element = plain("A", "elm_1", "fox");
      element.version = 2;
      element.description = std::to_string(i);
      for (const auto& [result, wins] :
           {std::pair{mine.replace_element(element), &replaced},
            std::pair{mine.add_element(plain("A", "elm_new" + std::to_string(i), "owl")), &named}}) {
        if (result) ++*wins;
        if (!result && result.error().code != ErrorCode::conflict) ++failed;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(replaced, 1);
  EXPECT_EQ(named, 1);
  EXPECT_EQ(failed, 0);
  EXPECT_EQ(other->library().list_elements("A", "", 10).value().size(), 2u);
}

TEST_P(LibraryContract, NeverLosesAnUploadThatAnElementIsTaking) {
  const auto other = place_->open();
  for (int round = 0; round < 20; ++round) {
    const std::string upload = numbered("upl_", round), id = numbered("elm_", round);
    complete("A", upload);
    std::thread remover([&] { (void)other->library().remove_upload("A", upload); });
    Element element = plain("A", id, "n" + std::to_string(round));
    element.frontal = upload;
    const auto added = library().add_element(element);
    remover.join();
    EXPECT_EQ(library().find_upload("A", upload).value().has_value(), added.has_value());
  }
}

}  // namespace
}  // namespace troupe::jobs
