#include "probe.h"

#define COM1 0x3F8

static char section[24];
static char built[6000];
static u32 length;

void start_line(void)
{
    out8(COM1 + 1, 0);
    out8(COM1 + 3, 0x80);
    out8(COM1, 1); // 115200
    out8(COM1 + 1, 0);
    out8(COM1 + 3, 0x03);
    out8(COM1 + 2, 0xC7);
    out8(COM1 + 4, 0x03);
}

static void send(char c)
{
    for (u32 tries = 0; tries < 1000000 && !(in8(COM1 + 5) & 0x20); tries++) {}
    out8(COM1, (u8)c);
}

static void send_text(const char *text)
{
    while (*text) send(*text++);
}

void line(const char *text)
{
    send_text(text);
    send_text("\r\n");
}

void begin_section(const char *name) { format_text(section, sizeof section, "%s", name); }

static void send_key(const char *name)
{
    send_text(section);
    send('.');
    send_text(name);
}

void fact(const char *name, const char *format, ...)
{
    static char value[1200];
    va_list arguments;
    __builtin_va_start(arguments, format);
    format_list(value, sizeof value, format, arguments);
    __builtin_va_end(arguments);
    send_key(name);
    send_text(" = ");
    line(value);
}

void begin_list(void)
{
    length = 0;
    built[0] = 0;
}

void list(const char *format, ...)
{
    va_list arguments;
    __builtin_va_start(arguments, format);
    length += format_list(built + length, sizeof built - length, format, arguments);
    __builtin_va_end(arguments);
}

void end_list(const char *name)
{
    while (length && built[length - 1] == ' ') built[--length] = 0;
    send_key(name);
    send_text(" = ");
    line(built);
}

void measured(const char *name, u32 thousandths, u32 due)
{
    char value[64];
    format_text(value, sizeof value, " ~ %u.%03u %u.%03u", thousandths / 1000, thousandths % 1000, due / 1000, due % 1000);
    send_key(name);
    line(value);
}

void dump(const char *name, const volatile void *from, u32 bytes)
{
    const volatile u8 *p = from;
    begin_list();
    for (u32 i = 0; i < bytes; i++) list("%02x", p[i]);
    end_list(name);
}

u32 crc32(const volatile u8 *from, u32 bytes)
{
    u32 c = ~0u;
    while (bytes--) {
        c ^= *from++;
        for (u32 k = 0; k < 8; k++) c = c & 1 ? c >> 1 ^ 0xEDB88320u : c >> 1;
    }
    return ~c;
}
