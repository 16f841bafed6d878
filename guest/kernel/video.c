#include "video.h"
#include "lowmem.h"
#include "serial.h"

#define MAX_MODES 128

static struct video_mode modes[MAX_MODES], mode = { VIDEO_TEXT, 80, 25, 0, 160, (u8 *)0xB8000, 3 };
static u32 count, memory_kib;

static bool vbe(u16 function, u32 ebx, u32 ecx)
{
    BIOS_REGS->eax = 0x4F00u | function;
    BIOS_REGS->ebx = ebx;
    BIOS_REGS->ecx = ecx;
    BIOS_REGS->edx = 0;
    BIOS_REGS->edi = BIOS_BUFFER & 15;
    BIOS_REGS->es = BIOS_BUFFER >> 4;
    BIOS_REGS->ds = 0;
    bios(0x10);
    return (BIOS_REGS->eax & 0xFFFF) == 0x004F;
}

static void read_mode(u16 number)
{
    u8 *info = (u8 *)BIOS_BUFFER;
    memset(info, 0, 256);
    if (!vbe(1, 0, number)) return;
    u16 attributes = *(u16 *)info;
    u8 bpp = info[25], model = info[27], green = info[33];
    if ((attributes & 0x99) != 0x99) return; // supported, colour, graphics, linear
    if (model != 4 && model != 6) return;    // packed pixels or direct colour
    if (bpp == 16 && green == 5) bpp = 15;   // some cards call 5:5:5 sixteen bits
    modes[count++] = (struct video_mode){ VIDEO_LINEAR, *(u16 *)(info + 18), *(u16 *)(info + 20), bpp,
                                          *(u16 *)(info + 16), (u8 *)*(u32 *)(info + 40), number };
}

void start_video(void)
{
    u8 *info = (u8 *)BIOS_BUFFER;
    static u16 numbers[MAX_MODES];
    memset(info, 0, 512);
    memcpy(info, "VBE2", 4);
    if (!vbe(0, 0, 0) || memcmp(info, "VESA", 4)) return;
    memory_kib = *(u16 *)(info + 18) * 64u;
    // The list may lie in the buffer that the next question overwrites, so it is copied first.
    const u16 *list = (const u16 *)((u32) * (u16 *)(info + 16) * 16 + *(u16 *)(info + 14));
    u32 n = 0;
    while (n < MAX_MODES && list[n] != 0xFFFF) numbers[n] = list[n], n++;
    for (u32 i = 0; i < n; i++) read_mode(numbers[i]);
}

const struct video_mode *current_mode(void) { return &mode; }
u32 video_mode_count(void) { return count; }
const struct video_mode *video_mode_at(u32 index) { return &modes[index]; }
u32 video_memory_kib(void) { return memory_kib; }

static void announce(void) { say("MODE %u %u %u", mode.width, mode.height, mode.bpp); }

bool set_linear_mode(u32 width, u32 height, u32 bpp)
{
    for (u32 i = 0; i < count; i++) {
        if (modes[i].width != width || modes[i].height != height || modes[i].bpp != bpp) continue;
        if (!vbe(2, 0x4000u | modes[i].number, 0)) continue;
        mode = modes[i];
        announce();
        return true;
    }
    return false;
}

static void bios_mode(u8 number)
{
    BIOS_REGS->eax = number;
    bios(0x10);
}

void set_text_mode(void)
{
    bios_mode(3);
    mode = (struct video_mode){ VIDEO_TEXT, 80, 25, 0, 160, (u8 *)0xB8000, 3 };
    announce();
}

void set_mode13(void)
{
    bios_mode(0x13);
    mode = (struct video_mode){ VIDEO_MODE13, 320, 200, 8, 320, (u8 *)0xA0000, 0x13 };
    announce();
}

void set_planar_mode(void)
{
    bios_mode(0x12);
    mode = (struct video_mode){ VIDEO_PLANAR, 640, 480, 4, 80, (u8 *)0xA0000, 0x12 };
    announce();
}

void set_palette(u8 index, u8 red, u8 green, u8 blue)
{
    out8(0x3C8, index);
    out8(0x3C9, red);
    out8(0x3C9, green);
    out8(0x3C9, blue);
}
