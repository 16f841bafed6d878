#include "glass.h"
#include "layout.h"

void draw_glass(struct rect r, i32 radius)
{
    soft_shadow((struct rect){ r.x, r.y + 3, r.w, r.h }, radius, sx(26), 0x000A12, 150);
    fill_round_rect(r, radius, FADE(0x8C0A2A38, 0xA6041620));
    // The gloss: the upper part is lighter and ends in a shallow curve.
    i32 gloss = r.h * 38 / 100;
    path_begin();
    path_move(FIXED(r.x + radius), FIXED(r.y));
    path_line(FIXED(r.x + r.w - radius), FIXED(r.y));
    path_arc(FIXED(r.x + r.w - radius), FIXED(r.y + radius), FIXED(radius), FIXED(radius), -16384, 0);
    path_line(FIXED(r.x + r.w), FIXED(r.y + gloss * 6 / 10));
    path_arc(FIXED(r.x + r.w / 2), FIXED(r.y + gloss * 6 / 10), FIXED(r.w / 2), FIXED(gloss * 4 / 10), 0, 32768);
    path_line(FIXED(r.x), FIXED(r.y + radius));
    path_arc(FIXED(r.x + radius), FIXED(r.y + radius), FIXED(radius), FIXED(radius), 32768, 49152);
    path_fill(FADE(0x34E8FFFA, 0x0CE8FFFA));
    stroke_round_rect((struct rect){ r.x - 1, r.y - 1, r.w + 2, r.h + 2 }, radius + 1, 1, SOLID(0x70000810));
    stroke_round_rect(r, radius, 1, FADE(0x9CEFFFFB, 0x38BFEDE4));
    stroke_round_rect((struct rect){ r.x + 1, r.y + 1, r.w - 2, r.h - 2 }, radius - 1, 1, FADE(0x2CFFFFFF, 0x10FFFFFF));
}

void draw_key_face(struct rect r, i32 radius, u32 lit)
{
    struct rect upper = { r.x + 1, r.y + 1, r.w - 2, r.h / 2 - 1 };
    if (lit) {
        fill_round_rect(r, radius, FADE(0xF0C8FFF2, 0xF03CC7BE));
        fill_round_rect(upper, radius - 1, FADE(0x90FFFFFF, 0x30FFFFFF));
        stroke_round_rect(r, radius, 1, SOLID(0xE0F4FFFC));
        return;
    }
    fill_round_rect((struct rect){ r.x, r.y + 1, r.w, r.h }, radius, SOLID(0x5A000A10));
    fill_round_rect(r, radius, FADE(0x4A6FA9AE, 0x5A12323C));
    fill_round_rect(upper, radius - 1, FADE(0x3CFFFFFF, 0x0EFFFFFF));
    stroke_round_rect(r, radius, 1, FADE(0x60E4FFFA, 0x24BFE8E4));
}
