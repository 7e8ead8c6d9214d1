#!/bin/sh
# Draws the samples again: render.sh [name ...], e.g. render.sh fox village. Without names: all of them.
# Needs python3, rsvg-convert (Debian: librsvg2-bin), ffmpeg and optipng.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ $# -gt 0 ] || set -- fox village mira robot landscape cat lamp
for name in "$@"; do
  python3 "$name.py" "$work"
done
# Steps of four in every channel make the files a third smaller. Nobody sees them, but for a plain studio wall.
for drawing in "$work"/*.svg; do
  name=$(basename "$drawing" .svg)
  case $name in robot) step=1 ;; *) step=4 ;; esac
  coarse="if(gte(val,254),255,round(val/$step)*$step)"
  rsvg-convert "$drawing" -o "$work/fine.png"
  ffmpeg -v error -y -i "$work/fine.png" -vf "format=rgba,lutrgb=r='$coarse':g='$coarse':b='$coarse':a='$coarse'" \
    -update 1 "$work/coarse.png"
  rm -f "../$name.png"
  optipng -quiet -o2 "$work/coarse.png" -out "../$name.png"
done
