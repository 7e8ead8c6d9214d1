#include "fetch/api_client.h"

#include <curl/curl.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "fetch/address.h"
#include "fetch/curl_handles.h"
#include "fetch/header_fields.h"
#include "fetch/url.h"

namespace troupe::fetch {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kLook{100};  // how often cancel and deadlines are looked at
constexpr int kStatusFinalMin = 200;
constexpr uint64_t kAskBeforeBytes = 1 << 20;

bool is_success(int status) { return status >= 200 && status < 300; }

bool is_this_machine(const Url& url) {
  if (url.host == "localhost" || url.host.ends_with(".localhost")) return true;
  const auto address = url.host_is_address ? parse_address(url.host) : std::nullopt;
  if (!address) return false;
  return address->v6 ? print(*address) == "::1" : address->bytes[0] == 127;
}

class File {
 public:
  explicit File(const std::filesystem::path& path)
      : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

class Call {
 public:
  Call(const ApiRequest& request, Url url)
      : request_(request),
        url_(std::move(url)),
        part_(std::get_if<FilePart>(&request.body)),
        begun_(Clock::now()),
        sign_of_life_(begun_),
        easy_(curl_easy_init()),
        multi_(curl_multi_init()) {}
  ~Call() {
    if (added_) curl_multi_remove_handle(multi_.get(), easy_.get());
  }
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  Result<ApiReply> run() {
    if (part_ != nullptr) {
      file_.emplace(part_->file);
      if (file_->get() < 0) return make_error(ErrorCode::io, "cannot read " + part_->file.string());
    }
    if (!easy_ || !multi_ || !configure())
      return make_error(ErrorCode::internal, "this build's libcurl cannot make the requests that are needed");
    added_ = curl_multi_add_handle(multi_.get(), easy_.get()) == CURLM_OK;
    for (int running = added_ ? 1 : 0; running > 0;) {
      const CURLMcode done = curl_multi_perform(multi_.get(), &running);
      if (!failure_ && running > 0) failure_ = overdue();
      if (failure_ || done != CURLM_OK || running == 0) break;
      curl_multi_poll(multi_.get(), nullptr, 0, static_cast<int>(kLook.count()), nullptr);
    }
    return outcome();
  }

 private:
  template <class Value>
  void set(CURLoption option, Value value) {
    configured_ = configured_ && curl_easy_setopt(easy_.get(), option, value) == CURLE_OK;
  }

  bool configure() {
    const std::string url = print(url_);
    set(CURLOPT_URL, url.c_str());
    set(CURLOPT_PATH_AS_IS, 1L);
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    set(CURLOPT_USERAGENT, request_.user_agent.c_str());
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_QUICK_EXIT, 1L);  // a look-up that hangs holds nobody who has cancelled
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(CURLOPT_HTTP_CONTENT_DECODING, 0L);
    set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request_.limits.connect.count()));
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!request_.ca_file.empty()) set(CURLOPT_CAINFO, request_.ca_file.c_str());
    if (is_this_machine(url_)) set(CURLOPT_PROXY, "");
    set(CURLOPT_HEADERFUNCTION, &Call::header);
    set(CURLOPT_HEADERDATA, this);
    set(CURLOPT_WRITEFUNCTION, &Call::body);
    set(CURLOPT_WRITEDATA, this);
    configure_body();
    configure_headers();
    return configured_;
  }

  void configure_body() {
    const auto* text = std::get_if<std::string>(&request_.body);
    if (part_ != nullptr) {
      set(CURLOPT_UPLOAD, 1L);
      set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(part_->size_bytes));
      set(CURLOPT_READFUNCTION, &Call::read);
      set(CURLOPT_READDATA, this);
    } else if (text != nullptr || request_.method == "POST") {
      // With a null pointer, curl would read the body from elsewhere.
      set(CURLOPT_POST, 1L);
      set(CURLOPT_POSTFIELDS, text != nullptr ? text->data() : "");
      set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(text != nullptr ? text->size() : 0));
    }
    if (request_.method == "HEAD") set(CURLOPT_NOBODY, 1L);
    set(CURLOPT_CUSTOMREQUEST, request_.method.c_str());
  }

  // A large file waits for "100 Continue", so that a server that refuses it says so first; the rest is sent
  // at once.
  void configure_headers() {
    const bool large = part_ != nullptr && part_->size_bytes > kAskBeforeBytes;
    bool added = large || headers_.add("Expect:");
    bool has_type = false;
    for (const auto& [name, value] : request_.headers) {
      has_type = has_type || curl_strequal(name.c_str(), "content-type");
      added = added && headers_.add(value.empty() ? name + ";" : name + ": " + value);
    }
    if (!has_type) added = added && headers_.add("Content-Type:");
    configured_ = configured_ && added;
    set(CURLOPT_HTTPHEADER, headers_.get());
  }

  Error error(ErrorCode code, const std::string& what) const {
    return make_error(code, url_.host + ":" + std::to_string(url_.port) + ": " + what);
  }

  std::optional<Error> overdue() const {
    const auto now = Clock::now();
    if (request_.cancel.cancelled()) return make_error(ErrorCode::cancelled, "cancelled");
    const bool too_long = request_.limits.total.count() > 0 && now - begun_ > request_.limits.total;
    if (too_long) return error(ErrorCode::timeout, "the whole answer took longer than is allowed");
    if (now - sign_of_life_ > request_.limits.idle)
      return error(ErrorCode::timeout, "nothing has come from the server for too long");
    return std::nullopt;
  }

  Result<ApiReply> outcome() {
    if (failure_) return *failure_;
    int left = 0;
    const CURLMsg* message = curl_multi_info_read(multi_.get(), &left);
    const CURLcode code = message != nullptr ? message->data.result : CURLE_FAILED_INIT;
    if (code != CURLE_OK) return transfer_error(code);
    return std::move(reply_);
  }

  Error transfer_error(CURLcode code) const {
    switch (code) {
      case CURLE_COULDNT_RESOLVE_HOST:
        return error(ErrorCode::not_found, "there is no host of that name");
      case CURLE_COULDNT_RESOLVE_PROXY:
        return error(ErrorCode::not_found, "there is no host of the name that the proxy variables give");
      case CURLE_COULDNT_CONNECT:
        return error(ErrorCode::not_found, "nobody answers there");
      case CURLE_OPERATION_TIMEDOUT:  // curl knows of no time-out but that of connecting
        return error(ErrorCode::not_found, "connecting took too long");
      case CURLE_PEER_FAILED_VERIFICATION:
        return error(ErrorCode::unsupported, "its TLS certificate is not valid for this name");
      case CURLE_SSL_CACERT_BADFILE:
        return error(
            ErrorCode::unsupported,
            "this machine's list of certificate authorities cannot be read; install ca-certificates");
      case CURLE_SSL_CONNECT_ERROR:
        return error(ErrorCode::unsupported, "TLS cannot be agreed on; is it http:// that is meant?");
      case CURLE_UNSUPPORTED_PROTOCOL:
      case CURLE_WEIRD_SERVER_REPLY:
        return error(ErrorCode::unavailable, "what came is no HTTP answer");
      default:
        return error(ErrorCode::unavailable, "the connection broke off");
    }
  }

  // Runs `step` for a callback: neither its errors nor exceptions may leave through curl's C code.
  template <class Step>
  bool guarded(const Step& step) noexcept {
    try {
      sign_of_life_ = Clock::now();
      const Result<void> done = step();
      if (!done) failure_ = done.error();
      return done.has_value();
    } catch (const std::exception&) {
      failure_ = Error{ErrorCode::out_of_memory, "", ""};
      return false;
    }
  }

  static size_t header(char* data, size_t, size_t size, void* self) {
    auto& call = *static_cast<Call*>(self);
    // Any other count than `size` ends the transfer.
    return call.guarded([&] { return call.take_header_line({data, size}); }) ? size : size + 1;
  }

  static size_t body(char* data, size_t, size_t size, void* self) {
    auto& call = *static_cast<Call*>(self);
    return call.guarded([&] { return call.take_body(as_bytes({data, size})); }) ? size : size + 1;
  }

  static size_t read(char* data, size_t unit, size_t count, void* self) {
    auto& call = *static_cast<Call*>(self);
    size_t got = 0;
    const bool done = call.guarded([&]() -> Result<void> {
      TROUPE_TRY(got, call.read_file(data, unit * count));
      return {};
    });
    return done ? got : CURL_READFUNC_ABORT;
  }

  Result<size_t> read_file(char* data, size_t most) {
    const size_t wanted = static_cast<size_t>(std::min<uint64_t>(most, part_->size_bytes - read_bytes_));
    if (wanted == 0) return wanted;
    const ssize_t got = ::pread(file_->get(), data, wanted, static_cast<off_t>(part_->offset + read_bytes_));
    if (got <= 0) return make_error(ErrorCode::io, part_->file.string() + " changed while it was sent");
    read_bytes_ += static_cast<uint64_t>(got);
    if (request_.sent) request_.sent(read_bytes_);
    return static_cast<size_t>(got);
  }

  Result<void> take_header_line(std::string_view line) {
    head_bytes_ += line.size();
    if (head_bytes_ > kHeadBytesMax) return error(ErrorCode::over_limit, "the answer's head is too large");
    if (head_done_) return {};  // a trailer
    if (!ends_head(line)) {
      add_head_line(line, head_);
      return {};
    }
    long status = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
    if (status < kStatusFinalMin) return {};
    head_done_ = true;
    reply_.status = static_cast<int>(status);
    reply_.headers = std::move(head_.headers);
    if (told_length() > size_bytes_max()) return too_large();
    return request_.on_head && is_success(reply_.status) ? request_.on_head(reply_) : Result<void>();
  }

  uint64_t size_bytes_max() const {
    return is_success(reply_.status) ? request_.limits.size_bytes_max : kRefusalBytesMax;
  }

  // 0 where it is not told; a HEAD's is of no body.
  uint64_t told_length() const {
    const std::string_view text = reply_.header("content-length");
    uint64_t length = 0;
    if (request_.method != "HEAD") std::from_chars(text.data(), text.data() + text.size(), length);
    return length;
  }

  Error too_large() const {
    return error(ErrorCode::over_limit,
                 "the answer is larger than the limit of " + std::to_string(size_bytes_max()) + " bytes");
  }

  Result<void> take_body(ByteView bytes) {
    if (bytes.size() > size_bytes_max() - body_bytes_) return too_large();
    body_bytes_ += bytes.size();
    if (is_success(reply_.status) && request_.take) return request_.take(bytes);
    reply_.body.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return {};
  }

  const ApiRequest& request_;
  const Url url_;
  const FilePart* part_;
  std::optional<File> file_;
  ReplyHead head_;
  ApiReply reply_;
  size_t head_bytes_ = 0;
  uint64_t body_bytes_ = 0, read_bytes_ = 0;
  bool head_done_ = false;
  const Clock::time_point begun_;
  Clock::time_point sign_of_life_;
  std::optional<Error> failure_;

  bool configured_ = true, added_ = false;
  StringList headers_;
  EasyHandle easy_;
  MultiHandle multi_;
};

}  // namespace

std::string_view ApiReply::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

Result<ApiReply> call_api(const ApiRequest& request) {
  TROUPE_TRY(Url url, parse_url(request.url));
  TROUPE_CHECK_OK(check_headers(request.headers));
  if (!is_header_value(request.user_agent))
    return make_error(ErrorCode::invalid_argument, "the user agent holds a control character");
  if (request.cancel.cancelled()) return make_error(ErrorCode::cancelled, "cancelled");
  if (!start_curl()) return make_error(ErrorCode::internal, "libcurl cannot be started");
  const NoBrokenPipe quiet;
  return Call(request, std::move(url)).run();
}

}  // namespace troupe::fetch
