// "What this computer is": the panel of facts, and the notice that comes and goes.
#pragma once
#include "canvas.h"

/** The header, the panel and every row that cannot change. */
void draw_panel(void);
/** The row of the disc; returns what it drew over. */
struct rect draw_disc_row(void);
/** A short notice at the head of the screen, or NULL to take it away. */
struct rect draw_notice(const char *text);
