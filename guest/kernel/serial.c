#include "serial.h"
#include "interrupts.h"

#define COM1 0x3F8
#define RING 4096 // a power of two; a test may send a few commands ahead

static u8 ring[RING];
static volatile u32 head, tail;

static void received(void)
{
    in8(COM1 + 2); // reading the cause lowers the line for everything but data
    while (in8(COM1 + 5) & 1) {
        u8 byte = in8(COM1);
        if (head - tail < RING) ring[head++ % RING] = byte;
    }
}

void start_serial(void)
{
    out8(COM1 + 1, 0);
    out8(COM1 + 3, 0x80);
    out8(COM1, 1); // 115200
    out8(COM1 + 1, 0);
    out8(COM1 + 3, 0x03);
    out8(COM1 + 2, 0xC7);
    out8(COM1 + 4, 0x0B); // DTR, RTS, and OUT2, which lets the interrupt through
    if (in8(COM1 + 5) == 0xFF) return; // no such port
    handle_irq(4, received);
    out8(COM1 + 1, 1);
}

static void send(char c)
{
    // A port that never empties must not stop the machine.
    for (u32 tries = 0; tries < 1000000 && !(in8(COM1 + 5) & 0x20); tries++) {}
    out8(COM1, (u8)c);
}

void say(const char *format, ...)
{
    char line[400];
    va_list list;
    __builtin_va_start(list, format);
    format_list(line, sizeof line, format, list);
    __builtin_va_end(list);
    for (char *c = line; *c; c++) send(*c);
    send('\r');
    send('\n');
}

bool serial_waiting(void) { return head != tail; }

int serial_byte(void)
{
    return head == tail ? -1 : ring[tail++ % RING];
}
