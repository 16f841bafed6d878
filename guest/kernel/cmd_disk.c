// Commands that write and read the hard disk.
#include "clock.h"
#include "commands.h"
#include "disk.h"
#include "house.h"
#include "pattern.h"
#include "serial.h"

static u32 *sector(u32 index) { return (u32 *)(io_buffer + index * 512); }

static bool range_arguments(char **a, u32 *lba, u32 *count, u32 *seed)
{
    if (!number(a[0], "LBA", lba) || !number(a[1], "COUNT", count) || !number(a[2], "SEED", seed)) return false;
    fault f = disk_range(*lba, *count);
    if (f) err("%s", f);
    return !f;
}

static u32 since(u64 start) { return (u32)divide(microseconds() - start, 1000, NULL); }

void command_write(char **a, u32 n)
{
    (void)n;
    u32 lba, count, seed;
    if (!range_arguments(a, &lba, &count, &seed)) return;
    u64 start = microseconds();
    for (u32 done = 0; done < count;) {
        u32 step = min_u32(count - done, DISK_CHUNK);
        for (u32 i = 0; i < step; i++) make_sector(sector(i), lba + done + i, seed, 0);
        fault f = disk_write(lba + done, step);
        if (f) { err("at LBA %u: %s", lba + done, f); return; }
        done += step;
        serve_events();
    }
    ok("wrote %u sectors from %u seed %u in %u ms", count, lba, seed, since(start));
}

void command_verify(char **a, u32 n)
{
    (void)n;
    u32 lba, count, seed;
    if (!range_arguments(a, &lba, &count, &seed)) return;
    u64 start = microseconds();
    for (u32 done = 0; done < count;) {
        u32 step = min_u32(count - done, DISK_CHUNK);
        fault f = disk_read(lba + done, step);
        if (f) { err("at LBA %u: %s", lba + done, f); return; }
        for (u32 i = 0; i < step; i++) {
            u32 at = compare_sector(sector(i), lba + done + i, seed, 0);
            if (at == 512) continue;
            const u32 *s = sector(i);
            err("LBA %u differs at byte %u; its first words are lba %u seed %u sequence %u", lba + done + i, at,
                s[0], s[1], s[2]);
            return;
        }
        done += step;
        serve_events();
    }
    ok("verified %u sectors from %u seed %u in %u ms", count, lba, seed, since(start));
}

void command_flush(char **a, u32 n)
{
    (void)a, (void)n;
    u64 start = microseconds();
    fault f = disk_flush();
    if (f) err("%s", f);
    else ok("flushed in %u ms", since(start));
}

void command_dma(char **a, u32 n)
{
    (void)n;
    bool disk = same_text(a[0], "disk"), disc = same_text(a[0], "disc");
    bool on = same_text(a[1], "on"), off = same_text(a[1], "off");
    if ((!disk && !disc) || (!on && !off)) { err("usage: dma disk|disc on|off"); return; }
    struct drive *d = disk ? the_disk() : the_cd();
    if (d->kind == DRIVE_NONE) { err(disk ? "no disk" : "no CD drive"); return; }
    if (on && !d->can_dma) { err("no bus-master DMA here"); return; }
    d->use_dma = on;
    ok("%s uses %s", a[0], on ? "DMA" : "PIO");
}

void command_visits(char **a, u32 n)
{
    (void)a, (void)n;
    ok("%u %s", house.visits, house.visits_text);
}
