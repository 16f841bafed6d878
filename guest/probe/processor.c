// The processor: CPUID, model-specific registers with and without a fault, control registers, and odd instructions.
#include "probe.h"

static void cpuid(u32 leaf, u32 *a, u32 *b, u32 *c, u32 *d)
{
    __asm__ volatile("cpuid" : "=a"(*a), "=b"(*b), "=c"(*c), "=d"(*d) : "a"(leaf), "c"(0));
}

static void probe_leaves(u32 first)
{
    char name[16];
    u32 highest, a, b, c, d;
    cpuid(first, &highest, &b, &c, &d);
    format_text(name, sizeof name, "%08x", first);
    fact(name, "%08x %08x %08x %08x", highest, b, c, d);
    if (highest < first || highest > first + 0x1F) return;
    for (u32 leaf = first + 1; leaf <= highest; leaf++) {
        cpuid(leaf, &a, &b, &c, &d);
        format_text(name, sizeof name, "%08x", leaf);
        fact(name, "%08x %08x %08x %08x", a, b, c, d);
    }
}

static u32 number, low, high;
static void read_msr(void) { __asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(number)); }
static void write_msr(void) { __asm__ volatile("wrmsr" : : "a"(low), "d"(high), "c"(number)); }

static void probe_msrs(void)
{
    begin_section("msr");
    static const u32 numbers[] = { 0x17, 0x1B, 0x2A, 0x79, 0x8B, 0xC1, 0xE2, 0xFE, 0x119, 0x11E, 0x174, 0x175, 0x176, 0x179,
        0x186, 0x198, 0x199, 0x19A, 0x19B, 0x19C, 0x1A0, 0x1C9, 0x1D9, 0x200, 0x250, 0x277, 0x2FF, 0x400, 0x480, 0xC0000080,
        0xC0000081, 0xC0010015, 0x12345678 };
    for (u32 i = 0; i < COUNT_OF(numbers); i++) {
        char name[16];
        number = numbers[i];
        format_text(name, sizeof name, "%08x", number);
        low = high = 0;
        u32 fault = attempt(read_msr);
        if (fault) {
            fact(name, "fault %u", fault - 1);
            continue;
        }
        u32 l = low, h = high;
        fault = attempt(write_msr); // the same value
        fact(name, "%08x%08x, written again: %s", h, l, fault ? "fault" : "taken");
    }
}

static u8 memory[64] __attribute__((aligned(64)));
static void ud2(void) { __asm__ volatile(".byte 0x0F,0x0B"); }
static void clflush(void) { __asm__ volatile("clflush %0" : "+m"(memory[0])); }
static void prefetchw(void) { __asm__ volatile(".byte 0x0F,0x0D,0x08" : : "a"(memory)); }
static void prefetcht0(void) { __asm__ volatile("prefetcht0 %0" : : "m"(memory[0])); }
static void invd(void) { __asm__ volatile("invd" : : : "memory"); }
static void wbinvd(void) { __asm__ volatile("wbinvd" : : : "memory"); }
static void mfence(void) { __asm__ volatile(".byte 0x0F,0xAE,0xF0"); }
static void pause_hint(void) { __asm__ volatile("pause"); }
static void rdpmc(void) { __asm__ volatile("rdpmc" : : "c"(0) : "eax", "edx"); }
static void monitor(void) { __asm__ volatile(".byte 0x0F,0x01,0xC8" : : "a"(memory), "c"(0), "d"(0)); }
static void xgetbv(void) { __asm__ volatile(".byte 0x0F,0x01,0xD0" : : "c"(0) : "eax", "edx"); }
static void rdtscp(void) { __asm__ volatile(".byte 0x0F,0x01,0xF9" : : : "eax", "ecx", "edx"); }
static void vmcall(void) { __asm__ volatile(".byte 0x0F,0x01,0xC1" : : : "eax"); }
static void lock_nop(void) { __asm__ volatile(".byte 0xF0,0x90"); }
static void long_nop(void) { __asm__ volatile(".byte 0x0F,0x1F,0x44,0x00,0x00"); }
static void sysenter_exit(void) { __asm__ volatile(".byte 0x0F,0x35" : : "c"(0), "d"(0)); }

/** The cache's hints in code that runs often enough to be compiled. */
static void hints_in_hot_code(void)
{
    for (u32 i = 0; i < 200000; i++) clflush(), prefetchw(), mfence();
}

static void single_step(void)
{
    __asm__ volatile("pushfl\n\torl $0x100, (%%esp)\n\tpopfl\n\tnop\n\tnop" : : : "memory", "cc");
}
static void breakpoint(void) { __asm__ volatile("int3"); }
static void divide_by_zero(void) { __asm__ volatile("xorl %%ecx, %%ecx\n\tdivl %%ecx" : : : "eax", "ecx", "edx"); }
static void bound(void)
{
    static const i32 limits[2] = { 1, 2 };
    __asm__ volatile("movl $5, %%eax\n\tboundl %%eax, %0" : : "m"(limits) : "eax");
}
static void overflow(void) { __asm__ volatile("movb $0x7F, %%al\n\taddb $1, %%al\n\tinto" : : : "eax"); }
static void bad_selector(void) { __asm__ volatile("movw $0x1000, %%ax\n\tmovw %%ax, %%fs" : : : "eax"); }

static void probe_instructions(void)
{
    begin_section("instruction");
    static const struct { const char *name; void (*f)(void); } tried[] = {
        { "ud2", ud2 }, { "clflush", clflush }, { "prefetchw", prefetchw }, { "prefetcht0", prefetcht0 }, { "invd", invd },
        { "wbinvd", wbinvd }, { "mfence", mfence }, { "pause", pause_hint }, { "rdpmc", rdpmc }, { "monitor", monitor },
        { "xgetbv", xgetbv }, { "rdtscp", rdtscp }, { "vmcall", vmcall }, { "lock-nop", lock_nop }, { "long-nop", long_nop },
        { "sysexit", sysenter_exit }, { "single-step", single_step }, { "int3", breakpoint }, { "div-0", divide_by_zero },
        { "bound", bound }, { "into", overflow }, { "bad-selector", bad_selector },
    };
    for (u32 i = 0; i < COUNT_OF(tried); i++) {
        u32 fault = attempt(tried[i].f);
        if (fault) fact(tried[i].name, "exception %u", fault - 1);
        else fact(tried[i].name, "runs");
    }
    u32 fault = attempt(hints_in_hot_code);
    if (fault) fact("cache-hints-in-hot-code", "exception %u", fault - 1);
    else fact("cache-hints-in-hot-code", "run");
}

static u32 control;
static void write_cr4(void) { __asm__ volatile("movl %0, %%cr4" : : "r"(control)); }

static void probe_control(void)
{
    begin_section("control");
    u32 cr0, cr4, flags;
    __asm__ volatile("movl %%cr0, %0" : "=r"(cr0));
    __asm__ volatile("movl %%cr4, %0" : "=r"(cr4));
    fact("cr0", "%08x", cr0);
    for (u32 bit = 0; bit < 11; bit++) {
        char name[16];
        u32 now = 0;
        if (bit == 5) continue; // PAE without tables
        control = cr4 | 1u << bit;
        format_text(name, sizeof name, "cr4.%u", bit);
        u32 fault = attempt(write_cr4);
        __asm__ volatile("movl %%cr4, %0" : "=r"(now));
        control = cr4;
        attempt(write_cr4);
        fact(name, "%s", fault ? "fault" : now >> bit & 1 ? "kept" : "lost");
    }
    __asm__ volatile("pushfl\n\tpopl %0\n\tpushl %0\n\txorl $0x00240000, (%%esp)\n\tpopfl\n\tpushfl\n\txorl %0, (%%esp)\n\tpopl %0"
                     : "=&r"(flags));
    fact("flags-that-change", "%08x", flags);
    u32 dr6, dr7;
    __asm__ volatile("movl %%dr6, %0\n\tmovl %%dr7, %1" : "=r"(dr6), "=r"(dr7));
    fact("dr6", "%08x", dr6);
    fact("dr7", "%08x", dr7);
}

void probe_processor(void)
{
    begin_section("cpuid");
    probe_leaves(0);
    probe_leaves(0x40000000);
    probe_leaves(0x80000000);
    probe_msrs();
    probe_instructions();
    probe_control();
}
