// A file of inputs and expected outputs, and what was made of comparing with it.
#pragma once

#include <ATen/ATen.h>

#include <filesystem>
#include <iosfwd>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engine/wan/files/tensor_file.h"
#include "engine/wan/nn/tap.h"
#include "engine/wan/pixels/resize.h"

namespace troupe::engine::wan::parity {

/// How far a value may be from the expected one, b: |a - b| <= absolute + relative * |b|.
struct Tolerance {
  double absolute = 5e-5;
  double relative = 2e-5;
};
inline constexpr double kFromNetworks = 1e-5;  ///< absolute; tables and noise are held to less
inline constexpr Tolerance kExact{0, 0};
inline constexpr Tolerance kSigmas{1e-6, 0};  ///< of noise levels and of noise itself

/// The vectors of one file. Asking for a tensor that is not there throws std::out_of_range with its name.
/// Thread-safety: none.
class Vectors {
 public:
  static Result<Vectors> open(const std::filesystem::path& file);

  bool has(const std::string& name) const { return tensors_.contains(name); }
  /// In the type it is stored in (bf16 becomes float); whole tensors, contiguous. Counts as used.
  const at::Tensor& at(const std::string& name) const;
  /// at(name) as float, and its first value.
  at::Tensor real(const std::string& name) const { return at(name).to(at::kFloat); }
  double number(const std::string& name) const {
    return at(name).reshape({-1})[0].to(at::kDouble).item<double>();
  }
  int64_t whole(const std::string& name) const {
    return at(name).reshape({-1})[0].to(at::kLong).item<int64_t>();
  }

  /// The metadata's "config" as JSON, or an empty object.
  const nlohmann::json& config() const { return config_; }
  bool has_config() const { return !config_.empty(); }
  /// config() with what is in config()[key], where that is an object of its own, on top.
  nlohmann::json config(const std::string& key) const;

  /// config("dit") of RefAlign's and SkyReels' vectors, whose contexts are filled up to the length that the
  /// model takes: with "text_len" where it has none.
  nlohmann::json dit_config() const;

  /// A picture of bytes [height, width, 3].
  Rgb picture(const std::string& name) const;

  /// The distinct beginnings up to the first "/" of names that contain "/": "case_a", "case_b" …
  std::vector<std::string> groups() const;
  /// All names that start so.
  std::vector<std::string> names(const std::string& prefix = {}) const;
  /// Says that a tensor changes nothing, so that it is not among the unused.
  void pass_over(const std::string& name) const { used_.insert(name); }
  /// Those that at() was not asked for yet: neither given to a network nor compared with.
  std::vector<std::string> unused() const;

 private:
  std::map<std::string, at::Tensor> tensors_;
  mutable std::set<std::string> used_;
  nlohmann::json config_ = nlohmann::json::object();
};

/// What is expected of a sample that the official code filled up to `filled` rows, 0 for none: the rows
/// before those, as many as `got` has. Both are [rows, …], the first maybe with a side of 1 in front.
at::Tensor without_padding(const at::Tensor& wanted, const at::Tensor& got, int64_t filled);

/// prefix + name, or that with what diffusers' modules are called, whichever the vectors have; else empty.
std::string name_in(const Vectors& vectors, const std::string& prefix, const std::string& name);

/// Compares tensors and writes a line for each: name, largest difference, tolerance there, ok or BAD.
class Report {
 public:
  /// `rounding`, if above 0: what a network computed (a tolerance of kFromNetworks or more) may be so far
  /// off, the length of the difference against that of what is expected: in bf16, or on another device.
  Report(const Vectors& vectors, std::ostream& out, double rounding = 0)
      : vectors_(vectors), out_(out), rounding_(rounding) {}

  /// `got` against the vector `name`: sides of 1, and sides that are one where they are several here, do not
  /// count. What is expected has to be finite, and so has what was got.
  void check(const std::string& name, const at::Tensor& got, Tolerance tolerance = {});
  /// The same against a tensor that was put together from vectors.
  void check(const std::string& name, const at::Tensor& got, const at::Tensor& wanted,
             Tolerance tolerance = {});

  /// The same, without_padding().
  void check_rows(const std::string& name, const at::Tensor& got, int64_t filled, Tolerance tolerance = {});

  /// A tap that does so with every value whose name, behind `prefix`, is in the vectors. Names are
  /// found by name_in().
  Tap tap(const std::string& prefix, Tolerance tolerance = {}, int64_t filled = 0);

  int compared() const { return compared_; }
  int bad() const { return bad_; }

 private:
  const Vectors& vectors_;
  std::ostream& out_;
  double rounding_ = 0;
  int compared_ = 0, bad_ = 0;
};

}  // namespace troupe::engine::wan::parity
