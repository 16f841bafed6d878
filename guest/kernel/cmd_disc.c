// Commands that read the CD.
#include "clock.h"
#include "commands.h"
#include "disc.h"
#include "house.h"
#include "pattern.h"
#include "serial.h"

void command_disc(char **a, u32 n)
{
    (void)a, (void)n;
    if (the_cd()->kind == DRIVE_NONE) { err("no CD drive"); return; }
    if (!look_at_drive()) { err("no disc"); return; }
    ok("%u sectors label %s", disc_sectors(), disc_label()[0] ? disc_label() : "-");
}

void command_cdsum(char **a, u32 n)
{
    u32 first = 0, count = 0, crc = 0;
    if (n > 0 && !number(a[0], "FIRST", &first)) return;
    if (n > 1 && !number(a[1], "COUNT", &count)) return;
    if (the_cd()->kind == DRIVE_NONE) { err("no CD drive"); return; }
    if (!look_at_drive()) { err("no disc"); return; }
    u32 sectors = disc_sectors();
    if (first >= sectors) { err("beyond the disc, which has %u sectors", sectors); return; }
    if (n < 2) count = sectors - first;
    if (!count || count > sectors - first) { err("beyond the disc, which has %u sectors", sectors); return; }
    u64 start = microseconds();
    for (u32 done = 0; done < count;) {
        u32 step = min_u32(count - done, DISC_CHUNK);
        fault f = disc_read(first + done, step);
        if (f) { err("at sector %u: %s", first + done, f); return; }
        crc = crc32(crc, io_buffer, step * 2048);
        done += step;
        serve_events();
    }
    ok("%U bytes crc32 %08x in %u ms", (u64)count * 2048, crc, (u32)divide(microseconds() - start, 1000, NULL));
}
