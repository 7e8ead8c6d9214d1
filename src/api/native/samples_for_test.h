// Values that the tests of this folder print: full ones, with texts that are hard to print.
#pragma once

#include <limits>
#include <string>
#include <vector>

#include "api/native/wire.h"
#include "core/spec_json.h"

namespace troupe::api::native {

inline const Links kLinks{"https://troupe.example"};
inline const std::string kJobId = "job_01JB2M4Z9C6Q0S8W5V7X3Y1T2R";
inline const std::string kUploadId = "upl_01JB2M4Z9C6Q0S8W5V7X3Y1T2R";
/// Quotes, controls, line separators, bytes that are no UTF-8.
inline const std::string kNasty = std::string("\"\\\n\x01\0\xff\xc3(", 8) + "\u2028</script>\U0001F98A";

inline Time time_for_test(int64_t seconds_later = 0) {
  return Time(std::chrono::milliseconds(1772366400250 + seconds_later * 1000));  // 2026-03-01T12:00:00.250Z
}

inline const catalog::Catalog& catalog_for_test() {
  static const catalog::Catalog catalog = catalog::load_builtin().value();
  return catalog;
}

inline GenerationSpec spec_for_test() {
  GenerationSpec spec;
  spec.prompt = "Shot 1 (2s): @fox wakes. Shot 2 (3s): @fox runs.";
  spec.references = {
      {ReferenceKind::element, "fox", {"upload:" + kUploadId}, {{"upload:b"}}, {}, BoxHint{0.1f, 0, 0.5f, 1}},
      {ReferenceKind::scene, "", {"https://example.com/a.png"}, {}, {}, {}}};
  spec.fps = FrameRate{30000, 1001};
  spec.seed = ~uint64_t{0};
  return spec;
}

inline Take take_for_test() {
  Take take{"a1", "b2", "c3", 123456789, {1280, 720}, {30000, 1001}, 150, ~uint64_t{0}, true, "", "d4"};
  return take;
}

inline Job queued_job() {
  Job job;
  job.id = kJobId;
  job.account = "key_1";
  job.model = "stage";
  job.engine = "stage";
  job.draft = true;
  job.prompt = "A fox runs.";
  job.spec_json = print_spec(spec_for_test());
  job.created = job.updated = time_for_test();
  return job;
}

inline Job finished_job() {
  Job job = queued_job();
  job.state = JobState::succeeded;
  job.prompt = kNasty;
  job.parent = "job_01JB2M4Z9C6Q0S8W5V7X3Y1T2S";
  job.metadata_json = R"({"scene":12,"a":[1,{"b":null}]})";
  job.webhook_url = "https://example.com/hook";
  job.lane = 1;
  job.started = time_for_test(1);
  job.finished = time_for_test(9);
  job.price = {1400000, Currency::usd};
  job.charged = {1260000, Currency::usd};
  job.takes = {take_for_test(), take_for_test()};
  job.takes[1].thumbnail.clear();
  job.report_json =
      R"({"understood":["shot 1: walk"],"not_understood":["zig"],"warnings":["x"],"timings":{"paint":0.25},
          "notes":[{"code":"camera_conflict","severity":"warning","text":"Two moves.","shot":1,"subject":"fox",
                    "suggestion":"Keep one."},{"no":"code"},7],"plan":{}})";
  job.progress = {"encode", 1.0, 150, 150, 0.0};
  return job;
}

inline Job failed_job() {
  Job job = queued_job();
  job.state = JobState::failed;
  job.finished = time_for_test(2);
  job.error = make_error(ErrorCode::corrupt_input, "The picture " + kNasty + " is damaged.", "/references/0");
  job.report_json = "not JSON";
  job.spec_json = "[";
  job.progress.fraction = std::numeric_limits<double>::quiet_NaN();
  job.progress.seconds_left = 12.345;
  return job;
}

}  // namespace troupe::api::native
