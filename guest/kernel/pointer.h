// The mouse pointer: drawn last, straight onto the screen.
#pragma once
#include "canvas.h"

void make_pointer(void);
void move_pointer(i32 dx, i32 dy);
void place_pointer(i32 x, i32 y);
struct rect pointer_rect(void);
/** Blends the pointer's part of row y onto pixels that begin at x0. */
void blend_pointer_row(u32 *row, i32 x0, i32 x1, i32 y);
