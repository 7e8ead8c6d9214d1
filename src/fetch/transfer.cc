#include "fetch/transfer.h"

#include <curl/curl.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <charconv>
#include <cstring>

#include "fetch/curl_handles.h"

namespace troupe::fetch {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kLook{100};  // how often cancel and deadlines are looked at
constexpr int kStatusFinalMin = 200;

bool is_at(const sockaddr& socket_address, const Address& address, uint16_t port) {
  if (address.v6) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(socket_address);
    return socket_address.sa_family == AF_INET6 && v6.sin6_port == htons(port) &&
           std::memcmp(&v6.sin6_addr, address.bytes.data(), 16) == 0;
  }
  const auto& v4 = reinterpret_cast<const sockaddr_in&>(socket_address);
  return socket_address.sa_family == AF_INET && v4.sin_port == htons(port) &&
         std::memcmp(&v4.sin_addr, address.bytes.data(), 4) == 0;
}

void set_address(curl_sockaddr& target, const Address& address, uint16_t port) {
  if (address.v6) {
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    std::memcpy(&v6.sin6_addr, address.bytes.data(), 16);
    std::memcpy(&target.addr, &v6, target.addrlen = sizeof v6);
  } else {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    std::memcpy(&v4.sin_addr, address.bytes.data(), 4);
    std::memcpy(&target.addr, &v4, target.addrlen = sizeof v4);
  }
  target.family = target.addr.sa_family;
}

class Transfer {
 public:
  explicit Transfer(const Exchange& exchange)
      : exchange_(exchange),
        dialled_(exchange.connect_override ? exchange.connect_override(exchange.address, exchange.url.port)
                                           : std::pair(exchange.address, exchange.url.port)),
        easy_(curl_easy_init()),
        multi_(curl_multi_init()) {}
  ~Transfer() {
    if (added_) curl_multi_remove_handle(multi_.get(), easy_.get());
  }
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  Result<ReplyHead> run() {
    if (!easy_ || !multi_ || !configure()) {
      return make_error(ErrorCode::internal,
                        "this build's libcurl cannot make the guarded requests that are needed");
    }
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
    const std::string url = print(exchange_.url);
    set(CURLOPT_URL, url.c_str());
    set(CURLOPT_PATH_AS_IS, 1L);
    set(CURLOPT_USERAGENT, exchange_.user_agent.c_str());
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(CURLOPT_HTTP_CONTENT_DECODING, 0L);
    set(CURLOPT_FRESH_CONNECT, 1L);
    set(CURLOPT_FORBID_REUSE, 1L);
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(exchange_.limits->connect.count()));
    set(CURLOPT_LOW_SPEED_LIMIT, static_cast<long>(exchange_.limits->bytes_per_second_min));
    set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(exchange_.limits->speed_window.count()));
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!exchange_.ca_file.empty()) set(CURLOPT_CAINFO, exchange_.ca_file.c_str());
    configure_guard();
    configure_callbacks();
    if (exchange_.post_body) configure_post(*exchange_.post_body);
    configure_headers();
    return configured_;
  }

  // Nothing but the vetted address, whatever the environment and the answer say.
  void configure_guard() {
    const Url& url = exchange_.url;
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
    const std::string plain = print(exchange_.address), port = std::to_string(url.port);
    const std::string address = exchange_.address.v6 ? "[" + plain + "]" : plain;
    if (exchange_.use_proxies) {
      // Whoever is connected to, it is for this address.
      configured_ = configured_ && pinned_.add("::" + address + ":" + port);
      set(CURLOPT_CONNECT_TO, pinned_.get());
      set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    } else {
      set(CURLOPT_PROXY, "");
      set(CURLOPT_NOPROXY, "*");
      if (!url.host_is_address) {
        configured_ = configured_ && pinned_.add(url.host + ":" + port + ":" + address);
        set(CURLOPT_RESOLVE, pinned_.get());
      }
      set(CURLOPT_OPENSOCKETFUNCTION, &Transfer::open_socket);
      set(CURLOPT_OPENSOCKETDATA, this);
    }
    set(CURLOPT_PREREQFUNCTION, &Transfer::before_request);
    set(CURLOPT_PREREQDATA, this);
  }

  void configure_callbacks() {
    set(CURLOPT_HEADERFUNCTION, &Transfer::header);
    set(CURLOPT_HEADERDATA, this);
    set(CURLOPT_WRITEFUNCTION, &Transfer::body);
    set(CURLOPT_WRITEDATA, this);
  }

  void configure_post(ByteView body) {
    set(CURLOPT_POST, 1L);
    // With a null pointer, curl would read the body from elsewhere.
    set(CURLOPT_POSTFIELDS, body.empty() ? "" : reinterpret_cast<const char*>(body.data()));
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  }

  void configure_headers() {
    // curl's way of leaving out its own; those given below come after and count.
    bool added = headers_.add("Expect:");
    bool has_type = false;
    for (const auto& [name, value] : exchange_.headers) {
      has_type = has_type || curl_strequal(name.c_str(), "content-type");
      added = added && headers_.add(value.empty() ? name + ";" : name + ": " + value);
    }
    if (!has_type) added = added && headers_.add("Content-Type:");
    configured_ = configured_ && added;
    set(CURLOPT_HTTPHEADER, headers_.get());
  }

  Error error(ErrorCode code, const std::string& what) const {
    return make_error(code, exchange_.url.host + ": " + what);
  }

  std::optional<Error> overdue() const {
    const auto now = Clock::now();
    if (exchange_.cancel.cancelled()) return make_error(ErrorCode::cancelled, "cancelled");
    if (now >= exchange_.deadline)
      return error(ErrorCode::timeout, "the transfer took longer than is allowed");
    if (connected_at_ && head_bytes_ == 0 && now - *connected_at_ > exchange_.limits->first_byte) {
      return error(ErrorCode::timeout, "no answer came in time");
    }
    return std::nullopt;
  }

  Result<ReplyHead> outcome() {
    if (failure_) return *failure_;
    int left = 0;
    const CURLMsg* message = curl_multi_info_read(multi_.get(), &left);
    const CURLcode code = message != nullptr ? message->data.result : CURLE_FAILED_INIT;
    if (code == CURLE_OK || ended_at_head_) return std::move(head_);
    return transfer_error(code);
  }

  // Not curl's own text: that names addresses.
  Error transfer_error(CURLcode code) const {
    switch (code) {
      case CURLE_OPERATION_TIMEDOUT:
        return error(ErrorCode::timeout,
                     connected_at_ ? "the transfer was too slow" : "connecting took too long");
      case CURLE_COULDNT_RESOLVE_HOST:
      case CURLE_COULDNT_CONNECT:
        return error(ErrorCode::unavailable, "cannot be connected to");
      case CURLE_PEER_FAILED_VERIFICATION:
        return error(ErrorCode::unavailable, "its TLS certificate is not valid for this name");
      case CURLE_SSL_CACERT_BADFILE:
        return error(
            ErrorCode::unavailable,
            "this machine's list of certificate authorities cannot be read; install ca-certificates");
      case CURLE_SSL_CONNECT_ERROR:
        return error(ErrorCode::unavailable, "TLS cannot be agreed on");
      case CURLE_UNSUPPORTED_PROTOCOL:
      case CURLE_WEIRD_SERVER_REPLY:
      case CURLE_GOT_NOTHING:
        return error(ErrorCode::unavailable, "what came is no HTTP answer");
      default:
        return error(ErrorCode::unavailable, "the transfer broke off");
    }
  }

  // Runs `step` for a callback: neither its errors nor exceptions may leave through curl's C code.
  template <class Step>
  bool guarded(const Step& step) noexcept {
    try {
      const Result<void> done = step();
      if (!done) failure_ = done.error();
      return done.has_value();
    } catch (const std::exception&) {
      failure_ = Error{ErrorCode::out_of_memory, "", ""};
      return false;
    }
  }

  static curl_socket_t open_socket(void* self, curlsocktype purpose, curl_sockaddr* address) {
    auto& transfer = *static_cast<Transfer*>(self);
    const Exchange& exchange = transfer.exchange_;
    const bool vetted =
        purpose == CURLSOCKTYPE_IPCXN && is_at(address->addr, exchange.address, exchange.url.port);
    if (!transfer.guarded([&]() -> Result<void> {
          if (vetted) return {};
          return transfer.error(ErrorCode::unsupported, "its address changed while it was connected to");
        })) {
      return CURL_SOCKET_BAD;
    }
    if (exchange.connect_override) set_address(*address, transfer.dialled_.first, transfer.dialled_.second);
    transfer.socket_ = ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    return transfer.socket_;
  }

  static int before_request(void* self, char*, char*, int, int) {
    auto& transfer = *static_cast<Transfer*>(self);
    const bool vetted = transfer.guarded([&]() -> Result<void> {
      transfer.connected_at_ = Clock::now();
      if (transfer.exchange_.use_proxies ||
          transfer.is_connected_to(transfer.dialled_.first, transfer.dialled_.second))
        return {};
      return transfer.error(ErrorCode::unsupported, "its address changed while it was connected to");
    });
    return vetted ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
  }

  // As the system sees it.
  bool is_connected_to(const Address& address, uint16_t port) const {
    sockaddr_storage peer{};
    socklen_t size = sizeof peer;
    return ::getpeername(socket_, reinterpret_cast<sockaddr*>(&peer), &size) == 0 &&
           is_at(reinterpret_cast<const sockaddr&>(peer), address, port);
  }

  static size_t header(char* data, size_t, size_t size, void* self) {
    auto& transfer = *static_cast<Transfer*>(self);
    const bool taken = transfer.guarded([&] { return transfer.take_header_line({data, size}); });
    // Any other count than `size` ends the transfer.
    return taken && !transfer.ended_at_head_ ? size : size + 1;
  }

  static size_t body(char* data, size_t, size_t size, void* self) {
    auto& transfer = *static_cast<Transfer*>(self);
    return transfer.guarded([&] { return transfer.take_body(as_bytes({data, size})); }) ? size : size + 1;
  }

  Result<void> take_header_line(std::string_view line) {
    head_bytes_ += line.size();
    if (head_bytes_ > kHeadBytesMax) return error(ErrorCode::over_limit, "the answer's head is too large");
    if (head_done_) return {};  // a trailer
    if (ends_head(line)) return end_of_head();
    add_head_line(line, head_);
    return {};
  }

  Result<void> end_of_head() {
    long status = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
    if (status < kStatusFinalMin) return {};
    head_done_ = true;
    head_.status = static_cast<int>(status);
    ended_at_head_ = !exchange_.wants_body(head_.status);
    if (ended_at_head_) return {};
    TROUPE_CHECK_OK(check_length());
    return exchange_.on_head ? exchange_.on_head(head_) : Result<void>();
  }

  Result<void> check_length() const {
    const auto length = head_.headers.find("content-length");
    if (length == head_.headers.end()) return {};
    uint64_t size_bytes = 0;
    const std::string& text = length->second;
    const auto failure = std::from_chars(text.data(), text.data() + text.size(), size_bytes).ec;
    if (failure != std::errc() || size_bytes > exchange_.limits->size_bytes_max) return too_large();
    return {};
  }

  Result<void> take_body(ByteView bytes) {
    if (bytes.size() > exchange_.limits->size_bytes_max - body_bytes_) return too_large();
    body_bytes_ += bytes.size();
    return exchange_.take(bytes);
  }

  Error too_large() const {
    return error(ErrorCode::over_limit, "the answer is larger than the limit of " +
                                            std::to_string(exchange_.limits->size_bytes_max) + " bytes");
  }

  const Exchange& exchange_;
  const std::pair<Address, uint16_t> dialled_;
  curl_socket_t socket_ = CURL_SOCKET_BAD;  // curl's; the last it opened
  ReplyHead head_;
  size_t head_bytes_ = 0;
  uint64_t body_bytes_ = 0;
  bool head_done_ = false, ended_at_head_ = false;
  std::optional<Clock::time_point> connected_at_;
  std::optional<Error> failure_;

  bool configured_ = true, added_ = false;
  StringList pinned_, headers_;
  EasyHandle easy_;
  MultiHandle multi_;
};

}  // namespace

Result<ReplyHead> exchange(const Exchange& exchange) {
  if (!start_curl()) return make_error(ErrorCode::internal, "libcurl cannot be started");
  const NoBrokenPipe quiet;
  return Transfer(exchange).run();
}

}  // namespace troupe::fetch
