#include "keys.h"
#include "glass.h"
#include "layout.h"

// Every key by its scan code of set 1, its row (0 is the function row), where it begins and how wide it
// is in quarters of a key, and its label. A European 105-key layout; labels are those of the US keyboard.
struct key { u16 code; u8 row, at, width; const char *label; };
#define TALL 0x80 // in row: reaches over the next row as well

static const struct key keys[] = {
    { 0x01, 0, 0, 4, "Esc" }, { 0x3B, 0, 8, 4, "F1" }, { 0x3C, 0, 12, 4, "F2" }, { 0x3D, 0, 16, 4, "F3" },
    { 0x3E, 0, 20, 4, "F4" }, { 0x3F, 0, 26, 4, "F5" }, { 0x40, 0, 30, 4, "F6" }, { 0x41, 0, 34, 4, "F7" },
    { 0x42, 0, 38, 4, "F8" }, { 0x43, 0, 44, 4, "F9" }, { 0x44, 0, 48, 4, "F10" }, { 0x57, 0, 52, 4, "F11" },
    { 0x58, 0, 56, 4, "F12" }, { 0xE037, 0, 61, 4, "Print" }, { 0x46, 0, 65, 4, "Scroll" }, { 0x1D45, 0, 69, 4, "Pause" },

    { 0x29, 1, 0, 4, "`" }, { 0x02, 1, 4, 4, "1" }, { 0x03, 1, 8, 4, "2" }, { 0x04, 1, 12, 4, "3" }, { 0x05, 1, 16, 4, "4" },
    { 0x06, 1, 20, 4, "5" }, { 0x07, 1, 24, 4, "6" }, { 0x08, 1, 28, 4, "7" }, { 0x09, 1, 32, 4, "8" }, { 0x0A, 1, 36, 4, "9" },
    { 0x0B, 1, 40, 4, "0" }, { 0x0C, 1, 44, 4, "-" }, { 0x0D, 1, 48, 4, "=" }, { 0x0E, 1, 52, 8, "\6" },
    { 0xE052, 1, 61, 4, "Ins" }, { 0xE047, 1, 65, 4, "Home" }, { 0xE049, 1, 69, 4, "PgUp" },
    { 0x45, 1, 74, 4, "Num" }, { 0xE035, 1, 78, 4, "/" }, { 0x37, 1, 82, 4, "*" }, { 0x4A, 1, 86, 4, "-" },

    { 0x0F, 2, 0, 6, "Tab" }, { 0x10, 2, 6, 4, "Q" }, { 0x11, 2, 10, 4, "W" }, { 0x12, 2, 14, 4, "E" }, { 0x13, 2, 18, 4, "R" },
    { 0x14, 2, 22, 4, "T" }, { 0x15, 2, 26, 4, "Y" }, { 0x16, 2, 30, 4, "U" }, { 0x17, 2, 34, 4, "I" }, { 0x18, 2, 38, 4, "O" },
    { 0x19, 2, 42, 4, "P" }, { 0x1A, 2, 46, 4, "[" }, { 0x1B, 2, 50, 5, "]" }, { 0x1C, 2 | TALL, 55, 5, "\10" },
    { 0xE053, 2, 61, 4, "Del" }, { 0xE04F, 2, 65, 4, "End" }, { 0xE051, 2, 69, 4, "PgDn" },
    { 0x47, 2, 74, 4, "7" }, { 0x48, 2, 78, 4, "8" }, { 0x49, 2, 82, 4, "9" }, { 0x4E, 2 | TALL, 86, 4, "+" },

    { 0x3A, 3, 0, 7, "Caps" }, { 0x1E, 3, 7, 4, "A" }, { 0x1F, 3, 11, 4, "S" }, { 0x20, 3, 15, 4, "D" }, { 0x21, 3, 19, 4, "F" },
    { 0x22, 3, 23, 4, "G" }, { 0x23, 3, 27, 4, "H" }, { 0x24, 3, 31, 4, "J" }, { 0x25, 3, 35, 4, "K" }, { 0x26, 3, 39, 4, "L" },
    { 0x27, 3, 43, 4, ";" }, { 0x28, 3, 47, 4, "'" }, { 0x2B, 3, 51, 4, "\\" },
    { 0x4B, 3, 74, 4, "4" }, { 0x4C, 3, 78, 4, "5" }, { 0x4D, 3, 82, 4, "6" },

    { 0x2A, 4, 0, 5, "Shift" }, { 0x56, 4, 5, 4, "<" }, { 0x2C, 4, 9, 4, "Z" }, { 0x2D, 4, 13, 4, "X" }, { 0x2E, 4, 17, 4, "C" },
    { 0x2F, 4, 21, 4, "V" }, { 0x30, 4, 25, 4, "B" }, { 0x31, 4, 29, 4, "N" }, { 0x32, 4, 33, 4, "M" }, { 0x33, 4, 37, 4, "," },
    { 0x34, 4, 41, 4, "." }, { 0x35, 4, 45, 4, "/" }, { 0x36, 4, 49, 11, "Shift" }, { 0xE048, 4, 65, 4, "\4" },
    { 0x4F, 4, 74, 4, "1" }, { 0x50, 4, 78, 4, "2" }, { 0x51, 4, 82, 4, "3" }, { 0xE01C, 4 | TALL, 86, 4, "\10" },

    { 0x1D, 5, 0, 5, "Ctrl" }, { 0xE05B, 5, 5, 5, "\17" }, { 0x38, 5, 10, 5, "Alt" }, { 0x39, 5, 15, 25, "" },
    { 0xE038, 5, 40, 5, "AltGr" }, { 0xE05C, 5, 45, 5, "\17" }, { 0xE05D, 5, 50, 5, "\16" }, { 0xE01D, 5, 55, 5, "Ctrl" },
    { 0xE04B, 5, 61, 4, "\6" }, { 0xE050, 5, 65, 4, "\5" }, { 0xE04D, 5, 69, 4, "\7" },
    { 0x52, 5, 74, 8, "0" }, { 0x53, 5, 82, 4, "." },
};
_Static_assert(COUNT_OF(keys) == 105, "one hundred and five keys");

static bool held[COUNT_OF(keys)];

static struct rect key_rect(const struct key *k)
{
    struct rect board = KEYBOARD;
    i32 pad = sx(12), row = k->row & 7, gap = sx(3) < 2 ? 2 : sx(3);
    i32 inner_w = board.w - 2 * pad, row_h = (board.h - 2 * pad - sy(8)) / 6;
    i32 x0 = board.x + pad + inner_w * k->at / 90, x1 = board.x + pad + inner_w * (k->at + k->width) / 90;
    i32 y0 = board.y + pad + row * row_h + (row ? sy(8) : 0);
    return (struct rect){ x0, y0, x1 - x0 - gap, row_h * (k->row & TALL ? 2 : 1) - gap };
}

static void draw_key(const struct key *k, bool lit)
{
    struct rect r = key_rect(k);
    draw_key_face(r, sx(5), lit ? 256 : 0);
    bool word = k->label[0] && k->label[1];
    struct font font = !word ? face(15, 8) : length_of(k->label) > 5 ? face(11, 8) : face(12, 8);
    draw_text_centred(font, r.x + r.w / 2, r.y + r.h / 2 + font.size * 35 / 100, k->label, lit ? 0xFF04303A : 0xE0EAFBF7);
}

static const struct key *key_of(u32 code)
{
    if (code == 0xE11D45) code = 0x1D45; // Pause
    if (code == 0x54) code = 0xE037;     // Print with Alt
    if (code == 0xE046) code = 0x1D45;   // Pause with Ctrl
    for (u32 i = 0; i < COUNT_OF(keys); i++)
        if (keys[i].code == code) return &keys[i];
    return NULL;
}

void draw_keyboard(void)
{
    draw_glass(KEYBOARD, sx(10));
    for (u32 i = 0; i < COUNT_OF(keys); i++) draw_key(&keys[i], false);
}

struct rect light_key(u32 code, bool down)
{
    const struct key *k = key_of(code);
    if (!k) return (struct rect){ 0, 0, 0, 0 };
    bool *state = &held[k - keys];
    struct rect r = key_rect(k);
    if (*state == down) return (struct rect){ 0, 0, 0, 0 };
    *state = down;
    canvas_restore(r);
    if (down) draw_key(k, true);
    return r;
}

void light_keys_again(void)
{
    for (u32 i = 0; i < COUNT_OF(keys); i++)
        if (held[i]) draw_key(&keys[i], true);
}
