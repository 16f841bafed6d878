// Waiting, by the clocks that every PC has.
#include "probe.h"

u16 pm_timer;

void find_pm_timer(void)
{
    // The PIIX4 tells where its block is (82371AB, 40h), whether or not there are tables.
    for (u32 device = 0; device < 32; device++)
        for (u32 function = 0; function < 8; function++)
            if (pci_read32(device, function, 0) == 0x71138086) {
                u32 base = pci_read32(device, function, 0x40) & 0xFFC0;
                bool enabled = pci_read32(device, function, 0x80) & 1;
                if (base && enabled) pm_timer = (u16)(base + 8);
            }
}


static u32 pit_count(void)
{
    out8(0x43, 0x00);
    u32 low = in8(0x40);
    return low | (u32)in8(0x40) << 8;
}

void wait_ms(u32 ms)
{
    if (pm_timer) {
        u64 due = divide((u64)ms * 3579545, 1000, NULL), done = 0;
        u32 last = in32(pm_timer) & 0xFFFFFF;
        while (done < due) {
            u32 now = in32(pm_timer) & 0xFFFFFF;
            done += (now - last) & 0xFFFFFF;
            last = now;
        }
        return;
    }
    // Channel 0 of the PIT as the firmware left it: it counts down from 65536.
    u64 due = (u64)ms * 1193, done = 0;
    u32 last = pit_count();
    while (done < due) {
        u32 now = pit_count();
        done += last >= now ? last - now : last + 65536 - now;
        last = now;
    }
}

void pause_us(u32 us)
{
    // A read of an ISA port takes about a microsecond on a PC; on an emulated one it is at least no shorter than nothing.
    for (u32 i = 0; i < us; i++) in8(0x84);
}

bool until(bool (*done)(void), u32 ms)
{
    for (u32 i = 0; i < ms * 4; i++) {
        if (done()) return true;
        u32 start = pm_timer ? in32(pm_timer) & 0xFFFFFF : 0;
        if (pm_timer) while (((in32(pm_timer) - start) & 0xFFFFFF) < 895) {}
        else pause_us(250);
    }
    return done();
}
