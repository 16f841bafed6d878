#include "panel.h"
#include "acpi.h"
#include "disc.h"
#include "disk.h"
#include "glass.h"
#include "house.h"
#include "layout.h"
#include "lowmem.h"
#include "pci.h"
#include "sound.h"
#include "video.h"

#define LABEL 0xC49FD8D4
#define VALUE 0xFFF2FFFC
#define BRIGHT 0xFF8FFFE0
#define LEFT 52
#define VALUES 178
#define RIGHT 578
#define FIRST_ROW 160
#define ROW 24

static i32 disc_row_y;

static void label(i32 y, const char *name) { draw_text(face(15, 8), sx(LEFT), sy(y), name, LABEL); }

static void value(i32 y, const char *text, u32 colour)
{
    draw_text_within(face(16, 9), sx(VALUES), sy(y), sx(RIGHT) - sx(VALUES), text, colour);
}

static void row(i32 *y, const char *name, const char *text)
{
    label(*y, name);
    value(*y, text, VALUE);
    *y += ROW;
}

/** "32 MiB", "1.5 GiB": at most one decimal. */
static void size_text(char *to, u32 bytes, u64 kib)
{
    static const char *const units[] = { "KiB", "MiB", "GiB", "TiB" };
    u32 unit = 0;
    u64 tenths = kib * 10;
    while (tenths >= 10240 && unit < 3) tenths >>= 10, unit++;
    u32 rest;
    u64 whole = divide(tenths, 10, &rest);
    if (rest && whole < 100) format_text(to, bytes, "%U.%u %s", whole, rest, units[unit]);
    else format_text(to, bytes, "%U %s", whole, units[unit]);
}

/** The names of the bus's functions, over as many lines as they need (at most three). */
static void draw_bus(i32 *y)
{
    char line[160];
    u32 n = 0, lines = 0;
    struct font font = face(14, 8);
    i32 width = sx(RIGHT) - sx(VALUES);
    label(*y, "On the PCI bus");
    line[0] = 0;
    for (u32 i = 0; i < pci_count() && lines < 3; i++) {
        char longer[160];
        format_text(longer, sizeof longer, n ? "%s, %s" : "%s%s", line, pci_name(pci_at(i)));
        if (n && text_width(font, longer) > width) {
            draw_text(font, sx(VALUES), sy(*y), line, VALUE);
            *y += 20, lines++;
            format_text(longer, sizeof longer, "%s", pci_name(pci_at(i)));
        }
        n = format_text(line, sizeof line, "%s", longer);
    }
    if (n && lines < 3) draw_text(font, sx(VALUES), sy(*y), line, VALUE);
    *y += ROW;
}

static void draw_network(i32 y)
{
    char text[40];
    format_text(text, sizeof text, "Network adapters: %s", house.network_adapters ? "" : "none");
    if (house.network_adapters) format_text(text, sizeof text, "Network adapters: %u", house.network_adapters);
    i32 x = draw_text(face(19, 8), sx(LEFT), sy(y), text, house.network_adapters ? VALUE : BRIGHT);
    draw_text(face(14, 8), x + sx(14), sy(y), house.network_adapters ? "this machine could reach a network"
                                                                     : "nothing you do here leaves this case", LABEL);
}

static void draw_visits(i32 y)
{
    char text[120];
    switch (house.visits_state) {
    case VISITS_COUNTED:
        if (house.visits == 1) format_text(text, sizeof text, "You have started this machine once; this browser remembers");
        else format_text(text, sizeof text, "You have started this machine %u times; this browser remembers", house.visits);
        break;
    case VISITS_NO_DISK: format_text(text, sizeof text, "There is no hard disk, so this visit will not be remembered"); break;
    case VISITS_FOREIGN: format_text(text, sizeof text, "The hard disk holds other data and was left exactly as it is"); break;
    default: format_text(text, sizeof text, "The hard disk could not be read, so this visit is not counted"); break;
    }
    draw_text_within(face(16, 9), sx(LEFT), sy(y), sx(RIGHT) - sx(LEFT), text, VALUE);
}

void draw_panel(void)
{
    char text[120], size[24];
    const struct processor *p = &house.processor;
    i32 x = draw_text(face(46, 5), sx(30), sy(66), "Vitrine", 0xFFFFFFFF);
    draw_text(face(17, 7), x + sx(12), sy(66), "the house disc", 0xB8D8FFF6);

    draw_glass(PANEL, sx(12));
    draw_text(face(25, 7), sx(LEFT), sy(130), "What this computer is", 0xFFFFFFFF);

    i32 y = FIRST_ROW + 6;
    if (p->brand[0]) format_text(text, sizeof text, "%s", p->brand);
    else format_text(text, sizeof text, "%s, family %u, model %u, stepping %u", p->vendor, p->family, p->model, p->stepping);
    row(&y, "Processor", text);
    row(&y, "It knows", p->known_names);
    size_text(size, sizeof size, (u64)memory_mib() * 1024);
    format_text(text, sizeof text, "%s in %u areas", size, BOOT_FACTS->memory_entries);
    row(&y, "Memory", text);
    const struct pci_function *display = pci_find_class(0x0300);
    const struct video_mode *m = current_mode();
    format_text(text, sizeof text, "%s, %u \3 %u", display ? pci_name(display) : "VGA", m->width, m->height);
    row(&y, "Picture", text);
    u32 dsp;
    if (sb16_present(&dsp)) format_text(text, sizeof text, "Sound Blaster 16 (DSP %u.%02u) and a speaker", dsp >> 8, dsp & 255);
    else format_text(text, sizeof text, "a speaker");
    row(&y, "Sound", text);
    if (the_disk()->kind == DRIVE_NONE) format_text(text, sizeof text, "none");
    else {
        size_text(size, sizeof size, the_disk()->sectors >> 1);
        format_text(text, sizeof text, "%s, %s, %s", size, the_disk()->model, the_disk()->use_dma ? "DMA" : "PIO");
    }
    row(&y, "Hard disk", text);
    disc_row_y = y;
    label(y, "Disc");
    y += ROW;
    row(&y, "Power", find_acpi() ? "ACPI: it can switch itself off" : "no ACPI: it is switched off by hand");
    draw_bus(&y);

    draw_line(fx(LEFT), fy(440), fx(RIGHT - 4), fy(440), 256, SOLID(0x50D8FFF6));
    draw_network(463);
    draw_visits(487);
}

struct rect draw_disc_row(void)
{
    char text[120], size[24];
    struct rect r = { sx(VALUES) - 2, sy(disc_row_y - 18), sx(RIGHT + 6) - sx(VALUES), sy(24) };
    canvas_restore(r);
    if (the_cd()->kind == DRIVE_NONE) {
        value(disc_row_y, "no drive", VALUE);
    } else if (!house.disc_in) {
        value(disc_row_y, "taken out", 0xFFFFD890);
    } else {
        size_text(size, sizeof size, (u64)disc_sectors() * 2);
        format_text(text, sizeof text, "%s, %s", disc_label()[0] ? disc_label() : "no label", size);
        value(disc_row_y, text, VALUE);
    }
    return r;
}

struct rect draw_notice(const char *text)
{
    struct rect area = sheet(300, 22, 304, 56);
    canvas_restore(area);
    if (text) {
        struct font font = face(15, 8);
        i32 w = text_width(font, text) + sx(44);
        struct rect pill = { area.x + area.w - w - sx(6), area.y + sy(10), w, sy(34) };
        fill_round_rect(pill, pill.h / 2, FADE(0xB0103844, 0xC8041C26));
        fill_round_rect((struct rect){ pill.x + 2, pill.y + 1, pill.w - 4, pill.h / 2 - 1 }, pill.h / 2 - 2, FADE(0x40FFFFFF, 0x0CFFFFFF));
        stroke_round_rect(pill, pill.h / 2, 1, FADE(0xB0EFFFFB, 0x50BFEDE4));
        draw_text(font, pill.x + sx(28), pill.y + pill.h / 2 + font.size * 35 / 100, text, 0xFFFFFFFF);
        path_begin();
        path_ellipse(FIXED(pill.x + sx(16)), FIXED(pill.y + pill.h / 2), FIXED(sx(5)), FIXED(sx(5)));
        path_ellipse(FIXED(pill.x + sx(16)), FIXED(pill.y + pill.h / 2), FIXED(1), FIXED(1));
        path_fill(SOLID(0xFFFFD890));
    }
    return area;
}
