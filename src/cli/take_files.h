// What the files of a request's takes are called.
#pragma once

#include <filesystem>
#include <string>

namespace troupe::cli {

/// Takes beyond the first get a number: fox.mp4, fox-2.mp4 … `index` from 0.
inline std::filesystem::path output_of(const std::string& output, int index) {
  if (index == 0) return output;
  const std::filesystem::path path(output);
  return path.parent_path() /
         (path.stem().string() + "-" + std::to_string(index + 1) + path.extension().string());
}

}  // namespace troupe::cli
