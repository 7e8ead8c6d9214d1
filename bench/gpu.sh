#!/usr/bin/env bash
# Builds the neural engine alone against the libtorch of an installed PyTorch 2 wheel, compares it with vectors of the
# official implementations on the GPU, in f32 and bf16, and measures forward passes of the 1.3B and 14B sizes at
# 832x480x81, VAE and TAEHV. Needs a C++20 compiler, CMake 3.25, nlohmann-json's headers, and no network. Under ten
# minutes. On a GPU it has not been run yet.
#   bench/gpu.sh [--device cuda|cpu] [--small] [--torch FOLDER|system] [--json FOLDER] [--build FOLDER] [--only build|parity|bench]
# --torch: site-packages/torch, else that of python3; "system": what CMake finds. --json: holds nlohmann/json.hpp.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

device=cuda small=0 torch= json= build=$root/build/only-wan only=
while [ $# -gt 0 ]; do
  case $1 in
    --device) device=$2; shift ;;
    --small) small=1 ;;
    --torch) torch=$2; shift ;;
    --json) json=$2; shift ;;
    --build) build=$2; shift ;;
    --only) only=$2; shift ;;
    *) sed -n '2,8p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
  esac
  shift
done

configure=(-DCMAKE_BUILD_TYPE=Release "-DCMAKE_CXX_FLAGS_RELEASE=-O2 -DNDEBUG" -DTROUPE_ONLY_WAN=ON -DBUILD_TESTING=OFF)
if [ -z "$torch" ]; then
  torch=$(python3 -c 'import os, torch; print(os.path.dirname(torch.__file__))')
fi
if [ "$torch" != system ]; then
  configure+=("-DTROUPE_TORCH=$torch")
  # Wheels up to 2.6 were compiled for the library's old types.
  if python3 -c 'import sys, torch; sys.exit(bool(torch._C._GLIBCXX_USE_CXX11_ABI))' 2>/dev/null; then
    configure+=(-DTROUPE_TORCH_OLD_ABI=ON)
  fi
fi
[ -n "$json" ] && configure+=("-DTROUPE_JSON=$json")
command -v ninja >/dev/null && configure+=(-G Ninja)

# What is on the GPU at most while a command runs; libtorch keeps memory, so it is the most that it asked for.
watched() {
  if [ "$device" != cuda ] || ! command -v nvidia-smi >/dev/null; then "$@"; return; fi
  local log status=0
  log=$(mktemp)
  nvidia-smi --query-gpu=memory.used --format=csv,noheader,nounits -lms 200 >"$log" 2>/dev/null &
  local watcher=$!
  "$@" || status=$?
  kill "$watcher" 2>/dev/null || true
  wait "$watcher" 2>/dev/null || true
  echo "  at most $(sort -n "$log" | tail -1) MiB on the GPU"
  rm -f "$log"
  return "$status"
}

parity() {
  local how log
  for how in "--type f32" "--type bf16" "--type bf16 --recorded"; do
    log="$build/parity-${how//[- ]/}.txt"
    echo "== parity, $device, $how: all lines in $log"
    # shellcheck disable=SC2086
    "$build/bin/troupe-wan-parity" --all "$root/src/engine/wan/testdata" --device "$device" $how >"$log" || failed=1
    grep -E '^==| BAD$' "$log" | grep -v ' 0 BAD$' || true
    awk '/compared,/ {all += $1; bad += $3} END {print all + 0 " compared, " bad + 0 " BAD"}' "$log"
  done
}

bench() {
  local common=(--device "$device") size=832x480x81
  if [ "$small" = 1 ]; then
    size=416x240x17
    common+=(--layers 2)
  fi
  local run=("$build/bin/wan_bench" --size "$size" "${common[@]}")
  watched "${run[@]}" --model 1.3b --family t2v --runs 3
  # In 8-bit floats, where the GPU and its libtorch multiply them.
  watched "${run[@]}" --model 1.3b --family t2v --type fp8 --runs 3 || failed=1
  watched "${run[@]}" --model 1.3b --family phantom --references 2 --runs 3
  # Recorded, where the operations are small enough that asking for them may take longer than they do.
  watched "$build/bin/wan_bench" --size 416x240x33 "${common[@]}" --model 1.3b --family t2v --runs 5
  watched "$build/bin/wan_bench" --size 416x240x33 "${common[@]}" --model 1.3b --family t2v --recorded --runs 5
  watched "${run[@]}" --model 14b --family phantom --references 2 --runs 2
  watched "${run[@]}" --model 14b --family phantom --references 2 --type fp8 --runs 2 || failed=1
  watched "${run[@]}" --model 14b --family vace --references 1 --runs 1
  watched "${run[@]}" --taehv --runs 2
  watched "${run[@]}" --vae --runs 1
}

failed=0
if [ -z "$only" ] || [ "$only" = build ]; then
  cmake -S "$root" -B "$build" "${configure[@]}"
  cmake --build "$build" --target troupe-wan-parity wan_bench -j "$(nproc)"
fi
if [ -z "$only" ] || [ "$only" = parity ]; then parity; fi
if [ -z "$only" ] || [ "$only" = bench ]; then bench; fi
exit "$failed"
