#include "vmmouse.h"

#define PORT 0x5658
#define MAGIC 0x564D5868
#define GET_VERSION 10
#define POINTER_DATA 39
#define POINTER_STATUS 40
#define POINTER_COMMAND 41
#define ENABLE 0x45414552
#define ABSOLUTE 0x53424152
#define IS_RELATIVE 0x00010000

static bool present;

struct answer { u32 a, b, c, d; };
static struct answer backdoor(u32 command, u32 argument)
{
    struct answer r;
    __asm__ volatile("inl %%dx, %%eax"
                     : "=a"(r.a), "=b"(r.b), "=c"(r.c), "=d"(r.d)
                     : "a"(MAGIC), "b"(argument), "c"(command), "d"(PORT));
    return r;
}

void start_vmmouse(void)
{
    struct answer r = backdoor(GET_VERSION, ~(u32)MAGIC);
    if (r.b != MAGIC || r.a == 0xFFFFFFFF) return;
    backdoor(POINTER_COMMAND, ENABLE);
    u32 waiting = backdoor(POINTER_STATUS, 0).a & 0xFFFF;
    if (!waiting || waiting == 0xFFFF) return;
    if (backdoor(POINTER_DATA, 1).a != 0x3442554A) return; // its identity
    backdoor(POINTER_COMMAND, ABSOLUTE);
    present = true;
}

bool vmmouse_present(void) { return present; }

bool next_absolute(struct input *input)
{
    if (!present) return false;
    for (;;) {
        u32 status = backdoor(POINTER_STATUS, 0).a;
        if (status >> 16 == 0xFFFF) { // it gave up because we were too slow; begin again
            present = false;
            start_vmmouse();
            return false;
        }
        if ((status & 0xFFFF) < 4) return false;
        struct answer r = backdoor(POINTER_DATA, 4);
        if (r.a & IS_RELATIVE) continue; // the PS/2 packet says the same
        *input = (struct input){ .kind = INPUT_MOUSE_ABSOLUTE, .x = r.b & 0xFFFF, .y = r.c & 0xFFFF, .wheel = (i8)r.d };
        input->buttons = (r.a & 0x20 ? 1u : 0) | (r.a & 0x10 ? 2u : 0) | (r.a & 0x08 ? 4u : 0);
        return true;
    }
}
