// The light is worked out at one point for every 16 x 16 pixels, in sixteenths of a level, and spread
// between the points with a dither, so that no band of colour has an edge.
#include "backdrop.h"
#include "trig.h"

#define CELL 16
#define COLUMNS (CANVAS_MAX_WIDTH / CELL + 1)
#define ROWS (CANVAS_MAX_HEIGHT / CELL + 1)

struct light { i32 r, g, b; };
static struct light field[ROWS][COLUMNS];

static void shine(struct light *l, i32 r, i32 g, i32 b, i32 amount) // amount: 0 to 256
{
    l->r += r * amount >> 4;
    l->g += g * amount >> 4;
    l->b += b * amount >> 4;
}

/** A bell: 256 at 0, soft, 0 beyond `reach`. */
static i32 bell(i32 distance, i32 reach)
{
    if (distance < 0) distance = -distance;
    if (distance >= reach) return 0;
    i32 t = 256 - distance * 256 / reach;
    return t * t / 256 * (768 - 2 * t) / 256; // smoothstep
}

/** The ribbons of light: how far down the middle of ribbon n is at x, both in 256ths of a scene unit. */
static i32 ribbon(u32 n, i32 x)
{
    static const struct { i32 middle, swing, turn, phase, tilt; } ribbons[] = {
        { 380, 90, 30, 6000, -150 }, { 470, 110, 38, 30000, -60 }, { 250, 70, 46, 12000, -210 }, { 600, 60, 52, 50000, 40 },
    };
    return ribbons[n].middle * 256 + ribbons[n].swing * sine((u32)(x * ribbons[n].turn / 256 + ribbons[n].phase)) / 128 +
           ribbons[n].tilt * (x / 256 - 512) / 2;
}

/** What a pixel can show: 0 to 255, in sixteenths, with room for the borrowed 256ths of paint_light. */
static i32 within(i32 level) { return level < 2 ? 2 : level > 4070 ? 4070 : level; }

// x and y in scene units of 1024 x 768.
static struct light light_at(i32 x, i32 y)
{
    // Night blue above, sea green below, in sixteenths.
    struct light l = { 3 * 16 + y * 2 / 16, 20 * 16 + y * 26 * 16 / 768, 44 * 16 + y * 14 * 16 / 768 };

    // Two large lamps: one behind the case, one low on the left.
    i32 dx = x - 806, dy = (y - 250) * 5 / 4, d = (i32)square_root((u32)(dx * dx + dy * dy));
    shine(&l, 70, 150, 150, bell(d, 520));
    shine(&l, 60, 60, 40, bell(d, 230));
    dx = x - 130, dy = y - 640, d = (i32)square_root((u32)(dx * dx + dy * dy));
    shine(&l, 0, 62, 84, bell(d, 560));
    dx = x - 420, dy = y - 60, d = (i32)square_root((u32)(dx * dx + dy * dy));
    shine(&l, 8, 48, 96, bell(d, 480));

    // Rays from a point above the right edge: a sum of waves over the angle.
    i32 rx = 930 - x, ry = y + 330;
    i32 slope = rx * 4096 / ry;
    i32 wave = sine((u32)(slope * 21 + 9000)) / 2 + sine((u32)(slope * 47 + 31000)) / 3 + sine((u32)(slope * 9 + 2000)) / 3;
    if (wave > 0) shine(&l, 34, 84, 84, (wave >> 8) * bell(y + 60, 900) / 256);

    // Ribbons, one under the other, each with a sharp upper and a long lower side.
    static const struct light colours[] = { { 44, 140, 100 }, { 20, 104, 140 }, { 24, 90, 170 }, { 60, 130, 70 } };
    for (u32 n = 0; n < 4; n++) {
        i32 below = y - ribbon(n, x * 256) / 256;
        i32 amount = below < 0 ? bell(below, 34) : bell(below, 170);
        i32 along = 128 + sine((u32)(x * 23 + (i32)n * 17000)) / 320; // brighter and darker on its way
        shine(&l, colours[n].r, colours[n].g, colours[n].b, amount * along / 256 * 3 / 4);
    }

    // Darker towards the corners, as through a lens.
    dx = x - 540, dy = (y - 380) * 4 / 3;
    i32 far = (dx * dx + dy * dy) / 1024;
    i32 keep = 256 - min_i32(far * 10 / 36, 130);
    return (struct light){ within(l.r * keep / 256), within(l.g * keep / 256), within(l.b * keep / 256) };
}

/** One end of a cell on a row: red and blue in the halves of one number, green in another, 8.8 each. */
struct packed { u32 rb, g; };
static struct packed pack(const struct light *above, const struct light *below, i32 down)
{
    i32 up = CELL - down; // sixteenths of a level times CELL are 256ths
    u32 r = (u32)(above->r * up + below->r * down), g = (u32)(above->g * up + below->g * down);
    u32 b = (u32)(above->b * up + below->b * down);
    return (struct packed){ r << 16 | b, g };
}

static void paint_light(i32 w, i32 h)
{
    // The order in which a 4 x 4 square takes the next higher level, in sixteenths of a level.
    static const u8 order[4][4] = { { 0, 8, 2, 10 }, { 12, 4, 14, 6 }, { 3, 11, 1, 9 }, { 15, 7, 13, 5 } };
    for (i32 y = 0; y < h; y++) {
        const struct light *above = field[y / CELL], *below = field[y / CELL + 1];
        u32 *p = canvas_row(y), dither_rb[4], dither_g[4];
        for (u32 i = 0; i < 4; i++) {
            dither_g[i] = order[y & 3][i] * 16u;
            dither_rb[i] = dither_g[i] << 16 | dither_g[i];
        }
        for (i32 cell = 0; cell * CELL < w; cell++) {
            struct packed from = pack(above + cell, below + cell, y % CELL), to = pack(above + cell + 1, below + cell + 1, y % CELL);
            // A step down borrows one 256th from the neighbour in the same number; nobody can see that.
            u32 step_rb = (u32)(((i32)(to.rb >> 16) - (i32)(from.rb >> 16)) / CELL << 16) + (u32)(((i32)(to.rb & 0xFFFF) - (i32)(from.rb & 0xFFFF)) / CELL);
            u32 step_g = (u32)(((i32)to.g - (i32)from.g) / CELL), rb = from.rb, g = from.g;
            for (i32 x = 0; x < CELL; x++, p++, rb += step_rb, g += step_g)
                *p = ((rb + dither_rb[x & 3]) >> 8 & 0xFF00FF) | ((g + dither_g[x & 3]) & 0xFF00);
        }
    }
}

static bool covered(i32 x, i32 y, const struct rect *frosted, u32 count)
{
    for (u32 i = 0; i < count; i++)
        if (x >= frosted[i].x && x < frosted[i].x + frosted[i].w && y >= frosted[i].y && y < frosted[i].y + frosted[i].h) return true;
    return false;
}

/** A hair of light along a ribbon, brightest in the middle of the picture. */
static void paint_thread(u32 n, i32 offset, i32 strength, const struct rect *frosted, u32 count)
{
    i32 w = (i32)canvas_width(), h = (i32)canvas_height();
    for (i32 x = 0; x < w; x++) {
        i32 scene_x = x * 1024 / w;
        i32 sway = offset * (sine((u32)(scene_x * 61 + offset * 700)) + 32767) / 128;
        i32 y = (ribbon(n, x * 256 * 1024 / w) + sway) / 3 * h / 256;
        i32 along = bell(scene_x - 512, 620) * strength / 256;
        if (covered(x, y >> 8, frosted, count)) continue;
        for (i32 row = (y >> 8) - 2; row <= (y >> 8) + 2; row++) {
            i32 a = bell(row * 256 + 128 - y, 420) * along / 256;
            if ((u32)row >= (u32)h || a <= 0) continue;
            u32 *p = canvas_row(row) + x;
            *p = add_light(*p, 0xBFF5E4, (u32)a);
        }
    }
}

void paint_threads(const struct rect *frosted, u32 count)
{
    static const struct { u8 ribbon; i8 offset; u8 strength; } threads[] = { { 0, 0, 120 }, { 0, 9, 60 }, { 1, 0, 90 }, { 2, 4, 80 }, { 3, 6, 60 } };
    for (u32 i = 0; i < COUNT_OF(threads); i++) paint_thread(threads[i].ribbon, threads[i].offset, threads[i].strength, frosted, count);
}

void paint_backdrop(void)
{
    i32 w = (i32)canvas_width(), h = (i32)canvas_height();
    for (i32 row = 0; row <= h / CELL + 1 && row < ROWS; row++)
        for (i32 column = 0; column <= w / CELL; column++)
            field[row][column] = light_at(column * CELL * 1024 / w, row * CELL * 768 / h);
    paint_light(w, h);
}
