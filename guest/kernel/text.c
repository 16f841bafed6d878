// Memory and text helpers: what a C library would bring.
#include "base.h"

void *memcpy(void *to, const void *from, u32 n)
{
    void *result = to;
    u32 words = n >> 2, rest = n & 3;
    __asm__ volatile("rep movsl\n\tmov %3, %%ecx\n\trep movsb"
                     : "+D"(to), "+S"(from), "+c"(words) : "r"(rest) : "memory");
    return result;
}

void *memset(void *to, int value, u32 n)
{
    void *result = to;
    u32 words = n >> 2, rest = n & 3;
    __asm__ volatile("rep stosl\n\tmov %2, %%ecx\n\trep stosb"
                     : "+D"(to), "+c"(words) : "r"(rest), "a"((u8)value * 0x01010101u) : "memory");
    return result;
}

void *memmove(void *to, const void *from, u32 n)
{
    u8 *d = to;
    const u8 *s = from;
    if (d <= s || d >= s + n) return memcpy(to, from, n);
    while (n--) d[n] = s[n];
    return to;
}

int memcmp(const void *a, const void *b, u32 n)
{
    const u8 *p = a, *q = b;
    for (; n; n--, p++, q++)
        if (*p != *q) return *p - *q;
    return 0;
}

u32 length_of(const char *s)
{
    u32 n = 0;
    while (s[n]) n++;
    return n;
}

bool same_text(const char *a, const char *b)
{
    while (*a && *a == *b) a++, b++;
    return *a == *b;
}

u64 divide(u64 n, u32 d, u32 *remainder)
{
    u32 high = (u32)(n >> 32), low = (u32)n, q_high = high / d, q_low, rest = high % d;
    __asm__("divl %4" : "=a"(q_low), "=d"(rest) : "a"(low), "d"(rest), "r"(d));
    if (remainder) *remainder = rest;
    return (u64)q_high << 32 | q_low;
}

void copy_trimmed(char *to, const u8 *from, u32 n)
{
    u32 end = 0;
    for (u32 i = 0; i < n; i++) {
        u8 c = from[i];
        if (!c) break;
        to[i] = c >= 32 && c < 127 ? (char)c : '?';
        if (c != ' ') end = i + 1;
    }
    to[end] = 0;
}

u32 format_list(char *to, u32 size, const char *format, va_list list)
{
    u32 n = 0;
#define PUT(ch) do { if (n + 1 < size) to[n++] = (ch); } while (0)
    for (; *format; format++) {
        if (*format != '%') { PUT(*format); continue; }
        char pad = ' ';
        u32 width = 0;
        if (*++format == '0') pad = '0', format++;
        while (*format >= '0' && *format <= '9') width = width * 10 + (u32)(*format++ - '0');
        char digits[24];
        u32 count = 0;
        bool minus = false;
        u64 value = 0;
        switch (*format) {
        case 's': {
            const char *s = __builtin_va_arg(list, const char *);
            u32 written = 0;
            for (; *s; s++, written++) PUT(*s);
            for (; written < width; written++) PUT(' ');
            continue;
        }
        case 'c': PUT((char)__builtin_va_arg(list, int)); continue;
        case 'd': {
            i32 v = __builtin_va_arg(list, i32);
            minus = v < 0;
            value = minus ? 0u - (u32)v : (u32)v;
            break;
        }
        case 'u': case 'x': value = __builtin_va_arg(list, u32); break;
        case 'U': value = __builtin_va_arg(list, u64); break;
        default: PUT(*format); continue;
        }
        do {
            u32 digit;
            value = divide(value, *format == 'x' ? 16 : 10, &digit);
            digits[count++] = "0123456789abcdef"[digit];
        } while (value);
        if (minus && pad == '0') PUT('-');
        for (u32 i = count + minus; i < width; i++) PUT(pad);
        if (minus && pad != '0') PUT('-');
        while (count) PUT(digits[--count]);
    }
#undef PUT
    to[n] = 0;
    return n;
}

u32 format_text(char *to, u32 size, const char *format, ...)
{
    va_list list;
    __builtin_va_start(list, format);
    u32 n = format_list(to, size, format, list);
    __builtin_va_end(list);
    return n;
}
