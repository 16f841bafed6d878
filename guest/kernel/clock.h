// Time: PIT ticks (100 a second) for waiting, the TSC for measuring, the RTC for the date.
#pragma once
#include "base.h"

#define TICKS_PER_SECOND 100
#define PIT_HZ 1193182

struct date { u32 year, month, day, hour, minute, second; };

void start_clock(void);
u32 ticks(void);
/** Microseconds since some moment: by the TSC, calibrated against the PIT at start. */
u64 microseconds(void);
u32 tsc_khz(void);
/** A few microseconds, without interrupts; for chips that want a moment. */
void short_pause(u32 microseconds);

u8 read_cmos(u8 index);
void write_cmos(u8 index, u8 value);
struct date read_date(void);
/** Writes the date as the chip's own format wants it. */
void write_date(const struct date *date);
/** Days are numbered 0 (Sunday) to 6. */
u32 day_of_week(const struct date *date);
bool valid_date(const struct date *date);
