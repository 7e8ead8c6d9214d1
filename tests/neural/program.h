// `troupe` run to its end.
#pragma once

#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace troupe::neural {

struct Ran {
  int status = -1;       ///< exit status; 128 + signal, if a signal ended it
  std::string out, err;  ///< what it wrote

  /// `out` as JSON; an empty object where it is none.
  nlohmann::json json() const;
};

/// Blocks until it has ended. It gets SIGINT as soon as `interrupt`, if there is one, is true.
Ran run_program(const std::vector<std::string>& arguments, const std::function<bool()>& interrupt = {});

/// Puts tiny random weights of the family ("t2v", "vace") on a shelf, under a model's name. The size of the
/// networks is not the model's, which the shelf warns of.
Ran add_weights(const std::filesystem::path& shelf, const std::string& model, const std::string& family);

}  // namespace troupe::neural
