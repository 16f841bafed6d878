#include "text_scene.h"
#include "acpi.h"
#include "clock.h"
#include "disc.h"
#include "disk.h"
#include "house.h"
#include "pci.h"

#define CELLS ((volatile u16 *)0xB8000)

static void put(u32 column, u32 row, u8 attribute, const char *text)
{
    for (; *text && column < 80; text++, column++) CELLS[row * 80 + column] = (u16)(attribute << 8 | (u8)*text);
}

static void put_wide(u32 column, u32 row, u8 attribute, const char *text, u32 width)
{
    u32 n = length_of(text);
    put(column, row, attribute, text);
    for (; n < width && column + n < 80; n++) put(column + n, row, attribute, " ");
}

void text_scene_clock(void)
{
    char text[24];
    struct date d = read_date();
    format_text(text, sizeof text, "%04u-%02u-%02u %02u:%02u:%02u", d.year, d.month, d.day, d.hour, d.minute, d.second);
    put_wide(58, 1, 0x3F, text, 20);
}

void text_scene_disc(void)
{
    put_wide(22, 8, 0x1F, the_cd()->kind == DRIVE_NONE ? "no drive" : !house.disc_in ? "taken out" : disc_label(), 50);
}

void text_scene_input(const struct input *input)
{
    char text[50];
    if (input->kind == INPUT_KEY) format_text(text, sizeof text, "Key %x %s", input->key, input->down ? "down" : "up");
    else format_text(text, sizeof text, "Mouse %d %d buttons %u", input->dx, input->dy, input->buttons);
    put_wide(3, 23, 0x1E, text, 60);
}

void draw_text_scene(void)
{
    char text[100];
    out8(0x3D4, 0x0A); // no cursor
    out8(0x3D5, 0x20);
    for (u32 i = 0; i < 80 * 25; i++) CELLS[i] = 0x1F00 | ' ';
    for (u32 i = 0; i < 80 * 3; i++) CELLS[i] = 0x3F00 | ' ';
    put(3, 1, 0x3F, "V I T R I N E   the house disc");
    put(3, 4, 0x1B, "What this computer is");
    static const char *const labels[] = { "Processor", "Memory", "Disc", "Hard disk", "Power" };
    for (u32 i = 0; i < COUNT_OF(labels); i++) put(3, 6 + i, 0x17, labels[i]);
    put(22, 6, 0x1F, house.processor.brand[0] ? house.processor.brand : house.processor.vendor);
    format_text(text, sizeof text, "%u MiB", memory_mib());
    put(22, 7, 0x1F, text);
    text_scene_disc();
    if (the_disk()->kind == DRIVE_NONE) format_text(text, sizeof text, "none");
    else format_text(text, sizeof text, "%U sectors, %s", the_disk()->sectors, the_disk()->model);
    put(22, 9, 0x1F, text);
    put(22, 10, 0x1F, find_acpi() ? "ACPI" : "no ACPI");
    for (u32 i = 0; i < pci_count() && i < 7; i++) {
        format_text(text, sizeof text, "%04x:%04x %s", pci_at(i)->vendor, pci_at(i)->id, pci_name(pci_at(i)));
        put(22, 12 + i, 0x13, text);
    }
    format_text(text, sizeof text, "Network adapters: %u", house.network_adapters);
    put(3, 20, 0x1A, house.network_adapters ? text : "Network adapters: none");
    if (house.visits_state == VISITS_COUNTED)
        format_text(text, sizeof text, "You have started this machine %u times; this browser remembers", house.visits);
    else format_text(text, sizeof text, "Visits: %s", house.visits_text);
    put(3, 21, 0x1F, text);
    text_scene_clock();
}
