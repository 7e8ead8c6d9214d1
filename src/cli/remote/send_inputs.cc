#include "cli/remote/send_inputs.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>

#include "cli/remote/json_values.h"
#include "core/media_sources.h"
#include "store/sha256.h"

namespace troupe::cli::remote {
namespace {

namespace fs = std::filesystem;

constexpr size_t kReadBlock = 1 << 16;
constexpr int kUploadsPage = 200;

bool is_local(const MediaSource& source) {
  for (const char* scheme : {"upload", "https", "http", "data"}) {
    if (!source_rest(source, scheme).empty()) return false;
  }
  return true;
}

Result<std::string> digest_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  store::Sha256 digest;
  Bytes block(kReadBlock);
  while (stream.read(reinterpret_cast<char*>(block.data()), static_cast<std::streamsize>(block.size())) ||
         stream.gcount() > 0) {
    digest.add({block.data(), static_cast<size_t>(stream.gcount())});
  }
  if (!stream.eof()) return make_error(ErrorCode::io, "cannot read " + file.string());
  return digest.finish();
}

class Sender {
 public:
  Sender(Session& session, ProgressBar& bar) : session_(session), bar_(bar) {}

  /// Puts the upload into `source`.
  Result<Answer> send(MediaSource& source) {
    const auto before = sent_.find(source.uri);
    if (before != sent_.end()) {
      source.uri = before->second;
      return Answer{};
    }
    const fs::path file = source.uri;
    std::error_code failure;
    const uint64_t size_bytes = fs::file_size(file, failure);
    if (failure) return make_error(ErrorCode::io, "cannot read " + file.string() + ": " + failure.message());
    TROUPE_TRY(const std::string known, known_as(file));
    Answer answer;
    std::string upload = known;
    if (known.empty()) {
      TROUPE_TRY(answer, size_bytes > kPieceBytes ? in_pieces(file, size_bytes) : at_once(file, size_bytes));
      if (answer.problem) return answer;
      upload = text_at(answer.json, "source");
    }
    if (upload.empty())
      return make_error(ErrorCode::corrupt_input, "the server names no upload for " + source.uri);
    sent_[source.uri] = upload;
    source.uri = upload;
    return answer;
  }

 private:
  // The upload that has the same bytes, or "".
  Result<std::string> known_as(const fs::path& file) {
    if (!std::exchange(listed_, true)) TROUPE_CHECK_OK(list());
    if (known_.empty()) return std::string();
    TROUPE_TRY(const std::string digest, digest_of(file));
    const auto found = known_.find(digest);
    return found == known_.end() ? "" : found->second;
  }

  // A key that may not list uploads may still send some.
  Result<void> list() {
    std::string cursor;
    for (int seen = 0; seen < kKnownUploadsMax; seen += kUploadsPage) {
      Call call;
      call.target = "/v1/uploads?limit=" + std::to_string(kUploadsPage);
      if (!cursor.empty()) call.target += "&cursor=" + in_query(cursor);
      TROUPE_TRY(const Answer answer, session_.ask(call));
      for (const auto& item : list_at(answer.json, "data")) {
        if (flag_at(item, "complete")) known_.emplace(text_at(item, "sha256"), text_at(item, "source"));
      }
      cursor = text_at(answer.json, "next_cursor");
      if (cursor.empty()) break;
    }
    return {};
  }

  std::function<void(uint64_t)> show(uint64_t before, uint64_t total) {
    return [this, before, total](uint64_t done) { bar_.show_bytes("upload", before + done, total); };
  }

  Result<Answer> at_once(const fs::path& file, uint64_t size_bytes) {
    Call call;
    call.method = "POST";
    call.target = "/v1/uploads?name=" + in_query(file.filename().string());
    call.headers["Content-Type"] = "application/octet-stream";
    call.body = fetch::FilePart{file, 0, size_bytes};
    call.sent = show(0, size_bytes);
    return session_.ask(call);
  }

  Result<Answer> in_pieces(const fs::path& file, uint64_t size_bytes) {
    Call start;
    start.method = "POST";
    start.target = "/v1/uploads";
    start.headers["Content-Type"] = "application/json";
    start.body = nlohmann::json{{"size_bytes", size_bytes}, {"name", file.filename().string()}}.dump(
        -1, ' ', false, nlohmann::json::error_handler_t::replace);
    TROUPE_TRY(Answer answer, session_.ask(start));
    const std::string target = "/v1/uploads/" + in_query(text_at(answer.json, "id"));
    for (uint64_t offset = 0; offset < size_bytes && !answer.problem;) {
      Call piece;
      piece.method = "PATCH";
      piece.target = target;
      piece.headers = {{"Upload-Offset", std::to_string(offset)},
                       {"Content-Type", "application/octet-stream"}};
      const uint64_t count = std::min(kPieceBytes, size_bytes - offset);
      piece.body = fetch::FilePart{file, offset, count};
      piece.sent = show(offset, size_bytes);
      TROUPE_TRY(answer, session_.ask(piece));
      if (answer.problem && answer.problem->status == 409) {
        TROUPE_TRY(answer, catch_up(target, offset));
      } else {
        offset += count;
      }
    }
    return answer;
  }

  // A piece whose answer was lost has arrived: the server says how much it has. Nothing new is an error.
  Result<Answer> catch_up(const std::string& target, uint64_t& offset) {
    Call look;
    look.target = target;
    TROUPE_TRY(const Answer answer, session_.ask(look));
    if (answer.problem) return answer;
    const auto has = static_cast<uint64_t>(std::max(0.0, number_at(answer.json, "offset")));
    if (has <= offset)
      return make_error(ErrorCode::unavailable, "the server does not take the upload's next piece");
    offset = has;
    return answer;
  }

  Session& session_;
  ProgressBar& bar_;
  std::map<std::string, std::string> sent_;   // path → upload
  std::map<std::string, std::string> known_;  // digest → upload; the newest
  bool listed_ = false;
};

}  // namespace

std::vector<catalog::Violation> check_inputs(GenerationSpec spec) {
  std::vector<catalog::Violation> violations;
  for_each_source(spec, [&](MediaSource& source, const std::string& pointer) {
    if (!is_local(source)) return;
    std::error_code ignored;
    const fs::path file = source.uri;
    const char* what = nullptr;
    if (!fs::exists(file, ignored)) {
      what = "there is no file ";
    } else if (!fs::is_regular_file(file, ignored)) {
      what = "this is no regular file: ";
    } else if (fs::file_size(file, ignored) == 0) {
      what = "this file is empty: ";
    } else if (!std::ifstream(file)) {
      what = "this file cannot be read: ";
    }
    if (what != nullptr) violations.push_back({pointer, "not_found", what + source.uri, ""});
  });
  return violations;
}

Result<Answer> send_inputs(Session& session, GenerationSpec& spec, ProgressBar& bar) {
  Sender sender(session, bar);
  Result<Answer> answer = Answer{};
  for_each_source(spec, [&](MediaSource& source, const std::string& pointer) {
    if (!answer || answer->problem || !is_local(source)) return;
    answer = sender.send(source);
    if (!answer || !answer->problem || !answer->problem->errors.empty()) return;
    if (const int status = answer->problem->status; status == 413 || status == 422)  // it is the file
      answer->problem->errors.push_back({pointer, answer->problem->code, answer->problem->detail, ""});
  });
  bar.clear();
  return answer;
}

}  // namespace troupe::cli::remote
