#include "sound.h"
#include "clock.h"
#include "interrupts.h"
#include "trig.h"

static u32 off_at;
static bool sounding;

void speaker_tone(u32 hz, u32 ms)
{
    u32 reload = PIT_HZ / hz;
    out8(0x43, 0xB6); // channel 2, both bytes, square wave
    out8(0x42, (u8)reload);
    out8(0x42, (u8)(reload >> 8));
    out8(0x61, in8(0x61) | 3);
    off_at = ticks() + (ms * TICKS_PER_SECOND + 999) / 1000;
    sounding = true;
}

void sound_tick(void)
{
    if (!sounding || (i32)(ticks() - off_at) < 0) return;
    out8(0x61, in8(0x61) & 0xFC);
    sounding = false;
}

bool speaker_sounding(void) { return sounding; }

// ---- Sound Blaster 16

#define DSP 0x220
#define RATE 22050
#define SAMPLES 32768

// ISA DMA cannot cross 64 KiB nor reach above 16 MiB.
static u8 samples[SAMPLES] __attribute__((aligned(32768)));
static volatile bool played;

static bool dsp_write(u8 byte)
{
    for (u32 i = 0; i < 100000; i++)
        if (!(in8(DSP + 0xC) & 0x80)) { out8(DSP + 0xC, byte); return true; }
    return false;
}

static int dsp_read(void)
{
    for (u32 i = 0; i < 20000; i++)
        if (in8(DSP + 0xE) & 0x80) return in8(DSP + 0xA);
    return -1;
}

static bool dsp_reset(void)
{
    out8(DSP + 6, 1);
    short_pause(10);
    out8(DSP + 6, 0);
    return dsp_read() == 0xAA;
}

bool sb16_present(u32 *version)
{
    *version = 0;
    if (!dsp_reset()) return false;
    dsp_write(0xE1);
    int major = dsp_read(), minor = dsp_read();
    if (major < 0 || minor < 0) return false;
    *version = (u32)major << 8 | (u32)minor;
    return true;
}

static void sb_interrupt(void)
{
    in8(DSP + 0xE); // acknowledges an 8-bit transfer
    played = true;
}

/** A sine with a soft beginning and end, so that it does not click. */
static void make_sine(u32 hz, u32 count)
{
    u32 step = (u32)divide((u64)hz << 32, RATE, NULL), phase = 0; // 2^32 is a whole turn
    u32 fade = min_u32(count / 4, RATE / 100);
    for (u32 i = 0; i < count; i++, phase += step) {
        i32 level = 110;
        if (i < fade) level = (i32)(i * 110 / fade);
        if (count - i < fade) level = (i32)((count - i) * 110 / fade);
        samples[i] = (u8)(128 + sine(phase >> 16) * level / 32768);
    }
}

const char *sb16_tone(u32 hz, u32 ms)
{
    u32 version;
    if (!sb16_present(&version)) return "no Sound Blaster answers at 220h";
    u32 count = min_u32(SAMPLES, RATE * ms / 1000);
    if (count < 2) count = 2;
    make_sine(hz, count);

    out8(DSP + 4, 0x80); out8(DSP + 5, 0x02); // mixer: IRQ 5
    out8(DSP + 4, 0x81); out8(DSP + 5, 0x22); // mixer: DMA 1 (8 bit) and 5 (16 bit)
    out8(DSP + 4, 0x22); out8(DSP + 5, 0xEE); // master volume
    out8(DSP + 4, 0x04); out8(DSP + 5, 0xEE); // voice volume
    u32 address = (u32)samples;
    out8(0x0A, 0x05);               // mask channel 1
    out8(0x0C, 0);                  // reset the byte flip-flop
    out8(0x0B, 0x49);               // single transfer, to the device, channel 1
    out8(0x02, (u8)address); out8(0x02, (u8)(address >> 8));
    out8(0x83, (u8)(address >> 16));
    out8(0x03, (u8)(count - 1)); out8(0x03, (u8)((count - 1) >> 8));
    out8(0x0A, 0x01);

    played = false;
    handle_irq(5, sb_interrupt);
    dsp_write(0xD1); // speaker on
    if (version >= 0x400) {
        dsp_write(0x41); dsp_write(RATE >> 8); dsp_write(RATE & 255);
        dsp_write(0xC0); dsp_write(0x00); // 8 bit, single cycle, mono, unsigned
    } else {
        dsp_write(0x40); dsp_write((u8)(256 - 1000000 / RATE));
        dsp_write(0x14);
    }
    dsp_write((u8)(count - 1)); dsp_write((u8)((count - 1) >> 8));
    u32 start = ticks(), patience = (count * TICKS_PER_SECOND) / RATE + 3 * TICKS_PER_SECOND;
    while (!played && ticks() - start < patience) sleep_for_interrupt();
    close_irq(5);
    dsp_write(0xD3);
    return played ? NULL : "the Sound Blaster's interrupt did not come";
}
