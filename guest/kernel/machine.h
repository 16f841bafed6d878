// What this computer is: the processor and its memory.
#pragma once
#include "base.h"

struct processor {
    char vendor[13];
    char brand[49];
    u32 family, model, stepping;
    /** CPUID 1, EDX and ECX. */
    u32 features, features2;
    /** The ones worth naming, separated by blanks. */
    char feature_names[120];
    /** The same without those that only a programmer has a use for. */
    char known_names[60];
    bool has_tsc;
};

void read_processor(struct processor *p);

/** Bytes of RAM the BIOS calls usable. */
u64 usable_memory(void);
/** Rounded up to a MiB, as a person would say it: holes and the BIOS's own part counted in. */
u32 memory_mib(void);
/** RAM above the kernel's own that nobody uses: where fill and check work. */
u8 *free_memory(u32 *bytes);
