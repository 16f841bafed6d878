// The 8042 and what hangs on it: the answer to every command of controller, keyboard and mouse (IBM PS/2 Technical Reference).
#include "probe.h"

static bool input_empty(void) { return !(in8(0x64) & 2); }
static bool output_full(void) { return in8(0x64) & 1; }

static void drain(void)
{
    for (u32 i = 0; i < 64 && output_full(); i++) in8(0x60), pause_us(100);
}
static void command(u8 value) { until(input_empty, 20); out8(0x64, value); }
static void data(u8 value) { until(input_empty, 20); out8(0x60, value); }

static void collect(u32 first_ms)
{
    u32 got = 0;
    while (got < 8 && until(output_full, got ? 15 : first_ms)) {
        u8 status = in8(0x64), byte = in8(0x60);
        list(status & 0x20 ? "%02x' " : "%02x ", byte);
        got++;
    }
    if (!got) list("- ");
}

/** A command of the controller and what it puts out; a ' marks a byte of the mouse's. */
static void controller(const char *name, u8 value)
{
    drain();
    command(value);
    begin_list();
    collect(60);
    end_list(name);
}

static void device(const char *name, bool mouse, const u8 *bytes, u32 count)
{
    drain();
    begin_list();
    for (u32 i = 0; i < count; i++) {
        if (mouse) command(0xD4);
        data(bytes[i]);
        list("%02x> ", bytes[i]);
        collect(120);
    }
    end_list(name);
}
#define KEYBOARD(name, ...) device(name, false, (const u8[]){ __VA_ARGS__ }, sizeof((const u8[]){ __VA_ARGS__ }))
#define MOUSE(name, ...) device(name, true, (const u8[]){ __VA_ARGS__ }, sizeof((const u8[]){ __VA_ARGS__ }))

static void probe_controller(void)
{
    begin_section("i8042");
    drain();
    fact("status", "%02x", in8(0x64));
    controller("20.configuration", 0x20);
    controller("aa.self-test", 0xAA);
    fact("status-after-test", "%02x", in8(0x64));
    controller("20.after-test", 0x20);
    controller("ab.keyboard-line", 0xAB);
    controller("a9.mouse-line", 0xA9);
    controller("c0.input-port", 0xC0);
    controller("d0.output-port", 0xD0);
    drain();
    command(0xD3), data(0x5A);
    begin_list(), collect(60), end_list("d3.loop-mouse");
    drain();
    command(0xD2), data(0x3C);
    begin_list(), collect(60), end_list("d2.loop-keyboard");
    drain();
    command(0x60), data(0x65);
    controller("20.after-write", 0x20);
    command(0xA7);
    controller("20.after-a7", 0x20);
    command(0xA8);
    controller("20.after-a8", 0x20);
    command(0xAD);
    controller("20.after-ad", 0x20);
    command(0xAE);
    controller("20.after-ae", 0x20);
    drain();
    command(0x60), data(0x44); // no interrupts, translation
}

static void probe_keys(void)
{
    begin_section("keyboard");
    KEYBOARD("f5", 0xF5);
    KEYBOARD("f2.identify", 0xF2);
    KEYBOARD("ee.echo", 0xEE);
    KEYBOARD("f0-00.set", 0xF0, 0x00);
    KEYBOARD("ed.lights", 0xED, 0x07);
    KEYBOARD("ed.lights-off", 0xED, 0x00);
    KEYBOARD("f3.rate", 0xF3, 0x20);
    KEYBOARD("f6", 0xF6);
    KEYBOARD("f4", 0xF4);
    KEYBOARD("ab.unknown", 0xAB);
    KEYBOARD("ff.reset", 0xFF);
    drain();
    command(0x60), data(0x04);
    KEYBOARD("f2.untranslated", 0xF2);
    KEYBOARD("f0-00.untranslated", 0xF0, 0x00);
    drain();
    command(0x60), data(0x44);
}

static void probe_mouse(void)
{
    begin_section("mouse");
    MOUSE("ff.reset", 0xFF);
    MOUSE("f2.identify", 0xF2);
    MOUSE("e9.status", 0xE9);
    MOUSE("e8-03.e9", 0xE8, 0x03, 0xE9);
    MOUSE("e7.e9", 0xE7, 0xE9);
    MOUSE("buttons", 0xE8, 0x00, 0xE6, 0xE6, 0xE6, 0xE9);
    MOUSE("wheel", 0xF3, 200, 0xF3, 100, 0xF3, 80, 0xF2);
    MOUSE("e9.with-wheel", 0xE9);
    MOUSE("five-buttons", 0xF3, 200, 0xF3, 200, 0xF3, 80, 0xF2);
    MOUSE("f0-eb.remote", 0xF0, 0xEB);
    MOUSE("ea.stream", 0xEA);
    MOUSE("ee.wrap", 0xEE, 0x12, 0xEC);
    MOUSE("f4", 0xF4);
    MOUSE("f5", 0xF5);
    MOUSE("f6.e9", 0xF6, 0xE9);
    MOUSE("e1.unknown", 0xE1);
    MOUSE("d7.unknown", 0xD7);
    MOUSE("ff.again", 0xFF);
    MOUSE("f2.after-reset", 0xF2);
    drain();
    command(0x60), data(0x44);
    fact("controller-status", "%02x", in8(0x64));
}

void probe_keyboard(void)
{
    probe_controller();
    probe_keys();
    probe_mouse();
}
