// Sine and square root in whole numbers: the kernel uses no floating point.
#pragma once
#include "base.h"

/** sin of angle / 65536 of a turn, times 32767. */
i32 sine(u32 angle);
static inline i32 cosine(u32 angle) { return sine(angle + 0x4000); }
/** The whole part of the square root. */
u32 square_root(u32 n);
