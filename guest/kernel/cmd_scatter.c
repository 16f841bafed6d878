// Many small writes all over the disk, each numbered, so that a disk found after a crash can be asked
// how many of them it holds and whether it is a moment that existed.
#include "clock.h"
#include "commands.h"
#include "disk.h"
#include "machine.h"
#include "pattern.h"
#include "serial.h"

#define BLOCK 8   // sectors: 4 KiB
#define FIRST 256 // what is below belongs to the visit count

// Which write was the last to each block: an open hash table in the free memory.
struct last_write { u32 block, sequence; };
static struct last_write *table;
static u32 table_mask;

static bool table_for(u32 count)
{
    u32 bytes, size = 1024;
    u8 *memory = free_memory(&bytes);
    while (size < count * 2) size *= 2;
    table = (struct last_write *)memory;
    table_mask = size - 1;
    if (bytes / sizeof *table < size) return false;
    memset(table, 0, size * sizeof *table);
    return true;
}

static struct last_write *slot(u32 block)
{
    u32 i = block * 0x9E3779B1u >> 8 & table_mask;
    while (table[i].sequence && table[i].block != block) i = (i + 1) & table_mask;
    table[i].block = block;
    return &table[i];
}

static u32 block_count(void) { return (u32)((the_disk()->sectors - FIRST) / BLOCK); }

static u32 next_block(u32 *state, u32 blocks)
{
    *state = xorshift(*state);
    return *state % blocks;
}

static u32 first_state(u32 seed) { return (seed ^ 0x5EED5EEDu) ? seed ^ 0x5EED5EEDu : 1; }

static bool scatter_arguments(char **a, u32 *count, u32 *seed)
{
    if (!number_between(a[0], "COUNT", 1, 1000000, count) || !number(a[1], "SEED", seed)) return false;
    if (the_disk()->kind == DRIVE_NONE) { err("no disk"); return false; }
    if (the_disk()->sectors >> 32 || the_disk()->sectors < FIRST + BLOCK) { err("the disk's size does not fit"); return false; }
    return true;
}

void command_scatter(char **a, u32 n)
{
    u32 count, seed, every = 0;
    if (!scatter_arguments(a, &count, &seed)) return;
    if (n > 2 && !number_between(a[2], "FLUSH-EVERY", 1, 1000000, &every)) return;
    u64 start = microseconds();
    u32 state = first_state(seed), blocks = block_count();
    for (u32 sequence = 1; sequence <= count; sequence++) {
        u32 lba = FIRST + next_block(&state, blocks) * BLOCK;
        for (u32 i = 0; i < BLOCK; i++) make_sector((u32 *)(io_buffer + i * 512), lba + i, seed, sequence);
        fault f = disk_write(lba, BLOCK);
        if (!f && every && sequence % every == 0) {
            f = disk_flush();
            if (!f) say("FLUSHED %u", sequence);
        }
        if (f) { err("at write %u, LBA %u: %s", sequence, lba, f); return; }
        if (sequence % 16 == 0) serve_events();
    }
    ok("scattered %u writes of 4096 bytes seed %u in %u ms", count, seed, (u32)divide(microseconds() - start, 1000, NULL));
}

/** Which write of this seed the block holds whole: 0 for none, or a sequence number. A block that is
    torn (its sectors are of different writes) is a fault. */
static fault held_sequence(u32 block, u32 seed, u32 count, u32 *sequence)
{
    u32 lba = FIRST + block * BLOCK;
    fault f = disk_read(lba, BLOCK);
    if (f) return f;
    const u32 *first = (const u32 *)io_buffer;
    bool ours = first[0] == lba && first[1] == seed && first[2];
    *sequence = ours ? first[2] : 0;
    if (ours && first[2] > count) return make_fault("LBA %u holds write %u, which is beyond COUNT", lba, first[2]);
    for (u32 i = 0; i < BLOCK; i++) {
        const u32 *s = (const u32 *)(io_buffer + i * 512);
        if (ours && compare_sector(s, lba + i, seed, *sequence) != 512)
            return make_fault("LBA %u does not go with the rest of write %u", lba + i, *sequence);
        if (!ours && s[0] == lba + i && s[1] == seed && s[2])
            return make_fault("LBA %u is of write %u, the sector before it is not", lba + i, s[2]);
    }
    return NULL;
}

/** Finds how many of the writes, in order, the disk holds. */
static bool held_prefix(u32 count, u32 seed, u32 *prefix)
{
    if (!table_for(count)) { err("not enough free memory for that COUNT"); return false; }
    // First what each block holds (once for each block), and the newest write that is there at all.
    u32 state = first_state(seed), blocks = block_count(), newest = 0;
    for (u32 i = 0; i < count; i++) {
        struct last_write *w = slot(next_block(&state, blocks));
        if (w->sequence) continue;
        u32 sequence;
        fault f = held_sequence(w->block, seed, count, &sequence);
        if (f) { err("%s", f); return false; }
        w->sequence = sequence + 1; // never 0: 0 marks an empty place
        if (sequence > newest) newest = sequence;
        if (i % 16 == 0) serve_events();
    }
    // Then every block must hold the last of the first `newest` writes that went to it. Walking the
    // writes backwards, the first time a block is met is that last one.
    u32 *blocks_in_order = (u32 *)(table + table_mask + 1), bytes;
    u8 *memory = free_memory(&bytes);
    if ((u8 *)(blocks_in_order + count) > memory + bytes) { err("not enough free memory for that COUNT"); return false; }
    state = first_state(seed);
    for (u32 i = 0; i < count; i++) blocks_in_order[i] = next_block(&state, blocks);
    for (u32 i = newest; i-- > 0;) {
        struct last_write *w = slot(blocks_in_order[i]);
        if (w->sequence & 0x80000000u) continue; // checked already
        if (w->sequence != i + 2) {
            err("not a moment that existed: block at LBA %u holds write %u, but write %u came after it and write %u is there",
                FIRST + w->block * BLOCK, w->sequence - 1, i + 1, newest);
            return false;
        }
        w->sequence |= 0x80000000u;
    }
    *prefix = newest;
    return true;
}

void command_scatterprefix(char **a, u32 n)
{
    (void)n;
    u32 count, seed, prefix;
    if (!scatter_arguments(a, &count, &seed) || !held_prefix(count, seed, &prefix)) return;
    ok("prefix %u of %u", prefix, count);
}

void command_scatterverify(char **a, u32 n)
{
    (void)n;
    u32 count, seed, prefix;
    if (!scatter_arguments(a, &count, &seed) || !held_prefix(count, seed, &prefix)) return;
    if (prefix != count) err("only the first %u of %u writes are there", prefix, count);
    else ok("verified %u writes of 4096 bytes seed %u", count, seed);
}
