// The clocks against each other, and whether counted interrupts all come: idle (halted) and busy.
#include "probe.h"

enum { TIMER_VECTOR = 0x20, CLOCK_VECTOR = 0x28, SPAN_MS = 2000 };

static void read_status_c(u32 vector)
{
    if (vector != CLOCK_VECTOR) return;
    out8(0x70, 0x0C);
    in8(0x71);
}

static void start_controllers(void)
{
    out8(0x20, 0x11), out8(0x21, TIMER_VECTOR), out8(0x21, 4), out8(0x21, 1);
    out8(0xA0, 0x11), out8(0xA1, TIMER_VECTOR + 8), out8(0xA1, 2), out8(0xA1, 1);
    out8(0x21, 0xFF), out8(0xA1, 0xFF);
}

static volatile u32 work = 1;
static void one_piece(void)
{
    u32 x = work;
    for (u32 i = 0; i < 5000; i++) x ^= x << 13, x ^= x >> 17, x ^= x << 5;
    work = x;
}

/** How often `vector` comes in SPAN_MS of the PM timer. */
static u32 counted(u32 vector, bool halted)
{
    u32 span = 3579545u / 1000 * SPAN_MS, done = 0, before = came[vector];
    u32 last = in32(pm_timer) & 0xFFFFFF;
    while (done < span) {
        if (halted) __asm__ volatile("sti\n\thlt\n\tcli" : : : "memory");
        else {
            __asm__ volatile("sti");
            one_piece();
            __asm__ volatile("cli");
        }
        u32 now = in32(pm_timer) & 0xFFFFFF;
        done += (now - last) & 0xFFFFFF;
        last = now;
    }
    // What is due is due for the time that passed, which is the end of the last step.
    return (u32)divide((u64)(came[vector] - before) * span, done, NULL);
}

static void set_timer(u32 hz)
{
    u32 reload = 1193182 / hz;
    out8(0x43, 0x34), out8(0x40, (u8)reload), out8(0x40, (u8)(reload >> 8));
}

static void set_clock_rate(u8 rate, bool on)
{
    out8(0x70, 0x0A);
    u8 a = in8(0x71);
    out8(0x70, 0x0A), out8(0x71, (u8)((a & 0xF0) | rate));
    out8(0x70, 0x0B);
    u8 b = in8(0x71);
    out8(0x70, 0x0B), out8(0x71, (u8)(on ? b | 0x40 : b & ~0x40));
    out8(0x70, 0x0C), in8(0x71);
}

static u8 second(void)
{
    out8(0x70, 0x0A);
    while (in8(0x71) & 0x80) {}
    out8(0x70, 0x00);
    return in8(0x71);
}

static void probe_rates(void)
{
    begin_section("clock");
    // Two seconds of the RTC by the PM timer and the TSC.
    u8 s = second();
    while (second() == s) {}
    u64 tsc = read_tsc();
    u32 last = in32(pm_timer) & 0xFFFFFF, passed = 0;
    for (u32 i = 0; i < 2; i++) {
        s = second();
        while (second() == s) {
            u32 now = in32(pm_timer) & 0xFFFFFF;
            passed += (now - last) & 0xFFFFFF;
            last = now;
        }
    }
    tsc = read_tsc() - tsc;
    measured("rtc-second-by-pm-timer-ms", (u32)divide((u64)passed * 1000000 / 2, 3579545, NULL), 1000000);
    u32 khz = (u32)divide(tsc, 2000, NULL);

    // Channel 2 of the PIT, 10 ms, by PM timer and TSC: how systems learn how fast the TSC is.
    u32 pm_worst = 0, tsc_worst = 0;
    for (u32 i = 0; i < 20; i++) {
        u8 p61 = in8(0x61);
        out8(0x61, (u8)((p61 & 0xFC) | 1));
        out8(0x43, 0xB0), out8(0x42, 0x9C), out8(0x42, 0x2E); // 11932 counts: 10.000 ms
        u32 from = in32(pm_timer) & 0xFFFFFF;
        u64 t = read_tsc();
        while (!(in8(0x61) & 0x20)) {}
        u32 us = (u32)divide((u64)((in32(pm_timer) - from) & 0xFFFFFF) * 1000000, 3579545, NULL);
        u32 by_tsc = (u32)divide((read_tsc() - t) * 1000, khz, NULL);
        pm_worst += us;
        tsc_worst += by_tsc;
    }
    measured("pit-10-ms-by-pm-timer", pm_worst / 20, 10000);
    measured("pit-10-ms-by-tsc", tsc_worst / 20, 10000);
    u32 backwards = 0;
    u64 before = read_tsc();
    for (u32 i = 0; i < 200000; i++) {
        u64 now = read_tsc();
        backwards += now < before;
        before = now;
    }
    fact("tsc-backwards", "%u", backwards);
}

void probe_clocks(void)
{
    begin_section("clock");
    if (!pm_timer) return fact("pm-timer", "none");
    fact("pm-timer", "present");
    start_controllers();
    probe_rates();
    begin_section("ticks");
    on_vector = read_status_c;
    for (u32 halted = 0; halted < 2; halted++) {
        const char *const how = halted ? "halted" : "busy";
        char name[32];
        out8(0x21, 0xFE);
        set_timer(100);
        format_text(name, sizeof name, "pit-100-hz-%s", how);
        measured(name, counted(TIMER_VECTOR, halted) * 1000, 200000);
        set_timer(1000);
        format_text(name, sizeof name, "pit-1000-hz-%s", how);
        measured(name, counted(TIMER_VECTOR, halted) * 1000, 2000000);
        out8(0x21, 0xFB), out8(0xA1, 0xFE);
        set_clock_rate(10, true); // 64 Hz
        format_text(name, sizeof name, "rtc-64-hz-%s", how);
        measured(name, counted(CLOCK_VECTOR, halted) * 1000, 128000);
        set_clock_rate(6, true); // 1024 Hz
        format_text(name, sizeof name, "rtc-1024-hz-%s", how);
        measured(name, counted(CLOCK_VECTOR, halted) * 1000, 2048000);
        set_clock_rate(6, false);
        out8(0x21, 0xFF), out8(0xA1, 0xFF);
    }
    set_timer(1000);
    out8(0x43, 0x34), out8(0x40, 0), out8(0x40, 0);
    on_vector = NULL;
}
