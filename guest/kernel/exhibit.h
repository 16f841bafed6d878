// The museum case: the computer of 2009 under glass, its screen telling the time, its disc beside it.
#pragma once
#include "canvas.h"

/** Everything of the case that never changes. */
void draw_case(void);
/** The time and date on the little screen, and the drive's light; returns what it drew over. Most of the
    time only the seconds have changed; `whole` draws all of it. */
struct rect draw_case_screen(bool disk_light, bool whole);
/** The disc on its stand, or the empty stand. */
struct rect draw_case_disc(bool disc_in);
