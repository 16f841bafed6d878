// The bytes the test commands write; guest/protocol.ts computes the same ones.
#pragma once
#include "base.h"

/** One step of xorshift32 (13, 17, 5); never returns 0 for a state that is not 0. */
u32 xorshift(u32 state);
/** Fills a 512-byte sector: LBA, seed and sequence in its first words, then a xorshift stream that
    begins from all three. A plain `write` has sequence 0, `scatter` counts from 1. */
void make_sector(u32 *sector, u32 lba, u32 seed, u32 sequence);
/** Byte offset of the first difference, or 512. */
u32 compare_sector(const u32 *sector, u32 lba, u32 seed, u32 sequence);
u32 crc32(u32 crc, const u8 *bytes, u32 n);
