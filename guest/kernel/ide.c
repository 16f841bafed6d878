#include "ide.h"
#include "clock.h"
#include "interrupts.h"
#include "pci.h"

// A disk behind a web page may take its time: it may be a file over a network, or a database.
#define TIMEOUT (30 * TICKS_PER_SECOND)

static struct channel {
    u16 command, control, bus_master;
    u8 irq;
} channels[2] = { { 0x1F0, 0x3F6, 0, 14 }, { 0x170, 0x376, 0, 15 } };

static struct drive drives[4];
static struct drive none;
u8 io_buffer[IO_BYTES] __attribute__((aligned(65536)));
// The physical region descriptor table: one entry, because one buffer is all there is.
static struct { u32 address; u16 bytes, flags; } region __attribute__((aligned(8)));

fault make_fault(const char *format, ...)
{
    static char sentence[160];
    va_list list;
    __builtin_va_start(list, format);
    format_list(sentence, sizeof sentence, format, list);
    __builtin_va_end(list);
    return sentence;
}

void ide_write(const struct drive *d, u8 reg, u8 value) { out8(channels[d->channel].command + reg, value); }
u8 ide_read(const struct drive *d, u8 reg) { return in8(channels[d->channel].command + reg); }
u8 ide_status(const struct drive *d) { return in8(channels[d->channel].control); }
void ide_read_words(const struct drive *d, void *to, u32 n) { in16_block(channels[d->channel].command, to, n); }
void ide_write_words(const struct drive *d, const void *from, u32 n)
{
    out16_block(channels[d->channel].command, from, n);
}

void ide_select(const struct drive *d, u8 head)
{
    ide_write(d, 6, (u8)(0xA0 | d->unit << 4 | head));
    for (u32 i = 0; i < 4; i++) ide_status(d); // 400 ns for the other drive to let go of the bus
}

fault ide_error(const struct drive *d, const char *what)
{
    u8 status = ide_read(d, 7); // also lowers the interrupt
    return make_fault("%s: status %02x error %02x", what, status, ide_read(d, 1));
}

/** Waits until (status & mask) is one of the two values; asleep after a first impatient moment. */
static bool wait_status(const struct drive *d, u8 mask, u8 want, u8 or_any)
{
    u32 start = ticks();
    for (u32 tries = 0;; tries++) {
        interrupts_off();
        u8 status = ide_status(d);
        if ((status & mask) == want || (!(status & STATUS_BUSY) && status & or_any)) {
            interrupts_on();
            return true;
        }
        if (ticks() - start > TIMEOUT) {
            interrupts_on();
            return false;
        }
        if (tries < 64) interrupts_on();
        else sleep_for_interrupt();
    }
}

fault ide_wait(const struct drive *d, bool drq)
{
    bool came = drq ? wait_status(d, STATUS_BUSY | STATUS_DRQ, STATUS_DRQ, STATUS_ERROR | STATUS_FAULT)
                    : wait_status(d, STATUS_BUSY, 0, 0);
    if (came) return NULL;
    fault f = make_fault("timeout: status %02x", ide_status(d));
    ide_reset(d->channel);
    return f;
}

fault ide_begin(const struct drive *d, u8 head)
{
    fault f = ide_wait(d, false);
    if (f) return f;
    ide_select(d, head);
    // DRQ is not looked at: a CD drive whose disc was just changed may show it in idleness.
    return ide_wait(d, false);
}

void ide_reset(u8 channel)
{
    u16 control = channels[channel].control;
    if (channels[channel].bus_master) out8(channels[channel].bus_master, 0);
    out8(control, 4);
    short_pause(20);
    out8(control, 0);
    u32 start = ticks();
    while (in8(control) & STATUS_BUSY && ticks() - start < 2 * TICKS_PER_SECOND) sleep_for_interrupt();
}

void dma_prepare(const struct drive *d, u32 bytes, bool to_memory)
{
    u16 port = channels[d->channel].bus_master;
    region.address = (u32)io_buffer;
    region.bytes = (u16)bytes; // 65536 is written as 0
    region.flags = 0x8000;
    out8(port, to_memory ? 8 : 0);
    out32(port + 4, (u32)&region);
    out8(port + 2, (u8)((in8(port + 2) & 0x60) | 6)); // clears interrupt and error
}

void dma_start(const struct drive *d, bool to_memory)
{
    out8(channels[d->channel].bus_master, to_memory ? 9 : 1);
}

fault dma_finish(const struct drive *d)
{
    u16 port = channels[d->channel].bus_master;
    u32 start = ticks();
    u8 state;
    for (u32 tries = 0;; tries++) {
        interrupts_off();
        state = in8(port + 2);
        if (state & 6) { interrupts_on(); break; }
        if (ticks() - start > TIMEOUT) {
            interrupts_on();
            out8(port, 0);
            fault f = make_fault("DMA timeout: status %02x bus master %02x", ide_status(d), state);
            ide_reset(d->channel);
            return f;
        }
        if (tries < 64) interrupts_on();
        else sleep_for_interrupt();
    }
    fault f = ide_wait(d, false);
    out8(port, 0);
    out8(port + 2, (u8)((state & 0x60) | 6));
    if (f) return f;
    if (state & 2) return make_fault("DMA error: status %02x bus master %02x", ide_status(d), state);
    u8 status = ide_read(d, 7);
    if (status & (STATUS_ERROR | STATUS_FAULT))
        return make_fault("DMA command: status %02x error %02x", status, ide_read(d, 1));
    return NULL;
}

// IDENTIFY stores text two letters to a word, the first in the high byte.
static void swapped_text(char *to, const u16 *words, u32 count)
{
    u8 letters[40];
    for (u32 i = 0; i < count; i++) {
        letters[i * 2] = (u8)(words[i] >> 8);
        letters[i * 2 + 1] = (u8)words[i];
    }
    copy_trimmed(to, letters, count * 2);
}

static bool identify(struct drive *d, u8 command, u16 *id)
{
    ide_write(d, 7, command);
    if (!ide_status(d)) return false;
    u32 start = ticks();
    for (;;) {
        u8 status = ide_status(d);
        if (!(status & STATUS_BUSY)) {
            if (status & STATUS_ERROR) { ide_read(d, 7); return false; }
            if (status & STATUS_DRQ) break;
        }
        if (ticks() - start > TICKS_PER_SECOND / 2) return false;
    }
    ide_read_words(d, id, 256);
    ide_read(d, 7);
    return true;
}

static void look_for(struct drive *d)
{
    u16 id[256];
    d->kind = DRIVE_NONE;
    ide_select(d, 0);
    if (ide_status(d) == 0xFF || !ide_status(d)) {
        // A CD drive is at status 0 after a reset; only its signature says that it is there.
        if (ide_read(d, 4) != 0x14 || ide_read(d, 5) != 0xEB) return;
    }
    bool bus_master = channels[d->channel].bus_master;
    if (identify(d, 0xEC, id)) {
        d->kind = DRIVE_ATA;
        d->lba48 = id[83] & 1 << 10;
        d->sectors = id[60] | (u32)id[61] << 16;
        if (d->lba48) {
            u64 big = id[100] | (u64)id[101] << 16 | (u64)id[102] << 32 | (u64)id[103] << 48;
            if (big) d->sectors = big;
        }
        d->write_cache = id[85] & 1 << 5;
    } else if (ide_read(d, 4) == 0x14 && ide_read(d, 5) == 0xEB && identify(d, 0xA1, id)) {
        d->kind = DRIVE_ATAPI;
    } else {
        return;
    }
    // Word 49 should say so; an emulated drive may only list its DMA modes, in words 63 and 88.
    d->can_dma = bus_master && (id[49] & 1 << 8 || id[63] & 7 || (id[53] & 4 && id[88] & 0x7F));
    d->use_dma = d->can_dma;
    swapped_text(d->model, id + 27, 20);
}

void start_ide(void)
{
    const struct pci_function *controller = pci_find_class(0x0101);
    if (controller) {
        u32 interface = controller->class_code & 0xFF;
        for (u32 i = 0; i < 2; i++) {
            u32 command = pci_read(controller, (u8)(0x10 + i * 8)), control = pci_read(controller, (u8)(0x14 + i * 8));
            if (interface >> (i * 2) & 1 && command & 1 && command & 0xFFF8) { // native mode
                channels[i].command = (u16)(command & 0xFFF8);
                channels[i].control = (u16)((control & 0xFFFC) + 2);
            }
        }
        u32 bar4 = pci_read(controller, 0x20);
        if (bar4 & 1 && bar4 & 0xFFF0) {
            channels[0].bus_master = (u16)(bar4 & 0xFFF0);
            channels[1].bus_master = (u16)((bar4 & 0xFFF0) + 8);
            pci_write(controller, 4, (pci_read(controller, 4) & 0xFFFF) | 5); // I/O and bus mastering
        }
    }
    for (u8 i = 0; i < 2; i++) {
        handle_irq(channels[i].irq, NULL); // only to wake from HLT
        if (in8(channels[i].control) != 0xFF) ide_reset(i);
        else out8(channels[i].control, 0);
    }
    for (u8 i = 0; i < 4; i++) {
        drives[i].channel = i / 2;
        drives[i].unit = i % 2;
        look_for(&drives[i]);
    }
}

static struct drive *first(enum drive_kind kind)
{
    for (u32 i = 0; i < 4; i++)
        if (drives[i].kind == kind) return &drives[i];
    return &none;
}

struct drive *the_disk(void) { return first(DRIVE_ATA); }
struct drive *the_cd(void) { return first(DRIVE_ATAPI); }
const struct drive *drive_at(u32 index) { return &drives[index]; }
