#include <fstream>

#include "http/ranges.h"
#include "http/test_server.h"

namespace troupe::http {
namespace {

class FileServerTest : public ServerTest {
 protected:
  void serve(size_t size) {
    file = std::filesystem::path(testing::TempDir()) /
           ("http_file_" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    content.resize(size);
    for (size_t i = 0; i < size; ++i) content[i] = static_cast<char>(i * 13 + i / 253);
    std::ofstream(file, std::ios::binary) << content;
    add("GET", "/file", [this, size](Request& request) {
      return serve_file(request, file, size, {"video/mp4", "\"tag\"", "a.mp4", false, ""});
    });
  }
  ~FileServerTest() override { std::filesystem::remove(file); }

  std::filesystem::path file;
  std::string content;
};

TEST_F(FileServerTest, SendsFilesAndTheirParts) {
  serve(3000001);
  start();
  TestClient one = client();
  EXPECT_EQ(one.ask("GET", "/file").body, content);
  const Answer part = one.ask("GET", "/file", "Range: bytes=1000000-2999999\r\nIf-Range: \"tag\"\r\n");
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(part.headers.get("Content-Range"), "bytes 1000000-2999999/3000001");
  EXPECT_EQ(part.body, content.substr(1000000, 2000000));
  EXPECT_EQ(one.ask("GET", "/file", "Range: bytes=-1\r\n").body, content.substr(3000000));
  EXPECT_EQ(one.ask("GET", "/file", "Range: bytes=1-2\r\nIf-Range: \"old\"\r\n").body, content);
  EXPECT_EQ(one.ask("GET", "/file", "Range: bytes=3000001-\r\n").status, 416);
  EXPECT_EQ(one.ask("GET", "/file", "If-None-Match: \"tag\"\r\n").status, 304);
  const Answer head = one.ask("HEAD", "/file");
  EXPECT_EQ(head.headers.get("Content-Length"), "3000001");
  EXPECT_EQ(one.ask("GET", "/file", "Range: bytes=0-0\r\n").body, content.substr(0, 1));
}

TEST_F(FileServerTest, SaysSoWhenAFileIsGoneOrShort) {
  serve(1000);
  start();
  TestClient one = client();
  std::filesystem::resize_file(file, 999);
  EXPECT_EQ(one.ask("GET", "/file").status, 500);
  std::filesystem::remove(file);
  EXPECT_EQ(one.ask("GET", "/file").status, 500);
  std::filesystem::create_directory(file);
  EXPECT_EQ(one.ask("GET", "/file").status, 500);
}

TEST_F(FileServerTest, WaitsForSlowReadersAndServesOthersMeanwhile) {
  serve(20 << 20);
  add_text("GET", "/a", "quick");
  start();
  TestClient slow(server->port(), 4096);
  slow.send("GET /file HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(slow.read_head().status, 200);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(client().ask("GET", "/a").body, "quick");
  char byte;
  EXPECT_EQ(recv(slow.native_handle(), &byte, 1, 0), 1);
}

TEST_F(FileServerTest, LeavesReadersThatTakeNothing) {
  serve(20 << 20);
  options.limits.write_time = std::chrono::milliseconds(50);
  int status = 0;
  Gate done;
  options.finished = [&](const Request&, const std::string&, int answered, double, const std::string&) {
    status = answered;
    done.open();
  };
  start();
  TestClient slow(server->port(), 4096);
  slow.send("GET /file HTTP/1.1\r\nHost: x\r\n\r\n");
  done.pass();
  EXPECT_EQ(status, 200);
  server->stop();
  EXPECT_FALSE(slow.read_answer().whole);
}

}  // namespace
}  // namespace troupe::http
