// Commands that touch memory and the processor.
#include "clock.h"
#include "commands.h"
#include "machine.h"
#include "pattern.h"
#include "serial.h"

static bool memory_arguments(char **a, u32 **words, u32 *mib, u32 *seed)
{
    u32 bytes;
    *words = (u32 *)free_memory(&bytes);
    return number_between(a[0], "MIB", 1, bytes >> 20, mib) && number(a[1], "SEED", seed);
}

// Each KiB starts from its own address, so that a page that landed elsewhere shows.
static u32 kib_state(u32 kib, u32 seed)
{
    u32 x = kib * 0x9E3779B1u ^ seed * 0x85EBCA6Bu ^ 0x165667B1u;
    return x ? x : 1;
}

void command_fill(char **a, u32 n)
{
    (void)n;
    u32 *w, mib, seed;
    if (!memory_arguments(a, &w, &mib, &seed)) return;
    u64 start = microseconds();
    for (u32 kib = 0; kib < mib * 1024; kib++) {
        u32 x = kib_state(kib, seed);
        for (u32 i = 0; i < 256; i++) *w++ = x = xorshift(x);
        if (kib % 1024 == 0) serve_events();
    }
    ok("filled %u MiB seed %u in %u ms", mib, seed, (u32)divide(microseconds() - start, 1000, NULL));
}

void command_check(char **a, u32 n)
{
    (void)n;
    u32 *w, mib, seed;
    if (!memory_arguments(a, &w, &mib, &seed)) return;
    u64 start = microseconds();
    for (u32 kib = 0; kib < mib * 1024; kib++) {
        u32 x = kib_state(kib, seed);
        for (u32 i = 0; i < 256; i++, w++) {
            x = xorshift(x);
            if (*w == x) continue;
            err("at %08x: %08x instead of %08x", (u32)w, *w, x);
            return;
        }
        if (kib % 1024 == 0) serve_events();
    }
    ok("checked %u MiB seed %u in %u ms", mib, seed, (u32)divide(microseconds() - start, 1000, NULL));
}

void command_spin(char **a, u32 n)
{
    (void)n;
    u32 count;
    if (!number_between(a[0], "COUNT", 1, 4000000000u, &count)) return;
    u32 first_tick = ticks();
    u64 start = microseconds();
    u32 x = 1;
    for (u32 i = 0; i < count; i++) x = xorshift(x);
    u64 us = microseconds() - start;
    if (!us) us = 1;
    while (us >> 32) us >>= 1, count >>= 1; // more than an hour: precision no longer matters
    u32 per_second = (u32)divide((u64)count * 1000000, (u32)us, NULL);
    ok("%u per second, checksum %08x, %U us, %u ticks", per_second, x, us, ticks() - first_tick);
}
