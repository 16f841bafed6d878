#!/bin/sh
# Builds house.iso and probe.iso, each with its .sha256, from the sources in this folder.
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

# disc NAME LABEL "DISC'S NAME" ENTRY FOLDER SOURCES...: NAME.iso from an entry in assembler and C, with FOLDER's files on it.
disc() {
  name=$1 label=$2 spoken=$3 entry=$4 folder=$5
  shift 5
  mkdir "$work/$name"
  nasm -f bin -i boot/ -D "DISC_NAME='$spoken'" -o "$work/$name/loader.bin" boot/loader.asm
  nasm -f elf32 -o "$work/$name/entry.o" "$entry"
  objects="$work/$name/entry.o"
  for source in "$@"; do
    object="$work/$name/$(basename "$source" .c).o"
    # shellcheck disable=SC2086 # the flags are words
    gcc $flags -c "$source" -o "$object"
    objects="$objects $object"
  done
  # shellcheck disable=SC2086
  ld -m elf_i386 --build-id=none -z noexecstack --no-warn-rwx-segments -T link.ld -o "$work/$name/kernel.elf" $objects
  objcopy -O binary -R .bss "$work/$name/kernel.elf" "$work/$name/kernel.bin"
  cat "$work/$name/loader.bin" "$work/$name/kernel.bin" > "$work/$name/boot.bin"
  node make-iso.mjs "$work/$name/boot.bin" "$folder" "$out/$name.iso" "$label"
  (cd "$out" && sha256sum "$name.iso" > "$name.iso.sha256")
  wc -c "$work/$name/boot.bin" "$out/$name.iso" | head -2
}

# A glob is sorted, so the order of linking is always the same.
disc house VITRINE_HOUSE 'house disc' boot/entry.asm disc kernel/*.c
mkdir "$work/nothing" # the probe disc holds nothing but its boot image
disc probe VITRINE_PROBE 'probe disc' probe/entry.asm "$work/nothing" kernel/text.c probe/*.c
