#include "cli/spec_flags.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <iostream>
#include <iterator>

#include "base/bytes.h"
#include "core/spec_json.h"

namespace troupe::cli {
namespace {

constexpr std::string_view kValueFlags[] = {
    "--prompt",       "--model", "--negative-prompt", "--duration",    "--resolution", "--fps",
    "--aspect-ratio", "--seed",  "--shot-type",       "--first-frame", "--last-frame", "--extend",
    "--audio",        "--count"};

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 4> kClipEndings = {".mp4", ".mov", ".webm", ".mkv"};

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  size_t begin = 0;
  while (true) {
    const size_t end = text.find(separator, begin);
    parts.push_back(text.substr(begin, end - begin));
    if (end == std::string::npos) return parts;
    begin = end + 1;
  }
}

bool is_clip(const std::string& path) {
  std::string ending = fs::path(path).extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return std::find(kClipEndings.begin(), kClipEndings.end(), ending) != kClipEndings.end();
}

// Applies flags over a spec, collecting what cannot be understood.
class FlagReader {
 public:
  FlagReader(const SpecFlags& flags, SpecFromFlags& out)
      : flags_(flags), spec_(out.spec), errors_(out.errors) {}

  void read() {
    if (!flags_.model.empty()) spec_.model = flags_.model;
    if (!flags_.fallback_models.empty()) spec_.fallback_models = flags_.fallback_models;
    if (!flags_.prompt.empty()) {
      spec_.prompt = flags_.prompt;
      if (flags_.shots.empty()) spec_.shots.clear();
    }
    if (!flags_.negative_prompt.empty()) spec_.negative_prompt = flags_.negative_prompt;
    read_references();
    read_shots();
    source(flags_.first_frame, spec_.first_frame);
    source(flags_.last_frame, spec_.last_frame);
    source(flags_.extend, spec_.extend);
    value("--duration", flags_.duration, parse_duration, spec_.duration);
    value("--aspect-ratio", flags_.aspect_ratio, parse_aspect_ratio, spec_.aspect_ratio);
    value("--resolution", flags_.resolution, parse_resolution, spec_.resolution);
    value("--fps", flags_.fps, parse_frame_rate, spec_.fps);
    value("--seed", flags_.seed, parse_seed, spec_.seed);
    value("--shot-type", flags_.shot_type, parse_shot_type, spec_.shot_type);
    if (flags_.audio) spec_.audio = true;
    if (flags_.no_audio) spec_.audio = false;
    if (flags_.count != 0) spec_.count = flags_.count;
  }

 private:
  void fail(std::string flag, std::string message) {
    errors_.push_back(make_error(ErrorCode::invalid_argument, std::move(message), std::move(flag)));
  }

  static void source(const std::string& flag, std::optional<MediaSource>& out) {
    if (!flag.empty()) out = MediaSource{flag};
  }

  template <class T, class Parse>
  void value(const char* flag, const std::string& text, Parse parse, std::optional<T>& out) {
    if (text.empty()) return;
    Result<T> parsed = parse(text);
    if (parsed) {
      out = std::move(*parsed);
    } else {
      fail(flag, parsed.error().message);
    }
  }

  static Result<uint64_t> parse_seed(const std::string& text) {
    uint64_t seed = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seed);
    if (error != std::errc() || end != text.data() + text.size()) {
      return make_error(ErrorCode::invalid_argument,
                        "a seed is a whole number from 0 to 18446744073709551615");
    }
    return seed;
  }

  static Result<ShotType> parse_shot_type(const std::string& text) {
    if (text == "single") return ShotType::single;
    if (text == "multi") return ShotType::multi;
    return make_error(ErrorCode::invalid_argument, "a shot type is \"single\" or \"multi\"");
  }

  void read_references() {
    for (const std::string& text : flags_.elements) element(text);
    for (const std::string& text : flags_.scenes) {
      spec_.references.push_back({ReferenceKind::scene, "", {text}, {}, {}, {}});
    }
    for (const std::string& text : flags_.images) {
      spec_.references.push_back({ReferenceKind::image, "", {text}, {}, {}, {}});
    }
    for (const std::string& text : flags_.boxes) box(text);
  }

  // NAME=FRONTAL[,ANGLE…], or NAME=CLIP.
  void element(const std::string& text) {
    const size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == text.size()) {
      return fail("--element", "\"" + text + "\" is not NAME=PICTURE: write for example fox=fox.png");
    }
    Reference reference;
    reference.kind = ReferenceKind::element;
    reference.name = text.substr(0, equals);
    const std::string files = text.substr(equals + 1);
    // A file whose name has a comma is meant as it stands.
    std::error_code ignored;
    const bool whole = files.starts_with("data:") || fs::exists(files, ignored);
    const std::vector<std::string> parts = whole ? std::vector<std::string>{files} : split(files, ',');
    for (const std::string& part : parts) {
      if (part.empty()) return fail("--element", "\"" + text + "\" names an empty file");
      if (is_clip(part)) {
        reference.clip = MediaSource{part};
      } else if (reference.source.uri.empty()) {
        reference.source = {part};
      } else {
        reference.angles.push_back({part});
      }
    }
    spec_.references.push_back(std::move(reference));
  }

  // NAME=LEFT,TOP,WIDTH,HEIGHT in fractions of the picture.
  void box(const std::string& text) {
    const size_t equals = text.find('=');
    const std::string name = text.substr(0, equals);
    const auto found = std::find_if(spec_.references.begin(), spec_.references.end(),
                                    [&](const Reference& reference) { return reference.name == name; });
    if (equals == std::string::npos || found == spec_.references.end()) {
      return fail("--box", "\"" + name + "\" is no element's name: write NAME=LEFT,TOP,WIDTH,HEIGHT");
    }
    std::vector<float> numbers;
    for (const std::string& part : split(text.substr(equals + 1), ',')) {
      float number = 0;
      const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), number);
      if (error == std::errc() && end == part.data() + part.size()) numbers.push_back(number);
    }
    const bool inside = numbers.size() == 4 && numbers[0] >= 0 && numbers[1] >= 0 && numbers[2] > 0 &&
                        numbers[3] > 0 && numbers[0] + numbers[2] <= 1.0001f &&
                        numbers[1] + numbers[3] <= 1.0001f;
    if (!inside) {
      return fail("--box",
                  "\"" + text + "\": a box is four fractions of the picture, as in fox=0.2,0.1,0.5,0.8");
    }
    found->box = BoxHint{numbers[0], numbers[1], numbers[2], numbers[3]};
  }

  // "5s: TEXT", or only TEXT.
  void read_shots() {
    if (flags_.shots.empty()) return;
    spec_.shots.clear();
    if (flags_.prompt.empty()) spec_.prompt.clear();
    for (const std::string& text : flags_.shots) {
      Shot shot{text, {}};
      const size_t colon = text.find(':');
      if (colon != std::string::npos) {
        if (Result<MediaTime> duration = parse_duration(text.substr(0, colon))) {
          const size_t begin = text.find_first_not_of(' ', colon + 1);
          shot = {begin == std::string::npos ? "" : text.substr(begin), *duration};
        }
      }
      spec_.shots.push_back(std::move(shot));
    }
  }

  const SpecFlags& flags_;
  GenerationSpec& spec_;
  std::vector<Error>& errors_;
};

void resolve_against(const fs::path& folder, MediaSource& source) {
  const bool is_path = !source.uri.empty() && source.uri.find(':') == std::string::npos;
  if (is_path && fs::path(source.uri).is_relative()) source.uri = (folder / source.uri).string();
}

void resolve_paths(const fs::path& folder, GenerationSpec& spec) {
  for (Reference& reference : spec.references) {
    resolve_against(folder, reference.source);
    for (MediaSource& angle : reference.angles) resolve_against(folder, angle);
    if (reference.clip) resolve_against(folder, *reference.clip);
  }
  for (std::optional<MediaSource>* source : {&spec.first_frame, &spec.last_frame, &spec.extend}) {
    if (*source) resolve_against(folder, **source);
  }
}

void read_spec_file(const std::string& file, SpecFromFlags& out) {
  std::string text;
  if (file == "-") {
    text.assign(std::istreambuf_iterator<char>(std::cin), {});
  } else {
    const Result<Bytes> bytes = read_file(file, kSpecJsonBytesMax);
    if (!bytes) {
      out.errors.push_back(make_error(bytes.error().code, bytes.error().message, "--spec"));
      return;
    }
    text.assign(bytes->begin(), bytes->end());
  }
  ParsedSpec parsed = parse_spec(text);
  out.spec = std::move(parsed.spec);
  out.errors = std::move(parsed.errors);
  const fs::path folder = file == "-" ? fs::path() : fs::path(file).parent_path();
  if (!folder.empty()) resolve_paths(folder, out.spec);
}

}  // namespace

void add_spec_flags(CLI::App& command, SpecFlags& flags) {
  command.add_option("--prompt", flags.prompt, "What happens; mention references as @name");
  command.add_option("--model", flags.model, "Model (default stage); see \"troupe models\"");
  command
      .add_option("--fallback-model", flags.fallback_models,
                  "Model that may make it where no provider takes it for the one before")
      ->type_name("MODEL")
      ->expected(1)
      ->take_all();
  command.add_option("--element", flags.elements, "NAME=FRONTAL[,ANGLE...]: a subject, or NAME=CLIP.mp4")
      ->type_name("NAME=FILE")
      ->expected(1)
      ->take_all();
  command.add_option("--scene", flags.scenes, "Picture of a place")
      ->type_name("FILE")
      ->expected(1)
      ->take_all();
  command.add_option("--image", flags.images, "Picture whose role the prompt decides")
      ->type_name("FILE")
      ->expected(1)
      ->take_all();
  command
      .add_option("--box", flags.boxes,
                  "NAME=LEFT,TOP,WIDTH,HEIGHT: where an element is in its picture (0-1)")
      ->type_name("NAME=BOX")
      ->expected(1)
      ->take_all();
  command.add_option("--first-frame", flags.first_frame, "Picture the video starts with")->type_name("FILE");
  command.add_option("--last-frame", flags.last_frame, "Picture the video ends with")->type_name("FILE");
  command.add_option("--extend", flags.extend, "Video to go on from")->type_name("FILE");
  command.add_option("--shot", flags.shots, "\"5s: TEXT\": one shot; repeat for several")
      ->type_name("TEXT")
      ->expected(1)
      ->take_all();
  command.add_option("--duration", flags.duration, "Seconds, e.g. 5")->type_name("SECONDS");
  command.add_option("--aspect-ratio", flags.aspect_ratio, "e.g. 16:9, 9:16, 1:1")->type_name("W:H");
  command.add_option("--resolution", flags.resolution, "480p, 720p, 1080p or WIDTHxHEIGHT")
      ->type_name("SIZE");
  command.add_option("--fps", flags.fps, "Frames a second, e.g. 24")->type_name("RATE");
  command.add_flag("--audio", flags.audio, "With sound");
  command.add_flag("--no-audio", flags.no_audio, "Without sound")->excludes("--audio");
  command.add_option("--seed", flags.seed, "Same seed, same video")->type_name("N");
  command.add_option("--count", flags.count, "Takes to make")->type_name("N");
  command.add_option("--negative-prompt", flags.negative_prompt, "What must not be seen")->type_name("TEXT");
  command.add_option("--shot-type", flags.shot_type, "single or multi")->type_name("TYPE");
  command.add_option("--spec", flags.spec_file, "A whole request as JSON (- reads stdin); flags go over it")
      ->type_name("FILE");
}

SpecFromFlags spec_from_flags(const SpecFlags& flags) {
  SpecFromFlags out;
  if (!flags.spec_file.empty()) read_spec_file(flags.spec_file, out);
  FlagReader(flags, out).read();
  return out;
}

std::string flag_of(const GenerationSpec& spec, const std::string& field) {
  constexpr std::string_view kReferences = "/references/";
  if (field.starts_with(kReferences)) {
    size_t index = 0;
    const char* begin = field.data() + kReferences.size();
    const auto [end, error] = std::from_chars(begin, field.data() + field.size(), index);
    if (error != std::errc() || end == begin || index >= spec.references.size()) return field;
    const Reference& reference = spec.references[index];
    switch (reference.kind) {
      case ReferenceKind::element:
        return "--element " + reference.name;
      case ReferenceKind::scene:
        return "--scene " + reference.source.uri;
      case ReferenceKind::image:
        return "--image " + reference.source.uri;
    }
  }
  if (field.starts_with("/shots")) return "--shot";
  if (field.starts_with("/fallback_models")) return "--fallback-model";
  const size_t length = field.find('/', 1);
  std::string flag = "-" + field.substr(0, length);
  std::replace(flag.begin(), flag.end(), '/', '-');
  std::replace(flag.begin(), flag.end(), '_', '-');
  const bool known = std::find(std::begin(kValueFlags), std::end(kValueFlags), flag) != std::end(kValueFlags);
  return known ? flag : field;
}

}  // namespace troupe::cli
