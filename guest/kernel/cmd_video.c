// Commands that change what is on the screen.
#include "card.h"
#include "commands.h"
#include "scene.h"
#include "serial.h"
#include "video.h"

/** "1024x768x32" */
static bool parse_mode(const char *s, u32 v[3])
{
    for (u32 i = 0; i < 3; i++) {
        u32 digits = 0;
        for (v[i] = 0; *s >= '0' && *s <= '9' && digits < 5; s++, digits++) v[i] = v[i] * 10 + (u32)(*s - '0');
        if (!digits || *s != (i < 2 ? 'x' : 0)) return false;
        s++;
    }
    return true;
}

void command_card(char **a, u32 n)
{
    (void)n;
    u32 v[3];
    bool text = same_text(a[0], "text");
    if (!text && !parse_mode(a[0], v)) { err("not a mode: WIDTHxHEIGHTxBPP or text"); return; }
    leave_scene();
    if (text) set_text_mode();
    else if (v[0] == 320 && v[1] == 200 && v[2] == 8) set_mode13();
    else if (v[0] == 640 && v[1] == 480 && v[2] == 4) set_planar_mode();
    else if (!set_linear_mode(v[0], v[1], v[2])) {
        enter_scene();
        err("this card has no mode %s", a[0]);
        return;
    }
    draw_card();
    ok("card %s fnv1a %08x", a[0], card_checksum());
}

void command_modes(char **a, u32 n)
{
    (void)a, (void)n;
    for (u32 i = 0; i < video_mode_count(); i++) {
        const struct video_mode *m = video_mode_at(i);
        say("VBE %04x %ux%ux%u pitch %u at %08x", m->number, m->width, m->height, m->bpp, m->pitch, (u32)m->pixels);
    }
    ok("%u linear modes, %u KiB of video memory", video_mode_count(), video_memory_kib());
}

void command_home(char **a, u32 n)
{
    (void)a, (void)n;
    enter_scene();
    const struct video_mode *m = current_mode();
    ok("home %ux%ux%u", m->width, m->height, m->bpp);
}
