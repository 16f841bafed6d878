#include "clock.h"
#include "exhibit.h"
#include "layout.h"
#include "trig.h"

// Sheet coordinates of the things in the case.
#define SCREEN_X 706
#define SCREEN_Y 196
#define SCREEN_W 170
#define SCREEN_H 106
#define DISC_X 690
#define DISC_Y 366
#define DISC_R 34

static void polygon(const i32 *xy, u32 points, struct paint paint)
{
    path_begin();
    path_move(fx(xy[0]), fy(xy[1]));
    for (u32 i = 1; i < points; i++) path_line(fx(xy[i * 2]), fy(xy[i * 2 + 1]));
    path_fill(paint);
}
#define POLYGON(paint, ...) do { static const i32 xy[] = { __VA_ARGS__ }; polygon(xy, sizeof xy / 8, paint); } while (0)

static void ellipse(i32 x, i32 y, i32 rx, i32 ry, struct paint paint)
{
    path_begin();
    path_ellipse(fx(x), fy(y), fx(rx), fy(ry));
    path_fill(paint);
}

static void line(i32 x0, i32 y0, i32 x1, i32 y1, i32 width, u32 argb)
{
    draw_line(fx(x0), fy(y0), fx(x1), fy(y1), width, SOLID(argb));
}

/** A glow or a shadow: strongest in the middle, gone at the ellipse, no edge anywhere. */
static void soft_ellipse(i32 x, i32 y, i32 rx, i32 ry, u32 colour, i32 strength, bool adds)
{
    i32 cx = sx(x), cy = sy(y), w = sx(rx), h = sy(ry);
    for (i32 dy = -h; dy <= h; dy++) {
        if ((u32)(cy + dy) >= canvas_height()) continue;
        u32 *p = canvas_row(cy + dy);
        i32 v = dy * dy * 1024 / (h * h);
        i32 each = 0x400000 / (w * w); // 1024 over w squared, in 4096ths
        for (i32 dx = -w; dx <= w; dx++) {
            i32 left = 1024 - v - (dx * dx * each >> 12);
            if (left <= 0 || (u32)(cx + dx) >= canvas_width()) continue;
            u32 a = (u32)(left * left >> 12) * (u32)strength >> 8;
            u32 *at = p + cx + dx;
            *at = adds ? add_light(*at, colour, a) : mix(*at, colour, a);
        }
    }
}

/** A cone of lamp light, its edges soft because it is three cones. */
static void cone(i32 lamp, i32 from, i32 to, i32 floor)
{
    for (i32 i = 1; i <= 4; i++) {
        i32 inset = (to - from) * i / 16;
        i32 quad[8] = { fx(lamp - 12 + i * 2), fy(56), fx(lamp + 12 - i * 2), fy(56), fx(to - inset), fy(floor), fx(from + inset), fy(floor) };
        fill_polygon(quad, 4, LIGHT(0x1CFFF2C8, 0x00FFF2C8));
    }
}

static void draw_plinth(void)
{
    soft_ellipse(808, 500, 214, 20, 0x000A10, 200, false);
    // Stone, lit from above, with a lip under the glass.
    POLYGON(FADE(0xFFDDE8E4, 0xFF6F8C90), 650, 436, 966, 436, 958, 500, 658, 500);
    POLYGON(FADE(0x50002A34, 0x00002A34), 650, 436, 966, 436, 965, 446, 651, 446);
    POLYGON(FADE(0xFFF4FAF7, 0xFFB4C8C8), 638, 422, 978, 422, 978, 436, 638, 436);
    POLYGON(SOLID(0xC0FFFFFF), 638, 422, 978, 422, 978, 424, 638, 424);
    // The brass plate.
    fill_round_rect(sheet(722, 452, 172, 36), sx(4), FADE(0xFFF1E0A8, 0xFFB08E48));
    stroke_round_rect(sheet(722, 452, 172, 36), sx(4), 1, FADE(0xC0FFF6D6, 0x80603F10));
    draw_text_centred(face(13, 9), sx(808), sy(468), "Personal computer", 0xFF3A2A08);
    draw_text_centred(face(11, 8), sx(808), sy(482), "about 2009", 0xFF5A4416);
}

static void draw_tower(void)
{
    // A black tower: its left side in shadow, its front with a drive, a button and a vent.
    POLYGON(FADE(0xFF26343A, 0xFF070C10), 892, 170, 904, 178, 904, 406, 892, 396);
    fill_round_rect(sheet(904, 178, 46, 228), sx(3), FADE(0xFF3A474D, 0xFF0B1115));
    POLYGON(FADE(0x40FFFFFF, 0x06FFFFFF), 905, 179, 927, 179, 914, 300, 905, 300);
    stroke_round_rect(sheet(904, 178, 46, 228), sx(3), 1, FADE(0x70DFF7F2, 0x20A8D8D0));
    for (i32 i = 0; i < 2; i++) {
        fill_round_rect(sheet(908, 188 + i * 20, 38, 15), 2, FADE(0xFF161E22, 0xFF2C383D));
        stroke_round_rect(sheet(908, 188 + i * 20, 38, 15), 2, 1, SOLID(0x30FFFFFF));
        fill_round_rect(sheet(935, 197 + i * 20, 7, 3), 1, SOLID(0x90B8CCCC));
    }
    ellipse(927, 250, 9, 9, FADE(0xFF1B262B, 0xFF39474C));
    soft_ellipse(927, 250, 24, 24, 0x40E8D8, 200, true);
    ellipse(927, 250, 6, 6, FADE(0xFF0E171A, 0xFF25343A));
    path_begin(); // the sign of the switch: a ring and a bar
    path_ellipse(fx(927), fy(250), fx(4), fy(4));
    path_ellipse(fx(927), fy(250), fx(3), fy(3));
    path_fill(SOLID(0xFF8FFFF0));
    for (i32 i = 0; i < 9; i++) fill_round_rect(sheet(912, 330 + i * 7, 30, 3), 1, SOLID(0xB0030608));
}

static void draw_monitor(void)
{
    // Foot and neck, then a glossy frame.
    soft_ellipse(791, 396, 80, 11, 0x000608, 220, false);
    ellipse(791, 390, 54, 9, FADE(0xFF46565B, 0xFF0C1316));
    ellipse(791, 388, 50, 7, FADE(0xFF1B2529, 0xFF2E3B40));
    POLYGON(FADE(0xFF0D1417, 0xFF39474C), 779, 326, 803, 326, 807, 388, 775, 388);
    fill_round_rect(sheet(692, 182, 198, 146), sx(7), FADE(0xFF333F44, 0xFF0A0F12));
    stroke_round_rect(sheet(692, 182, 198, 146), sx(7), 1, FADE(0x90E8FFFA, 0x30A8D8D0));
    POLYGON(FADE(0x3CFFFFFF, 0x08FFFFFF), 695, 305, 888, 305, 888, 312, 695, 316);
    fill_round_rect(sheet(877, 317, 6, 3), 1, SOLID(0xFF59F0DC));
    soft_ellipse(880, 318, 14, 9, 0x40F0D8, 150, true);
}

static void draw_screen_picture(void)
{
    struct rect s = sheet(SCREEN_X, SCREEN_Y, SCREEN_W, SCREEN_H);
    fill_round_rect(s, 2, FADE(0xFF0B3D63, 0xFF1FA08A));
    // Our own little sky: three rays and a horizon.
    for (i32 i = 0; i < 3; i++) {
        i32 x = SCREEN_X + 18 + i * 52;
        i32 ray[8] = { fx(x), fy(SCREEN_Y), fx(x + 26), fy(SCREEN_Y), fx(x - 14), fy(SCREEN_Y + SCREEN_H), fx(x - 18), fy(SCREEN_Y + SCREEN_H) };
        if (x - 18 < SCREEN_X) ray[4] = ray[6] = fx(SCREEN_X);
        fill_polygon(ray, 4, LIGHT(0x3480FFE8, 0x0080FFE8));
    }
    POLYGON(FADE(0x60B8FFD8, 0x0CB8FFD8), SCREEN_X, 280, SCREEN_X + 60, 268, SCREEN_X + 120, 276, SCREEN_X + SCREEN_W, 262,
            SCREEN_X + SCREEN_W, 302, SCREEN_X, 302);
}

static void draw_small_things(void)
{
    // Keyboard and mouse on the cloth.
    POLYGON(SOLID(0x50000608), 742, 400, 858, 400, 868, 418, 732, 418);
    POLYGON(FADE(0xFF4A585D, 0xFF12191C), 746, 397, 856, 397, 865, 413, 736, 413);
    for (i32 row = 0; row < 3; row++)
        for (i32 key = 0; key < 13; key++) {
            i32 y = 399 + row * 4, left = 749 - row * 2, wide = 104 + row * 4;
            i32 x0 = left + wide * key / 13, x1 = left + wide * (key + 1) / 13 - 2;
            i32 quad[8] = { fx(x0), fy(y), fx(x1), fy(y), fx(x1), fy(y + 3), fx(x0), fy(y + 3) };
            fill_polygon(quad, 4, FADE(0xFF1A2226, 0xFF2E3A3F));
        }
    POLYGON(SOLID(0x70FFFFFF), 746, 397, 856, 397, 856, 398, 746, 398);
    ellipse(882, 409, 9, 6, SOLID(0x50000608));
    ellipse(881, 406, 8, 6, FADE(0xFF65757A, 0xFF161E22));
    line(881, 401, 881, 405, 256, 0xC0000000);
}

static void draw_box_behind(void)
{
    // The far edges and the floor, seen through the glass.
    POLYGON(FADE(0xFF2A4A52, 0xFF7FA3A4), 684, 384, 932, 384, 966, 422, 650, 422);
    POLYGON(FADE(0x38000C12, 0x00000C12), 684, 384, 932, 384, 940, 394, 676, 394);
    POLYGON(FADE(0x1AC8FFF4, 0x0C58C8C0), 684, 62, 932, 62, 932, 384, 684, 384);
    line(684, 62, 684, 384, 300, 0x48D8FFF6);
    line(932, 62, 932, 384, 300, 0x48D8FFF6);
    line(684, 62, 932, 62, 300, 0x48D8FFF6);
    line(684, 384, 650, 422, 300, 0x48D8FFF6);
    line(932, 384, 966, 422, 300, 0x48D8FFF6);
    // Two small lamps in the lid and their cones.
    cone(760, 676, 850, 392);
    cone(874, 796, 946, 392);
    soft_ellipse(760, 396, 96, 22, 0xFFF0C0, 130, true);
    soft_ellipse(872, 396, 90, 22, 0xFFF0C0, 130, true);
}

static void draw_box_front(void)
{
    // The lid.
    POLYGON(FADE(0xD0DFF5F0, 0xC07FA8AC), 684, 46, 932, 46, 968, 66, 648, 66);
    POLYGON(FADE(0xFFE8F8F4, 0xFF8FB0B2), 648, 66, 968, 66, 968, 76, 648, 76);
    POLYGON(SOLID(0xC0FFFFFF), 648, 66, 968, 66, 968, 67, 648, 67);
    ellipse(760, 60, 10, 3, SOLID(0xFFFFF8DC));
    ellipse(874, 60, 10, 3, SOLID(0xFFFFF8DC));
    soft_ellipse(760, 60, 40, 15, 0xFFF0C0, 130, true);
    soft_ellipse(874, 60, 40, 15, 0xFFF0C0, 130, true);
    // The near pane: two reflections across it, and its edges.
    POLYGON(FADE(0x2EFFFFFF, 0x08FFFFFF), 650, 76, 742, 76, 662, 300, 650, 330);
    POLYGON(FADE(0x20FFFFFF, 0x04FFFFFF), 764, 76, 790, 76, 664, 422, 650, 422, 650, 400);
    POLYGON(FADE(0x16FFFFFF, 0x04FFFFFF), 930, 76, 966, 76, 966, 260, 908, 422, 850, 422);
    line(650, 76, 650, 422, 520, 0xA0E4FFF8);
    line(966, 76, 966, 422, 520, 0xA0E4FFF8);
    line(652, 76, 652, 422, 256, 0x50003038);
    line(964, 76, 964, 422, 256, 0x50003038);
}

void draw_case(void)
{
    draw_plinth();
    draw_box_behind();
    draw_tower();
    draw_monitor();
    draw_screen_picture();
    draw_small_things();
    draw_box_front();
}

/** Hours and minutes, the date, the light of the drive; returns where the seconds go. */
static void draw_minute(const struct date *d, bool disk_light, i32 *seconds_x)
{
    static const char *const months[] = { "January", "February", "March", "April", "May", "June", "July", "August",
                                          "September", "October", "November", "December" };
    static const char *const days[] = { "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday" };
    char text[40];
    i32 centre = sx(SCREEN_X + SCREEN_W / 2);
    struct font big = face(46, 5), small = face(13, 8);
    format_text(text, sizeof text, "%02u:%02u", d->hour, d->minute);
    i32 w = text_width(big, text), x = centre - w / 2 - sx(8);
    draw_text(big, x, sy(SCREEN_Y + 56), text, 0xFFFFFFFF);
    *seconds_x = x + w + 2;
    if (d->month >= 1 && d->month <= 12) {
        draw_text_centred(small, centre, sy(SCREEN_Y + 78), days[day_of_week(d)], 0xE0FFFFFF);
        format_text(text, sizeof text, "%u %s %u", d->day, months[d->month - 1], d->year);
        draw_text_centred(small, centre, sy(SCREEN_Y + 95), text, 0xE0FFFFFF);
    }
    ellipse(927, 275, 2, 2, SOLID(disk_light ? 0xFFFFC24A : 0xFF3A2A14));
    if (disk_light) soft_ellipse(927, 275, 12, 12, 0xFFB030, 220, true);
}

struct rect draw_case_screen(bool disk_light, bool whole)
{
    static struct date last;
    static bool last_light;
    static i32 seconds_x;
    struct date d = read_date();
    struct rect changed = sheet(SCREEN_X, SCREEN_Y, 246, SCREEN_H);
    bool same_minute = d.minute == last.minute && d.hour == last.hour && d.day == last.day && d.month == last.month && d.year == last.year;
    if (whole || !same_minute || last_light != disk_light) {
        canvas_restore(changed);
        draw_minute(&d, disk_light, &seconds_x);
    } else {
        struct rect seconds = { seconds_x, sy(SCREEN_Y + 40), sx(28), sy(20) };
        changed = seconds;
        canvas_restore(changed);
    }
    char text[8];
    format_text(text, sizeof text, "%02u", d.second);
    draw_text(face(16, 7), seconds_x, sy(SCREEN_Y + 56), text, 0xB0FFFFFF);
    last = d;
    last_light = disk_light;
    return changed;
}

/** The colours that a groove of a thousandth of a millimetre makes of white light. */
static u32 sheen(i32 dx, i32 dy, i32 d)
{
    // Double angle by products: c and s run twice around the disc, -256 to 256.
    i32 c = (dx * dx - dy * dy) * 256 / (d * d), s = 2 * dx * dy * 256 / (d * d);
    i32 hue = (c * 3 + s * 2) / 2 + d * 3;
    i32 r = 150 + sine((u32)(hue * 170)) / 480, g = 160 + sine((u32)(hue * 170 + 21845)) / 480, b = 172 + sine((u32)(hue * 170 + 43690)) / 480;
    i32 gleam = c > 0 ? c * c / 900 : c * c / 1500;
    r += gleam, g += gleam, b += gleam;
    return (u32)(r > 255 ? 255 : r) << 16 | (u32)(g > 255 ? 255 : g) << 8 | (u32)(b > 255 ? 255 : b);
}

static void ring(i32 outer, i32 inner, struct paint paint)
{
    path_begin();
    path_ellipse(fx(DISC_X), fy(DISC_Y), fx(outer), fy(outer));
    path_ellipse(fx(DISC_X), fy(DISC_Y), fx(inner), fy(inner));
    path_fill(paint);
}

struct rect draw_case_disc(bool disc_in)
{
    struct rect all = sheet(DISC_X - DISC_R - 6, DISC_Y - DISC_R - 6, DISC_R * 2 + 12, DISC_R * 2 + 16);
    canvas_restore(all);
    if (!disc_in) {
        // Where it stood: a faint ring on its stand.
        ring(DISC_R, DISC_R - 1, SOLID(0x60D8FFF6));
        ring(10, 9, SOLID(0x40D8FFF6));
    } else {
        i32 cx = sx(DISC_X), cy = sy(DISC_Y), radius = sx(DISC_R);
        ring(DISC_R + 1, DISC_R, SOLID(0x80000A10));
        for (i32 dy = -radius; dy <= radius; dy++)
            for (i32 dx = -radius; dx <= radius; dx++) {
                i32 d16 = (i32)square_root((u32)(dx * dx + dy * dy) << 8), d = d16 >> 4;
                if (d16 >= radius * 16 + 8 || d < radius / 4) continue;
                i32 edge = radius * 16 + 8 - d16;
                blend_pixel(cx + dx, cy + dy, sheen(dx, dy, d ? d : 1), edge < 16 ? (u32)edge * 16 : 256);
            }
        ring(11, 9, SOLID(0xFFC8D8DA));
        ring(9, 5, SOLID(0x70E8F8F8));
        ring(DISC_R, DISC_R - 1, SOLID(0x90FFFFFF));
    }
    // The stand: two prongs in front of the disc.
    i32 stand[8] = { fx(DISC_X - 16), fy(DISC_Y + DISC_R - 3), fx(DISC_X + 16), fy(DISC_Y + DISC_R - 3),
                     fx(DISC_X + 20), fy(DISC_Y + DISC_R + 7), fx(DISC_X - 20), fy(DISC_Y + DISC_R + 7) };
    fill_polygon(stand, 4, FADE(0xE0C8DCDC, 0xE04A6468));
    return all;
}
