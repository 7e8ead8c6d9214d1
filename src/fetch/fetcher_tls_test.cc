// That TLS names whom it should, tried with certificates made here.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <thread>

#include "fetch/fetcher.h"

namespace troupe::fetch {
namespace {

namespace fs = std::filesystem;

template <auto kFree>
struct FreeWith {
  template <class T>
  void operator()(T* object) const {
    kFree(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, FreeWith<X509_free>>;

Certificate certify(EVP_PKEY* key, const std::string& name) {
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

// Answers one connection over TLS, or hangs up as soon as it stands; tells whether a request came through.
class TlsServer {
 public:
  TlsServer(EVP_PKEY* key, X509* certificate, bool hang_up = false)
      : hang_up_(hang_up), context_(SSL_CTX_new(TLS_server_method())) {
    SSL_CTX_use_certificate(context_.get(), certificate);
    SSL_CTX_use_PrivateKey(context_.get(), key);
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(listener_, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(::listen(listener_, 1), 0);
    EXPECT_EQ(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~TlsServer() { stop(); }
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;

  uint16_t port() const { return port_; }
  bool stop() {
    if (thread_.joinable()) {
      ::shutdown(listener_, SHUT_RDWR);
      thread_.join();
      ::close(listener_);
    }
    return asked_;
  }

 private:
  void serve() {
    // curl closes its end when it does not like the certificate.
    sigset_t pipe;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) return;
    const std::unique_ptr<SSL, FreeWith<SSL_free>> tls(SSL_new(context_.get()));
    SSL_set_fd(tls.get(), socket);
    char request[4096];
    if (SSL_accept(tls.get()) == 1 && !hang_up_ && SSL_read(tls.get(), request, sizeof request) > 0) {
      asked_ = true;
      constexpr std::string_view kReply = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
      SSL_write(tls.get(), kReply.data(), static_cast<int>(kReply.size()));
      SSL_shutdown(tls.get());
    }
    ::close(socket);
  }

  const bool hang_up_;
  std::unique_ptr<SSL_CTX, FreeWith<SSL_CTX_free>> context_;
  int listener_ = -1;
  uint16_t port_ = 0;
  bool asked_ = false;
  std::thread thread_;
};

class TlsTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "tls_XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
    server_ = std::make_unique<TlsServer>(key_.get(), certificate_.get());
    options_.resolver = [](const std::string&) -> Result<std::vector<Address>> {
      return std::vector{*parse_address("93.184.216.34")};
    };
    options_.connect_override = [this](const Address&, uint16_t) {
      return std::pair(*parse_address("127.0.0.1"), server_->port());
    };
  }
  void TearDown() override { fs::remove_all(folder_); }
  void trust(const Certificate& certificate) {
    options_.ca_file = folder_ / "ca.pem";
    const std::unique_ptr<BIO, FreeWith<BIO_free_all>> file(BIO_new_file(options_.ca_file.c_str(), "w"));
    ASSERT_EQ(PEM_write_bio_X509(file.get(), certificate.get()), 1);
  }
  std::string get(const std::string& url) {
    const auto reply = Fetcher(options_).get(url, {});
    return reply ? std::string(reply->body.begin(), reply->body.end()) : to_string(reply.error());
  }

  const Key key_{EVP_EC_gen("P-256")};
  const Certificate certificate_ = certify(key_.get(), "media.example");
  fs::path folder_;
  std::unique_ptr<TlsServer> server_;
  FetchOptions options_;
};

TEST_F(TlsTest, TakesACertificateOfTheHostInTheUrl) {
  trust(certificate_);
  EXPECT_EQ(get("https://media.example/"), "hello");
}

TEST_F(TlsTest, RefusesOneOfAnotherHost) {
  trust(certificate_);
  EXPECT_EQ(get("https://other.example/"),
            "other.example: its TLS certificate is not valid for this name (unavailable)");
  EXPECT_FALSE(server_->stop()) << "nothing may be asked";
}

TEST_F(TlsTest, RefusesOneThatNobodyVouchesFor) {
  const Key other_key(EVP_EC_gen("P-256"));
  trust(certify(other_key.get(), "media.example"));
  EXPECT_EQ(get("https://media.example/"),
            "media.example: its TLS certificate is not valid for this name (unavailable)");
  EXPECT_FALSE(server_->stop());
}

TEST_F(TlsTest, SurvivesAServerThatHangsUp) {
  trust(certificate_);
  server_ = std::make_unique<TlsServer>(key_.get(), certificate_.get(), true);
  const auto reply = Fetcher(options_).post("https://media.example/", {}, Bytes(16 << 20), {});
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, ErrorCode::unavailable);
}

TEST_F(TlsTest, SaysThatTheAuthoritiesAreMissing) {
  options_.ca_file = folder_ / "none.pem";
  EXPECT_NE(get("https://media.example/").find("install ca-certificates"), std::string::npos);
}

}  // namespace
}  // namespace troupe::fetch
