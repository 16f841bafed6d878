#!/bin/sh
# Rebuilds the house disc into a temporary directory and compares it with the committed one, bit for bit.
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
  echo "skipped: house.iso was built with gcc $made_with, this is gcc $have"
  exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
sh "$here/build.sh" "$work" >/dev/null
if cmp "$work/house.iso" "$here/house.iso" && cmp "$work/house.iso.sha256" "$here/house.iso.sha256"; then
  echo "house.iso is what its sources make: $(cut -c1-64 "$here/house.iso.sha256")"
else
  echo 'house.iso is not what its sources make; run guest/build.sh and commit the result' >&2
  exit 1
fi
