// Two ways to make a tone: the PC speaker, and a Sound Blaster 16 by DMA.
#pragma once
#include "base.h"

/** Starts the speaker; it falls silent by itself after `ms` when sound_tick is called. */
void speaker_tone(u32 hz, u32 ms);
void sound_tick(void);
bool speaker_sounding(void);
/** Whether a Sound Blaster answers at 220h, and which DSP version it has. */
bool sb16_present(u32 *version);
/** Plays a sine through DMA channel 1 and waits for its interrupt. NULL when it played. */
const char *sb16_tone(u32 hz, u32 ms);
