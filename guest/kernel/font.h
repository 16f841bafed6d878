// Text from strokes: every size and weight from the same drawings (glyphs.c), with soft edges.
#pragma once
#include "canvas.h"

// Signs outside ASCII that a string may contain.
#define GLYPH_DOT 1
#define GLYPH_DASH 2
#define GLYPH_TIMES 3
#define GLYPH_UP 4
#define GLYPH_DOWN 5
#define GLYPH_LEFT 6
#define GLYPH_RIGHT 7
#define GLYPH_RETURN 8
#define GLYPH_MENU 14
#define GLYPH_CASE 15

struct glyph_source { char code; i16 width; const char *strokes; };
extern const struct glyph_source glyph_sources[];
extern const u32 glyph_source_count;

struct font {
    /** Pixels for 100 grid units: about what is called the font size. */
    u8 size;
    /** The pen's width in grid units: 5 thin, 8 regular, 11 strong. */
    u8 pen;
};

/** Width of the text in pixels, rounded up. */
i32 text_width(struct font font, const char *text);
/** Draws with the baseline at y; returns the x after it. The colour's top byte is its alpha. */
i32 draw_text(struct font font, i32 x, i32 baseline, const char *text, u32 argb);
void draw_text_centred(struct font font, i32 centre, i32 baseline, const char *text, u32 argb);
/** As much of the text as fits, with dots where it was cut. */
void draw_text_within(struct font font, i32 x, i32 baseline, i32 width, const char *text, u32 argb);
