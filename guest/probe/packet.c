// The CD drive's packet commands: what comes, how much, and what sense a refusal leaves (SPC-2, MMC-3).
#include "probe.h"

#define BASE 0x170
#define CONTROL 0x376

static u8 answer[4096];
static bool not_busy(void) { return !(in8(CONTROL) & 0x80); }

/** Sends a packet by PIO; the bytes that came, or -1 with the error register in `*error`. */
static i32 send_packet(const u8 *packet, u32 limit, u8 *error)
{
    u32 got = 0;
    memset(answer, 0, sizeof answer);
    out8(BASE + 6, 0xA0);
    for (u32 i = 0; i < 4; i++) in8(CONTROL);
    until(not_busy, 500);
    out8(BASE + 1, 0);
    out8(BASE + 4, (u8)limit);
    out8(BASE + 5, (u8)(limit >> 8));
    out8(BASE + 7, 0xA0);
    until(not_busy, 500);
    out16_block(BASE, packet, 6);
    for (u32 rounds = 0; rounds < 64; rounds++) {
        until(not_busy, 3000);
        u8 status = in8(BASE + 7);
        if (status & 1) {
            *error = in8(BASE + 1);
            return -1;
        }
        if (!(status & 8)) return (i32)got;
        u32 bytes = in8(BASE + 4) | (u32)in8(BASE + 5) << 8;
        for (u32 i = 0; i < bytes; i += 2) {
            u16 word = in16(BASE);
            if (got + 1 < sizeof answer) answer[got++] = (u8)word, answer[got++] = (u8)(word >> 8);
        }
    }
    return (i32)got;
}

static void ask(const char *name, u32 shown, const u8 *bytes, u32 count)
{
    u8 packet[12] = { 0 }, error = 0;
    memcpy(packet, bytes, count);
    i32 got = send_packet(packet, 2048, &error);
    if (got < 0) {
        static const u8 sense[12] = { 0x03, 0, 0, 0, 18 };
        u8 again;
        u8 key = error >> 4;
        bool told = send_packet(sense, 18, &again) >= 14;
        fact(name, "refused %x/%02x/%02x", told ? answer[2] & 15 : key, told ? answer[12] : 0, told ? answer[13] : 0);
        return;
    }
    begin_list();
    list("%d bytes ", got);
    for (u32 i = 0; i < shown && (i32)i < got; i++) list("%02x", answer[i]);
    end_list(name);
}
#define ASK(name, shown, ...) ask(name, shown, (const u8[]){ __VA_ARGS__ }, sizeof((const u8[]){ __VA_ARGS__ }))

void probe_packet(void)
{
    begin_section("packet");
    u8 error;
    static const u8 sense[12] = { 0x03, 0, 0, 0, 18 };
    for (u32 i = 0; i < 4; i++) send_packet(sense, 18, &error); // what the resets left to tell
    ASK("00.ready", 0, 0x00);
    ASK("03.sense", 8, 0x03, 0, 0, 0, 18);
    ASK("12.inquiry", 8, 0x12, 0, 0, 0, 36);
    ASK("12.inquiry-6", 6, 0x12, 0, 0, 0, 6);
    ASK("12.page-00", 4, 0x12, 1, 0x00, 0, 64);
    ASK("12.page-80", 4, 0x12, 1, 0x80, 0, 64);
    ASK("12.page-83", 4, 0x12, 1, 0x83, 0, 64);
    ASK("12.page-b0", 4, 0x12, 1, 0xB0, 0, 64);
    ASK("25.capacity", 8, 0x25);
    ASK("46.configuration", 8, 0x46, 0, 0, 0, 0, 0, 0, 0, 8);
    ASK("46.current", 40, 0x46, 1, 0, 0, 0, 0, 0, 0, 128);
    ASK("46.core", 20, 0x46, 2, 0, 1, 0, 0, 0, 0, 64);
    ASK("4a.classes", 8, 0x4A, 1, 0, 0, 0x00, 0, 0, 0, 64);
    ASK("4a.media", 8, 0x4A, 1, 0, 0, 0x10, 0, 0, 0, 64);
    ASK("4a.media-again", 8, 0x4A, 1, 0, 0, 0x10, 0, 0, 0, 64);
    ASK("4a.operation", 8, 0x4A, 1, 0, 0, 0x02, 0, 0, 0, 64);
    ASK("4a.power", 8, 0x4A, 1, 0, 0, 0x04, 0, 0, 0, 64);
    ASK("4a.all", 8, 0x4A, 1, 0, 0, 0xFF, 0, 0, 0, 64);
    ASK("4a.later", 8, 0x4A, 0, 0, 0, 0x10, 0, 0, 0, 64);
    ASK("51.disc", 34, 0x51, 0, 0, 0, 0, 0, 0, 0, 34);
    ASK("52.track", 28, 0x52, 1, 0, 0, 0, 1, 0, 0, 48);
    ASK("43.toc", 20, 0x43, 0, 0, 0, 0, 0, 0, 0, 64);
    ASK("43.toc-time", 20, 0x43, 2, 0, 0, 0, 0, 0, 0, 64);
    ASK("43.sessions", 12, 0x43, 0, 1, 0, 0, 0, 0, 0, 64);
    ASK("43.raw", 48, 0x43, 2, 2, 0, 0, 0, 1, 0, 64);
    ASK("43.pma", 8, 0x43, 2, 3, 0, 0, 0, 0, 0, 64);
    ASK("43.atip", 8, 0x43, 2, 4, 0, 0, 0, 0, 0, 64);
    ASK("43.text", 8, 0x43, 0, 5, 0, 0, 0, 0, 0, 64);
    ASK("43.lead-out", 12, 0x43, 0, 0, 0, 0, 0, 0xAA, 0, 64);
    ASK("43.track-2", 12, 0x43, 0, 0, 0, 0, 0, 2, 0, 64);
    ASK("42.position", 16, 0x42, 2, 0x40, 1, 0, 0, 0, 0, 16);
    ASK("44.header", 8, 0x44, 0, 0, 0, 0, 0, 0, 0, 8);
    ASK("bd.mechanism", 8, 0xBD, 0, 0, 0, 0, 0, 0, 0, 8);
    ASK("5a.errors", 16, 0x5A, 0, 0x01, 0, 0, 0, 0, 0, 64);
    ASK("5a.audio", 24, 0x5A, 0, 0x0E, 0, 0, 0, 0, 0, 64);
    ASK("5a.power", 20, 0x5A, 0, 0x1A, 0, 0, 0, 0, 0, 64);
    ASK("5a.capabilities", 28, 0x5A, 0, 0x2A, 0, 0, 0, 0, 0, 64);
    ASK("5a.all", 8, 0x5A, 0, 0x3F, 0, 0, 0, 0, 1, 0);
    ASK("1a.capabilities", 8, 0x1A, 0, 0x2A, 0, 64);
    ASK("a4.key", 8, 0xA4, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0x08);
    ASK("a4.region", 8, 0xA4, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0x3F);
    ASK("ad.physical", 8, 0xAD, 0, 0, 0, 0, 0, 0, 0x00, 0, 20);
    ASK("ac.performance", 8, 0xAC, 0, 0, 0, 0, 0, 0, 0, 0, 1, 3);
    ASK("28.read", 8, 0x28, 0, 0, 0, 0, 16, 0, 0, 1);
    ASK("a8.read", 8, 0xA8, 0, 0, 0, 0, 16, 0, 0, 0, 1);
    ASK("28.nothing", 0, 0x28, 0, 0, 0, 0, 16, 0, 0, 0);
    ASK("28.past-end", 0, 0x28, 0, 0x7F, 0xFF, 0xFF, 0xFF, 0, 0, 1);
    ASK("be.user-data", 8, 0xBE, 0, 0, 0, 0, 16, 0, 0, 1, 0x10);
    ASK("be.nothing", 0, 0xBE, 0, 0, 0, 0, 16, 0, 0, 1, 0);
    ASK("2b.seek", 0, 0x2B, 0, 0, 0, 0, 16);
    ASK("bb.speed", 0, 0xBB, 0, 0xFF, 0xFF, 0xFF, 0xFF);
    ASK("1e.lock", 0, 0x1E, 0, 0, 0, 1);
    ASK("1b.eject-locked", 0, 0x1B, 0, 0, 0, 2);
    ASK("1e.unlock", 0, 0x1E, 0, 0, 0, 0);
    ASK("1b.start", 0, 0x1B, 0, 0, 0, 1);
    ASK("1b.stop", 0, 0x1B, 0, 0, 0, 0);
    ASK("35.flush", 0, 0x35);
    ASK("4b.pause", 0, 0x4B);
    ASK("4e.stop-play", 0, 0x4E);
    ASK("5c.buffer", 8, 0x5C, 0, 0, 0, 0, 0, 0, 0, 12);
    ASK("23.formats", 8, 0x23, 0, 0, 0, 0, 0, 0, 0, 64);
    ASK("2a.write", 0, 0x2A, 0, 0, 0, 0, 16, 0, 0, 0);
    ASK("85.pass-through", 0, 0x85, 6);
    ASK("ff.unknown", 0, 0xFF);
}
