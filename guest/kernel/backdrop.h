// The light behind everything: computed coarsely, spread smoothly.
#pragma once
#include "canvas.h"

/** Computes the light for the canvas's size and paints all of it. */
void paint_backdrop(void);
/** The fine bright threads, everywhere but behind these rectangles: frosted glass does not show them. */
void paint_threads(const struct rect *frosted, u32 count);
