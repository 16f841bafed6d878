// Shapes made of paths.
#include "canvas.h"
#include "trig.h"

void fill_round_rect(struct rect r, i32 radius, struct paint paint)
{
    path_begin();
    path_round_rect(FIXED(r.x), FIXED(r.y), FIXED(r.w), FIXED(r.h), FIXED(radius));
    path_fill(paint);
}

void stroke_round_rect(struct rect r, i32 radius, i32 thickness, struct paint paint)
{
    path_begin();
    path_round_rect(FIXED(r.x), FIXED(r.y), FIXED(r.w), FIXED(r.h), FIXED(radius));
    path_round_rect(FIXED(r.x + thickness), FIXED(r.y + thickness), FIXED(r.w - 2 * thickness), FIXED(r.h - 2 * thickness),
                    FIXED(max_i32(radius - thickness, 0)));
    path_fill(paint);
}

void fill_polygon(const i32 *xy, u32 points, struct paint paint)
{
    path_begin();
    path_move(xy[0], xy[1]);
    for (u32 i = 1; i < points; i++) path_line(xy[i * 2], xy[i * 2 + 1]);
    path_fill(paint);
}

void draw_line(i32 x0, i32 y0, i32 x1, i32 y1, i32 width, struct paint paint)
{
    i32 dx = x1 - x0, dy = y1 - y0;
    i32 length = (i32)square_root((u32)((dx >> 4) * (dx >> 4) + (dy >> 4) * (dy >> 4))) << 4;
    if (!length) return;
    i32 nx = -dy * (width / 2) / length, ny = dx * (width / 2) / length;
    i32 quad[8] = { x0 + nx, y0 + ny, x1 + nx, y1 + ny, x1 - nx, y1 - ny, x0 - nx, y0 - ny };
    fill_polygon(quad, 4, paint);
}

void soft_shadow(struct rect r, i32 radius, i32 reach, u32 colour, u32 alpha)
{
    // By the distance from the rounded rectangle; the fall is a square, like a blur's.
    i32 x0 = max_i32(r.x - reach, 0), x1 = min_i32(r.x + r.w + reach, (i32)canvas_width());
    i32 y0 = max_i32(r.y - reach, 0), y1 = min_i32(r.y + r.h + reach, (i32)canvas_height());
    i32 left = r.x + radius, right = r.x + r.w - 1 - radius, top = r.y + radius, bottom = r.y + r.h - 1 - radius;
    i32 span = reach * 16;
    for (i32 y = y0; y < y1; y++) {
        i32 dy = y < top ? top - y : y > bottom ? y - bottom : 0;
        u32 *p = canvas_row(y);
        for (i32 x = x0; x < x1; x++) {
            i32 dx = x < left ? left - x : x > right ? x - right : 0;
            if (!dx && dy < radius) { x = min_i32(right, x1 - 1); continue; } // inside, until the far corner
            // Only the corners need a root; sixteenths of a pixel.
            i32 d = !dx ? dy * 16 : !dy ? dx * 16 : (i32)square_root((u32)(dx * dx + dy * dy) << 8);
            i32 rest = span + radius * 16 - d;
            if (rest <= 0 || rest > span) continue;
            u32 a = alpha * (u32)(rest * rest / span) / (u32)span;
            if (a) p[x] = mix(p[x], colour, a);
        }
    }
}
