// The interrupt table, the two PICs, and how often each line has spoken.
#pragma once
#include "base.h"

struct interrupt_frame {
    u32 edi, esi, ebp, esp, ebx, edx, ecx, eax;
    u32 vector, error, eip, cs, eflags;
};

void start_interrupts(void);
/** `handler` runs with interrupts off; the end-of-interrupt is sent for it. Opens the line. */
void handle_irq(u8 irq, void (*handler)(void));
void open_irq(u8 irq);
void close_irq(u8 irq);
u32 irq_count(u8 irq);
u32 spurious_count(void);
/** Lines that are closed at the PIC but ask for attention (a level that nobody lowers shows here). */
u16 irq_requests(void);
