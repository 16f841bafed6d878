// The keyboard at the foot of the screen: 105 keys that light up while they are held.
#pragma once
#include "canvas.h"

void draw_keyboard(void);
/** Lights or darkens the key; an empty rectangle when the code is no key of this keyboard. */
struct rect light_key(u32 code, bool down);
/** All keys that are down right now, drawn again (after the scene was away). */
void light_keys_again(void);
