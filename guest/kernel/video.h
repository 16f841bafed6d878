// Video modes through the BIOS, and where their pixels are.
#pragma once
#include "base.h"

enum video_kind { VIDEO_TEXT, VIDEO_LINEAR, VIDEO_MODE13, VIDEO_PLANAR };
struct video_mode {
    enum video_kind kind;
    u32 width, height, bpp;
    /** Bytes from one row to the next. */
    u32 pitch;
    u8 *pixels;
    u16 number;
};

/** Reads the list of VBE modes; safe where there is no VBE. */
void start_video(void);
const struct video_mode *current_mode(void);
/** A linear mode of exactly this size and depth; false (and the screen as it was) where the card has
    none. Prints the MODE line. */
bool set_linear_mode(u32 width, u32 height, u32 bpp);
void set_text_mode(void);
void set_mode13(void);
void set_planar_mode(void);
u32 video_mode_count(void);
const struct video_mode *video_mode_at(u32 index);
u32 video_memory_kib(void);
/** One entry of the palette, 6 bits a colour. */
void set_palette(u8 index, u8 red, u8 green, u8 blue);
