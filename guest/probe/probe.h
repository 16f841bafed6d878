// The probe disc: asks a PC everything that a system may ask it, and says each answer on COM1 as one line.
#pragma once
#include "../kernel/base.h"
#include "../kernel/lowmem.h"

// ---- say.c
void start_line(void);
/** `KEY = VALUE`, formatted as format_text does. The key is that of `section` and `name`. */
void begin_section(const char *section);
void fact(const char *name, const char *format, ...);
/** The same for a list that is built word by word. */
void begin_list(void);
void list(const char *format, ...);
void end_list(const char *name);
/** `KEY ~ MEASURED DUE`: a quantity that no two runs have alike. Both in thousandths. */
void measured(const char *name, u32 thousandths, u32 due_thousandths);
void line(const char *text);
/** Bytes of memory in hexadecimal. */
void dump(const char *name, const volatile void *from, u32 bytes);
u32 crc32(const volatile u8 *from, u32 bytes);

// ---- traps.c
void start_traps(void);
/** Runs `f`; 0, or 1 + the vector of the exception in it, which ended it. Interrupts are off afterwards. */
u32 attempt(void (*f)(void));
/** How often this vector came since it was cleared. Vectors from 32 up. */
extern volatile u32 came[256];
/** Called in the handler, interrupts off, before the end of interrupt; may be NULL. */
extern void (*volatile on_vector)(u32 vector);
/** Whether handlers end their interrupt at the local APIC (else at the 8259s). */
extern volatile bool apic_ends;
/** #DF through a task gate: true when the handler's task was reached. Must be the last thing done. */
bool double_fault_reaches_its_task(void);

// ---- clock.c
/** The PM timer's port; 0 where there is none. */
extern u16 pm_timer;
void find_pm_timer(void);
/** Waits by the PM timer, or by the RTC's update flag where there is none. */
void wait_ms(u32 ms);
/** A wait that any PC has: 15.085 us for each two changes of the refresh bit is not had everywhere, so the TSC counts. */
void pause_us(u32 us);
/** Runs until `done` or so many ms have passed; false in that case. */
bool until(bool (*done)(void), u32 ms);

// ---- pci
u32 pci_read32(u32 device, u32 function, u32 offset);
void pci_write32(u32 device, u32 function, u32 offset, u32 value);

// ---- the sections
void probe_firmware(void);
void probe_video(void);
void probe_pci(void);
void probe_ports(void);
void probe_keyboard(void);
void probe_processor(void);
void probe_tables(void);
void probe_ata(void);
void probe_packet(void);
void probe_apic(void);
void probe_clocks(void);
void probe_last(void);
