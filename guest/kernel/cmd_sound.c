#include "commands.h"
#include "clock.h"
#include "sound.h"

void command_tone(char **a, u32 n)
{
    u32 hz = 440, ms = 500;
    if (n > 0 && !number_between(a[0], "HZ", 20, 20000, &hz)) return;
    if (n > 1 && !number_between(a[1], "MS", 10, 10000, &ms)) return;
    speaker_tone(hz, ms);
    while (speaker_sounding()) {
        serve_events();
        sleep_for_interrupt();
    }
    ok("speaker %u Hz %u ms", hz, ms);
}

void command_sb16(char **a, u32 n)
{
    u32 hz = 440, ms = 500, version;
    if (n > 0 && !number_between(a[0], "HZ", 20, 10000, &hz)) return;
    if (n > 1 && !number_between(a[1], "MS", 10, 1480, &ms)) return;
    const char *why = sb16_tone(hz, ms);
    if (why) { err("%s", why); return; }
    sb16_present(&version);
    ok("DSP %u.%02u %u Hz %u ms", version >> 8, version & 255, hz, ms);
}
