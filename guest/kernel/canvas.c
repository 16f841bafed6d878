#include "canvas.h"
#include "trig.h"

u32 still_pixels[CANVAS_MAX_WIDTH * CANVAS_MAX_HEIGHT];
u32 shown_pixels[CANVAS_MAX_WIDTH * CANVAS_MAX_HEIGHT];
static u32 *target = still_pixels;
static u32 width = CANVAS_MAX_WIDTH, height = CANVAS_MAX_HEIGHT;

void canvas_size(u32 w, u32 h) { width = w, height = h; }
u32 canvas_width(void) { return width; }
u32 canvas_height(void) { return height; }
void canvas_draw_on(u32 *pixels) { target = pixels; }
u32 *canvas_row(i32 y) { return target + (u32)y * width; }

void canvas_restore(struct rect r)
{
    i32 x0 = max_i32(r.x, 0), x1 = min_i32(r.x + r.w, (i32)width);
    i32 y0 = max_i32(r.y, 0), y1 = min_i32(r.y + r.h, (i32)height);
    if (x1 <= x0) return;
    for (i32 y = y0; y < y1; y++)
        memcpy(shown_pixels + (u32)y * width + x0, still_pixels + (u32)y * width + x0, (u32)(x1 - x0) * 4);
}

u32 add_light(u32 below, u32 light, u32 alpha)
{
    u32 r = (below >> 16 & 255) + ((light >> 16 & 255) * alpha >> 8);
    u32 g = (below >> 8 & 255) + ((light >> 8 & 255) * alpha >> 8);
    u32 b = (below & 255) + ((light & 255) * alpha >> 8);
    return (r > 255 ? 255 : r) << 16 | (g > 255 ? 255 : g) << 8 | (b > 255 ? 255 : b);
}

// Two channels of 8 bits fit into one register with room between them; what the colour brings is the
// same for every pixel of the run.
void mix_run(u32 *p, i32 count, u32 source, u32 alpha)
{
    u32 rest = 256 - alpha, rb = (source & 0xFF00FF) * alpha, g = (source & 0x00FF00) * alpha;
    for (u32 *end = p + max_i32(count, 0); p < end; p++)
        *p = (((*p & 0xFF00FF) * rest + rb) >> 8 & 0xFF00FF) | (((*p & 0x00FF00) * rest + g) >> 8 & 0x00FF00);
}

void light_run(u32 *p, i32 count, u32 light, u32 alpha)
{
    u32 add_rb = ((light & 0xFF00FF) * alpha >> 8) & 0xFF00FF, add_g = ((light & 0x00FF00) * alpha >> 8) & 0x00FF00;
    for (u32 *end = p + max_i32(count, 0); p < end; p++) {
        u32 rb = (*p & 0xFF00FF) + add_rb, g = (*p & 0x00FF00) + add_g;
        // A channel that ran over has a one just above it, which becomes eight ones in it.
        u32 over_rb = rb & 0x1000100, over_g = g & 0x10000;
        rb |= over_rb - (over_rb >> 8);
        g |= over_g - (over_g >> 8);
        *p = (rb & 0xFF00FF) | (g & 0x00FF00);
    }
}

void blend_pixel(i32 x, i32 y, u32 colour, u32 alpha)
{
    if ((u32)x >= width || (u32)y >= height) return;
    u32 *p = target + (u32)y * width + (u32)x;
    *p = mix(*p, colour, alpha);
}

// ---- paths are lists of edges; a row is scanned four times and its coverage added up

#define EDGES 1024
#define SCANS 4
static struct edge {
    i32 x0, y0, y1;
    /** 65536ths of a pixel along for each one down. */
    i64 slope;
} edges[EDGES];
static u32 edge_count;
static i32 start_x, start_y, pen_x, pen_y;
static i32 low_y, high_y;

static void add_edge(i32 x0, i32 y0, i32 x1, i32 y1)
{
    if (edge_count == EDGES) return;
    low_y = min_i32(low_y, min_i32(y0, y1));
    high_y = max_i32(high_y, max_i32(y0, y1));
    if (y0 == y1) return;
    i32 dx = x1 - x0, dy = y1 - y0;
    bool minus = (dx < 0) != (dy < 0);
    u64 slope = divide((u64)(u32)(dx < 0 ? -dx : dx) << 16, (u32)(dy < 0 ? -dy : dy), NULL);
    edges[edge_count++] = (struct edge){ x0, y0, y1, minus ? -(i64)slope : (i64)slope };
}

void path_begin(void)
{
    edge_count = 0;
    low_y = 0x7FFFFFF;
    high_y = -0x7FFFFFF;
    start_x = start_y = pen_x = pen_y = 0;
}

static void close_figure(void)
{
    if (pen_x != start_x || pen_y != start_y) add_edge(pen_x, pen_y, start_x, start_y);
}

void path_move(i32 x, i32 y)
{
    close_figure();
    start_x = pen_x = x;
    start_y = pen_y = y;
}

void path_line(i32 x, i32 y)
{
    add_edge(pen_x, pen_y, x, y);
    pen_x = x;
    pen_y = y;
}

void path_arc(i32 cx, i32 cy, i32 rx, i32 ry, i32 from, i32 to)
{
    i32 span = to > from ? to - from : from - to;
    // A quarter turn takes twice as many pieces as the square root of the radius in pixels.
    i32 steps = max_i32(1, ((i32)square_root((u32)max_i32(rx, ry) >> 6) + 2) * span / 16384);
    for (i32 i = 0; i <= steps; i++) {
        u32 angle = (u32)(from + (to - from) * i / steps);
        path_line(cx + (i32)((i64)rx * cosine(angle) >> 15), cy + (i32)((i64)ry * sine(angle) >> 15));
    }
}

void path_ellipse(i32 cx, i32 cy, i32 rx, i32 ry)
{
    path_move(cx + rx, cy);
    path_arc(cx, cy, rx, ry, 0, 65536);
}

void path_round_rect(i32 x, i32 y, i32 w, i32 h, i32 r)
{
    path_move(x + r, y);
    path_line(x + w - r, y);
    path_arc(x + w - r, y + r, r, r, -16384, 0);
    path_arc(x + w - r, y + h - r, r, r, 0, 16384);
    path_arc(x + r, y + h - r, r, r, 16384, 32768);
    path_arc(x + r, y + r, r, r, 32768, 49152);
}

// How much more is covered from here to the right; summing along the row gives the coverage. Only the
// touched places are kept (sorted), so a wide shape costs no more than its edges plus its pixels.
#define TOUCHED 512
static i32 change[CANVAS_MAX_WIDTH + 4];
static i32 touched[TOUCHED];
static u32 touched_count;

static void touch(i32 i, i32 amount)
{
    if (!amount) return;
    change[i] += amount;
    u32 at = touched_count;
    while (at && touched[at - 1] > i) at--;
    if ((at && touched[at - 1] == i) || touched_count == TOUCHED) return;
    for (u32 k = touched_count++; k > at; k--) touched[k] = touched[k - 1];
    touched[at] = i;
}

static void add_change(i32 x, i32 weight, i32 limit)
{
    if (x < 0) x = 0;
    if (x > limit * 256) x = limit * 256;
    i32 part = x & 255;
    touch(x >> 8, weight * (256 - part));
    touch((x >> 8) + 1, weight * part);
}

/** Adds the crossings of one scan line, which counts `weight` times, with the edges of this row. */
static void scan(i32 y, i32 limit, i32 weight, const struct edge *const *active, u32 active_count)
{
    i32 crossings[64];
    u32 n = 0;
    for (u32 i = 0; i < active_count && n < 64; i++) {
        const struct edge *e = active[i];
        if ((e->y0 <= y) == (e->y1 <= y)) continue;
        i32 x = e->x0 + (i32)(e->slope * (y - e->y0) >> 16);
        u32 at = n++;
        for (; at && crossings[at - 1] > x; at--) crossings[at] = crossings[at - 1];
        crossings[at] = x;
    }
    for (u32 i = 0; i + 1 < n; i += 2) {
        add_change(crossings[i], weight, limit);
        add_change(crossings[i + 1], -weight, limit);
    }
}

typedef void run_handler(i32 y, i32 x0, i32 x1, u32 coverage, void *data);

/** Calls `run` for each stretch of pixels with the same coverage (1 to 256), row by row. */
static void rasterise(i32 limit_x, i32 limit_y, run_handler *run, void *data)
{
    static const struct edge *active[EDGES];
    close_figure();
    i32 y0 = max_i32(low_y >> 8, 0), y1 = min_i32((high_y + 255) >> 8, limit_y);
    for (i32 y = y0; y < y1; y++) {
        u32 active_count = 0;
        bool upright = true; // every edge of this row goes straight through it: one scan says all
        for (u32 i = 0; i < edge_count; i++) {
            const struct edge *e = &edges[i];
            i32 top = min_i32(e->y0, e->y1), bottom = max_i32(e->y0, e->y1);
            if (top >= (y + 1) * 256 || bottom <= y * 256) continue;
            active[active_count++] = e;
            if (e->slope || top > y * 256 || bottom < (y + 1) * 256) upright = false;
        }
        touched_count = 0;
        if (upright) scan(y * 256 + 128, limit_x, SCANS, active, active_count);
        else for (i32 k = 0; k < SCANS; k++) scan(y * 256 + (2 * k + 1) * 128 / SCANS, limit_x, 1, active, active_count);
        i32 sum = 0;
        for (u32 i = 0; i < touched_count; i++) {
            i32 x = touched[i], end = i + 1 < touched_count ? touched[i + 1] : x;
            sum += change[x];
            change[x] = 0;
            u32 coverage = (u32)(sum / SCANS);
            if (coverage && x < limit_x) run(y, x, min_i32(end, limit_x), coverage, data);
        }
    }
}

struct fill {
    struct paint paint;
    i32 top, bottom;
    /** The colour of row `row`, kept from one stretch to the next. */
    i32 row;
    u32 argb;
};

static u32 channel_between(u32 a, u32 b, u32 shift, i32 t)
{
    i32 from = (i32)(a >> shift & 255), to = (i32)(b >> shift & 255);
    return (u32)(from + (to - from) * t / 256) << shift;
}

static u32 between(u32 a, u32 b, i32 t)
{
    return channel_between(a, b, 24, t) | channel_between(a, b, 16, t) | channel_between(a, b, 8, t) | channel_between(a, b, 0, t);
}

u32 paint_at(const struct paint *paint, i32 y, i32 top, i32 bottom)
{
    if (paint->top == paint->bottom) return paint->top;
    i32 from = paint->from || paint->to ? paint->from : top, to = paint->from || paint->to ? paint->to : bottom;
    i32 t = to > from ? (y - from) * 256 / (to - from) : 0;
    return between(paint->top, paint->bottom, t < 0 ? 0 : t > 256 ? 256 : t);
}

static void fill_run(i32 y, i32 x0, i32 x1, u32 coverage, void *data)
{
    struct fill *f = data;
    if (f->row != y) {
        f->argb = paint_at(&f->paint, y, f->top, f->bottom);
        f->row = y;
    }
    u32 alpha = f->argb >> 24, colour = f->argb & 0xFFFFFF;
    alpha = (alpha + (alpha >> 7)) * coverage >> 8;
    if (!alpha) return;
    if (f->paint.adds) light_run(canvas_row(y) + x0, x1 - x0, colour, alpha);
    else mix_run(canvas_row(y) + x0, x1 - x0, colour, alpha);
}

void path_fill(struct paint paint)
{
    struct fill f = { paint, low_y >> 8, (high_y >> 8) + 1, -1, 0 };
    rasterise((i32)width, (i32)height, fill_run, &f);
}

struct mask { u8 *bytes; i32 width; };
static void mask_run(i32 y, i32 x0, i32 x1, u32 coverage, void *data)
{
    const struct mask *m = data;
    for (i32 x = x0; x < x1; x++) m->bytes[y * m->width + x] = (u8)(coverage > 255 ? 255 : coverage);
}

void path_mask(u8 *bytes, i32 w, i32 h)
{
    struct mask m = { bytes, w };
    memset(bytes, 0, (u32)(w * h));
    rasterise(w, h, mask_run, &m);
}
