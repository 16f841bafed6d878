#!/bin/sh
# Installs Windows 7 from your own disc on a disk image for Vitrine. See README.md in this folder.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
tsx="$here/../node_modules/tsx/dist/loader.mjs"

if ! command -v node >/dev/null 2>&1; then
  echo "Node.js is needed (version 20.19 or later): https://nodejs.org" >&2
  exit 2
fi
if [ ! -f "$tsx" ]; then
  echo "Run \"npm ci\" once in $(dirname -- "$here"), then try again." >&2
  exit 2
fi
# In one process, so that Ctrl+C reaches the script itself.
exec node --import "$tsx" "$here/windows7.ts" "$@"
