// The order matters: what changes a device comes after what only looks at it.
#include "probe.h"

u8 stack[65536] __attribute__((aligned(16)));
__asm__(".globl stack_top\n.set stack_top, stack + 65536");

void probe_main(void);
void probe_main(void)
{
    start_line();
    line("PROBE BEGIN 1");
    start_traps();
    find_pm_timer();
    probe_firmware();
    probe_video();
    probe_tables();
    probe_pci();
    probe_ports();
    probe_processor();
    probe_keyboard();
    probe_ata();
    probe_packet();
    probe_clocks();
    probe_apic();
    probe_last();
    line("PROBE END");
}
