// Commands about clocks and interrupts.
#include "acpi.h"
#include "clock.h"
#include "commands.h"
#include "house.h"
#include "interrupts.h"
#include "serial.h"

void command_rtc(char **a, u32 n)
{
    (void)a, (void)n;
    struct date d = read_date();
    ok("%04u-%02u-%02u %02u:%02u:%02u", d.year, d.month, d.day, d.hour, d.minute, d.second);
}

/** Numbers of exactly these widths with exactly these marks between them. */
static bool parse_fields(const char *text, char mark, const u32 *widths, u32 **values, u32 count)
{
    for (u32 i = 0; i < count; i++) {
        u32 v = 0;
        for (u32 k = 0; k < widths[i]; k++, text++) {
            if (*text < '0' || *text > '9') return false;
            v = v * 10 + (u32)(*text - '0');
        }
        *values[i] = v;
        if (*text++ != (i + 1 < count ? mark : 0)) return false;
    }
    return true;
}

void command_setrtc(char **a, u32 n)
{
    (void)n;
    static const u32 date_widths[] = { 4, 2, 2 }, time_widths[] = { 2, 2, 2 };
    struct date d, now;
    u32 *date[] = { &d.year, &d.month, &d.day }, *time[] = { &d.hour, &d.minute, &d.second };
    if (!parse_fields(a[0], '-', date_widths, date, 3) || !parse_fields(a[1], ':', time_widths, time, 3) || !valid_date(&d)) {
        err("not a date and time: YYYY-MM-DD hh:mm:ss");
        return;
    }
    write_date(&d);
    now = read_date();
    ok("wrote %s %s, reads %04u-%02u-%02u %02u:%02u:%02u", a[0], a[1], now.year, now.month, now.day, now.hour,
       now.minute, now.second);
}

static volatile u32 periodic;
static void rtc_interrupt(void)
{
    out8(0x70, 0x0C); // without reading register C the chip makes no more of them
    if (in8(0x71) & 0x40) periodic++;
}

/** Waits for the RTC's seconds to change; false when they do not within three seconds of ticks. */
static bool next_second(u8 *second)
{
    u32 start = ticks();
    for (;;) {
        // The periodic interrupt uses the same two ports, so nothing may come between the two accesses.
        interrupts_off();
        u8 now = read_cmos(0);
        interrupts_on();
        if (now != *second) { *second = now; return true; }
        if (ticks() - start > 3 * TICKS_PER_SECOND) return false;
    }
}

void command_ticks(char **a, u32 n)
{
    (void)n;
    u32 hz, seconds, rate = 0;
    if (!number_between(a[0], "HZ", 2, 8192, &hz) || !number_between(a[1], "SECONDS", 1, 600, &seconds)) return;
    for (u32 r = 3; r < 16; r++)
        if (32768u >> (r - 1) == hz) rate = r;
    if (!rate) { err("HZ must be a power of two, 2 to 8192"); return; }

    u8 second = read_cmos(0);
    bool alive = next_second(&second);
    interrupts_off();
    u8 a_before = read_cmos(0x0A), b_before = read_cmos(0x0B);
    write_cmos(0x0A, (u8)((a_before & 0x70) | rate));
    write_cmos(0x0B, b_before | 0x40);
    read_cmos(0x0C);
    periodic = 0;
    handle_irq(8, rtc_interrupt);
    u32 first_tick = ticks(), timer = acpi_has_timer() ? acpi_timer() : 0;
    u64 tsc = read_tsc(), pm = 0;
    interrupts_on();
    u32 seen = 0;
    while (alive && seen < seconds) {
        // The PM timer has 24 bits and comes round every 4.7 s, so it is added up second by second.
        alive = next_second(&second);
        seen++;
        if (acpi_has_timer()) {
            u32 now = acpi_timer();
            pm += (now - timer) & 0xFFFFFF;
            timer = now;
        }
    }
    u32 counted = periodic, pit = ticks() - first_tick;
    tsc = read_tsc() - tsc;
    interrupts_off();
    close_irq(8);
    write_cmos(0x0A, a_before);
    write_cmos(0x0B, b_before);
    read_cmos(0x0C);
    interrupts_on();
    if (!alive) err("the clock's seconds do not move");
    else ok("hz %u seconds %u irq8 %u expected %u pit %u tsc-us %U pm-us %U", hz, seconds, counted, hz * seconds, pit,
            divide(tsc * 1000, tsc_khz(), NULL), divide(pm * 1000000, 3579545, NULL));
}

void command_counter(char **a, u32 n)
{
    (void)n;
    if (same_text(a[0], "start")) house.counting = true;
    else if (same_text(a[0], "stop")) house.counting = false;
    else if (!same_text(a[0], "get")) { err("usage: counter start|stop|get"); return; }
    ok("counter %u %s", house.counter, house.counting ? "running" : "stopped");
}

void command_irqstat(char **a, u32 n)
{
    (void)a, (void)n;
    static const char *const names[16] = { "timer", "keyboard", "cascade", "com2", "com1", "sound", "floppy", "lpt",
                                           "rtc", "sci", "", "", "mouse", "fpu", "ide0", "ide1" };
    u32 sum = 0;
    for (u8 i = 0; i < 16; i++) {
        sum += irq_count(i);
        say("IRQ %u %u %s", i, irq_count(i), names[i]);
    }
    ok("%u interrupts, %u spurious, requests %04x", sum, spurious_count(), irq_requests());
}
