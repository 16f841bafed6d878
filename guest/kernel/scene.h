// What people see. The rest of the house tells it what happened; it draws only what changed.
#pragma once
#include "ps2.h"

/** Sets the best mode and draws everything. */
void enter_scene(void);
/** The screen now belongs to somebody else; nothing is drawn until enter_scene. */
void leave_scene(void);
void scene_input(const struct input *input);
/** Once a second. */
void scene_second(void);
/** The disc came, went or was changed. */
void scene_disc(void);
/** Brings what has changed to the screen; called before sleeping. */
void scene_show(void);
