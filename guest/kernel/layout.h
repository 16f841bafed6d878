// Where things are, on a sheet of 1024 x 768 that is scaled to the screen.
#pragma once
#include "font.h"

static inline i32 sx(i32 v) { return v * (i32)canvas_width() / 1024; }
static inline i32 sy(i32 v) { return v * (i32)canvas_height() / 768; }
/** The same in 256ths of a pixel, for paths. */
static inline i32 fx(i32 v) { return v * (i32)canvas_width() / 4; }
static inline i32 fy(i32 v) { return v * (i32)canvas_height() / 3; }
static inline struct rect sheet(i32 x, i32 y, i32 w, i32 h)
{
    return (struct rect){ sx(x), sy(y), sx(x + w) - sx(x), sy(y + h) - sy(y) };
}
/** A font that keeps its place on the sheet; never too small to read. */
static inline struct font face(i32 size, i32 pen)
{
    i32 s = size * (i32)canvas_width() / 1024, least = size < 13 ? 9 : 11;
    return (struct font){ (u8)(s < least ? least : s), (u8)pen };
}

#define PANEL sheet(28, 92, 570, 408)
#define CASE_AREA sheet(612, 24, 392, 484)
#define KEYBOARD sheet(28, 516, 968, 236)
