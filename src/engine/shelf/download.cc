#include "engine/shelf/download.h"

#include <fcntl.h>

#include <nlohmann/json.hpp>
#include <system_error>

#include "base/bytes.h"
#include "core/json_document.h"

namespace troupe::shelf {
namespace {

namespace fs = std::filesystem;

constexpr size_t kNoteBytesMax = 64 << 10;
constexpr int kNoteDepthMax = 2;

fs::path part_of(const fs::path& target) { return target.string() + ".part"; }
fs::path note_of(const fs::path& target) { return target.string() + ".part.json"; }

// What was written down of a begun download.
struct Note {
  std::string identity, etag;
  uint64_t size_bytes = 0;
};

std::string print(const Note& note) {
  return nlohmann::ordered_json{
             {"identity", note.identity}, {"etag", note.etag}, {"size_bytes", note.size_bytes}}
             .dump(2, ' ', true, nlohmann::json::error_handler_t::replace) +
         "\n";
}

// An unreadable note is as good as none.
Note read_note(const fs::path& file) {
  Note note;
  const Result<Bytes> bytes = troupe::read_file(file, kNoteBytesMax);
  if (!bytes) return note;
  const JsonDocument document =
      parse_json({reinterpret_cast<const char*>(bytes->data()), bytes->size()}, kNoteBytesMax, kNoteDepthMax);
  if (!document.errors.empty() || !document.root.is_object()) return note;
  const auto text = [&](const char* key) {
    const auto found = document.root.find(key);
    return found != document.root.end() && found->is_string() ? found->get<std::string>() : "";
  };
  note.identity = text("identity");
  note.etag = text("etag");
  const auto size = document.root.find("size_bytes");
  if (size != document.root.end() && size->is_number_unsigned()) note.size_bytes = size->get<uint64_t>();
  return note;
}

}  // namespace

uint64_t begun_bytes(const WantedFile& wanted) {
  const Note note = read_note(note_of(wanted.target));
  std::error_code error;
  const auto size = fs::file_size(part_of(wanted.target), error);
  const bool same = !wanted.remote.identity.empty() && note.identity == wanted.remote.identity &&
                    note.size_bytes == wanted.remote.size_bytes;
  return error || !same || size > wanted.remote.size_bytes ? 0 : size;
}

Download::Download(Hub& hub, const WantedFile& wanted, std::function<void(uint64_t)> on_bytes,
                   CancelToken cancel)
    : hub_(hub),
      wanted_(wanted),
      on_bytes_(std::move(on_bytes)),
      cancel_(std::move(cancel)),
      part_(part_of(wanted.target)),
      note_(note_of(wanted.target)) {}

Result<std::string> Download::run() {
  TROUPE_TRY(file_, OpenFile::open(part_, O_WRONLY | O_CREAT));
  const uint64_t begun = begun_bytes(wanted_);
  if (begun > 0) etag_ = read_note(note_).etag;
  have_ = begun;
  TROUPE_CHECK_OK(file_.cut(begun));
  TROUPE_CHECK_OK(remember());
  for (bool resumed = begun > 0;; resumed = false) {
    TROUPE_CHECK_OK(fetch());
    TROUPE_TRY(const bool right, is_right());
    if (right) return sha256_;
    TROUPE_CHECK_OK(begin_anew());
    if (resumed) continue;
    discard();
    return make_error(ErrorCode::corrupt_input,
                      wanted_.file + " of " + wanted_.repository +
                          " was damaged on the way: its checksum is not the one that " +
                          (wanted_.sha256.empty() ? "the hub tells." : "is published.") + " Pull it again.");
  }
}

Result<void> Download::fetch() {
  for (int fruitless = 0; have_ < wanted_.remote.size_bytes;) {
    const uint64_t before = have_;
    const Result<void> done = read_on();
    if (done && have_ == wanted_.remote.size_bytes) break;
    if (!done && (disk_failed_ || !Hub::may_pass(done.error()))) return done.error();
    fruitless = have_ > before ? 0 : fruitless + 1;
    if (fruitless >= hub_.attempts_max()) {
      const std::string why = done ? std::string("the connection breaks off") : done.error().message;
      return make_error(ErrorCode::unavailable, wanted_.file + ": " + why + " Nothing more came in " +
                                                    std::to_string(fruitless) +
                                                    " attempts; run the command again to go on from here.");
    }
    TROUPE_CHECK_OK(hub_.pause(fruitless));
  }
  return file_.sync();
}

Result<void> Download::read_on() {
  // Without anything that tells one version from another, halves of two might be joined.
  if (have_ > 0 && etag_.empty() && wanted_.remote.identity.empty()) TROUPE_CHECK_OK(begin_anew());
  Hub::Wanted wanted{wanted_.repository, wanted_.file, have_, have_ > 0 ? etag_ : "", {}, {}};
  wanted.on_head = [this](const fetch::ApiReply& head) { return take_head(head); };
  wanted.take = [this](ByteView bytes) { return take(bytes); };
  return hub_.read(wanted);
}

// The rest, if that is what comes; else all of it again.
Result<void> Download::take_head(const fetch::ApiReply& head) {
  const auto range = content_range(head.header("content-range"));
  const std::string_view etag = head.header("etag");
  const bool changed = !etag_.empty() && !etag.empty() && etag != etag_ && have_ > 0;
  const auto total = head.status == 206 ? (range ? std::optional(range->total) : std::nullopt)
                                        : header_number(head.header("content-length"));
  if (total != wanted_.remote.size_bytes || (head.status != 206 && head.status != 200))
    return make_error(ErrorCode::corrupt_input,
                      wanted_.file + " is another at the hub than it was a moment ago: pull again.");
  if (head.status == 206 && changed) {
    TROUPE_CHECK_OK(begin_anew());
    return make_error(ErrorCode::unavailable, "the file changed at the hub.");  // once more, from its start
  }
  if (head.status == 206 && range->first != have_)
    return make_error(ErrorCode::corrupt_input,
                      "the hub sends another part of " + wanted_.file + " than was asked for.");
  if (head.status == 200 && have_ > 0) TROUPE_CHECK_OK(begin_anew());
  etag_ = etag.starts_with("W/") ? "" : std::string(etag);
  return remember();
}

Result<void> Download::remember() {
  const Result<void> written =
      write_whole(note_, print(Note{wanted_.remote.identity, etag_, wanted_.remote.size_bytes}));
  disk_failed_ = !written;
  return written;
}

Result<void> Download::begin_anew() {
  have_ = 0;
  etag_.clear();
  return file_.cut(0);
}

Result<void> Download::take(ByteView bytes) {
  if (bytes.size() > wanted_.remote.size_bytes - have_)
    return make_error(ErrorCode::corrupt_input, "the hub sends more of " + wanted_.file + " than there is.");
  const Result<void> written = file_.write(bytes);
  disk_failed_ = !written;  // asking the hub again would not help
  TROUPE_CHECK_OK(written);
  have_ += bytes.size();
  if (on_bytes_) on_bytes_(have_);
  return {};
}

Result<bool> Download::is_right() {
  const std::string& want = wanted_.sha256.empty() ? wanted_.remote.sha256 : wanted_.sha256;
  const auto told = [this](uint64_t) {
    if (on_bytes_) on_bytes_(have_);
  };
  TROUPE_TRY(sha256_, sha256_of(part_, told, cancel_));
  return want.empty() || want == sha256_;
}

Result<void> Download::keep() {
  TROUPE_CHECK_OK(put_in_place(part_, wanted_.target));
  std::error_code ignored;
  fs::remove(note_, ignored);
  return {};
}

void Download::discard() {
  std::error_code ignored;
  fs::remove(part_, ignored);
  fs::remove(note_, ignored);
}

}  // namespace troupe::shelf
