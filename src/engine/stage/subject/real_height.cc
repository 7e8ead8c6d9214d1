// How tall things are.

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

#include "engine/stage/subject/rig.h"

namespace troupe::stage {
namespace {

constexpr float kUprightAnimal = 1.45f;  // metres

struct Height {
  std::string_view noun;
  float metres;
};

// Sorted by size within kinds; a thing is as tall as it stands on the ground, with ears and roof.
constexpr std::array kHeights = std::to_array<Height>({
    {"man", 1.78f},        {"woman", 1.68f},      {"person", 1.7f},     {"people", 1.7f},
    {"character", 1.7f},   {"guy", 1.78f},        {"lady", 1.68f},      {"gentleman", 1.78f},
    {"boy", 1.3f},         {"girl", 1.28f},       {"child", 1.2f},      {"kid", 1.2f},
    {"toddler", 0.85f},    {"baby", 0.65f},       {"teenager", 1.6f},   {"grandmother", 1.6f},
    {"grandfather", 1.7f}, {"king", 1.78f},       {"queen", 1.7f},      {"prince", 1.75f},
    {"princess", 1.65f},   {"knight", 1.85f},     {"warrior", 1.82f},   {"wizard", 1.8f},
    {"witch", 1.7f},       {"astronaut", 1.85f},  {"soldier", 1.8f},    {"dancer", 1.7f},
    {"singer", 1.7f},      {"chef", 1.8f},        {"doctor", 1.75f},    {"detective", 1.78f},
    {"hero", 1.82f},       {"heroine", 1.7f},     {"actor", 1.78f},     {"model", 1.75f},
    {"superhero", 1.88f},  {"fairy", 0.4f},       {"elf", 1.5f},        {"dwarf", 1.2f},
    {"gnome", 0.5f},       {"giant", 4.0f},       {"monster", 2.2f},    {"alien", 1.5f},
    {"robot", 1.7f},       {"android", 1.75f},    {"mech", 4.0f},       {"drone", 0.25f},
    {"snowman", 1.6f},     {"zombie", 1.72f},     {"ghost", 1.7f},      {"skeleton", 1.7f},
    {"mermaid", 1.65f},    {"dragon", 4.0f},      {"dinosaur", 4.0f},   {"unicorn", 1.8f},
    {"dog", 0.6f},         {"puppy", 0.3f},       {"cat", 0.3f},        {"kitten", 0.18f},
    {"fox", 0.45f},        {"wolf", 0.85f},       {"bear", 1.3f},       {"panda", 1.0f},
    {"lion", 1.2f},        {"lioness", 1.05f},    {"tiger", 1.05f},     {"leopard", 0.7f},
    {"horse", 1.9f},       {"pony", 1.3f},        {"donkey", 1.3f},     {"zebra", 1.5f},
    {"cow", 1.5f},         {"bull", 1.6f},        {"sheep", 0.9f},      {"goat", 0.9f},
    {"pig", 0.8f},         {"deer", 1.3f},        {"moose", 2.1f},      {"camel", 2.1f},
    {"giraffe", 5.0f},     {"elephant", 3.0f},    {"rhino", 1.7f},      {"hippo", 1.5f},
    {"kangaroo", 1.5f},    {"koala", 0.6f},       {"monkey", 0.8f},     {"gorilla", 1.65f},
    {"chimpanzee", 1.2f},  {"rabbit", 0.35f},     {"bunny", 0.35f},     {"hare", 0.45f},
    {"squirrel", 0.25f},   {"mouse", 0.08f},      {"rat", 0.12f},       {"hamster", 0.1f},
    {"hedgehog", 0.15f},   {"beaver", 0.4f},      {"raccoon", 0.4f},    {"otter", 0.4f},
    {"frog", 0.1f},        {"turtle", 0.3f},      {"snake", 0.3f},      {"lizard", 0.15f},
    {"crocodile", 0.6f},   {"penguin", 0.7f},     {"owl", 0.4f},        {"eagle", 0.8f},
    {"parrot", 0.35f},     {"bird", 0.25f},       {"crow", 0.35f},      {"duck", 0.4f},
    {"goose", 0.8f},       {"swan", 1.0f},        {"chicken", 0.45f},   {"hen", 0.42f},
    {"rooster", 0.55f},    {"flamingo", 1.3f},    {"ostrich", 2.4f},    {"peacock", 1.1f},
    {"fish", 0.3f},        {"shark", 1.2f},       {"dolphin", 0.9f},    {"whale", 3.5f},
    {"octopus", 0.6f},     {"butterfly", 0.09f},  {"bee", 0.03f},       {"spider", 0.06f},
    {"car", 1.4f},         {"taxi", 1.5f},        {"truck", 3.2f},      {"van", 2.0f},
    {"bus", 3.1f},         {"train", 3.9f},       {"tram", 3.4f},       {"motorcycle", 1.2f},
    {"motorbike", 1.2f},   {"scooter", 1.1f},     {"bicycle", 1.05f},   {"bike", 1.05f},
    {"boat", 2.2f},        {"ship", 12.0f},       {"sailboat", 8.0f},   {"airplane", 6.0f},
    {"plane", 6.0f},       {"helicopter", 3.5f},  {"rocket", 20.0f},    {"spaceship", 5.0f},
    {"tractor", 2.8f},     {"skateboard", 0.15f}, {"bottle", 0.25f},    {"cup", 0.1f},
    {"mug", 0.1f},         {"glass", 0.15f},      {"can", 0.12f},       {"bag", 0.5f},
    {"handbag", 0.3f},     {"backpack", 0.5f},    {"suitcase", 0.7f},   {"shoe", 0.14f},
    {"sneaker", 0.14f},    {"boot", 0.3f},        {"hat", 0.2f},        {"watch", 0.06f},
    {"perfume", 0.13f},    {"lipstick", 0.08f},   {"phone", 0.15f},     {"smartphone", 0.15f},
    {"laptop", 0.25f},     {"camera", 0.12f},     {"headphones", 0.2f}, {"book", 0.24f},
    {"lamp", 0.5f},        {"chair", 0.9f},       {"armchair", 1.0f},   {"sofa", 0.85f},
    {"table", 0.75f},      {"bed", 0.9f},         {"vase", 0.3f},       {"plant", 0.6f},
    {"flower", 0.4f},      {"tree", 6.0f},        {"cactus", 1.5f},     {"guitar", 1.0f},
    {"piano", 1.2f},       {"ball", 0.24f},       {"football", 0.22f},  {"balloon", 0.35f},
    {"toy", 0.3f},         {"doll", 0.4f},        {"teddy", 0.4f},      {"cake", 0.25f},
    {"pizza", 0.08f},      {"burger", 0.1f},      {"apple", 0.08f},     {"banana", 0.06f},
    {"umbrella", 0.9f},    {"sword", 1.0f},       {"house", 7.0f},      {"castle", 20.0f},
    {"statue", 2.2f},      {"box", 0.3f},         {"pumpkin", 0.3f},    {"mushroom", 0.12f},
    {"telescope", 1.4f},
});

const Height* find(std::string_view noun) {
  const auto found =
      std::find_if(kHeights.begin(), kHeights.end(), [&](const Height& h) { return h.noun == noun; });
  return found == kHeights.end() ? nullptr : found;
}

/// The table's word for `noun`, its plural, or the last word of several ("race car").
const Height* find_in_phrase(std::string_view noun) {
  std::string word;
  for (const char c : noun.substr(noun.find_last_of(" -_") + 1))
    word += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (const Height* found = find(word)) return found;
  if (word.ends_with("es"))
    if (const Height* found = find(std::string_view(word).substr(0, word.size() - 2))) return found;
  return word.ends_with('s') ? find(std::string_view(word).substr(0, word.size() - 1)) : nullptr;
}

bool is_animal(std::string_view noun) {
  constexpr std::array kAnimals = {
      "dog",    "puppy",  "cat",   "kitten",   "fox",  "wolf",  "bear",    "panda", "mouse",  "rat",
      "rabbit", "bunny",  "hare",  "squirrel", "frog", "pig",   "tiger",   "lion",  "monkey", "koala",
      "otter",  "beaver", "goose", "badger",   "goat", "sheep", "raccoon", "owl",   "duck",   "hedgehog"};
  return std::find(kAnimals.begin(), kAnimals.end(), noun) != kAnimals.end();
}

}  // namespace

float real_height(std::string_view noun, const Rig& rig, float aspect) {
  if (const Height* found = find_in_phrase(noun)) {
    // An animal drawn upright on two legs is a character, not wildlife.
    const bool upright = rig.kind == BodyKind::biped && aspect < 0.7f;
    if (upright && is_animal(found->noun)) return std::max(found->metres, kUprightAnimal);
    return found->metres;
  }
  const bool human =
      rig.kind == BodyKind::biped || rig.kind == BodyKind::skirted || rig.kind == BodyKind::half;
  if (human) return 1.7f;
  if (rig.kind == BodyKind::quadruped) return 0.9f;
  return aspect < 0.7f ? 1.6f : 0.9f;
}

}  // namespace troupe::stage
