// The video BIOS as boot loaders and Windows' own VGA driver ask it (VBE 3.0), and the card's registers.
#include "probe.h"

static bool vbe(u16 function, u32 ebx, u32 ecx)
{
    BIOS_REGS->eax = 0x4F00u | function;
    BIOS_REGS->ebx = ebx;
    BIOS_REGS->ecx = ecx;
    BIOS_REGS->edx = 0;
    BIOS_REGS->edi = 0;
    BIOS_REGS->es = BIOS_BUFFER >> 4;
    BIOS_REGS->ds = 0;
    bios(0x10);
    return (BIOS_REGS->eax & 0xFFFF) == 0x004F;
}

/** Where the first mode that has one says that its linear window is. */
static u32 window;

static void describe_mode(u16 number)
{
    char name[32];
    u8 *info = (u8 *)BIOS_BUFFER;
    memset(info, 0, 256);
    bool known = vbe(1, 0, number);
    u32 width = *(u16 *)(info + 18), height = *(u16 *)(info + 20), bits = info[25];
    format_text(name, sizeof name, "mode%03x", number);
    if (!known) return fact(name, "refused %04x", BIOS_REGS->eax & 0xFFFF);
    u32 at = *(u32 *)(info + 40);
    if (at && !window) window = at;
    begin_list();
    list("%ux%ux%u attributes %04x model %u pitch %u linear-pitch %u at %s masks ", width, height, bits, *(u16 *)info, info[27],
         *(u16 *)(info + 16), *(u16 *)(info + 50), !at ? "none" : at == window ? "the window" : "another place");
    for (u32 i = 31; i < 39; i++) list("%02x", info[i]);
    end_list(name);
}

static void set_mode(u16 number)
{
    char name[16];
    bool taken = vbe(2, number, 0);
    u32 now = vbe(3, 0, 0) ? BIOS_REGS->ebx & 0xFFFF : 0xFFFF;
    u32 pitch = vbe(6, 1, 0) ? BIOS_REGS->ebx & 0xFFFF : 0;
    BIOS_REGS->eax = 3;
    bios(0x10);
    format_text(name, sizeof name, "set%04x", number);
    fact(name, "%s, then mode %04x pitch %u", taken ? "taken" : "refused", now, pitch);
}

void probe_video(void)
{
    static u16 modes[160];
    begin_section("vbe");
    u8 *info = (u8 *)BIOS_BUFFER;
    memset(info, 0, 512);
    memcpy(info, "VBE2", 4);
    if (!vbe(0, 0, 0)) return fact("present", "no");
    fact("version", "%04x", *(u16 *)(info + 4));
    fact("capabilities", "%08x", *(u32 *)(info + 10));
    fact("memory-64k", "%u", *(u16 *)(info + 18));
    const u16 *from = (const u16 *)((u32) * (u16 *)(info + 16) * 16 + *(u16 *)(info + 14));
    u32 n = 0;
    while (n < COUNT_OF(modes) && from[n] != 0xFFFF) modes[n] = from[n], n++;
    fact("modes", "%u", n);
    for (u32 i = 0; i < n; i++) describe_mode(modes[i]);
    fact("window", "%08x", window);
    describe_mode(0x4118); // with the bit that asks for the linear window, as some loaders do
    static const u16 tried[] = { 0x4101, 0x4112, 0x4115, 0x4117, 0x4118, 0x4144 };
    for (u32 i = 0; i < COUNT_OF(tried); i++) set_mode(tried[i]);
    memset(info, 0, 128);
    fact("ddc", "%s", vbe(0x15, 0, 0) ? "yes" : "no");
    BIOS_REGS->eax = 0x0F00;
    bios(0x10);
    fact("current", "%04x", BIOS_REGS->eax & 0xFFFF);

    begin_section("vga");
    fact("misc", "%02x", in8(0x3CC));
    fact("pel-mask", "%02x", in8(0x3C6));
    begin_list();
    for (u8 i = 0; i < 5; i++) out8(0x3C4, i), list("%02x ", in8(0x3C5));
    end_list("sequencer");
    begin_list();
    for (u8 i = 0; i < 9; i++) out8(0x3CE, i), list("%02x ", in8(0x3CF));
    end_list("graphics");
    begin_list();
    for (u8 i = 0; i < 0x19; i++) {
        out8(0x3D4, i);
        u8 value = in8(0x3D5);
        list("%02x ", i >= 0x0A && i <= 0x0F ? 0 : value); // the cursor is where it is
    }
    end_list("crtc");
    out16(0x1CE, 0);
    fact("dispi-id", "%04x", in16(0x1CF));
    u32 seen = 0;
    for (u32 i = 0; i < 400000 && seen != 3; i++) seen |= in8(0x3DA) & 8 ? 1 : 2;
    fact("retrace-toggles", "%s", seen == 3 ? "yes" : "no");
}
