// Hashes, compares and packs pages of memory in place: a WebAssembly module over a memory that somebody else owns
// (the emulator's, so that no page has to be copied to be looked at). It has no data, no stack use worth naming and
// no memory of its own: every address comes from the caller. Built by build.sh; page-codec.ts is its only user.
//
// - XXH64, seed 0: the xxHash specification, "XXH64 algorithm description".
// - LZ4 blocks: the LZ4 block format description, 1.6.3. The writer is greedy, with one table of last places.
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;

#define EXPORT(name) __attribute__((export_name(#name)))
#define PAGE 4096u

static inline u16 get16(const u8 *p) { u16 v; __builtin_memcpy(&v, p, 2); return v; }
static inline u32 get32(const u8 *p) { u32 v; __builtin_memcpy(&v, p, 4); return v; }
static inline u64 get64(const u8 *p) { u64 v; __builtin_memcpy(&v, p, 8); return v; }
static inline void put16(u8 *p, u16 v) { __builtin_memcpy(p, &v, 2); }
static inline void put64(u8 *p, u64 v) { __builtin_memcpy(p, &v, 8); }

// ---- XXH64

#define P1 11400714785074694791ull
#define P2 14029467366897019727ull
#define P3 1609587929392839161ull
#define P4 9650029242287828579ull
#define P5 2870177450012600261ull

static inline u64 rotl(u64 x, u32 r) { return x << r | x >> (64 - r); }
static inline u64 turn(u64 acc, u64 in) { return rotl(acc + in * P2, 31) * P1; }
static inline u64 merge(u64 h, u64 acc) { return (h ^ turn(0, acc)) * P1 + P4; }

static u64 xxh64(const u8 *p, u32 length)
{
    const u8 *end = p + length;
    u64 h;
    if (length >= 32) {
        u64 a = P1 + P2, b = P2, c = 0, d = 0 - P1;
        for (; end - p >= 32; p += 32) {
            a = turn(a, get64(p));
            b = turn(b, get64(p + 8));
            c = turn(c, get64(p + 16));
            d = turn(d, get64(p + 24));
        }
        h = rotl(a, 1) + rotl(b, 7) + rotl(c, 12) + rotl(d, 18);
        h = merge(merge(merge(merge(h, a), b), c), d);
    } else {
        h = P5;
    }
    h += length;
    for (; end - p >= 8; p += 8) h = rotl(h ^ turn(0, get64(p)), 27) * P1 + P4;
    if (end - p >= 4) {
        h = rotl(h ^ get32(p) * P1, 23) * P2 + P3;
        p += 4;
    }
    for (; p < end; p++) h = rotl(h ^ *p * P5, 11) * P1;
    h = (h ^ h >> 33) * P2;
    h = (h ^ h >> 29) * P3;
    return h ^ h >> 32;
}

EXPORT(hash) u64 hash(const u8 *p, u32 length) { return xxh64(p, length); }

static u32 is_zero(const u8 *p)
{
    for (u32 i = 0; i < PAGE; i += 64) {
        u64 any = get64(p + i) | get64(p + i + 8) | get64(p + i + 16) | get64(p + i + 24) | get64(p + i + 32) |
                  get64(p + i + 40) | get64(p + i + 48) | get64(p + i + 56);
        if (any) return 0;
    }
    return 1;
}

// A page of zeros has the mark 0 and no other page has.
static u64 mark(const u8 *p)
{
    if (is_zero(p)) return 0;
    u64 h = xxh64(p, PAGE);
    return h ? h : 1;
}

// Compares `count` pages at `pages` with their marks, brings the marks up to date and lists the pages that differ,
// as numbers from 0. Stops early when `most` are listed. Gives how many pages were looked at; how many are listed is
// put in front of the list.
EXPORT(scan) u32 scan(const u8 *pages, u32 count, u64 *marks, u32 *list, u32 most)
{
    u32 n = 0, i = 0;
    for (; i < count && n < most; i++) {
        u64 m = mark(pages + i * PAGE);
        if (m == marks[i]) continue;
        marks[i] = m;
        list[1 + n++] = i;
    }
    list[0] = n;
    return i;
}

// ---- LZ4 blocks

#define TABLE_BITS 14
#define LAST_LITERALS 5
#define NO_MATCH_AFTER 12

static inline u32 slot(u32 v) { return v * 2654435761u >> (32 - TABLE_BITS); }

static inline u8 *put_length(u8 *out, u32 rest)
{
    for (; rest >= 255; rest -= 255) *out++ = 255;
    *out++ = (u8)rest;
    return out;
}

// A token, the literals before a match, and room for the match's part of the token.
static inline u8 *put_literals(u8 *out, const u8 *from, u32 count)
{
    *out++ = (u8)((count < 15 ? count : 15) << 4);
    if (count >= 15) out = put_length(out, count - 15);
    __builtin_memcpy(out, from, count);
    return out + count;
}

// Packs `length` bytes; `table` has room for 2^14 words. Gives the packed length, or 0 when it would not be less than
// `room` (then pack nothing: store the bytes). Writes at most `room` bytes.
EXPORT(pack) u32 pack(const u8 *in, u32 length, u8 *to, u32 room, u32 *table)
{
    const u8 *end = in + length, *anchor = in, *p = in;
    u8 *out = to, *stop = to + room;
    __builtin_memset(table, 0, 4u << TABLE_BITS);
    if (length > NO_MATCH_AFTER) {
        const u8 *last = end - NO_MATCH_AFTER, *limit = end - LAST_LITERALS;
        u32 misses = 0;
        while (p <= last) {
            u32 v = get32(p), *place = table + slot(v);
            const u8 *match = in + *place - 1;
            u32 known = *place;
            *place = (u32)(p - in) + 1;
            if (!known || p - match > 65535 || get32(match) != v) {
                p += 1 + (misses++ >> 6);
                continue;
            }
            misses = 0;
            while (p > anchor && match > in && p[-1] == match[-1]) p--, match--;
            const u8 *m = match + 4, *q = p + 4;
            while (q + 8 <= limit) {
                u64 x = get64(q) ^ get64(m);
                if (x) { q += __builtin_ctzll(x) >> 3; goto found; }
                q += 8, m += 8;
            }
            while (q < limit && *q == *m) q++, m++;
        found:;
            u32 literals = (u32)(p - anchor), matched = (u32)(q - p) - 4;
            if ((u32)(stop - out) < literals + literals / 255 + matched / 255 + 16) return 0;
            u8 *token = out;
            out = put_literals(out, anchor, literals);
            put16(out, (u16)(p - match));
            out += 2;
            *token |= (u8)(matched < 15 ? matched : 15);
            if (matched >= 15) out = put_length(out, matched - 15);
            p = anchor = q;
        }
    }
    u32 literals = (u32)(end - anchor);
    if ((u32)(stop - out) < literals + literals / 255 + 16) return 0;
    out = put_literals(out, anchor, literals);
    return (u32)(out - to);
}

// Unpacks a block into exactly `length` bytes; 0 when the block is not one of so many bytes. Reads and writes nothing
// outside of what it was given, whatever the block says.
EXPORT(unpack) u32 unpack(const u8 *in, u32 packed, u8 *to, u32 length)
{
    const u8 *end = in + packed;
    u8 *out = to, *stop = to + length;
    for (;;) {
        if (in == end) return 0;
        u32 token = *in++, count = token >> 4, more;
        if (count == 15) do {
            if (in == end) return 0;
            count += more = *in++;
        } while (more == 255);
        if (count > (u32)(end - in) || count > (u32)(stop - out)) return 0;
        __builtin_memcpy(out, in, count);
        in += count, out += count;
        if (in == end) return out == stop;
        if (end - in < 2) return 0;
        u32 distance = get16(in);
        in += 2;
        if (distance == 0 || distance > (u32)(out - to)) return 0;
        count = token & 15;
        if (count == 15) do {
            if (in == end) return 0;
            count += more = *in++;
        } while (more == 255);
        count += 4;
        if (count > (u32)(stop - out)) return 0;
        const u8 *from = out - distance;
        if (distance >= 8) {
            for (; count >= 8; count -= 8, out += 8, from += 8) put64(out, get64(from));
        }
        while (count--) *out++ = *from++;
    }
}
