// An HTTPS server on 127.0.0.1 with a certificate of the test's own.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace troupe::fetch::test {

template <auto kFree>
struct FreeWith {
  template <class T>
  void operator()(T* object) const {
    kFree(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, FreeWith<X509_free>>;

inline Key make_tls_key() { return Key(EVP_EC_gen("P-256")); }

/// For the host `name`, signed with its own key.
inline Certificate certify(EVP_PKEY* key, const std::string& name) {
  Certificate certificate(X509_new());
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
  X509_set_pubkey(certificate.get(), key);
  X509_NAME* subject = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("test"), -1,
                             -1, 0);
  X509_set_issuer_name(certificate.get(), subject);
  const std::unique_ptr<X509_EXTENSION, FreeWith<X509_EXTENSION_free>> names(
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, ("DNS:" + name).c_str()));
  X509_add_ext(certificate.get(), names.get(), -1);
  X509_sign(certificate.get(), key, EVP_sha256());
  return certificate;
}

/// As a list of authorities for ca_file.
inline void write_certificate(X509* certificate, const std::filesystem::path& file) {
  const std::unique_ptr<BIO, FreeWith<BIO_free_all>> out(BIO_new_file(file.c_str(), "w"));
  ASSERT_EQ(PEM_write_bio_X509(out.get(), certificate), 1);
}

/// Handles one connection after the other in a thread of its own.
class TlsServer {
 public:
  using Handler = std::function<std::string(const std::string& request)>;  ///< gives the whole answer

  /// Without a handler it hangs up as soon as TLS stands. `is_proxy`: a CONNECT comes first, and is granted.
  TlsServer(EVP_PKEY* key, X509* certificate, Handler handler, bool is_proxy = false)
      : handler_(std::move(handler)), is_proxy_(is_proxy), context_(SSL_CTX_new(TLS_server_method())) {
    SSL_CTX_use_certificate(context_.get(), certificate);
    SSL_CTX_use_PrivateKey(context_.get(), key);
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(listener_, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(::listen(listener_, 64), 0);
    EXPECT_EQ(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~TlsServer() { stop(); }
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;

  uint16_t port() const { return port_; }
  /// Stops, and tells what was asked: CONNECTs and requests.
  const std::vector<std::string>& stop() {
    if (thread_.joinable()) {
      ::shutdown(listener_, SHUT_RDWR);
      thread_.join();
      ::close(listener_);
    }
    return requests_;
  }

 private:
  void serve() {
    // curl closes its end when it does not like the certificate.
    sigset_t pipe;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
    for (int socket = -1; (socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0;) {
      if (is_proxy_) grant(socket);
      answer(socket);
      ::close(socket);
    }
  }

  void grant(int socket) {
    std::string head;
    for (char byte = 0; !head.ends_with("\r\n\r\n") && ::recv(socket, &byte, 1, 0) == 1;) head += byte;
    requests_.push_back(head);
    constexpr std::string_view kGranted = "HTTP/1.1 200 granted\r\n\r\n";
    ::send(socket, kGranted.data(), kGranted.size(), MSG_NOSIGNAL);
  }

  void answer(int socket) {
    const std::unique_ptr<SSL, FreeWith<SSL_free>> tls(SSL_new(context_.get()));
    SSL_set_fd(tls.get(), socket);
    if (SSL_accept(tls.get()) != 1 || !handler_) return;
    std::string request;
    char block[4096];
    for (int got = 1; got > 0 && request.find("\r\n\r\n") == std::string::npos;) {
      got = SSL_read(tls.get(), block, sizeof block);
      request.append(block, got > 0 ? static_cast<size_t>(got) : 0);
    }
    if (request.empty()) return;
    requests_.push_back(request);
    const std::string text = handler_(request);
    SSL_write(tls.get(), text.data(), static_cast<int>(text.size()));
    SSL_shutdown(tls.get());
  }

  const Handler handler_;
  const bool is_proxy_;
  std::unique_ptr<SSL_CTX, FreeWith<SSL_CTX_free>> context_;
  int listener_ = -1;
  uint16_t port_ = 0;
  std::vector<std::string> requests_;  // of the thread's, until it has ended
  std::thread thread_;
};

}  // namespace troupe::fetch::test
