// One file from a hub to the disk. Private to engine/shelf/.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "base/cancel.h"
#include "base/result.h"
#include "engine/shelf/disk.h"
#include "engine/shelf/hub.h"

namespace troupe::shelf {

struct WantedFile {
  std::string repository, file;  ///< at the hub
  std::filesystem::path target;
  RemoteFile remote;
  std::string sha256;  ///< "" = what the hub says, if it says anything
};

/// How much of the file is there already and may be kept.
uint64_t begun_bytes(const WantedFile& wanted);

/// `on_bytes`: how many bytes of the file are there now, whenever that changes; also while it is checked.
class Download {
 public:
  Download(Hub& hub, const WantedFile& wanted, std::function<void(uint64_t)> on_bytes, CancelToken cancel);

  /// Fetches the rest and checks size and checksum; the file is still called *.part. Where a file that was
  /// begun before turns out to be wrong, it is fetched anew once. Returns its checksum, "" if there is none.
  /// Errors: as Hub, and corrupt_input (checksum), io, unavailable (disk full).
  Result<std::string> run();
  /// What run() made.
  const std::filesystem::path& part() const { return part_; }
  /// Gives the file its name.
  Result<void> keep();
  /// Deletes what was fetched.
  void discard();

 private:
  Result<void> fetch();
  Result<void> read_on();
  Result<void> take_head(const fetch::ApiReply& head);
  Result<void> begin_anew();
  Result<void> take(ByteView bytes);
  Result<bool> is_right();
  Result<void> remember();

  Hub& hub_;
  const WantedFile& wanted_;
  std::function<void(uint64_t)> on_bytes_;
  CancelToken cancel_;
  std::filesystem::path part_, note_;
  OpenFile file_;
  std::string etag_;  // of who really has the file
  uint64_t have_ = 0;
  bool disk_failed_ = false;
  std::string sha256_;
};

}  // namespace troupe::shelf
