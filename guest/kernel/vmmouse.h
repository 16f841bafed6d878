// The absolute pointer some emulators offer through VMware's "backdoor" port: where the visitor's finger
// or pointer is on the picture, instead of how far it moved.
#pragma once
#include "ps2.h"

void start_vmmouse(void);
/** The next event from it, if any. */
bool next_absolute(struct input *input);
bool vmmouse_present(void);
