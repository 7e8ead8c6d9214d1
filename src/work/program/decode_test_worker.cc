// Decode workers for the tests. The first argument says which: the real one, or one that a file took over or
// that a defect broke, at the moment when that matters.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "work/decode/answer.h"
#include "work/decode/jail.h"
#include "work/decode/process.h"
#include "work/decode/request.h"
#include "work/decode_worker.h"

namespace {

using namespace troupe;
using namespace troupe::work;

void put(ByteView bytes) {
  if (write(kWorkerAnswer, bytes.data(), bytes.size()) < 0) _exit(1);
}

// Says that what must not work did work.
[[noreturn]] void escaped() { _exit(kExitUnfit); }

void crash() { __builtin_trap(); }

void hang() {
  while (true) pause();
}

void spin() {
  const volatile bool forever = true;
  while (forever) {
  }
}

void stop_early() { put(as_bytes("half a he")); }

void write_garbage() {
  const std::vector<uint8_t> garbage(1 << 20, 0xA5);
  put(garbage);
}

void claim_a_huge_picture() {
  AnswerWriter answer(put);
  media::ImageInfo info;
  info.width = info.height = 100;
  answer.picture(info);
  AnswerHead head{AnswerHead::image, uint64_t{1} << 40, {1 << 19, 1 << 19}};
  put({reinterpret_cast<const uint8_t*>(&head), sizeof head});
}

void claim_a_good_jail() { AnswerWriter(put).jail({true, true, true}); }

// An answer that is right, and a process that goes on.
void never_leave() {
  claim_a_good_jail();
  hang();
}

void eat_memory() {
  AnswerWriter answer(put);
  try {
    for (std::vector<std::vector<uint8_t>> eaten;;) eaten.emplace_back(16 << 20, uint8_t{1});
  } catch (const std::bad_alloc&) {
    answer.error(make_error(ErrorCode::out_of_memory, "no more"));
  }
}

void open_a_socket() {
  if (socket(AF_INET, SOCK_STREAM, 0) >= 0) escaped();
}

void open_a_file() {
  if (open("/etc/passwd", O_RDONLY) >= 0) escaped();
}

void run_a_program() {
  execl("/bin/true", "/bin/true", nullptr);
  stop_early();
}

void make_code() {
  if (mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED) escaped();
}

// Exits with the number of descriptors that are open beyond the expected ones.
void count_descriptors() {
  for (int descriptor = kWorkerAnswer + 1; descriptor < 1024; ++descriptor) {
    if (fcntl(descriptor, F_GETFD) >= 0) escaped();
  }
  if (environ != nullptr && *environ != nullptr) escaped();
  claim_a_good_jail();
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (arguments.empty()) return EXIT_FAILURE;
  if (arguments[0] == kDecodeWorkerFlag) run_decode_worker({arguments.begin() + 1, arguments.end()});

  const std::map<std::string, void (*)()> free_ones = {
      {"hang", hang}, {"never_leave", never_leave}, {"count_descriptors", count_descriptors}};
  const std::map<std::string, void (*)()> locked_up_ones = {
      {"crash", crash},
      {"spin", spin},
      {"stop_early", stop_early},
      {"write_garbage", write_garbage},
      {"claim_a_huge_picture", claim_a_huge_picture},
      {"eat_memory", eat_memory},
      {"open_a_socket", open_a_socket},
      {"open_a_file", open_a_file},
      {"run_a_program", run_a_program},
      {"make_code", make_code},
  };
  if (const auto mode = free_ones.find(arguments[0]); mode != free_ones.end()) {
    mode->second();
    _exit(EXIT_SUCCESS);
  }
  const auto mode = locked_up_ones.find(arguments[0]);
  const auto request = parse_request(std::span(arguments).subspan(1));
  if (mode == locked_up_ones.end() || !request) return EXIT_FAILURE;
  if (!enter_jail({request->memory_bytes_max, request->cpu_seconds_max}, kWorkerAnswer)) return EXIT_FAILURE;
  mode->second();
  _exit(EXIT_SUCCESS);
}
