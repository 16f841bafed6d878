// The interrupt table: every vector is counted, and an exception ends the attempt it happened in.
#include "probe.h"

struct frame { u32 edi, esi, ebp, esp, ebx, edx, ecx, eax, vector, error, eip, cs, eflags; };

extern const u32 vector_stubs[256];
void idt_load(const void *pointer);
bool fault_into_task(void);
void double_fault_task(void);

static struct { u16 low, selector, flags, high; } idt[256];
static struct { u16 limit; u32 base; } __attribute__((packed)) idt_pointer, gdt_pointer;
volatile u32 came[256];
void (*volatile on_vector)(u32 vector);
volatile bool apic_ends;

#define FIRST_PIC_VECTOR 0x20

static void set_gate(u32 vector, u32 address, u16 selector, u16 flags)
{
    idt[vector].low = (u16)address;
    idt[vector].high = (u16)(address >> 16);
    idt[vector].selector = selector;
    idt[vector].flags = flags;
}

void start_traps(void)
{
    for (u32 i = 0; i < 256; i++) set_gate(i, vector_stubs[i], 0x08, 0x8E00);
    idt_pointer.limit = sizeof idt - 1;
    idt_pointer.base = (u32)idt;
    idt_load(&idt_pointer);
}

void interrupt_came(const struct frame *frame);
void interrupt_came(const struct frame *frame)
{
    if (frame->vector < 32 && frame->vector != 2) {
        char text[120];
        format_text(text, sizeof text, "FAULT vector %u error %x at %08x", frame->vector, frame->error, frame->eip);
        line(text);
        for (;;) __asm__ volatile("cli\n\thlt");
    }
    came[frame->vector]++;
    if (on_vector) on_vector(frame->vector);
    if (frame->vector == 2) return;
    if (apic_ends) {
        *(volatile u32 *)0xFEE000B0 = 0;
    } else {
        if (frame->vector >= FIRST_PIC_VECTOR + 8) out8(0xA0, 0x20);
        out8(0x20, 0x20);
    }
}

void bios(u8 interrupt)
{
    u8 master = in8(0x21), slave = in8(0xA1);
    out8(0x21, 0xFF);
    out8(0xA1, 0xFF);
    BIOS_REGS->interrupt = interrupt;
    ((void (*)(void))0x8000)();
    out8(0x21, master);
    out8(0xA1, slave);
}

/** A 32-bit task state segment (Intel SDM 3A, 7.2.1). */
struct tss {
    u32 link, esp0, ss0, esp1, ss1, esp2, ss2, cr3, eip, eflags, eax, ecx, edx, ebx, esp, ebp, esi, edi;
    u32 es, cs, ss, ds, fs, gs, ldt;
    u16 trap, io_map;
};
static struct tss here, there;
static u64 gdt[8];
static u8 fault_stack[4096];

static u64 tss_descriptor(struct tss *t)
{
    u64 base = (u32)t;
    return (sizeof *t - 1) | (base & 0xFFFFFF) << 16 | (u64)0x89 << 40 | (base >> 24) << 56;
}

bool double_fault_reaches_its_task(void)
{
    u32 cr3;
    __asm__ volatile("movl %%cr3, %0" : "=r"(cr3));
    gdt[1] = 0x00CF9A000000FFFFull;
    gdt[2] = 0x00CF92000000FFFFull;
    gdt[3] = tss_descriptor(&here);
    gdt[4] = tss_descriptor(&there);
    there = (struct tss){ .cr3 = cr3, .eip = (u32)double_fault_task, .eflags = 2, .esp = (u32)(fault_stack + sizeof fault_stack),
                          .cs = 8, .ss = 16, .ds = 16, .es = 16, .fs = 16, .gs = 16, .io_map = sizeof there };
    here.io_map = sizeof here;
    gdt_pointer.limit = sizeof gdt - 1;
    gdt_pointer.base = (u32)gdt;
    __asm__ volatile("lgdt %0\n\tmovw $0x18, %%ax\n\tltr %%ax" : : "m"(gdt_pointer) : "eax");
    set_gate(8, 0, 0x20, 0x8500);
    set_gate(11, 0, 8, 0x0E00); // not present: so that #GP becomes #NP, and that a double fault
    set_gate(13, 0, 8, 0x0E00);
    return fault_into_task();
}
