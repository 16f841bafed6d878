#include "ps2.h"
#include "interrupts.h"

#define DATA 0x60
#define COMMAND 0x64
#define RING 2048

// One ring for both devices, because the order between a key and a click matters; bit 8 marks
// the mouse's bytes.
static u16 ring[RING];
static volatile u32 head, tail;
static bool have_mouse, have_wheel;

static void take(void)
{
    for (;;) {
        u8 status = in8(COMMAND);
        if (!(status & 1)) return;
        u16 byte = (u16)(in8(DATA) | (status & 0x20 ? 0x100 : 0));
        if (head - tail < RING) ring[head++ % RING] = byte;
    }
}

static void put(u16 port, u8 byte)
{
    for (u32 i = 0; i < 100000 && in8(COMMAND) & 2; i++) {}
    out8(port, byte);
}

/** The next byte within some milliseconds, or -1; used only before the interrupts are opened. */
static int get(void)
{
    for (u32 i = 0; i < 60000; i++)
        if (in8(COMMAND) & 1) return in8(DATA);
    return -1;
}

static bool mouse_command(u8 byte)
{
    put(COMMAND, 0xD4);
    put(DATA, byte);
    for (u32 i = 0; i < 8; i++) {
        int answer = get();
        if (answer == 0xFA) return true;
        if (answer < 0) return false;
    }
    return false;
}

static void start_mouse(void)
{
    if (!mouse_command(0xFF)) return;
    if (get() != 0xAA) return;
    get(); // its identity
    have_mouse = true;
    // Sample rates 200, 100, 80 in a row turn the wheel of a wheel mouse on.
    static const u8 knock[] = { 0xF3, 200, 0xF3, 100, 0xF3, 80 };
    for (u32 i = 0; i < sizeof knock; i++) mouse_command(knock[i]);
    if (mouse_command(0xF2)) have_wheel = get() == 3;
    mouse_command(0xF3);
    mouse_command(100);
    mouse_command(0xF4);
}

void start_ps2(void)
{
    put(COMMAND, 0xAD);
    put(COMMAND, 0xA7);
    for (u32 i = 0; i < 64 && in8(COMMAND) & 1; i++) in8(DATA);
    put(COMMAND, 0x20);
    int config = get();
    if (config < 0) config = 0x45;
    // No interrupts while devices are spoken to; translation to scan code set 1 stays on.
    put(COMMAND, 0x60);
    put(DATA, (u8)((config & ~0x33) | 0x40));
    put(COMMAND, 0xA8);
    start_mouse();
    put(COMMAND, 0xAE);
    put(DATA, 0xF4); // the keyboard scans
    get();
    put(COMMAND, 0x60);
    put(DATA, (u8)((config & ~0x30) | 0x43));
    for (u32 i = 0; i < 64 && in8(COMMAND) & 1; i++) in8(DATA);
    handle_irq(1, take);
    handle_irq(12, take);
}

bool mouse_present(void) { return have_mouse; }
bool mouse_has_wheel(void) { return have_wheel; }
bool input_waiting(void) { return head != tail; }

/** Feeds one byte of set 1; true when a key came of it. */
static bool decode_key(u8 byte, struct input *input)
{
    static u32 prefix; // 0, 0xE0, 0xE1, 0xE11D
    input->kind = INPUT_KEY;
    if (prefix == 0xE1) { // Pause: E1 1D 45, and E1 9D C5 at once after it
        prefix = (byte & 0x7F) == 0x1D ? 0xE11D : 0;
        return false;
    }
    if (prefix == 0xE11D) {
        prefix = 0;
        input->key = 0xE11D45;
        input->down = !(byte & 0x80);
        return (byte & 0x7F) == 0x45;
    }
    if (byte == 0xE0 || byte == 0xE1) {
        prefix = byte;
        return false;
    }
    u32 extended = prefix;
    prefix = 0;
    u8 code = byte & 0x7F;
    if (!code || byte == 0xFA || byte == 0xFE) return false; // errors and acknowledgements
    // With NumLock or Shift the grey keys wrap themselves in shifts that nobody pressed.
    if (extended && (code == 0x2A || code == 0x36)) return false;
    input->key = extended ? 0xE000u | code : code;
    input->down = !(byte & 0x80);
    return true;
}

/** Feeds one byte of a movement packet; true when it was the last. */
static bool decode_mouse(u8 byte, struct input *input)
{
    static u8 packet[4];
    static u32 have;
    if (!have && !(byte & 8)) return false; // not the first byte: we have lost our place
    packet[have++] = byte;
    if (have < (have_wheel ? 4u : 3u)) return false;
    have = 0;
    input->kind = INPUT_MOUSE;
    input->buttons = packet[0] & 7;
    input->dx = (i32)packet[1] - (packet[0] & 0x10 ? 256 : 0);
    input->dy = (i32)packet[2] - (packet[0] & 0x20 ? 256 : 0);
    input->wheel = have_wheel ? (i8)packet[3] : 0;
    return true;
}

bool next_input(struct input *input)
{
    while (head != tail) {
        u16 byte = ring[tail++ % RING];
        *input = (struct input){ 0 };
        if (byte & 0x100 ? decode_mouse((u8)byte, input) : decode_key((u8)byte, input)) return true;
    }
    return false;
}
