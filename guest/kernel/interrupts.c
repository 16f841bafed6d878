#include "interrupts.h"
#include "lowmem.h"
#include "serial.h"

#define MASTER 0x20
#define SLAVE 0xA0
#define FIRST_IRQ_VECTOR 0x20

extern const u32 interrupt_stubs[48];
void load_idt(const void *pointer);

static struct { u16 low, selector, flags, high; } idt[256];
static struct { u16 limit; u32 base; } __attribute__((packed)) idt_pointer;
static void (*handlers[16])(void);
static u32 counts[16], spurious;
static u16 closed = 0xFFFF;

static void write_masks(u16 masks)
{
    out8(MASTER + 1, (u8)masks);
    out8(SLAVE + 1, (u8)(masks >> 8));
}

static u8 in_service(u16 pic)
{
    out8(pic, 0x0B);
    return in8(pic);
}

void start_interrupts(void)
{
    for (u32 i = 0; i < 48; i++) {
        idt[i].low = (u16)interrupt_stubs[i];
        idt[i].high = (u16)(interrupt_stubs[i] >> 16);
        idt[i].selector = 0x08;
        idt[i].flags = 0x8E00;
    }
    idt_pointer.limit = sizeof idt - 1;
    idt_pointer.base = (u32)idt;
    load_idt(&idt_pointer);

    // Vectors 0x20 to 0x2F, cascade on line 2, 8086 mode, normal end of interrupt.
    out8(MASTER, 0x11); out8(MASTER + 1, FIRST_IRQ_VECTOR); out8(MASTER + 1, 4); out8(MASTER + 1, 1);
    out8(SLAVE, 0x11); out8(SLAVE + 1, FIRST_IRQ_VECTOR + 8); out8(SLAVE + 1, 2); out8(SLAVE + 1, 1);
    write_masks(closed);
    open_irq(2);
    interrupts_on();
}

void open_irq(u8 irq) { closed &= (u16)~(1u << irq); write_masks(closed); }
void close_irq(u8 irq) { closed |= (u16)(1u << irq); write_masks(closed); }
u32 irq_count(u8 irq) { return counts[irq]; }
u32 spurious_count(void) { return spurious; }

void handle_irq(u8 irq, void (*handler)(void))
{
    handlers[irq] = handler;
    open_irq(irq);
}

u16 irq_requests(void)
{
    out8(MASTER, 0x0A);
    out8(SLAVE, 0x0A);
    return (u16)(in8(MASTER) | in8(SLAVE) << 8);
}

void interrupt_dispatch(const struct interrupt_frame *frame);
void interrupt_dispatch(const struct interrupt_frame *frame)
{
    if (frame->vector < FIRST_IRQ_VECTOR) {
        say("FAULT vector %u error %x at %08x eax %08x ecx %08x edx %08x", frame->vector, frame->error,
            frame->eip, frame->eax, frame->ecx, frame->edx);
        for (;;) __asm__ volatile("cli\n\thlt");
    }
    u8 irq = (u8)(frame->vector - FIRST_IRQ_VECTOR);
    // Lines 7 and 15 are what a PIC answers when the request went away before it was asked which.
    if ((irq == 7 && !(in_service(MASTER) & 0x80)) || (irq == 15 && !(in_service(SLAVE) & 0x80))) {
        spurious++;
        if (irq == 15) out8(MASTER, 0x20);
        return;
    }
    counts[irq]++;
    if (handlers[irq]) handlers[irq]();
    if (irq >= 8) out8(SLAVE, 0x20);
    out8(MASTER, 0x20);
}

void bios(u8 interrupt)
{
    u32 flags;
    __asm__ volatile("pushfl\n\tpopl %0\n\tcli" : "=r"(flags) : : "memory");
    write_masks(0xFFFF);
    BIOS_REGS->interrupt = interrupt;
    ((void (*)(void))0x8000)();
    write_masks(closed);
    if (flags & 0x200) interrupts_on();
}
