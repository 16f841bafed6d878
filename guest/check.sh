#!/bin/sh
# Rebuilds the discs into a temporary directory and compares them with the committed ones, bit for bit.
# Another major version of gcc makes other code, so the comparison says which it was made with and skips.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
if ! command -v nasm >/dev/null 2>&1 || ! command -v gcc >/dev/null 2>&1; then
  echo 'skipped: nasm or gcc not installed'
  exit 0
fi
made_with=$(cat "$here/gcc-version")
have=$(gcc -dumpfullversion)
if [ "${made_with%%.*}" != "${have%%.*}" ]; then
  echo "skipped: the discs were built with gcc $made_with, this is gcc $have"
  exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
sh "$here/build.sh" "$work" >/dev/null
for name in house probe; do
  if ! cmp "$work/$name.iso" "$here/$name.iso" || ! cmp "$work/$name.iso.sha256" "$here/$name.iso.sha256"; then
    echo "$name.iso is not what its sources make; run guest/build.sh and commit the result" >&2
    exit 1
  fi
  echo "$name.iso is what its sources make: $(cut -c1-64 "$here/$name.iso.sha256")"
done
