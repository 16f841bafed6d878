#pragma once
#include "canvas.h"

/** A pane of frosted glass with a bright rim, a gloss on its upper part and a shadow around it. */
void draw_glass(struct rect r, i32 radius);
/** The light of a small glass button, `lit` from 0 to 256. */
void draw_key_face(struct rect r, i32 radius, u32 lit);
