#include "engine/stage/subject/puppet.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "engine/stage/subject/drawn_figures.h"

namespace troupe::stage {
namespace {

constexpr Action kActions[] = {Action::stand,  Action::walk,  Action::run,   Action::dance, Action::jump,
                               Action::wave,   Action::turn,  Action::talk,  Action::look,  Action::sit,
                               Action::float_, Action::nod,   Action::laugh, Action::fight, Action::eat,
                               Action::pick,   Action::drive, Action::rotate};
constexpr Facing kFacings[] = {Facing::front, Facing::back, Facing::left, Facing::right};

std::unique_ptr<Puppet::Dressed> dressed(image::CutOut cut_out, std::string_view noun = "") {
  return Puppet::make({std::move(cut_out)}, noun)->dress(LightRig{}, 300);
}

PoseInput input(Action action, float seconds, Facing facing = Facing::front) {
  PoseInput in;
  in.action = action;
  in.seconds = seconds;
  in.facing = in.turn_from = facing;
  return in;
}

/// Alpha of a layer's texture where a vertex samples it.
uint8_t alpha_at(const PosedMesh& layer, const Vertex& v) {
  const Texture::Level& level = layer.texture->levels().front();
  const int x = std::clamp(static_cast<int>(v.u * static_cast<float>(level.width)), 0, level.width - 1);
  const int y = std::clamp(static_cast<int>(v.v * static_cast<float>(level.height)), 0, level.height - 1);
  return level.at(x, y)[3];
}

/// Interpolated over the triangles, the lowest point that shows.
float lowest_visible(const Posed& posed) {
  float lowest = 1e9f;
  for (const PosedMesh& layer : posed.layers)
    for (size_t i = 0; i < layer.mesh->indices.size(); i += 3)
      for (int a = 0; a <= 8; ++a)
        for (int b = 0; a + b <= 8; ++b) {
          const Vertex& p = layer.mesh->vertices[layer.mesh->indices[i]];
          const Vertex& q = layer.mesh->vertices[layer.mesh->indices[i + 1]];
          const Vertex& r = layer.mesh->vertices[layer.mesh->indices[i + 2]];
          const float s = static_cast<float>(a) / 8, t = static_cast<float>(b) / 8;
          Vertex v;
          v.u = p.u + (q.u - p.u) * s + (r.u - p.u) * t;
          v.v = p.v + (q.v - p.v) * s + (r.v - p.v) * t;
          v.position = p.position + (q.position - p.position) * s + (r.position - p.position) * t;
          if (v.position.y < lowest && alpha_at(layer, v) > 127) lowest = v.position.y;
        }
  return lowest;
}

size_t flipped_triangles(const Posed& posed, size_t& all) {
  size_t flipped = 0;
  for (const PosedMesh& layer : posed.layers)
    for (size_t i = 0; i < layer.mesh->indices.size(); i += 3) {
      const auto& v = layer.mesh->vertices;
      const Vec3 a = v[layer.mesh->indices[i]].position, b = v[layer.mesh->indices[i + 1]].position,
                 c = v[layer.mesh->indices[i + 2]].position;
      ++all;
      flipped += cross(b - a, c - a).z > 0;
    }
  return flipped;
}

void expect_sound(const Posed& posed) {
  ASSERT_FALSE(posed.layers.empty());
  for (const PosedMesh& layer : posed.layers) {
    ASSERT_TRUE(layer.mesh && layer.texture);
    ASSERT_EQ(layer.mesh->indices.size() % 3, 0u);
    for (const uint32_t i : layer.mesh->indices) ASSERT_LT(i, layer.mesh->vertices.size());
    for (const Vertex& v : layer.mesh->vertices) {
      ASSERT_TRUE(std::isfinite(v.position.x) && std::isfinite(v.position.y));
      ASSERT_EQ(v.position.z, 0);
      ASSERT_LT(std::abs(v.position.x), 40);
    }
  }
  ASSERT_TRUE(std::isfinite(posed.half_width));
}

TEST(Puppet, MeasuresItself) {
  const auto puppet = Puppet::make({drawn::person().cut_out()}, "woman");
  EXPECT_FLOAT_EQ(puppet->height(), 1.68f);
  EXPECT_NEAR(puppet->aspect(), 0.34f * 240 / (0.94f * 540), 0.03f);
  EXPECT_FALSE(puppet->half_figure());
  EXPECT_FALSE(puppet->has_view(Facing::back));
  EXPECT_NEAR(puppet->speed(Action::walk), 1.25f, 0.15f);
  EXPECT_NEAR(puppet->speed(Action::run), 3.2f, 0.3f);
  EXPECT_EQ(puppet->speed(Action::stand), 0);
  const float steps = 2 * puppet->speed(Action::walk) / puppet->stride_length(Action::walk);
  EXPECT_NEAR(steps, 1.9f, 0.3f);
}

TEST(Puppet, PosesSoundlyWhateverItDoes) {
  for (const auto& cut_out :
       {drawn::person(true).cut_out(), drawn::skirt().cut_out(), drawn::profile().cut_out(),
        drawn::dog().cut_out(), drawn::vase().cut_out(), drawn::bust()}) {
    const auto puppet = dressed(cut_out);
    for (const Action action : kActions)
      for (const Facing facing : kFacings)
        for (int i = 0; i < 6; ++i) {
          PoseInput in = input(action, 0.37f * static_cast<float>(i), facing);
          in.stride = 0.17f * static_cast<float>(i);
          in.mouth = 0.15f * static_cast<float>(i);
          expect_sound(puppet->pose(in));
        }
  }
}

TEST(Puppet, FoldsHardlyAnyTriangle) {
  const auto puppet = dressed(drawn::person(true).cut_out());
  for (const Action action : kActions)
    for (const Facing facing : {Facing::front, Facing::right}) {
      size_t all = 0, flipped = 0;
      for (int i = 0; i < 8; ++i) {
        PoseInput in = input(action, 0.3f * static_cast<float>(i), facing);
        in.stride = static_cast<float>(i) / 8;
        // A figure seen from behind by a twirl is mirrored, not folded.
        const Posed posed = puppet->pose(in);
        size_t count = 0;
        const size_t turned = flipped_triangles(posed, count);
        flipped += std::min(turned, count - turned);
        all += count;
      }
      EXPECT_LT(static_cast<double>(flipped), 0.03 * static_cast<double>(all)) << name(action);
    }
}

TEST(Puppet, StandsOnTheGround) {
  for (const auto& cut_out : {drawn::person().cut_out(), drawn::skirt().cut_out(), drawn::dog().cut_out(),
                              drawn::vase().cut_out()}) {
    const auto puppet = dressed(cut_out, "woman");
    for (const Action action : {Action::stand, Action::walk, Action::talk, Action::nod})
      for (const Facing facing : {Facing::front, Facing::right})
        for (int i = 0; i < 5; ++i) {
          PoseInput in = input(action, 0.4f * static_cast<float>(i), facing);
          in.stride = 0.2f * static_cast<float>(i);
          const Posed posed = puppet->pose(in);
          // A pixel is 6 mm here: its centre counts, its lower edge stands.
          EXPECT_NEAR(lowest_visible(posed), posed.lift, 0.007f) << name(action) << ' ' << i;
        }
  }
}

TEST(Puppet, LeavesTheGroundInAJump) {
  const auto puppet = dressed(drawn::person().cut_out());
  float highest = 0, least = 1;
  for (int i = 0; i < 28; ++i) {
    const Posed posed = puppet->pose(input(Action::jump, static_cast<float>(i) / 24));
    highest = std::max(highest, posed.lift);
    least = std::min(least, posed.lift);
    if (posed.lift > 0.01f) {
      EXPECT_GT(lowest_visible(posed), 0.0f);
      EXPECT_FALSE(posed.left_foot_down || posed.right_foot_down);
    }
  }
  EXPECT_GT(highest, 0.12f);
  EXPECT_EQ(least, 0);
}

TEST(Puppet, PutsOneFootDownAfterTheOther) {
  const auto puppet = dressed(drawn::person().cut_out());
  for (const Facing facing : {Facing::front, Facing::right}) {
    std::string steps;
    bool left = true, right = true;
    for (int i = 0; i < 400; ++i) {
      PoseInput in = input(Action::walk, 0, facing);
      in.stride = 0.2f + static_cast<float>(i) / 100;
      const Posed posed = puppet->pose(in);
      if (posed.left_foot_down && !left) steps += 'L';
      if (posed.right_foot_down && !right) steps += 'R';
      left = posed.left_foot_down;
      right = posed.right_foot_down;
    }
    EXPECT_EQ(steps, "RLRLRLRL");
  }
}

/// Middle of what is lowest in a layer: the sole that carries.
float sole_x(const Posed& posed, size_t layer) {
  float sum = 0, count = 0, lowest = 1e9f;
  for (const Vertex& v : posed.layers[layer].mesh->vertices) lowest = std::min(lowest, v.position.y);
  for (const Vertex& v : posed.layers[layer].mesh->vertices) {
    if (v.position.y > lowest + 0.012f) continue;
    sum += v.position.x;
    ++count;
  }
  return sum / count;
}

TEST(Puppet, DoesNotSkateOverTheGround) {
  const auto puppet = Puppet::make({drawn::person().cut_out()}, "woman");
  const auto wearing = puppet->dress(LightRig{}, 300);
  const float speed = puppet->speed(Action::walk), stride = puppet->stride_length(Action::walk),
              frame = 1.0f / 24;
  // While the left foot is flat on the ground (phases 0.1 … 0.28) it must stay where it is in the world.
  float previous = 0;
  int compared = 0;
  for (int i = 0; i < 100; ++i) {
    const float walked = speed * frame * static_cast<float>(i);
    PoseInput in = input(Action::walk, frame * static_cast<float>(i), Facing::right);
    in.stride = walked / stride;
    const float phase = in.stride - std::floor(in.stride);
    const float at = walked + sole_x(wearing->pose(in), 0);
    if (phase > 0.1f && phase < 0.28f) {
      if (previous != 0) {
        EXPECT_LT(std::abs(at - previous), 0.03f) << phase;
        ++compared;
      }
      previous = at;
    } else {
      previous = 0;
    }
  }
  EXPECT_GT(compared, 8);
}

TEST(Puppet, NeverFreezes) {
  for (const auto& cut_out :
       {drawn::person().cut_out(), drawn::bust(), drawn::vase().cut_out(), drawn::dog().cut_out()}) {
    const auto puppet = dressed(cut_out);
    for (int i = 0; i < 20; ++i) {
      const Posed a = puppet->pose(input(Action::stand, 0.5f * static_cast<float>(i)));
      const Posed b = puppet->pose(input(Action::stand, 0.5f * static_cast<float>(i) + 0.5f));
      float moved = 0;
      for (size_t k = 0; k < a.layers.size(); ++k)
        for (size_t v = 0; v < a.layers[k].mesh->vertices.size(); ++v)
          moved = std::max(
              moved, length(a.layers[k].mesh->vertices[v].position - b.layers[k].mesh->vertices[v].position));
      EXPECT_GT(moved, 0.0005f) << i;
      EXPECT_LT(moved, 0.05f) << i;
    }
  }
}

TEST(Puppet, OpensTheMouthOnlyToSpeak) {
  const auto puppet = dressed(drawn::bust());
  PoseInput in = input(Action::stand, 1);
  const Posed quiet = puppet->pose(in);
  in.mouth = 1;
  in.amount = 0;
  const Posed speaking = puppet->pose(in);
  EXPECT_EQ(speaking.layers.size(), quiet.layers.size() + 1);
  // Eyes and hair stay with the head, the chin drops.
  float chin = 0;
  const auto& a = quiet.layers[0].mesh->vertices;
  const auto& b = speaking.layers[0].mesh->vertices;
  for (size_t i = 0; i < a.size(); ++i)
    if (std::abs(a[i].position.x) < 0.05f) chin = std::max(chin, a[i].position.y - b[i].position.y);
  EXPECT_GT(chin, 0.02f);
  EXPECT_LT(chin, 0.08f);
}

TEST(Puppet, KeepsTheCutOfAHalfFigureStill) {
  const auto puppet = dressed(drawn::bust());
  for (const Action action : {Action::stand, Action::talk, Action::walk, Action::dance})
    for (int i = 0; i < 5; ++i) {
      PoseInput in = input(action, 0.3f * static_cast<float>(i));
      in.stride = 0.2f * static_cast<float>(i);
      const Posed posed = puppet->pose(in);
      float lowest = 1;
      for (const Vertex& v : posed.layers[0].mesh->vertices) lowest = std::min(lowest, v.position.y);
      EXPECT_LT(lowest, 0.002f) << name(action);
      EXPECT_GT(lowest, -0.03f) << name(action);
    }
}

TEST(Puppet, RaisesAFreeArmToWave) {
  const auto puppet = dressed(drawn::person(true).cut_out());
  const auto top_of_arm = [&](float seconds) {
    const Posed posed = puppet->pose(input(Action::wave, seconds));
    float top = 0;
    for (const Vertex& v : posed.layers.back().mesh->vertices) top = std::max(top, v.position.y);
    return top;
  };
  EXPECT_GT(top_of_arm(1.2f), top_of_arm(0) + 0.2f);
}

TEST(Puppet, TurnsWithoutEverBeingAsThinAsPaper) {
  const auto puppet = dressed(drawn::person().cut_out());
  const auto width = [](const Posed& posed) {
    float low = 1e9f, high = -1e9f;
    for (const PosedMesh& layer : posed.layers)
      for (const Vertex& v : layer.mesh->vertices) {
        low = std::min(low, v.position.x);
        high = std::max(high, v.position.x);
      }
    return high - low;
  };
  const float full = width(puppet->pose(input(Action::turn, 0)));
  float narrowest = full;
  for (int i = 0; i <= 24; ++i) {
    PoseInput in = input(Action::turn, 0, Facing::back);
    in.turn_from = Facing::front;
    in.turn = static_cast<float>(i) / 24;
    narrowest = std::min(narrowest, width(puppet->pose(in)));
  }
  EXPECT_GT(narrowest, 0.33f * full);
  EXPECT_LT(narrowest, 0.6f * full);
}

TEST(Puppet, StandsWhenAnActionIsFadedOut) {
  const auto puppet = dressed(drawn::person(true).cut_out());
  const Posed stand = puppet->pose(input(Action::stand, 1.3f));
  PoseInput in = input(Action::wave, 1.3f);
  in.amount = 0;
  const Posed faded = puppet->pose(in);
  ASSERT_EQ(stand.layers.size(), faded.layers.size());
  for (size_t k = 0; k < stand.layers.size(); ++k)
    for (size_t v = 0; v < stand.layers[k].mesh->vertices.size(); ++v)
      ASSERT_NEAR(stand.layers[k].mesh->vertices[v].position.y, faded.layers[k].mesh->vertices[v].position.y,
                  1e-4f);
}

TEST(Puppet, MirrorsWhenAsked) {
  const auto puppet = dressed(drawn::dog().cut_out(), "dog");
  PoseInput in = input(Action::walk, 0.5f, Facing::right);
  const Posed plain = puppet->pose(in);
  in.mirrored = true;
  const Posed mirrored = puppet->pose(in);
  ASSERT_EQ(plain.layers.size(), mirrored.layers.size());
  for (size_t v = 0; v < plain.layers[0].mesh->vertices.size(); ++v)
    ASSERT_NEAR(plain.layers[0].mesh->vertices[v].position.x,
                -mirrored.layers[0].mesh->vertices[v].position.x, 1e-4f);
}

TEST(Puppet, IsDeterministic) {
  const auto once = dressed(drawn::person(true).cut_out()), again = dressed(drawn::person(true).cut_out());
  const Posed a = once->pose(input(Action::dance, 2.3f)), b = again->pose(input(Action::dance, 2.3f));
  ASSERT_EQ(a.layers.size(), b.layers.size());
  for (size_t k = 0; k < a.layers.size(); ++k) {
    EXPECT_EQ(a.layers[k].texture->levels().front().rgba, b.layers[k].texture->levels().front().rgba);
    for (size_t v = 0; v < a.layers[k].mesh->vertices.size(); ++v) {
      ASSERT_EQ(a.layers[k].mesh->vertices[v].position.x, b.layers[k].mesh->vertices[v].position.x);
      ASSERT_EQ(a.layers[k].mesh->vertices[v].position.y, b.layers[k].mesh->vertices[v].position.y);
    }
  }
}

TEST(Puppet, SurvivesDegeneratePicturesAndNumbers) {
  for (const auto& [width, height] : {std::pair{1, 1}, {2, 400}, {400, 2}, {300, 300}}) {
    drawn::Canvas c(width, height);
    c.box(0, 0, 1, 1);
    const auto puppet = dressed(c.cut_out());
    for (const Action action : kActions) {
      PoseInput in = input(action, std::numeric_limits<float>::quiet_NaN());
      in.stride = std::numeric_limits<float>::infinity();
      in.turn = in.mouth = in.tempo = std::numeric_limits<float>::quiet_NaN();
      for (const Facing facing : kFacings) {
        in.facing = facing;
        const Posed posed = puppet->pose(in);
        for (const PosedMesh& layer : posed.layers)
          for (const Vertex& v : layer.mesh->vertices)
            ASSERT_TRUE(std::isfinite(v.position.x) && std::isfinite(v.position.y));
      }
    }
  }
}

}  // namespace
}  // namespace troupe::stage
