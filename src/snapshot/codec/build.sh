#!/usr/bin/env bash
# Makes pages-wasm.ts from pages.c. Needs clang, lld and llvm (14); the result is committed, so that nobody else does.
set -eu
cd "$(dirname "$0")"
out=$(mktemp)
trap 'rm -f "$out"' EXIT
clang --target=wasm32 -O3 -mbulk-memory -nostdlib -ffreestanding -Wall -Wextra -Werror \
  -Wl,--no-entry,--import-memory,--strip-all,--stack-first,-z,stack-size=65536 -o "$out" pages.c
# A stack would lie in the memory's first 64 KiB, which belong to somebody else: there must be no use of one.
if llvm-objdump-14 -d "$out" | grep -q 'global\.'; then
  echo 'pages.c needs a stack: take no address of a local variable' >&2
  exit 1
fi
{
  echo '/** pages.c as a WebAssembly module, in base64; made by build.sh. */'
  echo 'export const PAGES_WASM ='
  base64 -w 0 "$out" | sed "s/.*/  '&';/"
  echo
} > pages-wasm.ts
wc -c < "$out"
