#include "pattern.h"

u32 xorshift(u32 x)
{
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    return x;
}

static u32 first_state(u32 lba, u32 seed, u32 sequence)
{
    u32 x = lba * 0x9E3779B1u ^ seed * 0x85EBCA6Bu ^ sequence * 0xC2B2AE35u ^ 0x27D4EB2Fu;
    return x ? x : 1;
}

void make_sector(u32 *sector, u32 lba, u32 seed, u32 sequence)
{
    u32 x = first_state(lba, seed, sequence);
    sector[0] = lba;
    sector[1] = seed;
    sector[2] = sequence;
    for (u32 i = 3; i < 128; i++) sector[i] = x = xorshift(x);
}

u32 compare_sector(const u32 *sector, u32 lba, u32 seed, u32 sequence)
{
    u32 expected[128];
    make_sector(expected, lba, seed, sequence);
    const u8 *a = (const u8 *)sector, *b = (const u8 *)expected;
    for (u32 i = 0; i < 128; i++)
        if (sector[i] != expected[i])
            for (u32 j = i * 4; ; j++)
                if (a[j] != b[j]) return j;
    return 512;
}

u32 crc32(u32 crc, const u8 *bytes, u32 n)
{
    static u32 table[256];
    if (!table[1])
        for (u32 i = 0; i < 256; i++) {
            u32 c = i;
            for (u32 k = 0; k < 8; k++) c = c & 1 ? c >> 1 ^ 0xEDB88320u : c >> 1;
            table[i] = c;
        }
    crc = ~crc;
    while (n--) crc = table[(u8)(crc ^ *bytes++)] ^ crc >> 8;
    return ~crc;
}
