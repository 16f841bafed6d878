// The house: start everything, tell the facts, then sleep until something happens.
#include "acpi.h"
#include "clock.h"
#include "commands.h"
#include "disc.h"
#include "disk.h"
#include "house.h"
#include "interrupts.h"
#include "lowmem.h"
#include "pci.h"
#include "ps2.h"
#include "scene.h"
#include "serial.h"
#include "sound.h"
#include "video.h"
#include "vmmouse.h"

u8 stack[65536] __attribute__((aligned(16)));
__asm__(".globl stack_top\n.set stack_top, stack + 65536");
struct house house;

static void count_this_visit(void)
{
    fault why;
    house.visits_state = count_visit(&house.visits, &why);
    static const char *const words[] = { "no disk to remember on", "the disk holds other data and was left alone", "", "counted" };
    const char *text = house.visits_state == VISITS_FAILED ? why : words[house.visits_state];
    format_text(house.visits_text, sizeof house.visits_text, "%s", text);
}

void say_facts(void)
{
    const struct processor *p = &house.processor;
    say("CPU %s family %u model %u stepping %u %u kHz TSC", p->vendor, p->family, p->model, p->stepping, tsc_khz());
    if (p->brand[0]) say("CPU brand %s", p->brand);
    say("CPU features %s", p->feature_names);
    say("MEM %u MiB usable %U bytes", memory_mib(), usable_memory());
    for (u32 i = 0; i < BOOT_FACTS->memory_entries; i++) {
        const struct memory_entry *m = &MEMORY_MAP[i];
        say("E820 %08x%08x %08x%08x %u", (u32)(m->base >> 32), (u32)m->base, (u32)(m->length >> 32), (u32)m->length, m->type);
    }
    for (u32 i = 0; i < pci_count(); i++) {
        const struct pci_function *f = pci_at(i);
        say("PCI %04x:%04x %06x %02x:%02x.%u %s", f->vendor, f->id, f->class_code, f->bus, f->device, f->function, pci_name(f));
    }
    say("NET %u", house.network_adapters);
    say("ACPI %s", find_acpi() ? "present" : "absent");
    if (the_disk()->kind == DRIVE_NONE) say("DISK none");
    else say("DISK %U %s%s%s", the_disk()->sectors, the_disk()->can_dma ? "DMA " : "PIO ",
             the_disk()->write_cache ? "write-cache " : "", the_disk()->model);
    if (the_cd()->kind == DRIVE_NONE) say("DISC none, no drive");
    else if (!house.disc_in) say("DISC none");
    else say("DISC %s", disc_label()[0] ? disc_label() : "-");
    say("VISITS %u %s", house.visits, house.visits_text);
    say("PS2 mouse %s%s", mouse_present() ? "present" : "absent", mouse_has_wheel() ? " with wheel" : "");
    say("POINTER absolute %s", vmmouse_present() ? "present" : "absent");
}

void command_facts(char **a, u32 n)
{
    (void)a, (void)n;
    say_facts();
    ok("facts");
}

static void serve_input(void)
{
    struct input input;
    static u32 absolute_at;
    while (next_absolute(&input)) {
        say("MOUSEABS %u %u %u %d", input.x, input.y, input.buttons, input.wheel);
        absolute_at = ticks() | 1;
        scene_input(&input);
    }
    while (next_input(&input)) {
        if (input.kind == INPUT_KEY) {
            say(input.key > 0xFF ? "KEY %x %s" : "KEY %02x %s", input.key, input.down ? "down" : "up");
            if (input.down) speaker_tone(523 + (input.key & 0x3F) * 16, 60);
        } else {
            say("MOUSE %d %d %u %d", input.dx, input.dy, input.buttons, input.wheel);
            // The same movement comes on both ways; the pointer follows the one that knows the place.
            if (absolute_at && ticks() - absolute_at < TICKS_PER_SECOND / 4) continue;
        }
        scene_input(&input);
    }
}

static void serve_seconds(void)
{
    static u32 last;
    if (ticks() - last < TICKS_PER_SECOND) return;
    last = ticks();
    scene_second();
}

bool look_at_drive(void)
{
    bool changed;
    house.disc_in = disc_present(&changed);
    if (changed && house.ready) {
        if (house.disc_in) say("DISC %s", disc_label()[0] ? disc_label() : "-");
        else say("DISC none");
        scene_disc();
    }
    return house.disc_in;
}

// The drive is asked once a second, and never while a command is using it.
static void serve_disc(void)
{
    static u32 last;
    if (ticks() - last < TICKS_PER_SECOND) return;
    last = ticks();
    look_at_drive();
}

static void serve_counter(void)
{
    static u32 last;
    if (house.counting && ticks() != last) say("COUNT %u", ++house.counter);
    last = ticks();
}

void serve_events(void)
{
    serve_input();
    serve_seconds();
    serve_counter();
    sound_tick();
    scene_show();
}

void kernel_main(void);
void kernel_main(void)
{
    start_interrupts();
    start_serial();
    say("HOUSE vitrine 1");
    start_clock();
    read_processor(&house.processor);
    scan_pci();
    house.network_adapters = pci_count_class(0x02);
    start_video();
    start_ide();
    look_at_drive();
    count_this_visit();
    start_ps2();
    start_vmmouse();
    say_facts();
    enter_scene();
    house.ready = true;
    say("HOUSE READY");
    for (;;) {
        serve_events();
        serve_disc();
        serve_serial();
        interrupts_off();
        if (input_waiting() || serial_waiting()) interrupts_on();
        else sleep_for_interrupt();
    }
}
