// The hard disk and the CD drive as ATA devices: signatures, IDENTIFY, which commands are taken, the bus master (ATA/ATAPI-6).
#include "probe.h"

static u16 base, control;
static bool not_busy(void) { return !(in8(control) & 0x80); }

static void select(u8 device)
{
    out8((u16)(base + 6), device);
    for (u32 i = 0; i < 4; i++) in8(control);
}

static void registers(const char *name)
{
    fact(name, "error %02x count %02x lba %02x %02x %02x status %02x", in8((u16)(base + 1)), in8((u16)(base + 2)),
         in8((u16)(base + 3)), in8((u16)(base + 4)), in8((u16)(base + 5)), in8((u16)(base + 7)));
}

static u32 take_words(void)
{
    u32 words = 0;
    for (u32 i = 0; i < 65536 && in8(control) & 8; i++) in16(base), words++;
    return words;
}

static void identify(const char *label, u8 device, u8 code)
{
    static u16 words[256];
    char name[32];
    select(device);
    until(not_busy, 500);
    for (u16 i = 1; i < 6; i++) out8((u16)(base + i), 0);
    out8((u16)(base + 7), code);
    until(not_busy, 1000);
    if (!(in8(control) & 8)) {
        format_text(name, sizeof name, "%s.refused", label);
        fact(name, "status %02x error %02x", in8((u16)(base + 7)), in8((u16)(base + 1)));
        return;
    }
    in16_block(base, words, 256);
    for (u32 i = 0; i < 128; i++) {
        bool shown = words[i] || i == 47 || i == 49 || i == 53 || i == 59 || i == 63 || i == 64 || i == 80 || i == 88;
        if (!shown || (i >= 10 && i < 20) || (i >= 23 && i < 47)) continue; // names and serial numbers are its own
        format_text(name, sizeof name, "%s.word%03u", label, i);
        fact(name, "%04x", words[i]);
    }
    format_text(name, sizeof name, "%s.word255", label);
    fact(name, "%04x", words[255]);
}

static void try_command(const char *label, u8 device, u8 code, u8 feature, u8 count, u8 low)
{
    select(device);
    until(not_busy, 500);
    out8((u16)(base + 1), feature);
    out8((u16)(base + 2), count);
    out8((u16)(base + 3), low);
    out8((u16)(base + 4), code == 0xB0 ? 0x4F : 0);
    out8((u16)(base + 5), code == 0xB0 ? 0xC2 : 0);
    out8((u16)(base + 7), code);
    bool came = until(not_busy, 1500);
    u32 words = take_words();
    fact(label, "%sstatus %02x error %02x words %u", came ? "" : "never ready, ", in8((u16)(base + 7)) & 0xEF, in8((u16)(base + 1)),
         words);
}

static void try_commands(const char *label, u8 device)
{
    static const struct { const char *name; u8 code, feature, count, lba; } tried[] = {
        { "00.nop", 0x00, 0, 0, 0 }, { "08.reset", 0x08, 0, 0, 0 }, { "10.recalibrate", 0x10, 0, 0, 0 },
        { "91.parameters", 0x91, 0, 63, 0 }, { "70.seek", 0x70, 0, 0, 1 }, { "ef-03.pio4", 0xEF, 3, 0x0C, 0 },
        { "ef-03.mwdma2", 0xEF, 3, 0x22, 0 }, { "ef-03.udma5", 0xEF, 3, 0x45, 0 }, { "ef-02.cache", 0xEF, 2, 0, 0 },
        { "ef-82.no-cache", 0xEF, 0x82, 0, 0 }, { "ef-02.cache-again", 0xEF, 2, 0, 0 }, { "ef-aa.look-ahead", 0xEF, 0xAA, 0, 0 },
        { "ef-95.notify", 0xEF, 0x95, 0, 0 }, { "ef-31.no-notify", 0xEF, 0x31, 0, 0 }, { "ef-5d.release", 0xEF, 0x5D, 0, 0 },
        { "ef-99.unknown", 0xEF, 0x99, 0, 0 }, { "c6.16", 0xC6, 0, 16, 0 }, { "c6.3", 0xC6, 0, 3, 0 }, { "c6.128", 0xC6, 0, 128, 0 },
        { "c6.16-again", 0xC6, 0, 16, 0 }, { "f5.freeze", 0xF5, 0, 0, 0 }, { "f8.native", 0xF8, 0, 0, 1 },
        { "b0-da.smart", 0xB0, 0xDA, 0, 0 }, { "da.media", 0xDA, 0, 0, 0 }, { "de.lock", 0xDE, 0, 0, 0 }, { "e5.power", 0xE5, 0, 0, 0 },
        { "e1.idle", 0xE1, 0, 0, 0 }, { "e0.standby", 0xE0, 0, 0, 0 }, { "e7.flush", 0xE7, 0, 0, 0 }, { "ea.flush-ext", 0xEA, 0, 0, 0 },
        { "40.verify", 0x40, 0, 1, 1 }, { "41.verify", 0x41, 0, 1, 1 }, { "20.read", 0x20, 0, 1, 1 }, { "21.read", 0x21, 0, 1, 1 },
        { "c4.read-multiple", 0xC4, 0, 1, 1 }, { "24.read-ext", 0x24, 0, 1, 1 }, { "2f.log", 0x2F, 0, 1, 0 }, { "b1.overlay", 0xB1, 0xC2, 0, 0 },
        { "60.queued", 0x60, 0, 1, 0 }, { "ff.unknown", 0xFF, 0, 0, 0 }, { "90.diagnostic", 0x90, 0, 0, 0 },
    };
    for (u32 i = 0; i < COUNT_OF(tried); i++) {
        char name[48];
        format_text(name, sizeof name, "%s.%s", label, tried[i].name);
        try_command(name, (u8)(device | (tried[i].lba ? 0x40 : 0)), tried[i].code, tried[i].feature, tried[i].count, tried[i].lba);
    }
}

static void reset_channel(const char *label)
{
    char name[32];
    out8(control, 0x0A); // nIEN stays: nobody listens
    pause_us(20);
    out8(control, 0x0E);
    pause_us(50);
    out8(control, 0x0A);
    until(not_busy, 3000);
    pause_us(5000);
    select(0xA0);
    format_text(name, sizeof name, "%s.signature", label);
    registers(name);
    select(0xB0);
    format_text(name, sizeof name, "%s.signature-second", label);
    registers(name);
    select(0xA0);
}

static void probe_bus_master(void)
{
    begin_section("busmaster");
    u16 port = 0;
    for (u32 device = 0; device < 32; device++)
        for (u32 function = 0; function < 8; function++)
            if (pci_read32(device, function, 8) >> 16 == 0x0101) port = (u16)(pci_read32(device, function, 0x20) & 0xFFF0);
    if (!port) return fact("port", "none");
    for (u16 i = 0; i < 2; i++) {
        char name[24];
        u16 p = (u16)(port + i * 8);
        out8((u16)(p + 2), 0x66);
        format_text(name, sizeof name, "%u.status", i);
        fact(name, "%02x", in8((u16)(p + 2)));
        out32((u16)(p + 4), 0x00345678);
        format_text(name, sizeof name, "%u.table", i);
        fact(name, "%08x word %04x byte %02x", in32((u16)(p + 4)), in16((u16)(p + 4)), in8((u16)(p + 4)));
        out32((u16)(p + 4), 0);
        format_text(name, sizeof name, "%u.command", i);
        out8(p, 0x08);
        fact(name, "%02x", in8(p));
        out8(p, 0);
    }
}

void probe_ata(void)
{
    begin_section("disk");
    base = 0x1F0, control = 0x3F6;
    reset_channel("first");
    identify("identify", 0xA0, 0xEC);
    identify("packet", 0xA0, 0xA1);
    try_commands("does", 0xA0);
    begin_section("cd");
    base = 0x170, control = 0x376;
    reset_channel("second");
    identify("identify", 0xA0, 0xEC);
    identify("packet", 0xA0, 0xA1);
    begin_section("nobody");
    base = 0x1F0, control = 0x3F6;
    select(0xB0);
    fact("second-of-first", "%02x", in8(control));
    select(0xA0);
    probe_bus_master();
}
