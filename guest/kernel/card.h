// The test card: a picture every pixel of which follows from a formula (guest/protocol.ts has the
// same one), drawn in whatever mode is set.
#pragma once
#include "base.h"

/** Red, green and blue, 8 bits each, as 0xRRGGBB, before the mode's depth takes bits away. */
u32 card_pixel(u32 x, u32 y, u32 width, u32 height);
void draw_card(void);
/** FNV-1a (32 bits) over the bytes of the rows in video memory, without what lies between rows. */
u32 card_checksum(void);
