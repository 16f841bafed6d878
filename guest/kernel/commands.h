// The commands of the serial line. Each answers with exactly one OK or ERR line.
#pragma once
#include "base.h"

struct command {
    const char *name;
    /** Arguments: at least, at most. */
    u8 least, most;
    const char *usage;
    void (*run)(char **arguments, u32 count);
};
extern const struct command commands[];
extern const u32 command_count;

void ok(const char *format, ...);
void err(const char *format, ...);
/** Decimal, or hexadecimal after 0x; the whole word must be the number. Answers ERR itself. */
bool number(const char *word, const char *name, u32 *value);
bool number_between(const char *word, const char *name, u32 least, u32 most, u32 *value);

/** Reads what has come on the serial line and runs each whole line. */
void serve_serial(void);
/** What else waits meanwhile (keys, mouse, clock): long commands call it between their steps. */
void serve_events(void);

void command_help(char **a, u32 n);
void command_write(char **a, u32 n);
void command_verify(char **a, u32 n);
void command_scatter(char **a, u32 n);
void command_scatterverify(char **a, u32 n);
void command_scatterprefix(char **a, u32 n);
void command_flush(char **a, u32 n);
void command_dma(char **a, u32 n);
void command_visits(char **a, u32 n);
void command_cdsum(char **a, u32 n);
void command_disc(char **a, u32 n);
void command_fill(char **a, u32 n);
void command_check(char **a, u32 n);
void command_spin(char **a, u32 n);
void command_ticks(char **a, u32 n);
void command_counter(char **a, u32 n);
void command_rtc(char **a, u32 n);
void command_setrtc(char **a, u32 n);
void command_irqstat(char **a, u32 n);
void command_acpi(char **a, u32 n);
void command_facts(char **a, u32 n);
void command_card(char **a, u32 n);
void command_modes(char **a, u32 n);
void command_home(char **a, u32 n);
void command_tone(char **a, u32 n);
void command_sb16(char **a, u32 n);
void command_halt(char **a, u32 n);
void command_hang(char **a, u32 n);
void command_reboot(char **a, u32 n);
void command_poweroff(char **a, u32 n);
void command_triplefault(char **a, u32 n);
