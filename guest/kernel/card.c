#include "card.h"
#include "video.h"

u32 card_pixel(u32 x, u32 y, u32 w, u32 h)
{
    if (!x || !y || x == w - 1 || y == h - 1) return 0xFFFFFF; // a frame: nothing is cut off
    u32 quarter = h / 4;
    if (y < quarter) { // eight bars, white to black
        u32 bar = 7 - x * 8 / w;
        return (bar & 2 ? 0xFF0000 : 0) | (bar & 4 ? 0x00FF00 : 0) | (bar & 1 ? 0x0000FF : 0);
    }
    if (y < 2 * quarter) { // four ramps: red, green, blue, grey
        u32 v = x * 256 / w, band = (y - quarter) * 4 / quarter;
        return band == 0 ? v << 16 : band == 1 ? v << 8 : band == 2 ? v : v * 0x010101;
    }
    if (y < 3 * quarter) { // single pixels on the left, squares of eight on the right
        u32 on = x < w / 2 ? (x ^ y) & 1 : ((x ^ y) >> 3) & 1;
        return on ? 0xFFFFFF : 0;
    }
    // Below, no two pixels of a 1024 x 1024 screen are the same.
    return (x & 255) << 16 | (y & 255) << 8 | ((x >> 8 << 6 | y >> 8 << 4) & 255);
}

static void put_linear(u8 *at, u32 rgb, u32 bpp)
{
    u32 r = rgb >> 16, g = rgb >> 8 & 255, b = rgb & 255;
    switch (bpp) {
    case 32: *(u32 *)at = rgb; break;
    case 24: at[0] = (u8)b; at[1] = (u8)g; at[2] = (u8)r; break;
    case 16: *(u16 *)at = (u16)(r >> 3 << 11 | g >> 2 << 5 | b >> 3); break;
    case 15: *(u16 *)at = (u16)(r >> 3 << 10 | g >> 3 << 5 | b >> 3); break;
    default: *at = (u8)(r >> 5 << 5 | g >> 5 << 2 | b >> 6);
    }
}

// 256 colours: three bits of red, three of green, two of blue.
static void palette_332(void)
{
    out8(0x3C6, 0xFF);
    for (u32 i = 0; i < 256; i++) set_palette((u8)i, (u8)((i >> 5) * 9), (u8)((i >> 2 & 7) * 9), (u8)((i & 3) * 21));
}

// 16 colours: one bit of red, two of green, one of blue.
static void palette_121(void)
{
    in8(0x3DA); // the attribute controller takes the index next
    for (u8 i = 0; i < 16; i++) { out8(0x3C0, i); out8(0x3C0, i); }
    out8(0x3C0, 0x20);
    for (u32 i = 0; i < 16; i++) set_palette((u8)i, i & 8 ? 63 : 0, (u8)((i >> 1 & 3) * 21), i & 1 ? 63 : 0);
}

static void draw_planar(const struct video_mode *m)
{
    palette_121();
    for (u32 plane = 0; plane < 4; plane++) {
        out16(0x3C4, (u16)(1 << plane << 8 | 2)); // the sequencer's map mask
        for (u32 y = 0; y < m->height; y++)
            for (u32 column = 0; column < m->width / 8; column++) {
                u32 bits = 0;
                for (u32 i = 0; i < 8; i++) {
                    u32 rgb = card_pixel(column * 8 + i, y, m->width, m->height);
                    u32 index = rgb >> 23 << 3 | (rgb >> 14 & 3) << 1 | (rgb >> 7 & 1);
                    bits = bits << 1 | (index >> plane & 1);
                }
                m->pixels[y * m->pitch + column] = (u8)bits;
            }
    }
    out16(0x3C4, 0x0F02);
}

static void draw_text(const struct video_mode *m)
{
    u16 *cell = (u16 *)m->pixels;
    for (u32 row = 0; row < 25; row++)
        for (u32 column = 0; column < 80; column++)
            *cell++ = (u16)(((column + row * 7) & 0x7F) << 8 | (32 + (row * 80 + column) % 95));
}

void draw_card(void)
{
    const struct video_mode *m = current_mode();
    if (m->kind == VIDEO_TEXT) { draw_text(m); return; }
    if (m->kind == VIDEO_PLANAR) { draw_planar(m); return; }
    if (m->bpp == 8) palette_332();
    u32 bytes = (m->bpp + 7) / 8;
    for (u32 y = 0; y < m->height; y++) {
        u8 *at = m->pixels + y * m->pitch;
        for (u32 x = 0; x < m->width; x++, at += bytes) put_linear(at, card_pixel(x, y, m->width, m->height), m->bpp);
    }
}

u32 card_checksum(void)
{
    const struct video_mode *m = current_mode();
    u32 hash = 0x811C9DC5u, planes = m->kind == VIDEO_PLANAR ? 4 : 1;
    u32 row_bytes = m->kind == VIDEO_TEXT ? 160 : m->kind == VIDEO_PLANAR ? 80 : m->width * ((m->bpp + 7) / 8);
    for (u32 plane = 0; plane < planes; plane++) {
        if (planes > 1) out16(0x3CE, (u16)(plane << 8 | 4)); // which plane is read
        for (u32 y = 0; y < m->height; y++)
            for (u32 i = 0; i < row_bytes; i++) hash = (hash ^ m->pixels[y * m->pitch + i]) * 0x01000193u;
    }
    if (planes > 1) out16(0x3CE, 0x0004);
    return hash;
}
