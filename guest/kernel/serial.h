// COM1 at 115200 8N1: what the tests read and write.
#pragma once
#include "base.h"

void start_serial(void);
/** One line, formatted as format_text does, with CR LF after it. */
void say(const char *format, ...);
/** The next byte that has come, or -1. */
int serial_byte(void);
bool serial_waiting(void);
