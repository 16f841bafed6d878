#!/bin/sh
# Builds house.iso and house.iso.sha256 from the sources in this folder.
# The same tools give the same bytes: nothing here knows the date, the host or the path.
#   guest/build.sh            writes beside this script
#   guest/build.sh DIRECTORY  writes there
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=${1:-$here}
mkdir -p "$out"
out=$(cd "$out" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$here"

flags='-m32 -march=i686 -mtune=generic -std=gnu11 -O2 -ffreestanding -nostdlib -fno-builtin -fno-pic -fno-pie
  -fno-stack-protector -fcf-protection=none -fno-asynchronous-unwind-tables -fno-ident -fno-common
  -fno-strict-aliasing --param=min-pagesize=0 -fno-tree-loop-distribute-patterns -mgeneral-regs-only -Wall -Wextra -Wstrict-prototypes'

nasm -f bin -i boot/ -o "$work/loader.bin" boot/loader.asm
nasm -f elf32 -o "$work/entry.o" boot/entry.asm
objects="$work/entry.o"
for source in kernel/*.c; do # a glob is sorted, so the order of linking is always the same
  object="$work/$(basename "$source" .c).o"
  # shellcheck disable=SC2086 # the flags are words
  gcc $flags -c "$source" -o "$object"
  objects="$objects $object"
done
# shellcheck disable=SC2086
ld -m elf_i386 --build-id=none -z noexecstack --no-warn-rwx-segments -T link.ld -o "$work/kernel.elf" $objects
objcopy -O binary -R .bss "$work/kernel.elf" "$work/kernel.bin"
cat "$work/loader.bin" "$work/kernel.bin" > "$work/boot.bin"
node make-iso.mjs "$work/boot.bin" disc "$out/house.iso"
(cd "$out" && sha256sum house.iso > house.iso.sha256)
wc -c "$work/boot.bin" "$out/house.iso" | head -2
