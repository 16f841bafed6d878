#include "trig.h"

// round(32767 sin(i pi / 128)), a quarter of a turn.
static const i16 quarter[65] = {
    0, 804, 1608, 2410, 3212, 4011, 4808, 5602, 6393, 7179, 7962, 8739, 9512,
    10278, 11039, 11793, 12539, 13279, 14010, 14732, 15446, 16151, 16846, 17530, 18204, 18868,
    19519, 20159, 20787, 21403, 22005, 22594, 23170, 23731, 24279, 24811, 25329, 25832, 26319,
    26790, 27245, 27683, 28105, 28510, 28898, 29268, 29621, 29956, 30273, 30571, 30852, 31113,
    31356, 31580, 31785, 31971, 32137, 32285, 32412, 32521, 32609, 32678, 32728, 32757, 32767,
};

i32 sine(u32 angle)
{
    angle &= 0xFFFF;
    u32 part = angle & 0x3FFF;
    if (angle & 0x4000) part = 0x4000 - part;
    u32 i = part >> 8, rest = part & 255;
    i32 v = quarter[i];
    if (rest) v += (quarter[i + 1] - v) * (i32)rest / 256;
    return angle & 0x8000 ? -v : v;
}

u32 square_root(u32 n)
{
    u32 root = 0;
    for (u32 bit = 1u << 30; bit; bit >>= 2) {
        if (n >= root + bit) {
            n -= root + bit;
            root = (root >> 1) + bit;
        } else {
            root >>= 1;
        }
    }
    return root;
}
