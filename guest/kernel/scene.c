// Everything is drawn in memory; only the rows and columns that changed are copied to the screen, and the
// pointer is blended in on the way. When nothing happens, nothing is drawn.
#include "scene.h"
#include "backdrop.h"
#include "clock.h"
#include "exhibit.h"
#include "house.h"
#include "keys.h"
#include "layout.h"
#include "panel.h"
#include "pointer.h"
#include "text_scene.h"
#include "video.h"

#define DIRTY 48
static struct rect dirty[DIRTY];
static u32 dirty_count;
static bool shown, in_text;
static u32 drawn_for; // the width the still picture was drawn for; 0 when there is none
static u32 notice_until;
static u32 disk_light_until;

static void mark(struct rect r)
{
    if (r.w <= 0 || r.h <= 0) return;
    if (dirty_count == DIRTY) { // too many to remember: all of it
        dirty_count = 1;
        dirty[0] = (struct rect){ 0, 0, (i32)canvas_width(), (i32)canvas_height() };
        return;
    }
    dirty[dirty_count++] = r;
}

/** Shows the still picture as far as it is drawn, so that on a slow machine nobody waits at a black screen. */
static void reveal(void)
{
    const struct video_mode *m = current_mode();
    for (u32 y = 0; y < m->height; y++) memcpy(m->pixels + y * m->pitch, still_pixels + y * m->width, m->width * 4);
}

static void draw_still(void)
{
    canvas_draw_on(still_pixels);
    const struct rect frosted[] = { PANEL, KEYBOARD };
    paint_backdrop();
    paint_threads(frosted, COUNT_OF(frosted));
    reveal();
    draw_case();
    reveal();
    draw_panel();
    draw_keyboard();
}

static void draw_living(void)
{
    canvas_draw_on(shown_pixels);
    draw_case_screen(false, true);
    draw_case_disc(house.disc_in);
    draw_disc_row();
    light_keys_again();
}

void enter_scene(void)
{
    in_text = !set_linear_mode(1024, 768, 32) && !set_linear_mode(800, 600, 32);
    shown = true;
    dirty_count = 0;
    if (in_text) {
        set_text_mode();
        draw_text_scene();
        return;
    }
    const struct video_mode *m = current_mode();
    canvas_size(m->width, m->height);
    if (drawn_for != m->width) {
        draw_still();
        make_pointer();
        drawn_for = m->width;
    }
    memcpy(shown_pixels, still_pixels, m->width * m->height * 4);
    draw_living();
    mark((struct rect){ 0, 0, (i32)m->width, (i32)m->height });
    scene_show();
}

void leave_scene(void) { shown = false; }

void scene_input(const struct input *input)
{
    if (!shown) return;
    if (in_text) { text_scene_input(input); return; }
    if (input->kind == INPUT_KEY) {
        mark(light_key(input->key, input->down));
        return;
    }
    mark(pointer_rect());
    if (input->kind == INPUT_MOUSE) move_pointer(input->dx, -input->dy);
    else place_pointer((i32)(input->x * canvas_width() >> 16), (i32)(input->y * canvas_height() >> 16));
    mark(pointer_rect());
}

void scene_second(void)
{
    if (!shown) return;
    if (in_text) { text_scene_clock(); return; }
    mark(draw_case_screen((i32)(disk_light_until - ticks()) > 0, false));
    if (notice_until && (i32)(ticks() - notice_until) >= 0) {
        notice_until = 0;
        mark(draw_notice(NULL));
    }
}

void scene_disc(void)
{
    if (!shown) return;
    if (in_text) { text_scene_disc(); return; }
    disk_light_until = ticks() + 2 * TICKS_PER_SECOND;
    mark(draw_disc_row());
    mark(draw_case_disc(house.disc_in));
    mark(draw_case_screen(true, false));
    mark(draw_notice(house.disc_in ? "The disc is back" : "The disc was taken out"));
    notice_until = ticks() + 6 * TICKS_PER_SECOND;
}

static bool touches(struct rect a, struct rect b)
{
    return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

static void copy_out(struct rect r)
{
    static u32 line[CANVAS_MAX_WIDTH];
    const struct video_mode *m = current_mode();
    i32 x0 = max_i32(r.x, 0), x1 = min_i32(r.x + r.w, (i32)m->width);
    i32 y0 = max_i32(r.y, 0), y1 = min_i32(r.y + r.h, (i32)m->height);
    if (x1 <= x0) return;
    bool with_pointer = touches(r, pointer_rect());
    for (i32 y = y0; y < y1; y++) {
        const u32 *from = shown_pixels + (u32)y * m->width + x0;
        u8 *to = m->pixels + (u32)y * m->pitch + (u32)x0 * 4;
        if (!with_pointer) {
            memcpy(to, from, (u32)(x1 - x0) * 4);
            continue;
        }
        memcpy(line, from, (u32)(x1 - x0) * 4);
        blend_pointer_row(line, x0, x1, y);
        memcpy(to, line, (u32)(x1 - x0) * 4);
    }
}

void scene_show(void)
{
    if (!shown || in_text) return;
    for (u32 i = 0; i < dirty_count; i++) copy_out(dirty[i]);
    dirty_count = 0;
}
