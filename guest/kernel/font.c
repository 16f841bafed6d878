#include "font.h"
#include "trig.h"

#define SPACE_WIDTH 24
#define BEARING 9 // on each side of a glyph, grid units
#define PHASES 4  // a glyph may begin at any quarter of a pixel

// ---- from strokes to short straight segments, in 256ths of a pixel

#define SEGMENTS 160
static struct segment { i32 x0, y0, x1, y1; } segments[SEGMENTS];
static u32 segment_count;
static i32 scale_size, shift_x;

static i32 to_pixels(i32 tenths) { return tenths * scale_size * 256 / 1000; }

static void add_segment(i32 x0, i32 y0, i32 x1, i32 y1)
{
    if (segment_count == SEGMENTS) return;
    segments[segment_count++] = (struct segment){ to_pixels(x0) + shift_x, -to_pixels(y0), to_pixels(x1) + shift_x, -to_pixels(y1) };
}

/** A number with at most one decimal, in tenths. */
static i32 read_number(const char **at)
{
    const char *s = *at;
    while (*s == ' ') s++;
    bool minus = *s == '-';
    if (minus) s++;
    i32 v = 0;
    while (*s >= '0' && *s <= '9') v = v * 10 + (*s++ - '0');
    v *= 10;
    if (*s == '.') {
        v += s[1] - '0';
        s += 2;
    }
    *at = s;
    return minus ? -v : v;
}

static void trace_strokes(const char *s)
{
    i32 x = 0, y = 0, steps = scale_size > 30 ? 14 : 7;
    while (*s) {
        char command = *s++;
        i32 v[6], count = command == 'C' || (command | 32) == 'a' ? 6 : 2;
        for (i32 i = 0; i < count; i++) v[i] = read_number(&s);
        if (command == 'M') {
            x = v[0], y = v[1];
        } else if (command == 'L') {
            add_segment(x, y, v[0], v[1]);
            x = v[0], y = v[1];
        } else if (command == 'C') {
            i32 px = x, py = y;
            for (i32 i = 1; i <= steps; i++) {
                i32 t = i * 256 / steps, u = 256 - t;
                i32 a = u * u * u >> 16, b = 3 * u * u * t >> 16, c = 3 * u * t * t >> 16, d = 256 - a - b - c;
                i32 nx = (a * x + b * v[0] + c * v[2] + d * v[4]) / 256;
                i32 ny = (a * y + b * v[1] + c * v[3] + d * v[5]) / 256;
                add_segment(px, py, nx, ny);
                px = nx, py = ny;
            }
            x = v[4], y = v[5];
        } else {
            i32 from = v[4] * 65536 / 3600, to = v[5] * 65536 / 3600, span = to > from ? to - from : from - to;
            i32 n = max_i32(2, steps * 2 * span / 32768);
            bool lifted = command == 'a';
            for (i32 i = 0; i <= n; i++) {
                u32 angle = (u32)(from + (to - from) / n * i);
                i32 nx = v[0] + v[2] * cosine(angle) / 32767, ny = v[1] + v[3] * sine(angle) / 32767;
                if (!lifted || i) add_segment(x, y, nx, ny);
                x = nx, y = ny;
            }
        }
    }
}

// ---- from segments to coverage

struct glyph {
    u16 key_code;
    u8 size, pen, phase;
    u8 width, height;
    i8 left, top;
    u8 *coverage;
};
#define GLYPHS 1500
static struct glyph glyphs[GLYPHS];
static u32 glyph_count;
static u16 buckets[1024]; // index + 1 of the newest glyph with that hash
static u16 older[GLYPHS];
static u8 pool[1 << 20];
static u32 pool_used;

static void cover_segment(struct glyph *g, const struct segment *s, i32 radius)
{
    i32 dx = s->x1 - s->x0, dy = s->y1 - s->y0;
    i32 length = (i32)square_root((u32)(dx * dx + dy * dy));
    i32 ux = length ? dx * 4096 / length : 4096, uy = length ? dy * 4096 / length : 0;
    i32 reach = radius + 256;
    i32 x0 = max_i32((min_i32(s->x0, s->x1) - reach) >> 8, g->left), x1 = min_i32(((max_i32(s->x0, s->x1) + reach) >> 8) + 1, g->left + g->width);
    i32 y0 = max_i32((min_i32(s->y0, s->y1) - reach) >> 8, g->top), y1 = min_i32(((max_i32(s->y0, s->y1) + reach) >> 8) + 1, g->top + g->height);
    for (i32 y = y0; y < y1; y++) {
        u8 *row = g->coverage + (y - g->top) * g->width - g->left;
        for (i32 x = x0; x < x1; x++) {
            i32 px = x * 256 + 128 - s->x0, py = y * 256 + 128 - s->y0;
            i32 along = (px * ux + py * uy) >> 12, distance;
            if (along >= 0 && along <= length) {
                distance = (px * uy - py * ux) >> 12;
                if (distance < 0) distance = -distance;
            } else {
                if (along > length) px -= dx, py -= dy;
                if (px > reach || px < -reach || py > reach || py < -reach) continue;
                distance = (i32)square_root((u32)(px * px + py * py));
            }
            i32 c = radius + 128 - distance;
            if (c <= 0) continue;
            if (c > 255) c = 255;
            if (row[x] < c) row[x] = (u8)c;
        }
    }
}

static const struct glyph_source *source_of(char code)
{
    static const struct glyph_source *by_code[128];
    if (!by_code['A'])
        for (u32 i = 0; i < glyph_source_count; i++) by_code[(u8)glyph_sources[i].code] = &glyph_sources[i];
    return (u8)code < 128 ? by_code[(u8)code] : NULL;
}

static const struct glyph *glyph_for(struct font font, char code, u32 phase)
{
    u32 hash = ((u8)code * 31u + font.size * 7u + font.pen * 3u + phase * 257u) & 1023;
    for (u32 i = buckets[hash]; i; i = older[i - 1]) {
        struct glyph *g = &glyphs[i - 1];
        if (g->key_code == (u8)code && g->size == font.size && g->pen == font.pen && g->phase == phase) return g;
    }
    const struct glyph_source *source = source_of(code);
    if (!source || glyph_count == GLYPHS) return NULL;
    segment_count = 0;
    scale_size = font.size;
    shift_x = (i32)phase * 256 / PHASES;
    trace_strokes(source->strokes);
    i32 radius = font.pen * font.size * 256 / 200;
    i32 x0 = 0x7FFF, x1 = -0x7FFF, y0 = 0x7FFF, y1 = -0x7FFF;
    for (u32 i = 0; i < segment_count; i++) {
        x0 = min_i32(x0, min_i32(segments[i].x0, segments[i].x1));
        x1 = max_i32(x1, max_i32(segments[i].x0, segments[i].x1));
        y0 = min_i32(y0, min_i32(segments[i].y0, segments[i].y1));
        y1 = max_i32(y1, max_i32(segments[i].y0, segments[i].y1));
    }
    struct glyph *g = &glyphs[glyph_count];
    *g = (struct glyph){ .key_code = (u8)code, .size = font.size, .pen = font.pen, .phase = (u8)phase };
    g->left = (i8)((x0 - radius - 128) >> 8);
    g->top = (i8)((y0 - radius - 128) >> 8);
    g->width = (u8)(((x1 + radius + 128) >> 8) + 1 - g->left);
    g->height = (u8)(((y1 + radius + 128) >> 8) + 1 - g->top);
    if (pool_used + g->width * g->height > sizeof pool) return NULL;
    g->coverage = pool + pool_used;
    pool_used += g->width * g->height;
    for (u32 i = 0; i < segment_count; i++) cover_segment(g, &segments[i], radius);
    older[glyph_count] = buckets[hash];
    buckets[hash] = (u16)++glyph_count;
    return g;
}

// ---- lines of text

/** The advance in 256ths of a pixel. */
static i32 advance(struct font font, char code)
{
    const struct glyph_source *source = source_of(code);
    i32 units = source ? source->width + 2 * BEARING : SPACE_WIDTH;
    return units * font.size * 256 / 100;
}

i32 text_width(struct font font, const char *text)
{
    i32 w = 0;
    for (; *text; text++) w += advance(font, *text);
    return (w + 255) >> 8;
}

i32 draw_text(struct font font, i32 x, i32 baseline, const char *text, u32 argb)
{
    u32 alpha = argb >> 24, colour = argb & 0xFFFFFF;
    alpha += alpha >> 7;
    i32 pen = x * 256;
    for (; *text; text++) {
        i32 start = pen + BEARING * font.size * 256 / 100;
        pen += advance(font, *text);
        const struct glyph *g = glyph_for(font, *text, (u32)(start & 255) * PHASES / 256);
        if (!g) continue;
        for (i32 row = 0; row < g->height; row++)
            for (i32 column = 0; column < g->width; column++) {
                u32 c = g->coverage[row * g->width + column];
                if (c) blend_pixel((start >> 8) + g->left + column, baseline + g->top + row, colour, (c + (c >> 7)) * alpha >> 8);
            }
    }
    return (pen + 255) >> 8;
}

void draw_text_centred(struct font font, i32 centre, i32 baseline, const char *text, u32 argb)
{
    draw_text(font, centre - text_width(font, text) / 2, baseline, text, argb);
}

void draw_text_within(struct font font, i32 x, i32 baseline, i32 width, const char *text, u32 argb)
{
    char cut[200];
    u32 n = format_text(cut, sizeof cut - 4, "%s", text);
    if (text_width(font, cut) > width) {
        i32 room = width - text_width(font, "...");
        while (n && (cut[n] = 0, text_width(font, cut) > room)) n--;
        while (n && cut[n - 1] == ' ') n--;
        memcpy(cut + n, "...", 4);
    }
    draw_text(font, x, baseline, cut, argb);
}
