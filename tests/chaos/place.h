// Where one experiment happens: a data folder with keys and prices of its own.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/chaos/server_process.h"

namespace troupe::chaos {

/// A key of the server: whose jobs they are, and what the requests carry.
struct Purse {
  std::string account, secret;
};

struct PricedModel {
  const char* id;
  int64_t micros_per_second;
};
/// Both made by the stage engine: a built-in model with another price, and one of our own.
inline constexpr PricedModel kModels[] = {{"stage", 20'000}, {"house-draft", 30'000}};

/// What the poor purse may spend in all.
inline constexpr int64_t kPoorBudgetMicros = 800'000;

/// The shortest that the server takes, so that a lease passes while a test waits for it.
inline constexpr std::chrono::seconds kLease{2};

class Place {
 public:
  /// Makes the data folder `data` with its keys; logs and the catalog go to `beside`.
  Place(std::filesystem::path data, std::filesystem::path beside);

  /// `troupe serve` on any free port with two workers.
  ServerCommand server(const std::vector<std::string>& environment = {}) const;

  const std::filesystem::path& data() const { return data_; }
  const Purse& admin() const { return admin_; }
  const Purse& rich() const { return rich_; }
  const Purse& poor() const { return poor_; }

 private:
  std::filesystem::path data_, beside_;
  Purse admin_, rich_, poor_;
};

}  // namespace troupe::chaos
