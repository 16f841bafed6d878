// The count lives in LBA 1. A disk is ours to write on only if it is certain that nobody else's data
// is there:
//   - blank: its first 128 KiB, the sectors around 1 MiB (where a first partition begins) and its
//     last 64 sectors (where GPT and RAID keep their copies) are all zero; or
//   - already ours: LBA 1 carries our signature and checksum and the rest of the first 128 KiB is
//     zero. Any partition table, boot sector or file system puts something there.
// Tests may therefore write from LBA 256 on without losing the count.
#include "visits.h"
#include "disk.h"
#include "pattern.h"

#define HOME 1
#define GUARDED 256
#define FIRST_PARTITION 2048
#define TAIL 64

struct visit_sector {
    char signature[24];
    u32 version, visits;
    u8 unused[512 - 24 - 8 - 4];
    u32 crc;
};
_Static_assert(sizeof(struct visit_sector) == 512, "one sector");

static const char signature[24] = "VITRINE HOUSE DISC VISIT";

static bool all_zero(const u8 *bytes, u32 n)
{
    const u32 *words = (const u32 *)bytes;
    for (u32 i = 0; i < n / 4; i++)
        if (words[i]) return false;
    return true;
}

static u32 checksum(const struct visit_sector *s)
{
    return crc32(0, (const u8 *)s, 508);
}

/** Reads some sectors and says whether they are all zero. */
static fault look_blank(u32 lba, u32 count, bool *blank)
{
    fault f = disk_read(lba, count);
    if (!f && !all_zero(io_buffer, count * 512)) *blank = false;
    return f;
}

enum visits_state count_visit(u32 *visits, fault *why)
{
    struct visit_sector home;
    u64 sectors = the_disk()->sectors;
    *visits = 0;
    *why = NULL;
    if (the_disk()->kind == DRIVE_NONE) return VISITS_NO_DISK;
    if (sectors < FIRST_PARTITION + TAIL || sectors >> 32) return VISITS_FOREIGN;

    bool blank = true;
    if ((*why = disk_read(0, GUARDED / 2))) return VISITS_FAILED;
    memcpy(&home, io_buffer + HOME * 512, 512);
    memset(io_buffer + HOME * 512, 0, 512);
    bool others_zero = all_zero(io_buffer, GUARDED / 2 * 512);
    if ((*why = look_blank(GUARDED / 2, GUARDED / 2, &others_zero))) return VISITS_FAILED;

    bool ours = !memcmp(home.signature, signature, sizeof signature) && home.version == 1 &&
                home.crc == checksum(&home);
    if (!others_zero) return VISITS_FOREIGN;
    if (!ours) {
        blank = all_zero((const u8 *)&home, 512);
        if (blank && (*why = look_blank(FIRST_PARTITION, 16, &blank))) return VISITS_FAILED;
        if (blank && (*why = look_blank((u32)sectors - TAIL, TAIL, &blank))) return VISITS_FAILED;
        if (!blank) return VISITS_FOREIGN;
        memset(&home, 0, sizeof home);
        memcpy(home.signature, signature, sizeof signature);
        home.version = 1;
    }
    home.visits++;
    home.crc = checksum(&home);
    memcpy(io_buffer, &home, 512);
    if ((*why = disk_write(HOME, 1))) return VISITS_FAILED;
    if ((*why = disk_flush())) return VISITS_FAILED;
    *visits = home.visits;
    return VISITS_COUNTED;
}
