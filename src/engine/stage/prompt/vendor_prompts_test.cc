// Prompts that the vendors of such models print in their guides.
#include <gtest/gtest.h>

#include "engine/stage/prompt/request_for_test.h"

namespace troupe::stage::prompt {
namespace {

struct Case {
  const char* name;
  const char* kinds;                 ///< of the references, see references_for_test()
  std::vector<std::string> prompts;  ///< one, or one a shot
  const char* plan;                  ///< as describe() says it
};

void PrintTo(const Case& test, std::ostream* out) { *out << test.name; }

class VendorPrompts : public testing::TestWithParam<Case> {};

TEST_P(VendorPrompts, IsRead) {
  const Case& test = GetParam();
  EXPECT_EQ(describe(plan_for_test(test.kinds, test.prompts), test.kinds), test.plan);
}

const Case kCases[] = {
    {"NeonWalk",
     "I",
     {R"(The character walking through a futuristic city at night, neon lights reflecting on wet streets, cinematic tracking shot)"},
     R"(city_street night rain neon cinematic ; track | @image1 walk along_toward)"},
    {"Ballroom",
     "I",
     {R"(A woman in a red dress dancing in a grand ballroom, warm candlelight, slow zoom out)"},
     R"(ballroom day candle warm ; slow zoom_out | @image1 dance)"},
    {"StormCliff",
     "I",
     {R"(The robot standing on a rocky cliff overlooking a stormy ocean, dramatic wide angle, overcast sky)"},
     R"(cliff day storm overcast dramatic ; wide | @image1 stand)"},
    {"CafeTalk",
     "II",
     {R"(character1 and character2 have a friendly conversation in a cozy cafe)"},
     R"(cafe day ; | @image1 talk+stand | @image2 stand+talk mirrored)"},
    {"CafeTalkShort",
     "II",
     {R"(character1 and character2 have a conversation in a cafe.)"},
     R"(cafe day ; | @image1 talk+stand | @image2 stand+talk mirrored)"},
    {"GardenPlay",
     "II",
     {R"(character1 and character2 play together in a sunny garden)"},
     R"(park day ; | @image1 jump | @image2 jump)"},
    {"FollowInPicture",
     "ES",
     {R"(@Element1 walks through the streets of @Image1, looking up at the buildings.
The camera slowly tracks from behind, revealing the city skyline.)"},
     R"(@image1 day ; slow track_behind | @element1 walk+look along_away)"},
    {"OppositeEntries",
     "EES",
     {R"(@Element1 and @Element2 enter the cafe in @Image1 from opposite sides.
@Element1 waves and walks toward @Element2, who is sitting at a corner table.)"},
     R"(@image1 day ; | @element1 walk+wave enter_left | @element2 walk+sit enter_right)"},
    {"Storyboard",
     "ES",
     {R"(Shot 1 (5s): @Element1 stands at the edge of @Image1, looking out at the horizon.
Slow camera push forward.

Shot 2 (5s): Close-up of @Element1's face as they turn toward the camera.
Soft natural lighting, shallow depth of field.

Shot 3 (5s): @Element1 walks away from camera into the distance.
Wide cinematic shot, golden hour lighting.)"},
     R"(@image1 day ; wide slow push_in | @element1 stand+look back
@image1 day soft ; close shallow | @element1 turn right
@image1 golden cinematic ; wide | @element1 walk exit_away)"},
    {"CandyHops",
     "ES",
     {R"(@Element1 hops happily across the candy ground of @Image1, stops to look at a
giant lollipop, tilts its head curiously. Cinematic tracking shot, soft warm lighting.)"},
     R"(@image1 day soft happy cinematic warm ; track | @element1 jump+look along_right)"},
    {"Leaves",
     "ES",
     {R"(Cinematic tracking shot of @Element1 walking through @Image1, leaves
blowing in the wind, golden afternoon light.)"},
     R"(@image1 golden leaves wind cinematic ; track | @element1 walk along_toward)"},
    {"Behind",
     "ES",
     {R"(@Element1 walks through @Image1, camera tracking from behind)"},
     R"(@image1 day ; track_behind | @element1 walk along_away)"},
    {"SideBySide",
     "II",
     {R"(@Image1 and @Image2 walking together through a sunlit park,
camera slowly tracking alongside them, warm afternoon light.)"},
     R"(park golden ; slow track_side | @image1 walk along_right | @image2 walk along_right)"},
    {"TwoInPark",
     "II",
     {R"(@Image1 and @Image2 walking through a park, cinematic tracking shot)"},
     R"(park day cinematic ; track | @image1 walk along_toward | @image2 walk along_toward)"},
    {"Farmhouse",
     "II",
     {R"(The woman from the first image walks through the open field from the second image, approaching the farmhouse in the distance in a wide shot)"},
     R"(@image2 day ; wide | @image1 walk exit_away)"},
    {"Landscape",
     "II",
     {R"(The person from the first image walks into the landscape from the second image.)"},
     R"(@image2 day ; | @image1 walk exit_away)"},
};

INSTANTIATE_TEST_SUITE_P(Prompts, VendorPrompts, testing::ValuesIn(kCases),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace troupe::stage::prompt
