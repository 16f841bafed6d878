// The light behind everything: computed coarsely, spread smoothly.
#pragma once
#include "canvas.h"

/** Computes the light for the canvas's size and paints all of it. */
void paint_backdrop(void);
/** Paints the soft light alone, without the fine lines, into one rectangle: what is seen through
    frosted glass. */
void paint_light(struct rect r);
