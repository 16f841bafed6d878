// Commands that end the machine, each in its own way. They answer first: afterwards nobody can.
#include "acpi.h"
#include "clock.h"
#include "commands.h"
#include "serial.h"

void triple_fault(void);

void command_halt(char **a, u32 n)
{
    (void)a, (void)n;
    ok("halting: HLT with interrupts off");
    for (;;) __asm__ volatile("cli\n\thlt");
}

void command_hang(char **a, u32 n)
{
    (void)a, (void)n;
    ok("hanging: an endless loop with interrupts off");
    __asm__ volatile("cli\n1:\tjmp 1b");
}

void command_triplefault(char **a, u32 n)
{
    (void)a, (void)n;
    ok("triple fault");
    interrupts_off();
    triple_fault();
}

void command_reboot(char **a, u32 n)
{
    bool cf9 = n && same_text(a[0], "cf9");
    if (n && !cf9) { err("usage: reboot [cf9]"); return; }
    ok("rebooting through %s", cf9 ? "port CF9" : "the keyboard controller");
    interrupts_off();
    if (!cf9) {
        for (u32 i = 0; i < 100000 && in8(0x64) & 2; i++) {}
        out8(0x64, 0xFE);
        for (u32 i = 0; i < 10000000; i++) in8(0x80);
    }
    out8(0xCF9, 0x02);
    out8(0xCF9, 0x06);
    for (u32 i = 0; i < 10000000; i++) in8(0x80);
    interrupts_on();
    say("STILL ON the reset was not obeyed");
}

void command_poweroff(char **a, u32 n)
{
    (void)a, (void)n;
    const struct acpi *t = find_acpi();
    if (!t) { err("this machine has no ACPI tables"); return; }
    if (!t->has_s5) { err("neither DSDT nor SSDT has \\_S5"); return; }
    ok("powering off: SLP_TYP %u to port %04x", t->sleep_type_a, t->pm1a_control);
    const char *why = acpi_power_off();
    say("STILL ON %s", why);
}
