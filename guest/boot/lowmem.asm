; Where things live below 1 MiB. kernel/lowmem.h says the same to C; keep the two together.
;
;   0x00500  registers of a BIOS call            (struct bios_registers)
;   0x00600  facts from the loader               (struct boot_facts)
;   0x00800  E820 memory map, 24 bytes an entry
;   0x02000  4 KiB buffer handed to the BIOS
;   0x03000  real-mode stack, growing down from 0x7000
;   0x07C00  the loader; it stays, because the way back into the BIOS is in it
;   0x10000  the kernel's code and data; its zeroed memory begins at 1 MiB
BIOS_REGS       equ 0x0500
BOOT_FACTS      equ 0x0600
E820_MAP        equ 0x0800
E820_MAX        equ 100
REAL_STACK      equ 0x7000
LOADER          equ 0x7C00
BIOS_CALL       equ 0x8000
KERNEL          equ 0x10000
