#include "engine/stage/subject/rear_view.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "engine/stage/subject/drawn_figures.h"
#include "engine/stage/subject/views.h"
#include "image/ops.h"

namespace troupe::stage {
namespace {

struct Front {
  Front() : views({cut_out()}, "woman") {}
  static image::CutOut cut_out() {
    image::CutOut result = drawn::person().cut_out();
    result.face = image::Rect{98, 36, 44, 44};
    result.has_person = true;
    return result;
  }
  ViewSet views;
};

TEST(RearView, ChangesOnlyTheHead) {
  const Front front;
  const View& view = front.views.views().front();
  const Image rear = make_rear_view(view.picture, view.rig, view.face), plain = image::mirror(view.picture);
  const int below = static_cast<int>((view.rig.shoulder + 0.02f) * static_cast<float>(rear.height));
  for (int y = below; y < rear.height; ++y)
    for (int x = 0; x < rear.width; ++x)
      for (int k = 0; k < 4; ++k) ASSERT_EQ(rear.at(x, y)[k], plain.at(x, y)[k]) << x << ' ' << y;
}

TEST(RearView, CoversTheFaceWithHair) {
  const Front front;
  const View& view = front.views.views().front();
  const Image rear = make_rear_view(view.picture, view.rig, view.face);
  const uint8_t* p =
      rear.at(rear.width - 1 - (view.face->x + view.face->width / 2), view.face->y + view.face->height / 3);
  EXPECT_LT(std::abs(p[0] - drawn::kHair.r), 30);
  EXPECT_LT(std::abs(p[1] - drawn::kHair.g), 30);
}

TEST(RearView, KeepsTheOutline) {
  const Front front;
  const View& view = front.views.views().front();
  const Image rear = make_rear_view(view.picture, view.rig, view.face), plain = image::mirror(view.picture);
  for (size_t i = 3; i < rear.rgba.size(); i += 4) ASSERT_EQ(rear.rgba[i], plain.rgba[i]);
}

TEST(Views, ImprovisesABackAndSaysSo) {
  const Front front;
  EXPECT_FALSE(front.views.has(Facing::back));
  EXPECT_TRUE(front.views.has(Facing::front));
  ASSERT_EQ(front.views.views().size(), 2u);
  EXPECT_TRUE(front.views.views()[1].improvised);
  EXPECT_EQ(front.views.choose(front.views.angle_of(Facing::back)).view, 1u);
}

TEST(Views, TellsSideAndBackApart) {
  image::CutOut back = drawn::person().cut_out();
  const ViewSet views({Front::cut_out(), drawn::profile().cut_out(), back}, "woman");
  EXPECT_TRUE(views.has(Facing::left));
  EXPECT_TRUE(views.has(Facing::right));
  EXPECT_TRUE(views.has(Facing::back));
  const ViewChoice right = views.choose(views.angle_of(Facing::right)),
                   left = views.choose(views.angle_of(Facing::left));
  EXPECT_EQ(right.view, 1u);
  EXPECT_EQ(left.view, 1u);
  EXPECT_FALSE(right.flip);
  EXPECT_TRUE(left.flip);
  EXPECT_NEAR(right.yaw, 0, 1e-4f);
}

TEST(Views, ShowsAnAnimalFromItsSideWhicheverWayItFaces) {
  const ViewSet views({drawn::dog().cut_out()}, "dog");
  EXPECT_TRUE(views.profile_only());
  EXPECT_FALSE(views.choose(views.angle_of(Facing::right)).flip);
  EXPECT_TRUE(views.choose(views.angle_of(Facing::left)).flip);
  EXPECT_NEAR(views.choose(views.angle_of(Facing::front)).yaw, 0, 1e-4f);
}

}  // namespace
}  // namespace troupe::stage
