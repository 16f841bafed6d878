// The same facts in text mode, for a card that has no picture large enough.
#pragma once
#include "ps2.h"

void draw_text_scene(void);
void text_scene_clock(void);
void text_scene_disc(void);
void text_scene_input(const struct input *input);
