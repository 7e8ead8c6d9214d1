#include "cli/remote/download.h"

#include <fcntl.h>
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <optional>

#include "media/part_file.h"
#include "store/file_handle.h"

namespace troupe::cli::remote {
namespace {

namespace fs = std::filesystem;

std::optional<uint64_t> number_in(std::string_view text) {
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// "bytes 100-199/200".
struct ContentRange {
  uint64_t first, total;
};
std::optional<ContentRange> content_range(std::string_view text) {
  constexpr std::string_view kBytes = "bytes ";
  const size_t dash = text.find('-'), slash = text.find('/');
  if (!text.starts_with(kBytes) || dash == std::string_view::npos || slash == std::string_view::npos)
    return std::nullopt;
  const auto first = number_in(text.substr(kBytes.size(), dash - kBytes.size()));
  const auto total = number_in(text.substr(slash + 1));
  if (!first || !total || *first > *total) return std::nullopt;
  return ContentRange{*first, *total};
}

class Download {
 public:
  Download(Session& session, const Wanted& wanted, ProgressBar& bar)
      : session_(session), wanted_(wanted), bar_(bar) {}

  Result<Answer> run() {
    TROUPE_TRY(media::PartFile part, media::PartFile::create(wanted_.output));
    TROUPE_TRY(file_, store::open_file(part.path(), O_WRONLY));
    path_ = part.path();
    for (int fruitless = 0; fruitless < kFruitlessMax;) {
      const uint64_t before = have_;
      const Result<fetch::ApiReply> reply = read_on();
      if (reply && reply->status < 300) {
        if (total_ && have_ == *total_) return finish(part);
      } else if (!session_.patience(reply, 1) && !(reply && reply->status == 416)) {
        if (!reply) return reply.error();
        return session_.answer_of(*reply);
      }
      if (reply && reply->status == 416) TROUPE_CHECK_OK(begin_anew());
      fruitless = have_ > before ? 0 : fruitless + 1;
      TROUPE_CHECK_OK(session_.pause(session_.patience(reply, 1 + fruitless).value_or(kBackOffFirst)));
    }
    return make_error(
        ErrorCode::unavailable,
        "the connection breaks off again and again; nothing was kept of " + wanted_.output.string());
  }

 private:
  Result<fetch::ApiReply> read_on() {
    Call call;
    call.target = "/v1/jobs/" + wanted_.job + "/" + wanted_.part;
    if (wanted_.take > 0) call.target += "?take=" + std::to_string(wanted_.take);
    if (have_ > 0) {
      call.headers["Range"] = "bytes=" + std::to_string(have_) + "-";
      if (!etag_.empty()) call.headers["If-Range"] = etag_;
    }
    fetch::ApiRequest request = session_.request(call);
    request.limits.size_bytes_max = fetch::kNoBound;
    request.on_head = [this](const fetch::ApiReply& head) { return take_head(head); };
    request.take = [this](ByteView bytes) { return take(bytes); };
    return fetch::call_api(request);
  }

  // The rest, if the server gives just that; else all of it again.
  Result<void> take_head(const fetch::ApiReply& head) {
    const auto range = content_range(head.header("content-range"));
    if (head.status == 206 && range && range->first == have_) {
      total_ = range->total;
      return {};
    }
    const std::string_view type = head.header("content-type");
    if (head.status == 200 && !type.starts_with("video/") && !type.starts_with("image/")) {
      return make_error(
          ErrorCode::corrupt_input,
          session_.options().server + " does not answer as a Troupe server would: is the address right?");
    }
    if (head.status != 200)
      return make_error(ErrorCode::corrupt_input,
                        "the server sends another part of the file than was asked for");
    TROUPE_CHECK_OK(begin_anew());
    total_ = number_in(head.header("content-length"));
    etag_ = head.header("etag");
    if (etag_.starts_with("W/")) etag_.clear();  // says nothing of bytes
    if (total_) return {};
    return make_error(ErrorCode::corrupt_input, "the server does not say how large the file is");
  }

  Result<void> begin_anew() {
    have_ = 0;
    if (::ftruncate(file_.get(), 0) == 0 && ::lseek(file_.get(), 0, SEEK_SET) == 0) return {};
    return store::file_error(errno, "write", wanted_.output);
  }

  Result<void> take(ByteView bytes) {
    if (bytes.size() > *total_ - have_)
      return make_error(ErrorCode::corrupt_input, "the server sends more than the file has");
    TROUPE_CHECK_OK(store::write_all(file_, bytes, path_));
    have_ += bytes.size();
    bar_.show_bytes("download", have_, *total_);
    return {};
  }

  Result<Answer> finish(media::PartFile& part) {
    TROUPE_CHECK_OK(store::sync_file(file_, path_));
    TROUPE_CHECK_OK(part.commit());
    bar_.clear();
    return Answer{};
  }

  Session& session_;
  const Wanted& wanted_;
  ProgressBar& bar_;
  store::FileHandle file_;
  fs::path path_;
  std::string etag_;
  uint64_t have_ = 0;
  std::optional<uint64_t> total_;
};

}  // namespace

Result<void> check_output(const fs::path& output) {
  std::error_code ignored;
  if (fs::is_directory(output, ignored))
    return make_error(ErrorCode::io, output.string() + " is a folder: name a file in it");
  TROUPE_TRY(const media::PartFile tried, media::PartFile::create(output));
  return {};
}

Result<Answer> download(Session& session, const Wanted& wanted, ProgressBar& bar) {
  TROUPE_CHECK_OK(check_output(wanted.output));
  return Download(session, wanted, bar).run();
}

}  // namespace troupe::cli::remote
