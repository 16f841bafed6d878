#include "machine.h"
#include "lowmem.h"

static void cpuid(u32 leaf, u32 *a, u32 *b, u32 *c, u32 *d)
{
    __asm__ volatile("cpuid" : "=a"(*a), "=b"(*b), "=c"(*c), "=d"(*d) : "a"(leaf), "c"(0));
}

void read_processor(struct processor *p)
{
    static const struct { u8 bit; const char *name; bool known; } names[] = {
        { 0, "FPU", true }, { 4, "TSC", true }, { 5, "MSR", false }, { 6, "PAE", true }, { 8, "CX8", false },
        { 9, "APIC", true }, { 11, "SEP", false }, { 15, "CMOV", true }, { 23, "MMX", true }, { 24, "FXSR", false },
        { 25, "SSE", true }, { 26, "SSE2", true },
    };
    u32 highest, a, b, c, d;
    cpuid(0, &highest, &b, &c, &d);
    memcpy(p->vendor, &b, 4);
    memcpy(p->vendor + 4, &d, 4);
    memcpy(p->vendor + 8, &c, 4);
    p->vendor[12] = 0;
    cpuid(1, &a, &b, &c, &d);
    p->stepping = a & 15;
    p->model = (a >> 4 & 15) | (a >> 12 & 0xF0);
    p->family = (a >> 8 & 15) == 15 ? 15 + (a >> 20 & 0xFF) : a >> 8 & 15;
    p->features = d;
    p->features2 = c;
    p->has_tsc = d & 1 << 4;
    u32 n = 0, known = 0;
    p->feature_names[0] = p->known_names[0] = 0;
    for (u32 i = 0; i < COUNT_OF(names); i++) {
        if (!(d >> names[i].bit & 1)) continue;
        n += format_text(p->feature_names + n, sizeof p->feature_names - n, n ? " %s" : "%s", names[i].name);
        if (names[i].known)
            known += format_text(p->known_names + known, sizeof p->known_names - known, known ? " %s" : "%s", names[i].name);
    }
    if (c & 1) {
        format_text(p->feature_names + n, sizeof p->feature_names - n, " SSE3");
        format_text(p->known_names + known, sizeof p->known_names - known, " SSE3");
    }

    p->brand[0] = 0;
    cpuid(0x80000000u, &highest, &b, &c, &d);
    if (highest >= 0x80000004u) {
        u32 words[12];
        for (u32 i = 0; i < 3; i++)
            cpuid(0x80000002u + i, &words[i * 4], &words[i * 4 + 1], &words[i * 4 + 2], &words[i * 4 + 3]);
        const u8 *text = (const u8 *)words;
        u32 skip = 0;
        while (skip < 47 && text[skip] == ' ') skip++;
        copy_trimmed(p->brand, text + skip, 48 - skip);
    }
}

u64 usable_memory(void)
{
    u64 sum = 0;
    for (u32 i = 0; i < BOOT_FACTS->memory_entries; i++)
        if (MEMORY_MAP[i].type == 1) sum += MEMORY_MAP[i].length;
    return sum;
}

u32 memory_mib(void)
{
    return (u32)((usable_memory() + 0xFFFFF) >> 20);
}

u8 *free_memory(u32 *bytes)
{
    extern u8 bss_end[];
    u64 start = (u32)bss_end, best = 0, best_start = start;
    for (u32 i = 0; i < BOOT_FACTS->memory_entries; i++) {
        const struct memory_entry *m = &MEMORY_MAP[i];
        if (m->type != 1) continue;
        u64 from = m->base, to = m->base + m->length;
        if (to > 0xF0000000u) to = 0xF0000000u;
        if (from < start) from = start;
        if (to > from && to - from > best) best = to - from, best_start = from;
    }
    *bytes = (u32)best;
    return (u8 *)(u32)best_start;
}
