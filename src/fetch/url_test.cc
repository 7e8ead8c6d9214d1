#include "fetch/url.h"

#include <gtest/gtest.h>

namespace troupe::fetch {
namespace {

std::string read(std::string_view text) {
  const auto url = parse_url(text);
  return url ? print(*url) : to_string(url.error());
}

TEST(Url, ReadsItsParts) {
  const Url url = parse_url("HTTPS://Media.Example.com:8443/a/b.png?x=1&y=[2]#part").value();
  EXPECT_EQ(url, (Url{"https", "media.example.com", false, 8443, "/a/b.png?x=1&y=[2]"}));
  EXPECT_EQ(parse_url("http://a").value(), (Url{"http", "a", false, 80, "/"}));
  EXPECT_EQ(parse_url("https://a?x").value(), (Url{"https", "a", false, 443, "/?x"}));
  EXPECT_EQ(parse_url("http://1.2.3.4/").value(), (Url{"http", "1.2.3.4", true, 80, "/"}));
  EXPECT_EQ(parse_url("http://[2001:DB8:0::1]:81/").value(), (Url{"http", "2001:db8::1", true, 81, "/"}));
}

TEST(Url, PrintsWhatItRead) {
  for (const char* text : {"https://a/", "http://a:81/x?y", "http://[::1]/", "https://[2001:db8::1]:444/",
                           "http://a/b/../c", "http://xn--bcher-kva.example/", "http://a_b.example/@x",
                           "http://a//b//", "http://1.2.3.4.example/"}) {
    EXPECT_EQ(read(text), text);
  }
  EXPECT_EQ(read("https://a:443/"), "https://a/");
  EXPECT_EQ(read("http://a:443/"), "http://a:443/");
  EXPECT_EQ(read("http://a/f\xc3\xbc?\xc3\xa4"), "http://a/f%C3%BC?%C3%A4");
}

// What is refused, and a word that the message must have.
struct Refused {
  const char *text, *word;
};

constexpr Refused kRefused[] = {
    {"", "https://"},
    {"a", "https://"},
    {"//a/b", "https://"},
    {"file:///etc/passwd", "https://"},
    {"gopher://127.0.0.1:6379/_INFO", "https://"},
    {"ftp://a/", "https://"},
    {"dict://a:11211/", "https://"},
    {"data:text/plain,x", "https://"},
    {"javascript:alert(1)", "https://"},
    {"httpx://a/", "https://"},
    {"http:a", "://"},
    {"http:/a", "://"},
    {"http:\\\\a", "backslash"},
    {"http://a\\@b/", "backslash"},
    {"http:///a", "no host"},
    {"http://:80/", "no host"},
    {"http://?x", "no host"},
    {"http://#@a", "no host"},
    {"http://a@b/", "user name"},
    {"http://a:b@c/", "user name"},
    {"http://@a/", "user name"},
    {"http://127.0.0.1@a.example/", "user name"},
    {"http://a.example#@127.0.0.1/", ""},
    {"http://a:/", "port"},
    {"http://a:0/", "port"},
    {"http://a:080/", "port"},
    {"http://a:65536/", "port"},
    {"http://a:8x/", "port"},
    {"http://a:-1/", "port"},
    {"http://a:+80/", "port"},
    {"http://a:80:80/", "port"},
    {"http://a:99999999999999999999/", "port"},
    {"http://2130706433/", "number"},
    {"http://0x7f.1/", "number"},
    {"http://0x7f000001/", "number"},
    {"http://0X7F.0.0.1/", "number"},
    {"http://0177.0.0.1/", "number"},
    {"http://127.0.0.01/", "number"},
    {"http://127.1/", "number"},
    {"http://0/", "number"},
    {"http://0x/", "number"},
    {"http://a.0x1f/", "number"},
    {"http://1.2.3.4.5/", "number"},
    {"http://256.1.1.1/", "number"},
    {"http://127.0.0.1./", "dot"},
    {"http://localhost./", "dot"},
    {"http://a../", "dot"},
    {"http://.a/", "dots"},
    {"http://a..b/", "dots"},
    {"http://./", "dot"},
    {"http://127\xe3\x80\x82"
     "0\xe3\x80\x82"
     "0\xe3\x80\x82"
     "1/",
     "xn--"},
    {"http://127\xef\xbc\x8e"
     "0.0.1/",
     "xn--"},
    {"http://\xe2\x91\xa0.example/", "xn--"},
    {"http://b\xc3\xbc"
     "cher.example/",
     "xn--"},
    {"http://\xff/", "xn--"},
    {"http://a%2eb/", "character"},
    {"http://127.0.0.1%00.example/", "character"},
    {"http://a,b/", "character"},
    {"http://a!b/", "character"},
    {"http://[::1/", "partner"},
    {"http://[]/", "IPv6"},
    {"http://[127.0.0.1]/", "IPv6"},
    {"http://[::1%25lo]/", "IPv6"},
    {"http://[fe80::1%1]/", "IPv6"},
    {"http://[v1.x]/", "IPv6"},
    {"http://[::1]x/", "between"},
    {"http://[::1]:/", "port"},
    {"http://::1/", "no host"},
    {"http://a]/", "character"},
    {"http://a/b c", "space"},
    {" http://a/", "space"},
    {"http://a/ ", "space"},
    {"http://a b/", "space"},
    {"http://a/\r\nHost: b", "control"},
    {"http://a/\nb", "control"},
    {"http://a\t/", "control"},
    {"http://a/\x7f", "control"},
};

TEST(Url, RefusesWhatReadersDisagreeAbout) {
  for (const auto& [text, word] : kRefused) {
    const auto url = parse_url(text);
    if (std::string_view(word).empty()) {
      ASSERT_TRUE(url) << text;
      EXPECT_EQ(url->host, "a.example");
      continue;
    }
    ASSERT_FALSE(url) << text;
    EXPECT_EQ(url.error().code, ErrorCode::invalid_argument) << text;
    EXPECT_NE(url.error().message.find(word), std::string::npos) << text << ": " << url.error().message;
  }
  EXPECT_FALSE(parse_url(std::string_view("http://a\0b/", 11)));
  EXPECT_FALSE(parse_url(std::string_view("http://a/\0", 10)));
}

TEST(Url, HasBounds) {
  const std::string start = "http://a/";
  EXPECT_TRUE(parse_url(start + std::string(kUrlBytesMax - start.size(), 'x')));
  EXPECT_EQ(parse_url(start + std::string(kUrlBytesMax, 'x')).error().code, ErrorCode::over_limit);
  // Grows past the bound by being encoded.
  EXPECT_EQ(parse_url(start + std::string(kUrlBytesMax / 2, '\xc3')).error().code, ErrorCode::over_limit);
  const std::string label(63, 'a');
  EXPECT_TRUE(parse_url("http://" + label + "." + label + "/"));
  EXPECT_FALSE(parse_url("http://" + label + "a/"));
  EXPECT_FALSE(parse_url("http://" + label + "." + label + "." + label + "." + label + "/"));
}

struct Redirect {
  const char *location, *target;
};

// RFC 3986 section 5.4, as far as http goes.
constexpr Redirect kRedirects[] = {
    {"g", "http://a/b/c/g"},        {"./g", "http://a/b/c/g"},
    {"g/", "http://a/b/c/g/"},      {"/g", "http://a/g"},
    {"//g", "http://g/"},           {"?y", "http://a/b/c/d;p?y"},
    {"g?y", "http://a/b/c/g?y"},    {"#s", "http://a/b/c/d;p?q"},
    {"g#s", "http://a/b/c/g"},      {";x", "http://a/b/c/;x"},
    {".", "http://a/b/c/"},         {"./", "http://a/b/c/"},
    {"..", "http://a/b/"},          {"../", "http://a/b/"},
    {"../g", "http://a/b/g"},       {"../..", "http://a/"},
    {"../../g", "http://a/g"},      {"../../../g", "http://a/g"},
    {"/./g", "http://a/g"},         {"/../g", "http://a/g"},
    {"g.", "http://a/b/c/g."},      {"..g", "http://a/b/c/..g"},
    {"./../g", "http://a/b/g"},     {"g/./h", "http://a/b/c/g/h"},
    {"g/../h", "http://a/b/c/h"},   {"g?y/../x", "http://a/b/c/g?y/../x"},
    {"https://b/x", "https://b/x"}, {"HTTP://B:81", "http://b:81/"},
};

TEST(Url, FollowsRedirects) {
  const Url base = parse_url("http://a/b/c/d;p?q").value();
  for (const auto& [location, target] : kRedirects) {
    const auto url = resolve_redirect(base, location);
    ASSERT_TRUE(url) << location << ": " << to_string(url.error());
    EXPECT_EQ(print(*url), target) << location;
  }
}

TEST(Url, RefusesBadRedirects) {
  const Url base = parse_url("http://a/b/c").value();
  for (const char* location : {"", "file:///etc/passwd", "gopher://a/", "//", "//a@b/", "http:g", "/a b",
                               "\\\\b\\c", "/\\b", "//127.1/", "x:y", "/a\r\nb"}) {
    EXPECT_FALSE(resolve_redirect(base, location)) << location;
  }
  EXPECT_EQ(resolve_redirect(base, std::string(kUrlBytesMax + 1, 'x')).error().code, ErrorCode::over_limit);
}

}  // namespace
}  // namespace troupe::fetch
