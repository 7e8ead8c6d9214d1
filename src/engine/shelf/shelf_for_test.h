// A small list of models, files that pass for its weights, and a hub that has them.
#pragma once

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <mutex>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/places_for_test.h"
#include "engine/shelf/pull.h"
#include "engine/shelf/shelf.h"
#include "fetch/test_http_server.h"

namespace troupe::shelf::test {

namespace fs = std::filesystem;

/// Two models of one size that share all but the transformer, one with a licence, one sharded, one for VACE.
inline const ModelList& small_list() {
  static const ModelList list = [] {
    const auto model = [](const std::string& id, const std::string& family, const std::string& more) {
      return "\"" + id + R"(": {"family": ")" + family + R"(", "size": "1.3b",
        "licence": {"name": "L", "note": "N.")" +
             more + R"(}, "parts": [")" + id + R"(", "text", "words", "vae"],
        "optional_parts": ["tiny"], "sampling": {"steps": 4, "solver": "unipc", "shift": 5, "guidance": {"text": 5},
        "fps": 16, "references_max": 1, "width": 64, "height": 64, "frames": 5}})";
    };
    auto parsed = ModelList::parse("small.json", R"({"negative_prompt": "bad", "parts": {
      "text": {"role": "text_encoder", "repository": "org/base", "files": ["t5_weights.pth"]},
      "words": {"role": "tokenizer", "repository": "org/base", "files": ["google/umt5-xxl/spiece.model"]},
      "vae": {"role": "vae", "repository": "org/base", "files": ["vae_weights.safetensors"]},
      "tiny": {"role": "tiny_vae", "repository": "org/tiny", "files": ["tiny.safetensors"]},
      "first": {"role": "transformer", "repository": "org/first", "files": ["model.safetensors"]},
      "second": {"role": "transformer", "repository": "org/second", "files": ["model.safetensors"]},
      "shards": {"role": "transformer", "repository": "org/shards", "index": "dit/m.safetensors.index.json"},
      "vace": {"role": "transformer", "repository": "org/vace", "files": ["model.safetensors"]}},
      "models": {)" + model("first", "t2v", "") + "," +
                                                     model("second", "skyreels", R"(, "must_accept": true)") +
                                                     "," + model("shards", "t2v", "") + "," +
                                                     model("vace", "vace", "") + "}}");
    EXPECT_TRUE(parsed) << (parsed ? "" : parsed.error().message);
    return std::move(*parsed);
  }();
  return list;
}

inline std::string read_text(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

inline void write_text(const fs::path& file, std::string_view text) {
  fs::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << text;
}

/// A safetensors file of bytes: names and shapes.
inline std::string tensors(const std::vector<std::pair<std::string, std::vector<int>>>& all, char fill = 1) {
  std::string header, bytes;
  for (const auto& [name, shape] : all) {
    size_t count = 1;
    std::string sides;
    for (const int side : shape) {
      count *= static_cast<size_t>(side);
      sides += (sides.empty() ? "" : ",") + std::to_string(side);
    }
    header += (header.empty() ? "{\"" : ",\"") + name + "\":{\"dtype\":\"U8\",\"shape\":[" + sides +
              "],\"data_offsets\":[" + std::to_string(bytes.size()) + "," +
              std::to_string(bytes.size() + count) + "]}";
    bytes += std::string(count, fill);
  }
  header += "}";
  std::string file(8, '\0');
  const uint64_t size = header.size();
  std::memcpy(file.data(), &size, sizeof size);
  return file + header + bytes;
}

inline std::string transformer(int width = 1536, char fill = 1) {
  return tensors({{"patch_embedding.weight", {width, 4}}, {"blocks.0.self_attn.q.weight", {width, 8}}}, fill);
}
inline std::string vace_transformer() {
  return tensors({{"patch_embedding.weight", {1536, 4}}, {"vace_blocks.0.before_proj.weight", {4, 4}}});
}
inline std::string words_model() { return "\x0A\x10" + std::string(40, 'w'); }
inline std::string tiny_weights(const std::string& name) {
  return read_text(fs::path(places::in_tree("src/engine/wan/testdata")) / name);
}

/// What org/… of small_list() holds, by path.
inline std::map<std::string, std::string> hub_files() {
  return {{"org/base/resolve/main/t5_weights.pth", tiny_weights("t5_weights.pth")},
          {"org/base/resolve/main/google/umt5-xxl/spiece.model", words_model()},
          {"org/base/resolve/main/vae_weights.safetensors", tiny_weights("vae_weights.safetensors")},
          {"org/first/resolve/main/model.safetensors", transformer()},
          {"org/second/resolve/main/model.safetensors", transformer(1536, 2)},
          {"org/vace/resolve/main/model.safetensors", vace_transformer()}};
}

/// The value of a header in a request, "" if it is not there.
inline std::string header_of(const std::string& request, const std::string& name) {
  const size_t at = request.find("\r\n" + name + ": ");
  if (at == std::string::npos) return "";
  const size_t begin = at + name.size() + 4;
  return request.substr(begin, request.find("\r\n", begin) - begin);
}
inline std::string target_of(const std::string& request) {
  const size_t begin = request.find(' ') + 2;
  return request.substr(begin, request.find(' ', begin) - begin);
}

/// Serves files with ranges and SHA-256 as ETag. Handlers run in the server's thread; a test changes what
/// they use only between calls that fetch.
class FakeHub {
 public:
  explicit FakeHub(std::map<std::string, std::string> all = hub_files())
      : files(std::move(all)), server_([this](const fetch::test::Connection& to, const std::string& request) {
          handle(to, request);
        }) {}

  std::map<std::string, std::string> files;
  std::map<std::string, std::string> etags;      ///< instead of the digest
  std::map<std::string, std::string> redirects;  ///< by path: an address
  std::map<std::string, int> statuses;           ///< by path: a refusal
  std::map<std::string, size_t> cut_after;       ///< by path: breaks off after that many bytes, once
  bool linked_headers = true;                    ///< beside redirects

  std::string url(const std::string& path = "") const { return server_.url("/" + path).substr(0, cut(path)); }
  const std::vector<std::string>& stop() { return server_.stop(); }
  std::string etag(const std::string& path) const {
    const auto own = etags.find(path);
    return own != etags.end() ? own->second : sha256_hex(as_bytes(files.at(path)));
  }

 private:
  size_t cut(const std::string& path) const {
    const size_t whole = server_.url("/" + path).size();
    return path.empty() ? whole - 1 : whole;
  }

  void handle(const fetch::test::Connection& to, const std::string& request) {
    using fetch::test::reply;
    const std::string path = target_of(request);
    if (const auto refused = statuses.find(path); refused != statuses.end()) {
      to.send(reply(refused->second, "no"));
    } else if (const auto moved = redirects.find(path); moved != redirects.end()) {
      std::string linked;
      if (linked_headers && files.count(path) > 0)
        linked = "X-Linked-Size: " + std::to_string(files[path].size()) + "\r\nX-Linked-ETag: \"" +
                 etag(path) + "\"\r\n";
      to.send(reply(302, "", "Location: " + moved->second + "\r\n" + linked));
    } else if (files.count(path) == 0) {
      to.send(reply(404, "no"));
    } else {
      send_file(to, request, path);
    }
  }

  void send_file(const fetch::test::Connection& to, const std::string& request, const std::string& path) {
    const std::string& body = files[path];
    const std::string tag = "\"" + etag(path) + "\"";
    const std::string range = header_of(request, "Range"), condition = header_of(request, "If-Range");
    size_t from = 0, end = body.size();
    const bool partial = !range.empty() && (condition.empty() || condition == tag);
    if (partial) {
      from = std::stoul(range.substr(6));
      const std::string last = range.substr(range.find('-') + 1);
      if (!last.empty()) end = std::min(end, std::stoul(last) + 1);
    }
    std::string head = "HTTP/1.1 " + std::string(partial ? "206" : "200") +
                       " x\r\nContent-Length: " + std::to_string(end - from) + "\r\nETag: " + tag + "\r\n";
    if (partial)
      head += "Content-Range: bytes " + std::to_string(from) + "-" + std::to_string(end - 1) + "/" +
              std::to_string(body.size()) + "\r\n";
    std::string_view sent = std::string_view(body).substr(from, end - from);
    if (const auto cut_here = cut_after.find(path); cut_here != cut_after.end() && sent.size() > 1) {
      sent = sent.substr(0, cut_here->second);
      cut_after.erase(cut_here);
    }
    to.send(head + "\r\n" + std::string(sent));
  }

  fetch::test::HttpServer server_;
};

/// A full disk for this process: no file grows beyond `size_bytes`, until this goes.
class FullDisk {
 public:
  explicit FullDisk(rlim_t size_bytes) : handler_(::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{size_bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FullDisk() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    ::signal(SIGXFSZ, handler_);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  rlimit before_{};
  void (*handler_)(int);
};

/// A folder of the test's own, and a shelf in it.
class ShelfTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    root_ = fs::path(::testing::TempDir()) / (std::string("shelf_") + info->test_suite_name() + "_" +
                                              info->name() + "_" + std::to_string(::getpid()));
    fs::remove_all(root_);
    fs::create_directories(root_);
  }
  void TearDown() override { fs::remove_all(root_); }

  /// Everything of a model but the transformer, and that as `dit`, in a folder.
  fs::path folder_with(const std::string& dit, const std::string& name = "mine") {
    write_text(root_ / name / "model.safetensors", dit);
    write_text(root_ / name / "t5_weights.pth", tiny_weights("t5_weights.pth"));
    write_text(root_ / name / "vae" / "vae_weights.safetensors", tiny_weights("vae_weights.safetensors"));
    write_text(root_ / name / "google" / "spiece.model", words_model());
    write_text(root_ / name / "README.md", "read");
    return root_ / name;
  }

  fs::path root_;
};

}  // namespace troupe::shelf::test
