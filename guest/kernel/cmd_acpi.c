// `acpi`: what the tables claim, and what the registers they name answer. It writes only what a
// sleeping system's owner may write: ones to status bits, and enables that it puts back.
#include "acpi.h"
#include "clock.h"
#include "commands.h"
#include "interrupts.h"
#include "serial.h"

static volatile u32 sci_count;
static void sci(void) { sci_count++; }

#define TMR 1 // the PM timer's bit in PM1_STS and PM1_EN: its bit 23 has changed
static u16 status_port, enable_port;
static volatile u16 seen, after_zero, after_one;

// What every ACPI system does in its SCI handler, with a look after each step.
static void timer_sci(void)
{
    if (!sci_count++) {
        seen = in16(status_port);
        out16(status_port, 0);
        after_zero = in16(status_port);
    }
    out16(status_port, TMR);
    after_one = in16(status_port);
    if (sci_count > 20) out16(enable_port, 0); // a line that nobody lowers: enough
}

/** One carry of the PM timer, from its enable bit to the SCI and back to silence. */
static void try_timer(const struct acpi *t)
{
    if (!t->pm1a_event || !t->pm_timer || !t->sci_irq || t->sci_irq > 15) { err("no PM1a event block, PM timer or SCI"); return; }
    status_port = (u16)t->pm1a_event;
    enable_port = (u16)(status_port + t->pm1_event_bytes / 2);
    acpi_take_over();
    u16 enable = in16(enable_port);
    out16(enable_port, 0);
    out16(status_port, 0xFFFF);
    sci_count = 0;
    handle_irq((u8)t->sci_irq, timer_sci);
    u64 us = microseconds();
    out16(enable_port, TMR);
    // Bit 23 changes every 2.34 s.
    u32 start = ticks(), at_first = 0;
    while (ticks() - start < 3 * TICKS_PER_SECOND && !sci_count) sleep_for_interrupt();
    us = microseconds() - us;
    at_first = ticks();
    while (sci_count && ticks() - at_first < TICKS_PER_SECOND / 4) sleep_for_interrupt();
    close_irq((u8)t->sci_irq);
    out16(enable_port, enable);
    u32 count = sci_count;
    if (!count) err("no SCI within 3 s of enabling the timer's");
    else if (!(seen & TMR)) err("the SCI came without TMR_STS");
    else if (!(after_zero & TMR)) err("writing 0 cleared TMR_STS");
    else if (after_one & TMR) err("writing 1 did not clear TMR_STS");
    else if (count > 1) err("the SCI came %u times for one carry", count);
    else ok("SCI after %u ms, once; TMR_STS kept by 0, cleared by 1", (u32)divide(us, 1000, NULL));
}

static void say_tables(const struct acpi *t)
{
    say("ACPI RSDP %08x RSDT %08x", t->rsdp, t->rsdt);
    for (u32 i = 0; i < t->table_count; i++) {
        char name[5];
        u32 length, address = acpi_table(i, name, &length);
        say("ACPI TABLE %s %08x %u bytes", name, address, length);
    }
    if (t->dsdt) say("ACPI TABLE DSDT %08x %u bytes", t->dsdt, *(u32 *)(t->dsdt + 4));
    say("ACPI SCI %u SMI_CMD %04x enable %02x disable %02x flags %08x", t->sci_irq, t->smi_command, t->enable_value,
        t->disable_value, t->flags);
    say("ACPI PM1a_EVT %04x %u bytes PM1a_CNT %04x %u bytes PM_TMR %04x GPE0 %04x %u bytes", t->pm1a_event,
        t->pm1_event_bytes, t->pm1a_control, t->pm1_control_bytes, t->pm_timer, t->gpe0, t->gpe0_bytes);
    if (t->has_s5) say("ACPI S5 %u %u", t->sleep_type_a, t->sleep_type_b);
    say("ACPI CPUS %u", acpi_processors());
}

/** Is the status register write-1-to-clear? Writing 0 must leave it, writing its ones must clear them. */
static const char *try_status(u32 port, bool wide)
{
    u32 before = wide ? in16((u16)port) : in8((u16)port);
    if (wide) out16((u16)port, 0); else out8((u16)port, 0);
    u32 kept = wide ? in16((u16)port) : in8((u16)port);
    if (wide) out16((u16)port, (u16)before); else out8((u16)port, (u8)before);
    u32 cleared = wide ? in16((u16)port) : in8((u16)port);
    // Ones written to bits that are 0 must not set them: that is how a stored register gives itself away.
    u32 ones = wide ? 0x0521 : 0xFF;
    if (wide) out16((u16)port, (u16)ones); else out8((u16)port, (u8)ones);
    u32 after = wide ? in16((u16)port) : in8((u16)port);
    if (!wide && after) out8((u16)port, 0); // it stored them: put zeros back
    if (after & ones & ~1u) return "stores what is written";
    if (before & ~kept) return "cleared by writing 0";
    if (before & cleared & ~1u) return "cannot be cleared";
    return "write-1-to-clear";
}

static void say_registers(const struct acpi *t)
{
    if (t->pm1a_event) {
        u16 port = (u16)t->pm1a_event;
        u16 enable_port = (u16)(port + t->pm1_event_bytes / 2);
        u16 enable = in16(enable_port);
        u16 control = t->pm1a_control ? in16((u16)t->pm1a_control) : 0;
        say("ACPI PM1_STS %04x PM1_EN %04x PM1_CNT %04x SCI_EN %u", in16(port), enable, control, control & 1);
        out16(enable_port, 0);
        say("ACPI PM1_STS %s", try_status(port, true));
        out16(enable_port, 0x0100);
        u16 stored = in16(enable_port);
        out16(enable_port, enable);
        say("ACPI PM1_EN %s", stored == 0x0100 ? "stored" : "not stored");
    }
    if (t->gpe0) {
        u16 half = (u16)(t->gpe0_bytes / 2);
        for (u16 i = 0; i < half; i++) {
            u16 status = (u16)(t->gpe0 + i), enable_port = (u16)(status + half);
            u8 before = in8(status), enable = in8(enable_port);
            out8(enable_port, 0);
            const char *kind = try_status(status, false);
            out8(enable_port, 0x02);
            u8 stored = in8(enable_port);
            out8(enable_port, enable);
            say("ACPI GPE0_STS%u %02x %s GPE0_EN%u %02x %s", i, before, kind, i, enable,
                stored == 0x02 ? "stored" : "not stored");
        }
    }
    // Hot plug as SeaBIOS's DSDT for this chipset has it; a machine without it answers all ones.
    say("ACPI PCIHP up %08x down %08x eject %08x removable %08x", in32(0xAE00), in32(0xAE04), in32(0xAE08), in32(0xAE0C));
    char cpus[33 * 2];
    u32 n = 0;
    for (u16 i = 0; i < 32; i++) n += format_text(cpus + n, sizeof cpus - n, "%02x", in8((u16)(0xAF00 + i)));
    say("ACPI CPUHP %s", cpus);
}

/** Lets the SCI through for a while with nothing enabled, then with the PM timer's carry enabled. */
static void say_sci(const struct acpi *t)
{
    if (!t->sci_irq || t->sci_irq > 15 || !t->pm1a_event) return;
    u16 status = (u16)t->pm1a_event, enable = (u16)(status + t->pm1_event_bytes / 2);
    out16(enable, 0);
    out16(status, 0xFFFF);
    sci_count = 0;
    handle_irq((u8)t->sci_irq, sci);
    u32 start = ticks();
    while (ticks() - start < TICKS_PER_SECOND / 4) sleep_for_interrupt();
    close_irq((u8)t->sci_irq);
    u32 count = sci_count;
    say("ACPI SCI %u interrupts in 250 ms %s", count, count ? "NOT QUIET" : "quiet");
}

void command_acpi(char **a, u32 n)
{
    const struct acpi *t = find_acpi();
    if (n && !same_text(a[0], "timer")) { err("usage: acpi [timer]"); return; }
    if (!t) { err("this machine has no ACPI tables"); return; }
    if (n) { try_timer(t); return; }
    say_tables(t);
    say_registers(t);
    if (acpi_has_timer()) {
        u32 t0 = acpi_timer(), start = ticks();
        u64 us = microseconds();
        while (ticks() - start < 10) sleep_for_interrupt();
        u32 counted = (acpi_timer() - t0) & 0xFFFFFF;
        us = microseconds() - us;
        say("ACPI PM_TMR %u Hz", us ? (u32)divide((u64)counted * 1000000, (u32)us, NULL) : 0);
    }
    say_sci(t);
    ok("%u tables, SCI %u", t->table_count + (t->dsdt ? 1 : 0), t->sci_irq);
}
