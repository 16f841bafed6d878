// The local APIC and the I/O APIC: registers after the firmware, and what the rules of priority do (Intel SDM 3A chapter 10, 82093AA).
#include "probe.h"

#define LOCAL 0xFEE00000u
#define IO 0xFEC00000u
static volatile u32 *local(u32 offset) { return (volatile u32 *)(LOCAL + offset); }
static u32 io_read(u32 index)
{
    *(volatile u32 *)IO = index;
    return *(volatile u32 *)(IO + 0x10);
}
static void io_write(u32 index, u32 value)
{
    *(volatile u32 *)IO = index;
    *(volatile u32 *)(IO + 0x10) = value;
}

enum { ID = 0x20, VERSION = 0x30, TPR = 0x80, PPR = 0xA0, EOI = 0xB0, SPURIOUS = 0xF0, ISR = 0x100, IRR = 0x200, ERROR = 0x280,
       COMMAND = 0x300, COMMAND_HIGH = 0x310, TIMER = 0x320, LINT0 = 0x350, LINT1 = 0x360, INITIAL = 0x380, CURRENT = 0x390, DIVIDE = 0x3E0 };
#define TO_SELF 0x40000u
#define LEVEL_OF 0x61u

static volatile u32 inner_vector, inner_came, ppr_inside;

/** In the handler of 61h: another vector is asked for while this one is in service. */
static void nest(u32 vector)
{
    if (vector != LEVEL_OF || !inner_vector) return;
    ppr_inside = *local(PPR);
    u32 before = came[inner_vector];
    *local(COMMAND) = TO_SELF | inner_vector;
    __asm__ volatile("sti\n\tmovl $1000, %%ecx\n1:\tloop 1b\n\tcli" : : : "ecx", "memory");
    inner_came = came[inner_vector] - before;
}

static void settle(void) { __asm__ volatile("sti\n\tmovl $2000, %%ecx\n1:\tloop 1b\n\tcli" : : : "ecx", "memory"); }

static void nested(const char *name, u32 vector)
{
    inner_vector = vector;
    inner_came = 0;
    u32 before = came[vector];
    *local(COMMAND) = TO_SELF | LEVEL_OF;
    settle();
    fact(name, "%s", inner_came ? "comes inside" : came[vector] - before ? "waits" : "is lost");
    inner_vector = 0;
}

static u32 sent(u32 vector, u32 command)
{
    u32 before = came[vector];
    *local(COMMAND) = command | vector;
    settle();
    return came[vector] - before;
}

static void probe_local_registers(void)
{
    static const struct { const char *name; u32 offset; } registers[] = {
        { "id", ID }, { "version", VERSION }, { "tpr", TPR }, { "apr", 0x90 }, { "ldr", 0xD0 }, { "dfr", 0xE0 }, { "spurious", SPURIOUS },
        { "error", ERROR }, { "timer", TIMER }, { "thermal", 0x330 }, { "counters", 0x340 }, { "lint0", LINT0 }, { "lint1", LINT1 },
        { "fault", 0x370 }, { "divide", DIVIDE },
    };
    for (u32 i = 0; i < COUNT_OF(registers); i++) fact(registers[i].name, "%08x", *local(registers[i].offset));
}

static void probe_rules(void)
{
    *local(SPURIOUS) = 0x1FF;
    *local(TPR) = 0;
    on_vector = nest;
    fact("to-self", "%u", sent(LEVEL_OF, TO_SELF));
    nested("higher-of-the-same-class", 0x6A);
    nested("lower-class", 0x51);
    nested("higher-class", 0x71);
    inner_vector = 0x51;
    *local(COMMAND) = TO_SELF | LEVEL_OF;
    settle();
    fact("ppr-in-service", "%02x", ppr_inside);
    inner_vector = 0;
    *local(TPR) = 0x60;
    fact("ppr-by-tpr", "%02x", *local(PPR));
    fact("held-by-tpr", "%u", sent(LEVEL_OF, TO_SELF));
    u32 before = came[LEVEL_OF];
    *local(TPR) = 0x50;
    settle();
    fact("after-tpr", "%u", came[LEVEL_OF] - before);
    *local(TPR) = 0;
    *local(COMMAND_HIGH) = 0x05000000;
    fact("to-nobody", "%u", sent(LEVEL_OF, 0));
    *local(COMMAND_HIGH) = 0;
    fact("to-all-others", "%u", sent(LEVEL_OF, 0xC0000));
    fact("to-all", "%u", sent(LEVEL_OF, 0x80000));
    u32 nmi = came[2];
    *local(COMMAND) = 0x400; // NMI to processor 0, this one
    settle();
    fact("nmi-to-self", "%u", came[2] - nmi);
    *local(SPURIOUS) = 0x0FF;
    fact("disabled", "%u", sent(LEVEL_OF, TO_SELF));
    fact("disabled-timer", "%08x", *local(TIMER) & 0x10000);
    *local(SPURIOUS) = 0x1FF;
    settle();
    *local(ERROR) = 0;
    *(volatile u8 *)local(TPR) = 0x40; // a byte, as some systems write it
    fact("tpr-by-byte", "%02x", *local(TPR) & 0xFF);
    *local(TPR) = 0;
    on_vector = NULL;
}

/**
 * Interrupts that a write to the APIC lets in, in code that runs often enough to be compiled: each comes before the next is
 * asked for, and no register is spoilt. On a processor it comes within an instruction or two; a few turns are allowed.
 */
static void probe_hot_code(void)
{
    u32 spoilt = 0, before = came[0x52];
    for (u32 i = 0; i < 200000; i++) {
        u32 a = i, b = i ^ 0x5A5A5A5A, c = i * 3, turns = 8;
        __asm__ volatile("movl $0xF0, (%4)\n\tmovl $0x40052, (%5)\n\tsti\n\tnop\n\tmovl $0, (%4)\n"
                         "1:\taddl $1, %0\n\txorl $0x5A5A5A5A, %1\n\tdecl %3\n\tjnz 1b\n\tsubl %6, %2\n\tcli"
                         : "+r"(a), "+r"(b), "+r"(c), "+r"(turns)
                         : "r"(local(TPR)), "r"(local(COMMAND)), "m"(i)
                         : "memory", "cc");
        if (a != i + 8 || b != (i ^ 0x5A5A5A5A) || c != i * 2 || turns) spoilt++;
    }
    settle();
    fact("hot-loop-interrupts", "%u of 200000", came[0x52] - before);
    fact("hot-loop-registers", "%u spoilt", spoilt);
}

static void probe_local_timer(void)
{
    *local(DIVIDE) = 0xB; // by one
    *local(TIMER) = 0x10000 | 0x63;
    *local(INITIAL) = 0xFFFFFFFF;
    u32 first = *local(CURRENT);
    wait_ms(5);
    fact("timer-counts", "%s", *local(CURRENT) < first ? "down" : "not");
    *local(TIMER) = 0x63;
    u32 before = came[0x63];
    *local(INITIAL) = 100000;
    __asm__ volatile("sti");
    wait_ms(50);
    __asm__ volatile("cli");
    fact("timer-once", "%u then %u", came[0x63] - before, *local(CURRENT));
    before = came[0x63];
    *local(INITIAL) = 1000000;
    __asm__ volatile("sti\n\thlt\n\tcli" : : : "memory");
    fact("timer-wakes", "%u", came[0x63] - before);
    *local(TIMER) = 0x10063;
    *local(INITIAL) = 0;
}

static void probe_io(void)
{
    begin_section("ioapic");
    fact("id", "%08x", io_read(0));
    fact("version", "%08x", io_read(1));
    fact("arbitration", "%08x", io_read(2));
    for (u32 pin = 0; pin < 24; pin++) {
        char name[12];
        format_text(name, sizeof name, "pin%02u", pin);
        fact(name, "%08x %08x", io_read(0x11 + pin * 2), io_read(0x10 + pin * 2));
    }
    *(volatile u8 *)IO = 1; // the index by a byte, as some systems write it
    fact("index-by-byte", "%08x", *(volatile u32 *)(IO + 0x10));
    // Where the PIT arrives: 100 Hz on each of the first three pins in turn.
    out8(0x43, 0x34), out8(0x40, 0x9C), out8(0x40, 0x2E);
    for (u32 pin = 0; pin < 3; pin++) {
        char name[24];
        io_write(0x11 + pin * 2, 0);
        io_write(0x10 + pin * 2, 0x62);
        u32 before = came[0x62];
        __asm__ volatile("sti");
        wait_ms(60);
        __asm__ volatile("cli");
        io_write(0x10 + pin * 2, 0x10062);
        format_text(name, sizeof name, "timer-at-pin%u", pin);
        fact(name, "%s", came[0x62] - before >= 3 ? "yes" : "no");
    }
    // A masked edge is not remembered; a masked level is there when the mask goes.
    io_write(0x10, 0x10062);
    wait_ms(30);
    u32 before = came[0x62];
    out8(0x43, 0x30), out8(0x40, 0xFF), out8(0x40, 0xFF); // one shot, 55 ms off
    io_write(0x10, 0x62);
    settle();
    fact("masked-edge", "%s", came[0x62] - before ? "is remembered" : "is lost");
    io_write(0x10, 0x10000);
    out8(0x43, 0x34), out8(0x40, 0), out8(0x40, 0);
}

static bool present(void)
{
    u32 a, b, c, d;
    __asm__ volatile("cpuid" : "=a"(a), "=b"(b), "=c"(c), "=d"(d) : "a"(1), "c"(0));
    return d & 1 << 9;
}

void probe_apic(void)
{
    begin_section("lapic");
    if (!present()) return fact("present", "no");
    fact("present", "yes");
    out8(0x21, 0xFF), out8(0xA1, 0xFF);
    apic_ends = true;
    probe_local_registers();
    probe_rules();
    probe_hot_code();
    probe_local_timer();
    probe_io();
    apic_ends = false;
}
