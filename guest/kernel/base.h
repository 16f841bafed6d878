// The words every file uses: sized integers, port I/O and the few processor instructions that C
// has no name for.
#pragma once

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef signed char i8;
typedef short i16;
typedef int i32;
typedef long long i64;
typedef _Bool bool;
#define true 1
#define false 0
#define NULL ((void *)0)
#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

static inline u8 in8(u16 port) { u8 v; __asm__ volatile("inb %1, %0" : "=a"(v) : "Nd"(port)); return v; }
static inline u16 in16(u16 port) { u16 v; __asm__ volatile("inw %1, %0" : "=a"(v) : "Nd"(port)); return v; }
static inline u32 in32(u16 port) { u32 v; __asm__ volatile("inl %1, %0" : "=a"(v) : "Nd"(port)); return v; }
static inline void out8(u16 port, u8 v) { __asm__ volatile("outb %0, %1" : : "a"(v), "Nd"(port)); }
static inline void out16(u16 port, u16 v) { __asm__ volatile("outw %0, %1" : : "a"(v), "Nd"(port)); }
static inline void out32(u16 port, u32 v) { __asm__ volatile("outl %0, %1" : : "a"(v), "Nd"(port)); }
static inline void in16_block(u16 port, void *to, u32 words)
{
    __asm__ volatile("rep insw" : "+D"(to), "+c"(words) : "d"(port) : "memory");
}
static inline void out16_block(u16 port, const void *from, u32 words)
{
    __asm__ volatile("rep outsw" : "+S"(from), "+c"(words) : "d"(port) : "memory");
}
static inline void interrupts_off(void) { __asm__ volatile("cli" : : : "memory"); }
static inline void interrupts_on(void) { __asm__ volatile("sti" : : : "memory"); }
/** Sleep until the next interrupt. STI holds interrupts off for one instruction more, so none can
    slip in between a check made with interrupts off and this. Returns with interrupts on. */
static inline void sleep_for_interrupt(void) { __asm__ volatile("sti\n\thlt" : : : "memory"); }
static inline u64 read_tsc(void) { u64 v; __asm__ volatile("rdtsc" : "=A"(v)); return v; }
static inline u32 min_u32(u32 a, u32 b) { return a < b ? a : b; }
static inline i32 min_i32(i32 a, i32 b) { return a < b ? a : b; }
static inline i32 max_i32(i32 a, i32 b) { return a > b ? a : b; }

// ---- text.c
void *memcpy(void *to, const void *from, u32 n);
void *memset(void *to, int value, u32 n);
void *memmove(void *to, const void *from, u32 n);
int memcmp(const void *a, const void *b, u32 n);
u32 length_of(const char *s);
bool same_text(const char *a, const char *b);
/** n / d for a 32-bit d; the processor's own DIV, because there is no libgcc here. */
u64 divide(u64 n, u32 d, u32 *remainder);
/** Copies an identification field of `n` bytes, dropping the blanks at its end; `to` holds n + 1. */
void copy_trimmed(char *to, const u8 *from, u32 n);

typedef __builtin_va_list va_list;
/** Formats into `to` (at most `size` bytes with the final zero). Knows %s %c %d %u %x %U (u64,
    decimal) %% and a width with or without a leading zero. Returns the length written. */
u32 format_text(char *to, u32 size, const char *format, ...);
u32 format_list(char *to, u32 size, const char *format, va_list list);
