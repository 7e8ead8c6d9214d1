#include "cli/secret_input.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <future>
#include <thread>

namespace troupe::cli {
namespace {

// A terminal of the test's own: what is written to `keyboard` is typed, what is shown is read from it.
class SecretInput : public ::testing::Test {
 protected:
  void SetUp() override {
    keyboard_ = ::posix_openpt(O_RDWR | O_NOCTTY);
    ASSERT_GE(keyboard_, 0);
    ASSERT_EQ(::grantpt(keyboard_), 0);
    ASSERT_EQ(::unlockpt(keyboard_), 0);
    terminal_ = ::open(::ptsname(keyboard_), O_RDWR | O_NOCTTY);
    ASSERT_GE(terminal_, 0);
  }
  void TearDown() override {
    ::close(terminal_);
    ::close(keyboard_);
  }

  std::future<Result<std::string>> ask(size_t size_bytes_max = 100) {
    return std::async(std::launch::async, [=, this] {
      return read_hidden_line(terminal_, "Key: ", size_bytes_max, cancel_.token());
    });
  }
  // What the terminal shows, up to and with `end`.
  std::string shown_until(const std::string& end) {
    std::string text;
    char byte = 0;
    while (!text.ends_with(end) && ::read(keyboard_, &byte, 1) == 1) text += byte;
    return text;
  }
  void type(const std::string& text) {
    EXPECT_EQ(::write(keyboard_, text.data(), text.size()), std::ssize(text));
  }

  CancelSource cancel_;
  int keyboard_ = -1, terminal_ = -1;
};

TEST_F(SecretInput, WhatIsTypedIsNotShown) {
  auto line = ask();
  EXPECT_EQ(shown_until("Key: "), "Key: ");
  type(" sk-secret \n");
  EXPECT_EQ(line.get().value(), "sk-secret");
  type("seen\n");
  const std::string shown = shown_until("seen\r\n");
  EXPECT_EQ(shown.find("sk-secret"), std::string::npos) << shown;
  EXPECT_NE(shown.find("seen"), std::string::npos) << "it shows again what is typed";
}

TEST_F(SecretInput, AnEmptyLineIsNoKey) {
  auto line = ask();
  shown_until("Key: ");
  type("\n");
  EXPECT_EQ(line.get().value(), "");
}

TEST_F(SecretInput, EndsWhenInterruptedAndWhenTooLong) {
  auto line = ask(3);
  shown_until("Key: ");
  type("four\n");
  EXPECT_EQ(line.get().error().code, ErrorCode::over_limit);
  auto other = ask();
  shown_until("Key: ");
  cancel_.cancel();
  EXPECT_EQ(other.get().error().code, ErrorCode::cancelled);
}

TEST(SecretFile, IsReadToItsEndWithoutTheSpaceAroundIt) {
  const auto read = [](const std::string& text, size_t size_bytes_max) {
    int ends[2] = {-1, -1};
    EXPECT_EQ(::pipe(ends), 0);
    EXPECT_EQ(::write(ends[1], text.data(), text.size()), std::ssize(text));
    ::close(ends[1]);
    const Result<std::string> secret = read_secret(ends[0], size_bytes_max);
    ::close(ends[0]);
    return secret ? *secret : std::string(name(secret.error().code));
  };
  EXPECT_EQ(read("sk-secret\r\n", 9), "sk-secret");
  EXPECT_EQ(read("", 9), "");
  EXPECT_EQ(read("sk-secret", 8), "over_limit");
  EXPECT_EQ(read(std::string(20000, ' '), 8), "over_limit");
  EXPECT_EQ(read_secret(-1, 8).error().code, ErrorCode::io);
}

TEST(SecretFile, IsNoTerminal) {
  int ends[2] = {-1, -1};
  ASSERT_EQ(::pipe(ends), 0);
  EXPECT_EQ(read_hidden_line(ends[0], "Key: ", 8, {}).error().code, ErrorCode::io);
  ::close(ends[0]);
  ::close(ends[1]);
}

}  // namespace
}  // namespace troupe::cli
