// The chips of the board by their ports: 8259A, 8254, 8237A, MC146818, 16550A, the parallel port, 82077AA, PIIX4's PM block.
#include "probe.h"

static void probe_interrupt_controllers(void)
{
    begin_section("pic");
    out8(0x20, 0x0B), out8(0xA0, 0x0B);
    fact("in-service", "%02x %02x", in8(0x20), in8(0xA0));
    out8(0x20, 0x0A), out8(0xA0, 0x0A);
    u8 low = in8(0x4D0), high = in8(0x4D1), master = in8(0x21), slave = in8(0xA1);
    out8(0x4D0, 0xFF), out8(0x4D1, 0xFF);
    fact("elcr-writable", "%02x %02x", in8(0x4D0), in8(0x4D1));
    out8(0x4D0, low), out8(0x4D1, high);
    out8(0x21, 0x5A), out8(0xA1, 0xA5);
    fact("masks-kept", "%02x %02x", in8(0x21), in8(0xA1));
    out8(0x21, master), out8(0xA1, slave);
}

static void probe_timer(void)
{
    begin_section("pit");
    fact("control-read", "%02x", in8(0x43));
    for (u32 channel = 0; channel < 3; channel++) {
        char name[24];
        out8(0x43, (u8)(0xE0 | 2 << channel)); // read back the status alone
        format_text(name, sizeof name, "status%u", channel);
        fact(name, "%02x", in8((u16)(0x40 + channel)) & 0x7F); // without the output, which is the time's
    }
    u8 p61 = in8(0x61);
    out8(0x61, p61 & 0xFC);
    out8(0x43, 0xB0), out8(0x42, 0xFF), out8(0x42, 0xFF); // channel 2, mode 0, gate closed
    out8(0x43, 0x80);
    u32 first = in8(0x42);
    first |= (u32)in8(0x42) << 8;
    pause_us(2000);
    out8(0x43, 0x80);
    u32 second = in8(0x42);
    second |= (u32)in8(0x42) << 8;
    fact("gate-closed-counts", "%s", first == second ? "no" : "yes");
    out8(0x43, 0xB6), out8(0x42, 0x00), out8(0x42, 0x10); // mode 3
    out8(0x43, 0xE8);
    fact("status2-mode3", "%02x", in8(0x42) & 0x3F);
    out8(0x43, 0xBA), out8(0x42, 0x00), out8(0x42, 0x10); // mode 5
    out8(0x43, 0xE8);
    fact("status2-mode5", "%02x", in8(0x42) & 0x3F);
    out8(0x43, 0xB0);
    out8(0x61, p61);
    begin_section("port61");
    fact("kept", "%02x", p61 & 0x0F);
    out8(0x61, (u8)(p61 | 0x0D));
    fact("writable", "%02x", in8(0x61) & 0x0F);
    out8(0x61, p61);
    u32 changes = 0;
    u8 last = in8(0x61) & 0x10;
    for (u32 i = 0; i < 2000; i++) {
        u8 now = in8(0x61) & 0x10;
        changes += now != last;
        last = now;
    }
    fact("refresh-toggles", "%s", changes ? "yes" : "no");
}

static void probe_dma(void)
{
    begin_section("dma");
    begin_list();
    for (u16 port = 0x80; port < 0x90; port++) {
        u8 old = in8(port);
        out8(port, 0x5A);
        list("%02x ", in8(port));
        out8(port, old);
    }
    end_list("pages-writable");
    out8(0x0C, 0), out8(0x06, 0x34), out8(0x06, 0x12), out8(0x0C, 0); // channel 3's address through its flip-flop
    u32 low = in8(6);
    fact("address3", "%02x%02x", in8(6), low);
    fact("status", "%02x", in8(0x08) & 0x0F);
    fact("status2", "%02x", in8(0xD0) & 0x0F);
}

static u8 cmos(u8 index)
{
    out8(0x70, index);
    return in8(0x71);
}

static void probe_cmos(void)
{
    begin_section("cmos");
    for (u8 i = 0x0A; i < 0x80; i++) {
        char name[4];
        format_text(name, sizeof name, "%02x", i);
        if (i == 0x0C) continue; // reading it takes what it has
        fact(name, "%02x", i == 0x0A ? cmos(i) & 0x7F : cmos(i));
    }
    fact("index-read", "%02x", in8(0x70));
}

static void probe_serial(const char *section, u16 base)
{
    begin_section(section);
    // COM1 is the line this is said on: only what does not disturb it.
    u8 line_control = in8(base + 3), modem = in8(base + 4), enable = in8(base + 1);
    fact("identify", "%02x", in8(base + 2) & 0xCF);
    out8(base + 7, 0x5A);
    fact("scratch", "%02x", in8(base + 7));
    out8(base + 1, 0xFF);
    fact("enable-writable", "%02x", in8(base + 1));
    out8(base + 1, enable);
    for (u32 i = 0; i < 100000 && !(in8(base + 5) & 0x40); i++) {} // the last letter is out before the loop is closed
    out8(base + 4, 0x1A);
    u8 loop_a = in8(base + 6) & 0xF0;
    out8(base + 4, 0x1F);
    u8 loop_f = in8(base + 6) & 0xF0;
    out8(base + 4, 0xFF);
    u8 kept = in8(base + 4);
    out8(base + 4, modem);
    fact("loop-1a", "%02x", loop_a);
    fact("loop-1f", "%02x", loop_f);
    fact("modem-control-writable", "%02x", kept);
    fact("modem-status", "%02x", in8(base + 6) & 0xF0);
    fact("line-control", "%02x", line_control);
}

static void probe_parallel(void)
{
    begin_section("lpt");
    static const u16 bases[] = { 0x378, 0x278, 0x3BC };
    for (u32 i = 0; i < COUNT_OF(bases); i++) {
        char name[8];
        format_text(name, sizeof name, "%03x", bases[i]);
        out8(bases[i], 0xAA);
        u8 first = in8(bases[i]);
        out8(bases[i], 0x55);
        u8 second = in8(bases[i]);
        out8((u16)(bases[i] + 2), 0x0C);
        fact(name, "data %02x %02x status %02x control %02x extended %02x", first, second, in8((u16)(bases[i] + 1)),
             in8((u16)(bases[i] + 2)), in8((u16)(bases[i] + 0x402)));
    }
}

static bool floppy_ready(void) { return (in8(0x3F4) & 0xC0) == 0x80; }

static void floppy_command(const char *name, const u8 *bytes, u32 count)
{
    for (u32 i = 0; i < count; i++) {
        if (!until(floppy_ready, 50)) return fact(name, "not taken at byte %u", i);
        out8(0x3F5, bytes[i]);
    }
    wait_ms(5);
    begin_list();
    u32 got = 0;
    while (got < 16 && (in8(0x3F4) & 0xC0) == 0xC0) list("%02x ", in8(0x3F5)), got++, pause_us(50);
    if (!got) list("nothing");
    end_list(name);
}
#define FLOPPY(name, ...) floppy_command(name, (const u8[]){ __VA_ARGS__ }, sizeof((const u8[]){ __VA_ARGS__ }))

static void probe_floppy(void)
{
    begin_section("fdc");
    out8(0x3F2, 0x00);
    wait_ms(2);
    out8(0x3F2, 0x0C);
    wait_ms(20);
    fact("main-status", "%02x", in8(0x3F4));
    for (u32 i = 0; i < 4; i++) floppy_command("sense-after-reset", (const u8[]){ 0x08 }, 1);
    FLOPPY("version", 0x10);
    FLOPPY("configure", 0x13, 0x00, 0x57, 0x00);
    FLOPPY("specify", 0x03, 0xDF, 0x02);
    FLOPPY("lock", 0x94);
    FLOPPY("unlock", 0x14);
    FLOPPY("perpendicular", 0x12, 0x80);
    FLOPPY("drive-status-a", 0x04, 0x00);
    FLOPPY("drive-status-b", 0x04, 0x01);
    FLOPPY("unknown", 0x1F);
    fact("direction", "%02x", in8(0x3F7) & 0x80);
}

static void probe_power_block(void)
{
    begin_section("pm");
    if (!pm_timer) return fact("block", "none");
    u16 base = (u16)(pm_timer - 8);
    fact("status", "%04x", in16(base) & 0xFFFE); // the timer's carry is the time's
    fact("enable", "%04x", in16((u16)(base + 2)));
    fact("control", "%04x", in16((u16)(base + 4)));
    fact("gpe", "%02x %02x %02x %02x", in8(0xAFE0), in8(0xAFE1), in8(0xAFE2), in8(0xAFE3));
    out16((u16)(base + 2), 0x0121);
    fact("enable-writable", "%04x", in16((u16)(base + 2)));
    out16((u16)(base + 2), 0);
    u32 backwards = 0, last = in32(pm_timer);
    for (u32 i = 0; i < 20000; i++) {
        u32 now = in32(pm_timer);
        if (((now - last) & 0xFFFFFF) > 0x800000) backwards++;
        last = now;
    }
    fact("timer-backwards", "%u", backwards);
    fact("timer-upper-byte", "%02x", in32(pm_timer) >> 24);
}

static void probe_others(void)
{
    begin_section("port");
    static const u16 ports[] = { 0x92, 0xB2, 0xB3, 0x2E, 0x4E, 0x201, 0xF0, 0xCF9, 0x220, 0x388, 0x330, 0x402, 0xE9 };
    for (u32 i = 0; i < COUNT_OF(ports); i++) {
        char name[8];
        format_text(name, sizeof name, "%03x", ports[i]);
        fact(name, "%02x", in8(ports[i]));
    }
    begin_section("memory");
    static const u32 places[] = { 0x80000000, 0xC0000000, 0xD0000000, 0xFEC01000, 0xFED00000, 0xFED40000, 0xFEE01000 };
    for (u32 i = 0; i < COUNT_OF(places); i++) {
        char name[12];
        format_text(name, sizeof name, "%08x", places[i]);
        fact(name, "%08x", *(volatile u32 *)places[i]);
    }
    static const u32 roms[] = { 0xC0010, 0xC8000, 0xD0000, 0xE8000, 0xF0010 };
    for (u32 i = 0; i < COUNT_OF(roms); i++) {
        char name[24];
        volatile u8 *p = (volatile u8 *)roms[i];
        u8 old = *p;
        *p = (u8)~old;
        u8 now = *p;
        *p = old;
        format_text(name, sizeof name, "%05x-writable", roms[i]);
        fact(name, "%s", now == old ? "no" : "yes");
    }
}

void probe_ports(void)
{
    probe_interrupt_controllers();
    probe_timer();
    probe_dma();
    probe_cmos();
    probe_serial("com1", 0x3F8);
    probe_serial("com2", 0x2F8);
    probe_parallel();
    probe_floppy();
    probe_power_block();
    probe_others();
}
