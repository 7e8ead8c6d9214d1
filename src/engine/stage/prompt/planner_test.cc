#include "engine/stage/prompt/planner.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <numeric>

#include "base/random.h"
#include "engine/stage/prompt/request_for_test.h"
#include "engine/stage/prompt/shots.h"

namespace troupe::stage::prompt {
namespace {

int64_t total(const Plan& plan) {
  int64_t frames = 0;
  for (const ShotPlan& shot : plan.shots) frames += shot.frames;
  return frames;
}

Plan plan_multi(const std::string& prompt) {
  auto request = request_for_test("E", {prompt});
  request.spec.shot_type = ShotType::multi;
  return make_plan(test_vocabulary(), request, {});
}

TEST(Roles, PicturesDecideWhereWordsDoNot) {
  const auto request = request_for_test("III", {"A woman walks through the streets"});
  PictureHints person, view, unknown;
  person.known = person.has_person = true;
  view.known = view.landscape = true;
  const Plan plan = make_plan(test_vocabulary(), request, {view, person, unknown});
  EXPECT_EQ(plan.shots[0].scene_reference, 0);
  ASSERT_EQ(plan.shots[0].subjects.size(), 1u);
  EXPECT_EQ(plan.shots[0].subjects[0].reference, 1);
}

TEST(Roles, OrderDecidesLast) {
  const Plan plan = plan_for_test("II", {"slow push in"});
  EXPECT_EQ(plan.shots[0].scene_reference, 1);
  EXPECT_EQ(plan.shots[0].subjects.at(0).reference, 0);
  EXPECT_EQ(note_of(plan, "role_guessed").subject, "image2");
}

TEST(Roles, FurtherPicturesOfTheOnlySubjectAreViewsOfIt) {
  const Plan plan = plan_for_test("III", {"The robot stands on a rocky cliff"});
  ASSERT_EQ(plan.shots[0].subjects.size(), 1u);
  EXPECT_EQ(plan.further_views, (std::vector<FurtherView>{{1, 0}, {2, 0}}));
  EXPECT_EQ(note_of(plan, "taken_as_view").subject, "image2");
  EXPECT_EQ(note_of(plan, "reference_unused").subject, "");
}

TEST(Roles, NobodyGuessesWhichOfTwoAThirdPictureShows) {
  const Plan plan = plan_for_test("III", {"The robot and the woman walk on a beach"});
  EXPECT_EQ(plan.shots[0].subjects.size(), 2u);
  EXPECT_TRUE(plan.further_views.empty());
  EXPECT_EQ(note_of(plan, "reference_unused").subject, "image3");
}

TEST(Roles, ElementsAndScenesKeepTheirKind) {
  const Plan plan = plan_for_test("ES", {"@Image1 walks in @Element1"});
  EXPECT_EQ(plan.shots[0].scene_reference, 1);
  EXPECT_EQ(plan.shots[0].subjects.at(0).reference, 0);
}

TEST(Roles, StyleReferencesAreNeitherSubjectNorPlace) {
  const Plan plan = plan_for_test("II", {"@Image1 dances on a beach in the style of @Image2"});
  EXPECT_EQ(describe(plan, "II"), "beach day ; | @image1 dance");
  EXPECT_EQ(note_of(plan, "style_not_transferred").subject, "image2");
}

TEST(Roles, UnmentionedSceneIsThePlace) {
  EXPECT_EQ(plan_for_test("ES", {"@Element1 waves"}).shots[0].scene_reference, 1);
}

TEST(NegativePrompt, CancelsWhatItNames) {
  auto request =
      request_for_test("E", {"@Element1 walks in a city in the rain at night, slow zoom in, neon"});
  request.spec.negative_prompt = "rain, zoom in, no neon, blurry, walking";
  const Plan plan = make_plan(test_vocabulary(), request, {});
  EXPECT_EQ(describe(plan, "E"), "city_street night ; still | @element1 stand");
}

TEST(Shots, CarriedWeatherCanBeDenied) {
  const Plan plan = plan_for_test("E", {"@Element1 runs in a forest in the rain", "no rain now, she stops"});
  EXPECT_EQ(describe(plan.shots[1], references_for_test("E")), "forest day ; | @element1 stand");
}

TEST(Shots, PronounsBringBackEverybody) {
  const Plan plan =
      plan_for_test("EE", {"@Element1 and @Element2 walk in a park", "They dance", "@Element2 waves"});
  EXPECT_EQ(plan.shots[1].subjects.size(), 2u);
  EXPECT_EQ(plan.shots[2].subjects.size(), 1u);
}

TEST(Shots, FramesAddUpWhateverTheCuts) {
  auto request = request_for_test("E", {"a. Cut to b. Cut to c. Cut to d. Cut to e. Cut to f. Cut to g"});
  request.shot_frames = {121};
  const Plan plan = make_plan(test_vocabulary(), request, {});
  EXPECT_EQ(plan.shots.size(), 7u);
  EXPECT_EQ(total(plan), 121);
  request.shot_frames = {20};
  EXPECT_EQ(total(make_plan(test_vocabulary(), request, {})), 20);
  EXPECT_EQ(make_plan(test_vocabulary(), request, {}).shots.size(), 1u);
}

TEST(Shots, MultiSplitsAtThen) {
  EXPECT_EQ(
      describe(plan_multi("@Element1 walks through a city at night, then sits in a cafe, then dances"), "E"),
      "city_street night ; | @element1 walk approach\n"
      "cafe night ; | @element1 sit seated\n"
      "cafe night ; | @element1 dance");
}

TEST(Shots, MultiVariesTheSizeOfOneAction) {
  EXPECT_EQ(describe(plan_multi("@Element1 dances and laughs in a park, she says \"Look at me!\""), "E"),
            "park day ; wide | @element1 dance\n"
            "park day ; medium | @element1 laugh\n"
            "park day ; close | @element1 talk | 0 \"Look at me!\"");
}

TEST(Shots, MultiShotsAreNotTooShort) {
  auto request = request_for_test("E", {"@Element1 dances"});
  request.spec.shot_type = ShotType::multi;
  request.shot_frames = {72};
  EXPECT_EQ(make_plan(test_vocabulary(), request, {}).shots.size(), 2u);
  request.shot_frames = {40};
  EXPECT_EQ(make_plan(test_vocabulary(), request, {}).shots.size(), 1u);
}

TEST(Shots, SharesAreExact) {
  EXPECT_EQ(share_frames(10, 3), (std::vector<int64_t>{3, 3, 4}));
  EXPECT_EQ(share_frames(3, 3), (std::vector<int64_t>{1, 1, 1}));
}

TEST(Shots, TransitionsAreRead) {
  EXPECT_EQ(plan_for_test("E", {"Fade in. @Element1 stands"}).shots[0].transition, Transition::fade_in);
  EXPECT_EQ(plan_for_test("E", {"@Element1 stands. Fade to black"}).shots[0].transition,
            Transition::fade_out);
  EXPECT_EQ(plan_for_test("E", {"@Element1 stands", "dissolve to @Element1 asleep"}).shots[1].transition,
            Transition::dissolve);
}

TEST(Sound, IsOnUnlessDenied) {
  EXPECT_FALSE(plan_for_test("E", {"@Element1 walks"}).shots[0].music);
  EXPECT_TRUE(plan_for_test("E", {"@Element1 walks, orchestral music"}).shots[0].music);
  EXPECT_FALSE(plan_for_test("E", {"@Element1 walks, no footsteps"}).shots[0].footsteps);
  EXPECT_FALSE(plan_for_test("E", {"@Element1 walks, no sound"}).shots[0].ambience);
}

TEST(Report, SaysWhatWasUnderstood) {
  const Plan plan =
      plan_for_test("E", {"@Element1 walks in the city at night in the rain, camera tracking from behind"});
  EXPECT_EQ(plan.understood,
            (std::vector<std::string>{"shot 1: @element1 walks, seen from behind",
                                      "camera: tracking from behind", "place: city street at night, rain"}));
  EXPECT_TRUE(plan.not_understood.empty());
}

TEST(Report, ListsUnusedWordsOnce) {
  const Plan plan = plan_for_test("E", {"@Element1 sprockets grandly, Sprockets GRANDLY, in a forest"});
  EXPECT_EQ(plan.not_understood, (std::vector<std::string>{"sprockets", "grandly"}));
  EXPECT_EQ(note_of(plan, "words_unused").text, "Not used by the draft: 'sprockets', 'grandly'.");
}

TEST(Notes, SayWhatWasLeftOut) {
  EXPECT_EQ(note_of(plan_for_test("E", {"push in then orbit, @Element1 in a park"}), "camera_conflict").text,
            "A shot has one camera move: used 'push in', ignored 'orbit'.");
  EXPECT_EQ(note_of(plan_for_test("E", {"@Element1 walks, jumps, nods, dances"}), "actions_dropped").text,
            "A shot has time for two actions of @element1: walk, jump. Left out: 'nod', 'dance'.");
  EXPECT_EQ(note_of(plan_for_test("E", {"@Element1 in a casino"}), "env_substituted").text,
            "There is no painter for 'casino'; used 'ballroom'.");
  EXPECT_EQ(note_of(plan_for_test("E", {"@Element1 in the gloomscape"}), "env_generic").severity,
            engine::Note::Severity::warning);
  EXPECT_EQ(note_of(plan_for_test("EE", {"@Element1 and @Element2 hug"}), "interaction_missing").shot, 0);
  EXPECT_EQ(codes(plan_for_test("E", {"@Element1 cries in a park, watercolor"})),
            "expression_unchanged style_not_transferred");
  EXPECT_EQ(
      note_of(plan_for_test("ESS", {"@Element1 runs from @Image1 to a hill in @Image2"}), "scene_ignored")
          .subject,
      "image2");
  EXPECT_EQ(note_of(plan_for_test("EE", {"@Element1 waves"}), "reference_unused").subject, "element2");
}

TEST(Notes, NameTheVoiceOnlyWithSound) {
  auto request = request_for_test("E", {"@Element1 says \"Hello there!\" in a cafe"});
  request.audio = true;
  EXPECT_EQ(codes(make_plan(test_vocabulary(), request, {})), "speech_synthetic");
}

TEST(PlanJson, HoldsEveryField) {
  const Plan plan = plan_for_test("ES", {"@Element1 sits in @Image1 and says \"Grüße euch!\""});
  const auto json = nlohmann::json::parse(plan_json(plan));
  const auto& shot = json["shots"][0];
  EXPECT_EQ(shot["frames"], 120);
  EXPECT_EQ(shot["scene_reference"], 1);
  EXPECT_EQ(shot["camera"]["move"], "push_in");
  EXPECT_TRUE(shot["camera"]["size"].is_null());
  EXPECT_EQ(shot["subjects"][0]["beats"][0]["action"], "talk");
  EXPECT_EQ(shot["subjects"][0]["seated"], true);
  EXPECT_EQ(shot["speech"][0]["speaker"], 0);
  EXPECT_EQ(json["notes"].size(), plan.notes.size());
}

TEST(Plan, IsAFunctionOfItsRequest) {
  const auto request = request_for_test("E", {"@Element1 walks in the rain"});
  const Plan ours = make_plan(test_vocabulary(), request, {});
  EXPECT_EQ(plan_json(ours), plan_json(stage::make_plan(request, {})));
}

// ---- whatever the prompt ----

void expect_valid(const Plan& plan, const engine::RenderRequest& request, const std::string& prompt) {
  const int references = static_cast<int>(request.spec.references.size());
  const int64_t frames = std::accumulate(request.shot_frames.begin(), request.shot_frames.end(), int64_t{0});
  EXPECT_EQ(total(plan), frames) << prompt;
  for (const ShotPlan& shot : plan.shots) {
    EXPECT_GE(shot.frames, 1) << prompt;
    const int place = shot.scene_reference.value_or(0);
    EXPECT_TRUE(place >= 0 && place < references) << prompt;
    for (const SubjectPlan& subject : shot.subjects) {
      EXPECT_TRUE(subject.reference >= 0 && subject.reference < references) << prompt;
      ASSERT_TRUE(subject.beats.size() == 1 || subject.beats.size() == 2) << prompt;
      EXPECT_EQ(subject.beats.front().begin, 0) << prompt;
      EXPECT_EQ(subject.beats.back().end, 1) << prompt;
      EXPECT_EQ(subject.beats.front().end, subject.beats.size() == 2 ? subject.beats[1].begin : 1) << prompt;
    }
    for (const Speech& speech : shot.speech) {
      EXPECT_LT(speech.speaker, static_cast<int>(shot.subjects.size())) << prompt;
    }
  }
  EXPECT_FALSE(nlohmann::json::parse(plan_json(plan), nullptr, false).is_discarded()) << prompt;
}

std::vector<std::string> salad_words() {
  std::vector<std::string> words = {",",    ".",    "\"",   "'",   ":",  "\n",     "“",
                                    "”",    "then", "and",  "who", "no", "cut to", "says",
                                    "they", "🦊", "\xff", "of",  "in", "the"};
  int skip = 0;
  for (const auto& [phrase, meaning] : test_vocabulary().phrases) {
    if (++skip % 5 == 0) words.push_back(phrase);
  }
  return words;
}

BoundShot salad(const std::vector<std::string>& words, int length, Random& random) {
  BoundShot shot;
  for (int i = 0; i < length; ++i) {
    if (random.below(6) == 0) {
      shot.parts.push_back({"@x", random.below(5) - 1, 0});
      shot.parts.push_back({" ", std::nullopt, 0});
    }
    shot.parts.push_back(
        {words[static_cast<size_t>(random.below(static_cast<int>(words.size())))] + " ", std::nullopt, 0});
  }
  return shot;
}

TEST(AnyPrompt, GivesAValidPlan) {
  const auto words = salad_words();
  Random random(7);
  for (int round = 0; round < 600; ++round) {
    engine::RenderRequest request;
    request.spec.references = references_for_test("EISI");
    request.prompt.binds_all = random.below(4) == 0;
    request.rate = {24, 1};
    if (random.below(3) == 0) request.spec.shot_type = ShotType::multi;
    const int shots = 1 + random.below(3);
    std::string text;
    for (int i = 0; i < shots; ++i) {
      request.prompt.shots.push_back(salad(words, random.below(40), random));
      request.shot_frames.push_back(1 + random.below(200));
      for (const PromptPart& part : request.prompt.shots.back().parts) text += part.text;
    }
    expect_valid(make_plan(test_vocabulary(), request, {}), request, text);
  }
}

TEST(AnyPrompt, OfAnyBytesGivesAValidPlan) {
  Random random(11);
  for (int round = 0; round < 300; ++round) {
    std::string bytes;
    for (int i = random.below(200); i > 0; --i) bytes += static_cast<char>(random.below(256));
    engine::RenderRequest request;
    request.spec.references = references_for_test("ES");
    request.spec.negative_prompt = bytes;
    request.prompt.shots.push_back({{{bytes, std::nullopt, 0}}, std::nullopt});
    request.shot_frames = {48};
    expect_valid(make_plan(test_vocabulary(), request, {}), request, bytes);
  }
}

TEST(AnyPrompt, LongOnesAreReadWhole) {
  std::string prompt;
  while (prompt.size() < 5000) prompt += "@Element1 walks slowly past the old lighthouse keeper, ";
  prompt += "in a forest at night";
  const Plan plan = plan_for_test("E", {prompt});
  EXPECT_EQ(plan.shots[0].time, TimeOfDay::night);
  EXPECT_EQ(plan.shots[0].subjects.size(), 1u);
  EXPECT_EQ(plan.not_understood.size(), 3u);  // slowly, old, keeper
}

TEST(AnyPrompt, WithoutShotsOrReferencesStillGivesAPlan) {
  engine::RenderRequest empty;
  EXPECT_EQ(make_plan(test_vocabulary(), empty, {}).shots.size(), 1u);
  const Plan plan = plan_for_test("", {"a dog on a beach at sunset"});
  EXPECT_EQ(describe(plan, ""), "beach sunset ;");
  EXPECT_EQ(codes(plan), "props_missing");
}

}  // namespace
}  // namespace troupe::stage::prompt
