// Drawing in memory, in whole numbers: shapes with soft edges, blended onto 32-bit pixels.
#pragma once
#include "base.h"

#define CANVAS_MAX_WIDTH 1024
#define CANVAS_MAX_HEIGHT 768

struct rect { i32 x, y, w, h; };

/** Two pictures of the screen: what never changes, and what is shown. */
extern u32 still_pixels[CANVAS_MAX_WIDTH * CANVAS_MAX_HEIGHT];
extern u32 shown_pixels[CANVAS_MAX_WIDTH * CANVAS_MAX_HEIGHT];

void canvas_size(u32 width, u32 height);
u32 canvas_width(void);
u32 canvas_height(void);
/** Everything below draws on these pixels (still_pixels or shown_pixels). */
void canvas_draw_on(u32 *pixels);
u32 *canvas_row(i32 y);
/** Puts the still picture back into the shown one. */
void canvas_restore(struct rect r);

/** Blends `source` over `below`; alpha 0 to 256. */
static inline u32 mix(u32 below, u32 source, u32 alpha)
{
    u32 rb = below & 0xFF00FF, g = below & 0x00FF00;
    rb = (rb + (((source & 0xFF00FF) - rb) * alpha >> 8)) & 0xFF00FF;
    g = (g + (((source & 0x00FF00) - g) * alpha >> 8)) & 0x00FF00;
    return rb | g;
}
/** Adds light, each channel stopping at white. */
u32 add_light(u32 below, u32 light, u32 alpha);
/** The same for a run of pixels and one colour, which is most of what is drawn. */
void mix_run(u32 *p, i32 count, u32 source, u32 alpha);
void light_run(u32 *p, i32 count, u32 light, u32 alpha);
void blend_pixel(i32 x, i32 y, u32 colour, u32 alpha);

/** A colour from top to bottom of the shape; the top byte is its alpha (0 to 255). */
struct paint {
    u32 top, bottom;
    /** Rows where the gradient begins and ends; both 0 means the shape's own. */
    i32 from, to;
    /** Adds light instead of covering. */
    bool adds;
};
/** The paint's colour on row y of a shape that reaches from `top` to `bottom`. */
u32 paint_at(const struct paint *paint, i32 y, i32 top, i32 bottom);
#define SOLID(argb) ((struct paint){ (argb), (argb), 0, 0, false })
#define FADE(t, b) ((struct paint){ (t), (b), 0, 0, false })
#define LIGHT(t, b) ((struct paint){ (t), (b), 0, 0, true })

// ---- paths: coordinates are pixels times 256
#define FIXED(v) ((v) * 256)
void path_begin(void);
void path_move(i32 x, i32 y);
void path_line(i32 x, i32 y);
/** An arc of an ellipse around (cx, cy), angles in 65536ths of a turn, clockwise on the screen. */
void path_arc(i32 cx, i32 cy, i32 rx, i32 ry, i32 from, i32 to);
void path_ellipse(i32 cx, i32 cy, i32 rx, i32 ry);
void path_round_rect(i32 x, i32 y, i32 w, i32 h, i32 radius);
/** Fills by the even-odd rule. */
void path_fill(struct paint paint);
/** The same into an 8-bit mask instead of onto the canvas. */
void path_mask(u8 *mask, i32 width, i32 height);

void fill_round_rect(struct rect r, i32 radius, struct paint paint);
/** A ring of one to three pixels just inside the rectangle's edge. */
void stroke_round_rect(struct rect r, i32 radius, i32 thickness, struct paint paint);
void fill_polygon(const i32 *xy, u32 points, struct paint paint);
/** A straight line with round softness; width in 256ths of a pixel. */
void draw_line(i32 x0, i32 y0, i32 x1, i32 y1, i32 width, struct paint paint);
/** Soft light or soft shadow around a rectangle, fading over `reach` pixels. */
void soft_shadow(struct rect r, i32 radius, i32 reach, u32 colour, u32 alpha);
