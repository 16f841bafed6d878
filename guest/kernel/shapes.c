// Shapes made of paths.
#include "canvas.h"
#include "trig.h"

// Rounded rectangles lie on whole pixels, so only their corners are partly covered, and all corners of one
// radius are alike: they are worked out once.
#define MAX_RADIUS 24
static u16 corners[MAX_RADIUS + 1][MAX_RADIUS * MAX_RADIUS];

static const u16 *corner_of(i32 radius)
{
    u16 *corner = corners[radius];
    if (radius < 1 || corner[radius * radius - 1]) return corner; // the innermost pixel is never empty
    for (i32 y = 0; y < radius; y++)
        for (i32 x = 0; x < radius; x++) {
            u32 inside = 0;
            for (i32 k = 0; k < 64; k++) { // eight by eight samples, in sixteenths of a pixel
                i32 dx = (radius - x) * 16 - (k & 7) * 2 - 1, dy = (radius - y) * 16 - (k >> 3) * 2 - 1;
                inside += dx * dx + dy * dy <= radius * radius * 256;
            }
            corner[y * radius + x] = (u16)(inside * 4);
        }
    return corner;
}

/** How much of the pixel x, y from the corner the shape covers; 256 beyond the corner. */
static u32 corner_coverage(const u16 *corner, i32 radius, i32 x, i32 y)
{
    if (x < 0 || y < 0) return 0;
    return x < radius && y < radius ? corner[y * radius + x] : 256;
}

static void shade(u32 *p, i32 count, u32 argb, u32 coverage, bool adds)
{
    u32 alpha = argb >> 24, colour = argb & 0xFFFFFF;
    alpha = (alpha + (alpha >> 7)) * coverage >> 8;
    if (!alpha) return;
    if (adds) light_run(p, count, colour, alpha);
    else mix_run(p, count, colour, alpha);
}

/** A rounded rectangle, or only its rim when `rim` is not 0. */
static void round_rect(struct rect r, i32 radius, i32 rim, struct paint paint)
{
    i32 inner = max_i32(radius - rim, 0);
    if (r.w < 1 || r.h < 1 || r.x < 0 || r.y < 0 || r.x + r.w > (i32)canvas_width() || r.y + r.h > (i32)canvas_height()) return;
    radius = min_i32(min_i32(radius, MAX_RADIUS), min_i32(r.w, r.h) / 2);
    inner = min_i32(inner, radius);
    const u16 *corner = corner_of(radius), *hole = corner_of(inner);
    i32 edge = max_i32(radius, rim); // so many pixels at each end of the first and last rows are not alike
    for (i32 y = 0; y < r.h; y++) {
        i32 from_edge = min_i32(y, r.h - 1 - y);
        u32 argb = paint_at(&paint, r.y + y, r.y, r.y + r.h), *p = canvas_row(r.y + y) + r.x;
        bool middle = !rim || from_edge < rim;
        i32 side = from_edge < edge ? edge : rim;
        for (i32 x = 0; x < side; x++) {
            u32 c = corner_coverage(corner, radius, x, from_edge);
            if (rim) c -= min_u32(c, corner_coverage(hole, inner, x - rim, from_edge - rim));
            if (!c) continue;
            shade(p + x, 1, argb, c, paint.adds);
            if (r.w - 1 - x > x) shade(p + r.w - 1 - x, 1, argb, c, paint.adds);
        }
        if (middle) shade(p + side, r.w - 2 * side, argb, 256, paint.adds);
    }
}

void fill_round_rect(struct rect r, i32 radius, struct paint paint) { round_rect(r, radius, 0, paint); }

void stroke_round_rect(struct rect r, i32 radius, i32 thickness, struct paint paint)
{
    round_rect(r, radius, thickness, paint);
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
