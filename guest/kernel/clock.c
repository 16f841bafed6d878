#include "clock.h"
#include "interrupts.h"

static volatile u32 tick_count;
static u32 khz;

static void ticked(void) { tick_count++; }
u32 ticks(void) { return tick_count; }
u32 tsc_khz(void) { return khz; }

static u32 pit_counter(void)
{
    out8(0x43, 0x00); // latch channel 0
    u32 low = in8(0x40);
    return low | (u32)in8(0x40) << 8;
}

static void set_pit(u32 reload)
{
    out8(0x43, 0x34); // channel 0, both bytes, rate generator
    out8(0x40, (u8)reload);
    out8(0x40, (u8)(reload >> 8));
}

void start_clock(void)
{
    // How fast is the TSC? Count it over about 10 ms of the PIT, which counts down from 65536.
    set_pit(0);
    while (pit_counter() < 60000) {}
    u64 t0 = read_tsc();
    u32 c0 = pit_counter(), c1;
    do c1 = pit_counter(); while (c0 >= c1 && c0 - c1 < PIT_HZ / 100);
    u64 cycles = read_tsc() - t0;
    u32 counted = c0 >= c1 ? c0 - c1 : c0 + 65536 - c1;
    khz = (u32)divide(cycles * (PIT_HZ / 1000), counted, NULL);
    if (!khz) khz = 1;

    set_pit(PIT_HZ / TICKS_PER_SECOND);
    handle_irq(0, ticked);
}

u64 microseconds(void)
{
    u32 rest;
    u64 ms = divide(read_tsc(), khz, &rest);
    return ms * 1000 + divide((u64)rest * 1000, khz, NULL);
}

void short_pause(u32 us)
{
    u64 end = microseconds() + us;
    while (microseconds() < end) {}
}

// ---- the real-time clock

u8 read_cmos(u8 index) { out8(0x70, index); return in8(0x71); }
void write_cmos(u8 index, u8 value) { out8(0x70, index); out8(0x71, value); }

static u32 from_bcd(u32 v) { return (v >> 4) * 10 + (v & 15); }
static u8 to_bcd(u32 v) { return (u8)(v / 10 << 4 | v % 10); }

static struct date read_once(void)
{
    u8 mode = read_cmos(0x0B);
    u32 hour = read_cmos(4);
    bool afternoon = hour & 0x80;
    struct date d = { read_cmos(9), read_cmos(8), read_cmos(7), hour & 0x7F, read_cmos(2), read_cmos(0) };
    u32 century = read_cmos(0x32);
    if (!(mode & 4)) {
        d.year = from_bcd(d.year); d.month = from_bcd(d.month); d.day = from_bcd(d.day);
        d.hour = from_bcd(d.hour); d.minute = from_bcd(d.minute); d.second = from_bcd(d.second);
        century = from_bcd(century);
    }
    if (!(mode & 2)) d.hour = d.hour % 12 + (afternoon ? 12 : 0);
    d.year += (century >= 19 && century <= 29 ? century : 20) * 100;
    return d;
}

struct date read_date(void)
{
    // Read until two readings agree: the chip may be between two seconds, and its own
    // update-in-progress flag cannot be trusted in every emulator.
    struct date a = read_once(), b;
    for (u32 tries = 0; tries < 8; tries++, a = b) {
        b = read_once();
        if (!memcmp(&a, &b, sizeof a)) break;
    }
    return a;
}

void write_date(const struct date *d)
{
    u8 mode = read_cmos(0x0B);
    write_cmos(0x0B, mode | 0x80); // hold the clock
    bool binary = mode & 4;
    u32 hour = d->hour, afternoon = 0;
    if (!(mode & 2)) {
        afternoon = hour >= 12 ? 0x80 : 0;
        hour = hour % 12 ? hour % 12 : 12;
    }
#define CODED(v) (binary ? (u8)(v) : to_bcd(v))
    write_cmos(0, CODED(d->second)); write_cmos(2, CODED(d->minute));
    write_cmos(4, (u8)(CODED(hour) | afternoon));
    write_cmos(6, (u8)(day_of_week(d) + 1));
    write_cmos(7, CODED(d->day)); write_cmos(8, CODED(d->month)); write_cmos(9, CODED(d->year % 100));
    write_cmos(0x32, CODED(d->year / 100));
#undef CODED
    write_cmos(0x0B, mode & 0x7F);
}

static u32 days_in(u32 month, u32 year)
{
    static const u8 days[12] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap ? 1u : 0u);
}

bool valid_date(const struct date *d)
{
    return d->year >= 1980 && d->year <= 2099 && d->month >= 1 && d->month <= 12 && d->day >= 1 &&
           d->day <= days_in(d->month, d->year) && d->hour < 24 && d->minute < 60 && d->second < 60;
}

u32 day_of_week(const struct date *d)
{
    // Sakamoto's method: a shift per month, the year one less before March.
    static const u8 shift[12] = { 0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4 };
    if (d->month < 1 || d->month > 12) return 0;
    u32 y = d->year - (d->month < 3);
    return (y + y / 4 - y / 100 + y / 400 + shift[d->month - 1] + d->day) % 7;
}
