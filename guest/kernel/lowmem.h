// What the loader leaves below 1 MiB. boot/lowmem.asm has the same addresses.
#pragma once
#include "base.h"

struct bios_registers {
    u32 eax, ebx, ecx, edx, esi, edi, ebp;
    u16 ds, es, flags;
    u8 interrupt, unused;
};
struct boot_facts { u32 drive; u32 memory_entries; };
struct memory_entry { u64 base, length; u32 type, attributes; };

#define BIOS_REGS ((volatile struct bios_registers *)0x500)
#define BOOT_FACTS ((const volatile struct boot_facts *)0x600)
#define MEMORY_MAP ((const struct memory_entry *)0x800)
/** 4 KiB the BIOS can reach in real mode. */
#define BIOS_BUFFER 0x2000u
#define BIOS_CARRY 1

/** One BIOS interrupt in real mode with the registers of BIOS_REGS; no interrupt reaches the
    kernel meanwhile. */
void bios(u8 interrupt);
