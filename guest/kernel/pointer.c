#include "pointer.h"

#define W 22
#define H 30

static u8 body[W * H], edge[W * H], shade[W * H];
static i32 x, y;

static void arrow(i32 dx, i32 dy, i32 grow)
{
    // Tip, left flank, notch, tail, right flank; in 256ths of a pixel.
    static const i32 shape[][2] = { { 0, 0 }, { 0, 4900 }, { 1100, 3960 }, { 1900, 5760 }, { 2700, 5400 }, { 1920, 3640 }, { 3420, 3560 } };
    static const i32 away[][2] = { { -2, -4 }, { -2, 4 }, { 0, 3 }, { -2, 3 }, { 3, 2 }, { 3, 2 }, { 4, 1 } };
    path_begin();
    for (u32 i = 0; i < COUNT_OF(shape); i++) {
        i32 px = shape[i][0] + away[i][0] * grow + dx, py = shape[i][1] + away[i][1] * grow + dy;
        if (i) path_line(px, py);
        else path_move(px, py);
    }
}

void make_pointer(void)
{
    arrow(512, 512, 0);
    path_mask(body, W, H);
    arrow(512, 512, 110);
    path_mask(edge, W, H);
    arrow(1000, 1200, 60);
    path_mask(shade, W, H);
    x = (i32)canvas_width() / 2;
    y = (i32)canvas_height() / 2;
}

void place_pointer(i32 nx, i32 ny)
{
    x = max_i32(0, min_i32(nx, (i32)canvas_width() - 1));
    y = max_i32(0, min_i32(ny, (i32)canvas_height() - 1));
}

void move_pointer(i32 dx, i32 dy) { place_pointer(x + dx, y + dy); }
struct rect pointer_rect(void) { return (struct rect){ x - 2, y - 2, W, H }; }

void blend_pointer_row(u32 *row, i32 x0, i32 x1, i32 row_y)
{
    i32 line = row_y - (y - 2);
    if (line < 0 || line >= H) return;
    for (i32 px = max_i32(x0, x - 2); px < min_i32(x1, x - 2 + W); px++) {
        u32 i = (u32)(line * W + px - (x - 2));
        u32 *p = row + (px - x0);
        if (shade[i]) *p = mix(*p, 0x000810, shade[i] * 90u / 256);
        if (edge[i]) *p = mix(*p, 0x0A3A44, edge[i] + (edge[i] >> 7));
        if (body[i]) *p = mix(*p, 0xFFFFFF - (u32)line * 0x060302, body[i] + (body[i] >> 7));
    }
}
