// What the BIOS answers a loader: INT 11h, 12h, 13h, 15h, 16h and 1Ah, and what it left behind.
#include "probe.h"

#define SECTOR_SEGMENT 0x8000u

static void clear_registers(u32 eax)
{
    volatile u8 *p = (volatile u8 *)BIOS_REGS;
    for (u32 i = 0; i < sizeof *BIOS_REGS; i++) p[i] = 0;
    BIOS_REGS->eax = eax;
}

static void show(const char *name)
{
    fact(name, "carry %u ax %04x bx %04x cx %04x dx %04x", BIOS_REGS->flags & BIOS_CARRY, BIOS_REGS->eax & 0xFFFF,
         BIOS_REGS->ebx & 0xFFFF, BIOS_REGS->ecx & 0xFFFF, BIOS_REGS->edx & 0xFFFF);
}

static void ask(const char *name, u8 interrupt, u32 eax, u32 ebx, u32 ecx, u32 edx)
{
    clear_registers(eax);
    BIOS_REGS->ebx = ebx;
    BIOS_REGS->ecx = ecx;
    BIOS_REGS->edx = edx;
    bios(interrupt);
    show(name);
}

static void probe_memory_map(void)
{
    begin_section("e820");
    for (u32 i = 0; i < BOOT_FACTS->memory_entries; i++) {
        const struct memory_entry *m = &MEMORY_MAP[i];
        char name[12];
        format_text(name, sizeof name, "%u", i);
        fact(name, "%08x%08x %08x%08x type %u", (u32)(m->base >> 32), (u32)m->base, (u32)(m->length >> 32), (u32)m->length,
             m->type);
    }
}

static void probe_system_services(void)
{
    begin_section("int15");
    static const u16 functions[] = { 0xE801, 0x8800, 0xC000, 0xC100, 0x2402, 0x2403, 0x5300, 0xE980, 0xEC00 };
    for (u32 i = 0; i < COUNT_OF(functions); i++) {
        char name[8];
        format_text(name, sizeof name, "%04x", functions[i]);
        ask(name, 0x15, functions[i], functions[i] == 0xEC00 ? 2 : 0, 0, 0);
        if (functions[i] == 0xC000 && !(BIOS_REGS->flags & BIOS_CARRY))
            dump("c000.table", (void *)(BIOS_REGS->es * 16u + (BIOS_REGS->ebx & 0xFFFF)), 10);
    }
    begin_section("int1a");
    ask("b101", 0x1A, 0xB101, 0, 0, 0);
    ask("b102.host", 0x1A, 0xB102, 0, 0x1237, 0x8086);
    ask("b103.ide", 0x1A, 0xB103, 0, 0x010180, 0);
    ask("b103.vga", 0x1A, 0xB103, 0, 0x030000, 0);
    ask("b10e", 0x1A, 0xB10E, 0, 0, 0);
    ask("bb00", 0x1A, 0xBB00, 0, 0, 0);
    begin_section("int16");
    ask("02", 0x16, 0x0200, 0, 0, 0);
    ask("09", 0x16, 0x0900, 0, 0, 0);
    begin_section("int");
    clear_registers(0);
    bios(0x11);
    fact("11.equipment", "%04x", BIOS_REGS->eax & 0xFFFF);
    clear_registers(0);
    bios(0x12);
    fact("12.memory", "%u", BIOS_REGS->eax & 0xFFFF);
}

/** AH=42h of `count` sectors from `lba`. */
static void read_extended(const char *name, u32 drive, u32 count, u32 lba)
{
    volatile u8 *packet = (volatile u8 *)BIOS_BUFFER + 0x100;
    for (u32 i = 0; i < 16; i++) packet[i] = 0;
    packet[0] = 16;
    packet[2] = (u8)count;
    *(volatile u16 *)(packet + 6) = SECTOR_SEGMENT;
    *(volatile u32 *)(packet + 8) = lba;
    clear_registers(0x4200);
    BIOS_REGS->edx = drive;
    BIOS_REGS->esi = BIOS_BUFFER + 0x100;
    bios(0x13);
    fact(name, "carry %u ah %02x done %u", BIOS_REGS->flags & BIOS_CARRY, BIOS_REGS->eax >> 8 & 0xFF,
         *(volatile u16 *)(packet + 2));
}

static void probe_drive(const char *label, u32 drive)
{
    char section[24];
    format_text(section, sizeof section, "int13.%s", label);
    begin_section(section);
    ask("08", 0x13, 0x0800, 0, 0, drive);
    ask("15", 0x13, 0x1500, 0, 0, drive);
    ask("41", 0x13, 0x4100, 0x55AA, 0, drive);
    static const u8 sizes[] = { 0x1A, 0x1E, 0x42 };
    for (u32 i = 0; i < COUNT_OF(sizes); i++) {
        char name[20];
        memset((void *)BIOS_BUFFER, 0, 0x60);
        *(volatile u16 *)BIOS_BUFFER = sizes[i];
        clear_registers(0x4800);
        BIOS_REGS->edx = drive;
        BIOS_REGS->esi = BIOS_BUFFER;
        bios(0x13);
        bool failed = BIOS_REGS->flags & BIOS_CARRY;
        format_text(name, sizeof name, "48.size%02x", sizes[i]);
        fact(name, "carry %u ah %02x", failed, BIOS_REGS->eax >> 8 & 0xFF);
        format_text(name, sizeof name, "48.size%02x.table", sizes[i]);
        if (!failed) dump(name, (void *)BIOS_BUFFER, sizes[i]);
    }
    read_extended("42.one", drive, 1, drive >= 0xE0 ? 16 : 0);
    read_extended("42.thirty-two", drive, 32 >> (drive >= 0xE0), drive >= 0xE0 ? 16 : 0);
    read_extended("42.past-end", drive, 1, 0x7FFFFFFF);
    memset((void *)BIOS_BUFFER, 0, 32);
    clear_registers(0x4B01);
    BIOS_REGS->edx = drive;
    BIOS_REGS->esi = BIOS_BUFFER;
    bios(0x13);
    show("4b01");
    if (!(BIOS_REGS->flags & BIOS_CARRY)) dump("4b01.table", (void *)BIOS_BUFFER, 13);
}

void probe_firmware(void)
{
    begin_section("left");
    fact("boot-drive", "%02x", BOOT_FACTS->drive);
    fact("pic-masks", "%02x %02x", in8(0x21), in8(0xA1));
    fact("elcr", "%02x %02x", in8(0x4D0), in8(0x4D1));
    fact("a20", "%02x", in8(0x92) & 2);
    fact("drives-40:75", "%u", *(volatile u8 *)0x475);
    fact("serial-40:00", "%04x %04x %04x %04x", *(volatile u16 *)0x400, *(volatile u16 *)0x402, *(volatile u16 *)0x404,
         *(volatile u16 *)0x406);
    fact("parallel-40:08", "%04x %04x %04x", *(volatile u16 *)0x408, *(volatile u16 *)0x40A, *(volatile u16 *)0x40C);
    fact("ebda-40:0e", "%04x", *(volatile u16 *)0x40E);
    probe_memory_map();
    probe_system_services();
    probe_drive("80", 0x80);
    probe_drive("81", 0x81);
    probe_drive("00", 0x00);
    probe_drive("01", 0x01);
    probe_drive("boot", BOOT_FACTS->drive & 0xFF);
}
