// The 8042: keyboard and mouse. Their interrupts only queue bytes; this turns them into events.
#pragma once
#include "base.h"

enum input_kind { INPUT_KEY, INPUT_MOUSE, INPUT_MOUSE_ABSOLUTE };
struct input {
    enum input_kind kind;
    /** Scan code of set 1 as it goes down: 0x1E, 0xE048, 0xE11D45 (Pause). */
    u32 key;
    bool down;
    /** As the mouse says it: dx grows to the right, dy grows upwards, wheel grows towards the user. */
    i32 dx, dy, wheel;
    /** bit 0 left, bit 1 right, bit 2 middle */
    u32 buttons;
    /** INPUT_MOUSE_ABSOLUTE: 0 to 65535 over the screen, y downwards. */
    u32 x, y;
};

void start_ps2(void);
bool next_input(struct input *input);
bool input_waiting(void);
bool mouse_present(void);
bool mouse_has_wheel(void);
